"""What is well written and probably not meant: the warnings of `check`. They stop nothing.

Enters: the documents of a folder. Leaves: faults that are only worth reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Final

from bot.config import entries
from bot.config.entries import Entry
from bot.config.folder import WATCHLISTS, Files
from bot.config.nearest import did_you_mean
from bot.config.nodes import Document
from bot.errors import Fault
from bot.language.earth import Point, kilometres
from bot.language.regions import regions

_NEAR_KM: Final = 300
_FAR_KM: Final = 1_000


def hints(files: Files) -> tuple[Fault, ...]:
    """Everything worth a second look."""
    found = [*files.warnings, *_unknown_tags(files), *_twice(files.sources), *_idle(files)]
    for document in files.watchlists:
        found.extend(_turned(document))
    return tuple(found)


def _unknown_tags(files: Files) -> Iterator[Fault]:
    if not all(document.readable for document in files.watchlists):
        return
    watches = [entry for document in files.watchlists for _, entry in entries.watches(document)]
    tags = {tag for entry in watches for tag in entries.texts(entry.get("tags"))}
    for loc, tag in entries.wanted(files.routes, "tags"):
        if tag not in tags:
            remedy = did_you_mean(tag, tags) or f"write tags: [{tag}] at a place of the watchlists"
            yield files.routes.fault(loc, f"no watch has the tag {tag}", remedy)


def _twice(document: Document) -> Iterator[Fault]:
    first: dict[str, Entry] = {}
    for loc, feed in document.items("feeds"):
        url = feed.get("url")
        if isinstance(url, str) and (earlier := first.setdefault(url, (loc, feed)))[0] != loc:
            yield document.fault((*loc, "url"), f"is the feed of {earlier[1].get('name')} too", "delete one of the two")


def _idle(files: Files) -> Iterator[Fault]:
    """Parts that do nothing."""
    for loc, route in entries.routes(files.routes):
        if all(route.get(key) is None for key in ("digest", "urgent", "spike", "lull")):
            remedy = 'write digest: {cron: "0 9,18 * * *"}'
            yield files.routes.fault(loc, "has no digest and no urgent: it sends nothing", remedy)
        if route.get("to") != "webhook" and route.get("url_file"):
            yield files.routes.fault(
                loc, "names a file that only a webhook needs", "write to: webhook, or delete the key"
            )
    if files.sources.readable and not any(entries.sources(files.sources)):
        yield files.sources.fault((), "no source: nothing is read", "write channels: [{name: rybar}]")
    if files.routes.readable and not any(entries.routes(files.routes)):
        yield files.routes.fault((), "no route: nothing is delivered", "write routes: [{name: all, to: console}]")
    if all(document.readable and not any(entries.watches(document)) for document in files.watchlists):
        folder = files.bot.file.parent / WATCHLISTS
        remedy = "write a file in it, such as places: [{name: Суджа}]"
        yield Fault(folder, 0, 0, "", "no place and no term is watched", remedy)


def _turned(document: Document) -> Iterator[Fault]:
    """Places far from the others of their file that would lie among them with the two numbers the other way round."""
    points = [(loc, point) for loc, place in document.items("places") if (point := _point(place.get("at")))]
    if len(points) < 3:
        return
    likely = [_upright(point) for _, point in points]
    middle = median(point[0] for point in likely), median(point[1] for point in likely)
    for loc, (latitude, longitude) in points:
        if kilometres((latitude, longitude), middle) > _FAR_KM and kilometres((longitude, latitude), middle) < _NEAR_KM:
            what = "lies far from the other places of the file, and among them with the numbers the other way round"
            yield document.fault((*loc, "at"), what, f"write [{longitude:g}, {latitude:g}]: latitude first")


def _upright(point: Point) -> Point:
    """The point, the other way round if only so it lies in a region that is known: most of a file may be turned."""
    turned = point[1], point[0]
    return turned if _is_known(turned) and not _is_known(point) else point


def _is_known(point: Point) -> bool:
    return any(region.holds(point, margin=0) for region in regions())


def _point(value: object) -> Point | None:
    if isinstance(value, list) and len(value) == 2 and all(type(number) in {int, float} for number in value):
        return float(value[0]), float(value[1])
    return None
