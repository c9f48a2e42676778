"""Doubts about the places of a folder: what `check` says beside the warnings that every start gives.

In: the operator's folder, and the gazetteer where there is one. Out: faults that stop nothing. It asks the dictionary,
which the service does without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.config import entries
from bot.config.files.watchlist import coordinates
from bot.config.folder import watchlist_files
from bot.config.nodes import Document, Loc, read
from bot.errors import Fault
from bot.gazetteer import Doubt, Gazetteer, doubts
from bot.language import key
from bot.language.earth import Point

_SAME = "is the name of another watch too, and this one has no in: where the text does not tell, hits are unresolved"


def doubts_of(
    folder: Path, gazetteer: Gazetteer | None, of_forms: Callable[[str | None], Iterable[Doubt]] = lambda _: ()
) -> Iterator[Fault]:
    """Names that are everyday words, surnames or shared, regions that are none, coordinates that lie elsewhere.

    `of_forms` knows what the forms of a watch tell, by its id.
    """
    documents = [read(file) for file in watchlist_files(folder)]
    places = [(document, *place) for document in documents for place in document.items("places")]
    names = Counter(key(name) for *_, place in places for name in entries.texts(place.get("name")))
    for document in documents:
        for loc, watch in entries.watches(document):
            for doubt in of_forms(entries.watch_id(watch)):
                yield document.fault((*loc, doubt.about), doubt.what, doubt.remedy)
    for document, loc, place in places:
        name = place.get("name")
        if not isinstance(name, str):
            continue
        yield from _of_place(document, loc, place, names, gazetteer)
        if names[key(name)] > 1 and not place.get("in"):
            yield document.fault((*loc, "name"), _SAME, "write in: REGION, or decide once: placewire watch prefer")


def _of_place(
    document: Document, loc: Loc, place: dict[str, object], watched: Iterable[str], gazetteer: Gazetteer | None
) -> Iterator[Fault]:
    within = place.get("in")
    found = doubts(
        str(place["name"]),
        within=within if isinstance(within, str) else None,
        at=_point(place.get("at")),
        near=bool(place.get("near")),
        gazetteer=gazetteer,
        is_place=lambda name: key(name) in set(watched) or bool(gazetteer and gazetteer.named(name)),
    )
    for doubt in found:
        yield document.fault((*loc, doubt.about), doubt.what, doubt.remedy)


def _point(value: object) -> Point | None:
    try:
        return coordinates(value)
    except ValueError:
        return None
