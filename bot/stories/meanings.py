"""What words mean against each other: counts and sides that exclude each other, words for one thing, denials, grammar.

In: words of an essence in lower case. Out: what the table of `language` says of them. Pure.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import bot.language
from bot.language import stance
from bot.language.events import spellings
from bot.stories.essence import essence, plain

FILE = Path(bot.language.__file__).parent / "tables" / "meanings.txt"
_BEGINNING = b"*"
_LEAST_ROOT = 3


def _lines() -> Iterator[tuple[str, list[bytes]]]:
    """Each group with the words of one value."""
    text = re.sub("#.*\n", "", FILE.read_text("utf-8")).replace("\n    ", " ")
    for line in text.splitlines():
        group, colon, words = line.partition(":")
        if colon:
            yield group, [_folded(word) for word in words.split()]


def _folded(word: str) -> bytes:
    return plain(essence(word.replace("_", " ").removesuffix("*"))) + _BEGINNING * word.endswith("*")


class _Lexicon:
    """Whole words and beginnings, each with the group and the value that it has in it."""

    def __init__(self, entries: Iterable[tuple[str, list[bytes]]]) -> None:
        self._whole: dict[bytes, dict[str, int]] = {}
        self._begin: dict[bytes, dict[str, int]] = {}
        for value, (group, words) in enumerate(entries):
            for word in words:
                kept = self._begin if word.endswith(_BEGINNING) else self._whole
                kept.setdefault(word.removesuffix(_BEGINNING), {})[group] = value
        self._longest = max(map(len, self._begin), default=0)

    def of(self, word: bytes) -> dict[str, int]:
        """By group; the longest beginning counts, and a whole word before it."""
        found: dict[str, int] = {}
        for size in range(1, min(len(word), self._longest) + 1):
            found.update(self._begin.get(word[:size], {}))
        return {**found, **self._whole.get(word, {})}


_TABLE = list(_lines())


def _words(group: str) -> frozenset[bytes]:
    return frozenset(word for name, words in _TABLE if name == group for word in words)


_EXCLUDING = _Lexicon((group, words) for group, words in _TABLE if group.startswith("excludes "))
_THINGS = _Lexicon((group, words) for group, words in _TABLE if group == "thing")
_HEDGES = _Lexicon((group, words) for group, words in _TABLE if group == "hedge")
DENIALS, LEADING, GRAMMAR, CREDITS = map(_words, ("denial", "leading", "grammar", "credit"))
_ANY = rb"[a-z\x80-\xff]*"


def _phrases(words: Iterable[bytes]) -> bytes:
    return b"|".join(word.replace(_BEGINNING, _ANY) for word in words)


_RETRACTS = re.compile(
    rb"(?<![a-z\x80-\xff])(?:%b)(?![a-z\x80-\xff])"
    % _phrases((*_words("retracts"), *map(_folded, (*stance.spellings("denies"), *spellings("denial")))))
)
_AGAIN = re.compile(rb"(?:.* )?(?:%b)" % _phrases(_words("again")))
_PREFIXES, _NEGATING = _words("prefix"), _words("negating")
_LONGEST_PREFIX = max(map(len, _PREFIXES))


@lru_cache(maxsize=16_384)
def meanings(word: bytes) -> dict[str, int]:
    """The value of a word in each group in which it excludes others; most words are in none."""
    return _EXCLUDING.of(word)


@lru_cache(maxsize=16_384)
def thing(word: bytes) -> int | None:
    """A number for all words for one thing."""
    return _THINGS.of(word).get("thing")


@lru_cache(maxsize=16_384)
def hedges(word: bytes) -> bool:
    """Whether it says how far, or how surely, something is so."""
    return bool(_HEDGES.of(word))


def retracts(plain_text: bytes) -> bool:
    """Whether a plain text says of something that it is not so: "Фейк:" before the same words."""
    return _RETRACTS.search(plain_text) is not None


def again(before: Iterable[bytes]) -> bool:
    """Whether plain words say of what follows that it is another one: "ещё одна атака"."""
    return _AGAIN.fullmatch(b" ".join(before)) is not None


def opposed(one: bytes, two: bytes) -> bool:
    """Whether two words exclude each other, however alike they are spelled."""
    ours, theirs = meanings(one), meanings(two)
    return any(theirs.get(group, value) != value for group, value in ours.items()) or _turned(one, two)


def _turned(one: bytes, two: bytes) -> bool:
    """Whether they are one root behind other prefixes: закрыт and открыт, confirmed and unconfirmed."""
    short, long = sorted((one, two), key=len)
    if len(short) > _LEAST_ROOT and long.endswith(short) and long.removesuffix(short) in _NEGATING:
        return True
    return any(
        ours != theirs and _one_root(one[len(ours) :], two[len(theirs) :]) and not _a_slip(ours, theirs)
        for ours in _heads(one)
        for theirs in _heads(two)
    )


def _heads(word: bytes) -> list[bytes]:
    return [word[:size] for size in range(1, min(_LONGEST_PREFIX, len(word)) + 1) if word[:size] in _PREFIXES]


def _one_root(one: bytes, two: bytes) -> bool:
    size = min(len(one), len(two), _LEAST_ROOT + 1)
    return size >= _LEAST_ROOT and one[:size] == two[:size]


def _a_slip(ours: bytes, theirs: bytes) -> bool:
    """Whether one prefix may be the other with one other letter typed."""
    return len(ours) == len(theirs) and sum(a != b for a, b in zip(ours, theirs, strict=True)) < 2
