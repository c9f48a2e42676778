"""Proposals beside what is watched already: numbered, with ids of their own, ready to be appended to a watchlist.

In: suggestions of the gazetteer, rows of a CSV file, the operator's folder. Out: `Proposal`s, and the lines that
`write` appends. Invariant: ids are unique over the folder and the proposals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.config import entries
from bot.config.adding import Value, add_places
from bot.config.folder import watchlist_files
from bot.config.nodes import read
from bot.errors import PlacewireError, WrongUsage
from bot.gazetteer import Gazetteer, Suggestion, around as around_point, csv_file, in_region, named
from bot.gazetteer.csv_file import Unreadable
from bot.gazetteer.naming import Doubt, DoubtKind
from bot.language import key, slug
from bot.language.earth import Point
from bot.language.regions import region_of

MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    place: Suggestion
    number: int = 0
    """Its row in the table."""
    id: str = ""
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def of_names(names: Sequence[str], within: str | None, gazetteer: Gazetteer | None) -> list[Proposal]:
    """Proposals for each name; without names, for every place of the region."""
    if names:
        found = [place for name in names for place in named(name, within=within, gazetteer=gazetteer)]
        return [Proposal(place=place) for place in found]
    region = region_of(within) if within else None
    if region is None or gazetteer is None:
        what = f"{within} is no region that is known here" if within else "is given no name, no region and no point"
        raise WrongUsage("watch suggest", what, "write NAME, --in 'Курская область' or --around LAT,LON")
    return [Proposal(place=place) for place in in_region(region, gazetteer)]


def around(at: Point, km: float, gazetteer: Gazetteer | None) -> list[Proposal]:
    return [Proposal(place=place) for place in around_point(at, km, gazetteer)] if gazetteer else []


def of_csv(file: Path, gazetteer: Gazetteer | None) -> tuple[list[Proposal], list[Unreadable]]:
    """Proposals for the lines of a CSV file, and the lines that cannot be read."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise PlacewireError(str(file), f"cannot be read: {error.strerror}", "name a CSV file") from None
    if len(content) > MAX_BYTES:
        raise PlacewireError(str(file), "is larger than 16 MB", "split it")
    try:
        rows, bad = csv_file.read(content.decode("utf-8-sig"), gazetteer)
    except UnicodeDecodeError:
        raise PlacewireError(str(file), "is not UTF-8", "save it as UTF-8") from None
    return [Proposal(place=row.place, also=row.also, never=row.never, tags=row.tags) for row in rows], bad


def tagged(found: Iterable[Proposal], tags: Sequence[str]) -> list[Proposal]:
    return [replace(each, tags=tuple(dict.fromkeys((*each.tags, *tags)))) for each in found]


def beside(folder: Path, target: Path | None, found: Sequence[Proposal]) -> list[Proposal]:
    """Number the proposals, give them ids, and doubt those that are watched already."""
    files = {file.resolve() for file in (*watchlist_files(folder), *([target] if target else []))}
    watched = [entry for file in sorted(files) if file.exists() for _, entry in entries.watches(read(file))]
    ids = {identity for entry in watched if (identity := entries.watch_id(entry))}
    places = {
        _identity(name, entry.get("in")): entries.watch_id(entry) for entry in watched for name in _names_of(entry)
    }
    proposals = []
    for number, each in enumerate(found, 1):
        identity = _unique(each.place, ids)
        ids.add(identity)
        known = next(
            filter(None, (places.get(_identity(name, each.place.within)) for name in _called(each.place))), None
        )
        place = _doubted(each.place, known) if known else each.place
        proposals.append(replace(each, number=number, id=identity, place=place))
    return proposals


def _names_of(entry: Mapping[str, object]) -> tuple[str, ...]:
    """What a watched place is called, its own name first."""
    names = entry.get("names")
    others = names.values() if isinstance(names, Mapping) else ()
    return tuple(name for said in (entry.get("name"), *others, entry.get("also")) for name in entries.texts(said))


def _called(place: Suggestion) -> tuple[str, ...]:
    """What a proposed place is called, former names too: whoever watches Покровск has Красноармейск."""
    return (place.name, *(name for names in place.names.values() for name in names), *place.other_names)


def _identity(name: str, within: object) -> tuple[str, str]:
    """What tells a place from others on watchlists: the name and the region, whatever language they are in."""
    written = within if isinstance(within, str) else ""
    region = region_of(written) if written else None
    return key(name), region.code if region else key(written)


def _unique(place: Suggestion, taken: set[str]) -> str:
    """The name's id; with its region, then with a number, where that is taken."""
    plain = slug(place.name)
    region = region_of(place.within) if place.within else None
    wide = f"{plain}-{slug(region.english).split('-')[0]}" if region else plain
    numbered = (f"{wide}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (plain, wide, *numbered) if each not in taken)


def _doubted(place: Suggestion, known: str) -> Suggestion:
    doubt = Doubt(DoubtKind.WATCHED, "name", f"is watched already, as {known}", "leave it out with --only")
    return replace(place, doubts=(doubt, *place.doubts))


def write(file: Path, proposals: Sequence[Proposal]) -> None:
    """Append them to a watchlist, other names and doubts as comments."""
    add_places(file, [(_entry(each), _comment(each)) for each in proposals])


def _entry(proposal: Proposal) -> dict[str, Value]:
    """The keys of a place; spellings that our rules derive anyway are left out."""
    place = proposal.place
    names = {
        code.value: spelt[0] if len(spelt) == 1 else list(spelt)
        for code, spelt in place.names.items()
        if code not in place.by_rule
    }
    entry: dict[str, Value] = {"name": place.name}
    if proposal.id != slug(place.name):
        entry["id"] = proposal.id
    found: dict[str, Value | None] = {
        "names": names or None,
        "in": place.within,
        "at": list(place.at) if place.at else None,
        "also": list(proposal.also) or None,
        "not": list(proposal.never) or None,
        "tags": list(proposal.tags) or None,
    }
    return entry | {name: value for name, value in found.items() if value is not None}


def _comment(proposal: Proposal) -> str:
    place = proposal.place
    others = f"also called {', '.join(place.other_names)}" if place.other_names else ""
    return "; ".join(filter(None, (", ".join(place.origin), others, *(doubt.what for doubt in place.doubts))))
