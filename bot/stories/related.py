"""The same event in other words: shown beside a story, never merged with it.

In: essences. Out: tags of name pairs for an index, and how alike two texts are in their words. Two texts about one
event seldom share a sentence, but they name the same places, people and numbers: candidates share a pair of names.
"""

from __future__ import annotations

import re
from itertools import combinations
from zlib import crc32

from bot.stories.essence import plain

WITHIN = 24 * 3600
"""Seconds between two posts that may be called related."""
_MAX_NAMES = 5
_LONG = 6
_MIN_SHARED, _MIN_SHARE = 4, 0.3
"""Stems that both texts have: at least so many, and at least this share of the text with fewer."""
_UPPER = b"A-Z\x80-\x8f\xa5\xaa\xaf\xb2\xc0-\xdf"
_LETTER = b"A-Za-z\x80-\xff"
_NAME = re.compile(rb"(?<= )(?:[" + _UPPER + rb"][" + _LETTER + rb"]{2,}|\d{2,})(?![" + _LETTER + rb"\d])")


def names(essence: bytes) -> list[bytes]:
    """The first few names and numbers inside sentences, without their endings."""
    found: dict[bytes, None] = {}
    for match in _NAME.finditer(essence):
        found[_stem(plain(match.group()))] = None
        if len(found) == _MAX_NAMES:
            break
    return list(found)


def _stem(word: bytes) -> bytes:
    """What endings leave of a name: Суджа, Суджу and Суджей begin alike. Numbers have no endings."""
    return word if word.isdigit() else word[: max(3, min(_LONG, len(word) - 2))]


def tags(essence: bytes) -> list[int]:
    """A tag for each two of the names; two numbers name nothing."""
    found = combinations(names(essence), 2)
    return [crc32(b" ".join(sorted(pair))) for pair in found if not (pair[0].isdigit() and pair[1].isdigit())]


def stems(text: bytes) -> frozenset[bytes]:
    """The longer words of plain bytes, without their endings."""
    return frozenset(word[:_LONG] for word in text.split(b" ") if len(word) >= _LONG)


def likeness(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """Share of the smaller set that both have; 0 if that is too little to speak of one event."""
    both = len(one & other)
    share = both / max(1, min(len(one), len(other)))
    return share if both >= _MIN_SHARED and share >= _MIN_SHARE else 0.0
