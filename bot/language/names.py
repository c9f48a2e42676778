"""Names of one place in several languages, as shipped: former names, exonyms, and what no rule derives.

In: a name. Out: the places of the table that bear it. The table is tables/names.txt; its head says how it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.language.detect import Language, of_name
from bot.language.fold import key
from bot.language.regions import same_region

FILE = Path(__file__).parent / "tables" / "names.txt"
_COLUMNS = (Language.UKRAINIAN, Language.RUSSIAN, Language.ENGLISH, None)
_NOWHERE = "-"
_REGION = re.compile(r"[сцз]ь?к(?:ая|ий|ое|а|е)\b|\b(?:обл|кра[йю]|респ|oblast|region|province)")
"""An `in:` that is one region of several, and not a whole country."""
_UNSURE, _ALWAYS_UNSURE = "?", "??"


@dataclass(frozen=True, slots=True)
class Called:
    """One name of a place and its languages. `unsure` if another place, or a common word, is more often meant by it.

    `in_use` is the name of today, once per language, unless it needs context even where its place is known: Днепр.
    """

    text: str
    languages: tuple[Language, ...]
    unsure: bool
    in_use: bool


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the table. `names` tell which place is watched, `called` do not: Питер, Старкон."""

    region: str | None
    names: tuple[Called, ...]
    called: tuple[Called, ...]


def bearers(name: str) -> tuple[tuple[KnownPlace, bool], ...]:
    """The places that bear a name, each with whether the name is unsure there."""
    return tuple(_by_name().get(key(name), ()))


def is_there(place: KnownPlace, region: str | None, *, unsure: bool) -> bool:
    """Whether a watch with the `in:` is the place of the table, by a name that is sure or `unsure` there."""
    if region is None:
        return not unsure
    if place.region is not None and same_region(region, place.region):
        return True
    return not unsure and _REGION.search(key(region)) is None


@cache
def _by_name() -> dict[str, list[tuple[KnownPlace, bool]]]:
    found: dict[str, list[tuple[KnownPlace, bool]]] = {}
    for place in places():
        unsure: dict[str, bool] = {}
        for called in place.names:
            folded = key(called.text)
            unsure[folded] = unsure.get(folded, True) and called.unsure
        for folded, doubt in unsure.items():
            found.setdefault(folded, []).append((place, doubt))
    return found


def places() -> Iterator[KnownPlace]:
    """Every place of the table, in its order."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _place(line)


def _place(line: str) -> KnownPlace:
    region, *cells = (cell.strip() for cell in line.split("|"))
    columns = [tuple(_called(cell, language)) for cell, language in zip(cells, _COLUMNS, strict=True)]
    ukrainian, russian, latin, people = columns
    return KnownPlace(None if region == _NOWHERE else region, (*ukrainian, *russian, *latin), people)


def _called(cell: str, language: Language | None) -> Iterator[Called]:
    for at, written in enumerate(filter(None, (each.strip() for each in cell.split(",")))):
        text = written.rstrip(_UNSURE)
        in_use = at == 0 and not written.endswith(_ALWAYS_UNSURE)
        yield Called(text, (language,) if language else of_name(text), written.endswith(_UNSURE), in_use)
