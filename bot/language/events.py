"""What a word of news tells of, in any of the three languages: бои, сутички and clashes are one sense.

In: a folded word. Out: its sense, with the kind that the sense is of; or the points of the compass that it names. Pure.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "tables" / "events.txt"
TURN = ("turn",)
_NO_NEWS = frozenset({"thing", "turn"})
_BEGINNING = "*"


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word tells of: the name stands for it in any language.

    Senses of one kind may be said of one event. A `thing` is what events are about, an `object` what is hit or burns; a
    `turn` changes what is said of them; all others are news.
    """

    kinds: tuple[str, ...]
    name: str

    @property
    def is_news(self) -> bool:
        return _NO_NEWS.isdisjoint(self.kinds)

    @property
    def is_object(self) -> bool:
        return "object" in self.kinds


def sense(word: str) -> Sense | None:
    """The sense of a word; None for most words."""
    whole, beginnings, sizes, heads = _table()
    if (found := whole.get(word)) is not None or word[: sizes[-1]] not in heads:
        return found
    return next((beginnings[begins] for size in sizes if (begins := word[:size]) in beginnings), None)


@cache
def _table() -> tuple[dict[str, Sense], dict[str, Sense], list[int], frozenset[str]]:
    """Whole words, beginnings, and how long these are, longest first, and their first letters."""
    whole: dict[str, Sense] = {}
    beginnings: dict[str, Sense] = {}
    for found, word in _lines():
        if word.endswith(_BEGINNING):
            beginnings[word.removesuffix(_BEGINNING)] = found
        else:
            whole[word] = found
    sizes = sorted({len(begins) for begins in beginnings}, reverse=True)
    return whole, beginnings, sizes, frozenset(begins[: sizes[-1]] for begins in beginnings)


def beginnings() -> Iterator[str]:
    """How the words begin that have a sense or name a point of the compass."""
    yield from (word.removesuffix(_BEGINNING) for _, word in _lines())
    yield from _POINTS


def spellings(name: str) -> list[str]:
    """The words of a sense, beginnings with a * behind them."""
    return [word for found, word in _lines() if found.name == name]


def _lines() -> Iterator[tuple[Sense, str]]:
    for line in FILE.read_text("utf-8").splitlines():
        head, colon, words = line.partition(":")
        if colon and not line.startswith("#"):
            kinds, *name = head.split()
            found = Sense(tuple(kinds.split(",")), *(name or [kinds]))
            yield from ((found, word) for word in words.split())


def points(word: str) -> str:
    """The points of the compass that a word names: "NE" of north-eastern, nothing of most words."""
    found = ""
    while match := _POINT.match(word):
        found += _POINTS[match.group()]
        word = word[match.end() :]
    return found


_POINTS = {
    "север": "N", "північ": "N", "north": "N", "юг": "S", "южн": "S", "півд": "S", "south": "S",
    "восто": "E", "схід": "E", "сход": "E", "east": "E", "запад": "W", "захід": "W", "заход": "W", "west": "W",
}  # fmt: skip
_POINT = re.compile("|".join(_POINTS))
