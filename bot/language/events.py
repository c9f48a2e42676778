"""What a word of news tells of, in any of the three languages: бои, сутички and clashes are one sense.

In: a folded word. Out: its sense, with the kind that the sense is of; or the points of the compass that it names. Pure.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "tables" / "events.txt"
THING, TURN = ("thing",), ("turn",)
_BEGINNING = "*"


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word tells of: the name stands for it in any language.

    Senses of one kind may be said of one event. THING is what events are about, TURN changes what is said of them.
    """

    kinds: tuple[str, ...]
    name: str


@lru_cache(maxsize=16_384)
def sense(word: str) -> Sense | None:
    """The sense of a word; None for most words."""
    whole, beginnings = _table()
    if word in whole:
        return whole[word]
    cuts = (word[:size] for size in range(len(word), 1, -1))
    return next((beginnings[cut] for cut in cuts if cut in beginnings), None)


@cache
def _table() -> tuple[dict[str, Sense], dict[str, Sense]]:
    """Whole words, and beginnings."""
    whole: dict[str, Sense] = {}
    beginnings: dict[str, Sense] = {}
    for found, word in _lines():
        if word.endswith(_BEGINNING):
            beginnings[word.removesuffix(_BEGINNING)] = found
        else:
            whole[word] = found
    return whole, beginnings


def _lines() -> Iterator[tuple[Sense, str]]:
    for line in FILE.read_text("utf-8").splitlines():
        head, colon, words = line.partition(":")
        if colon and not line.startswith("#"):
            kinds, *name = head.split()
            found = Sense(tuple(kinds.split(",")), *(name or [kinds]))
            yield from ((found, word) for word in words.split())


@lru_cache(maxsize=4096)
def points(word: str) -> str:
    """The points of the compass that a word names: "NE" of north-eastern, nothing of most words."""
    for beginning, found in _POINTS.items():
        if word.startswith(beginning):
            return found + points(word[len(beginning) :])
    return ""


_POINTS = {
    "север": "N", "північ": "N", "north": "N", "юг": "S", "южн": "S", "юго": "S", "півд": "S", "south": "S",
    "восто": "E", "схід": "E", "східн": "E", "сход": "E", "east": "E", "запад": "W", "захід": "W", "заход": "W",
    "west": "W",
}  # fmt: skip
