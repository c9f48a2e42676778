"""The same event in other words: shown beside a story, never merged with it.

In: essences. Out: tags of name pairs for an index, and how alike two texts are in their words. Two texts about one
event seldom share a sentence, but they name the same places, people and numbers: candidates share a pair of names, each
names what the other names first, and both say several of the same things about it. In Russian and Ukrainian alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from zlib import crc32

from bot.language.stem import alike, common
from bot.stories.essence import plain

WITHIN = 24 * 3600
"""Seconds between two posts that may be called related."""
_MAX_NAMES = 5
_LONG, _BEGINNING = 6, 5
"""Letters from which a word tells something, and so many of them are compared: verbs have endings of their own."""
_MIN_SHARED, _MIN_SHARE = 4, 0.4
"""Words beside names that both texts have: at least so many, and at least this share of the text with fewer."""
_UPPER = b"A-Z\x80-\x8f\xa5\xaa\xaf\xb2\xc0-\xdf"
_LETTER = b"A-Za-z\x80-\xff"
_NAME = re.compile(rb"(?<= )(?:[" + _UPPER + rb"][" + _LETTER + rb"]{2,}|\d{2,})(?![" + _LETTER + rb"\d])")
_PAGE = "cp1251"


@dataclass(frozen=True, slots=True)
class Telling:
    """What a text says: its names as they stand inside sentences, and its longer words beside them."""

    first: bytes
    """The name that it names first; empty if it names none."""
    names: frozenset[bytes]
    words: frozenset[bytes]

    @classmethod
    def of(cls, essence: bytes) -> Telling:
        found = [stem(plain(name)) for name in _NAME.findall(essence)]
        all_words = [word for word in plain(essence).split(b" ") if word]
        named = frozenset(found)
        words = (_beginning(word) for word in all_words if len(word) >= _LONG and stem(word) not in named)
        first = next((name for name in found if not name.isdigit()), b"")
        return cls(first, frozenset(map(stem, all_words)), frozenset(words))


def names(essence: bytes) -> list[bytes]:
    """The first few names and numbers inside sentences, without their endings."""
    found: dict[bytes, None] = {}
    for match in _NAME.finditer(essence):
        found[stem(plain(match.group()))] = None
        if len(found) == _MAX_NAMES:
            break
    return list(found)


@lru_cache(maxsize=16_384)
def stem(word: bytes) -> bytes:
    """What the cases of a word have in common. Numbers have no cases."""
    return word if word.isdigit() else common(word.decode(_PAGE, "replace")).encode(_PAGE, "replace")


@lru_cache(maxsize=16_384)
def _beginning(word: bytes) -> bytes:
    return alike(word.decode(_PAGE, "replace")).encode(_PAGE, "replace")[:_BEGINNING]


def tags(essence: bytes) -> list[int]:
    """A tag for each two of the names; two numbers name nothing."""
    found = combinations(names(essence), 2)
    return [crc32(b" ".join(sorted(pair))) for pair in found if not (pair[0].isdigit() and pair[1].isdigit())]


def likeness(one: Telling, other: Telling) -> float:
    """Share of the smaller text's words that both have; 0 if that is too little to speak of one event."""
    if one.first not in other.names or other.first not in one.names:
        return 0.0
    both = len(one.words & other.words)
    share = both / max(1, min(len(one.words), len(other.words)))
    return share if both >= _MIN_SHARED and share >= _MIN_SHARE else 0.0
