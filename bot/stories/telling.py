"""What a report tells, in any of the three languages: places, names, numbers, senses and directions.

In: an essence, and the places that are known to be named in it, by their ids. Out: a `Telling`. What it holds does not
depend on the language: a name is what it sounds like without its ending (Бердіном and Berdin are one), a word that the
table of `language.events` knows is its sense; only `details` are words, for two texts of one language or two near ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from bot.language.events import THING, TURN, Sense, points, sense
from bot.language.phonetic import sound
from bot.language.stem import alike, common
from bot.stories.essence import plain

_PAGE = "cp1251"
_PART = re.compile(rb"([ .\n\x01:)]+)")
_LOOKS = bytes.maketrans("асеіорхувнкмтї".encode(_PAGE), "aceiopxybhkmti".encode(_PAGE))
"""Letters that an essence writes as Cyrillic, whatever they were."""
_LATIN = re.compile(rb"[a-z]")
_CYRILLIC = re.compile("[бгдежзийлпфцчшщъыьэюяєґ]".encode(_PAGE))
_LONG, _BEGINNING = 6, 5
"""Letters from which a word tells something, and so many of them are compared: verbs have endings of their own."""
_MANY = 120
"""Words that are looked at: what a report is of stands at its beginning."""
_LEAST_NAME, _LEAST_CONSONANTS = 3, 3
_NEAR = 3
"""Words between a direction and the name that it is of, at most."""
_SILENT = str.maketrans("", "", "aeiou")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOT = frozenset(("не", "ни", "ні", "нет", "немає", "not", "no", "never"))
_EVERYBODY = """
россия российский русский рф москва кремль украина украинский украинец сша европа нато вс всу мо минобороны киев
росія російський росіянин україна український українець зсу сили силы оборона генштаб штаб міноборони київ президент
область район понедельник январь russia russian russians ukraine ukrainian ukrainians moscow kyiv kiev kremlin january
february march april may june july august september october november december monday tuesday wednesday thursday friday
saturday sunday telegram the and for oblast region district general staff ministry defense defence forces army armed
president geolocated
"""
"""Words with a capital that stand in every other report."""


@dataclass(frozen=True, slots=True)
class Telling:
    """`inner` are the names that stand inside sentences, in order; `names` those and what else has a capital."""

    places: tuple[str, ...]
    inner: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    senses: frozenset[Sense]
    directions: frozenset[tuple[str, str]]
    """A name, and a point of the compass to which something is of it."""
    details: frozenset[str]
    turns: frozenset[Sense]
    """Whether it denies, ends or sums up."""
    size: int
    """How many words were looked at."""

    @property
    def first(self) -> str:
        """The name that a report without known places is of."""
        return self.inner[0] if self.inner else ""

    @property
    def events(self) -> frozenset[str]:
        """The kinds of events that it tells of."""
        return frozenset(kind for each in self.senses if each.kinds != THING for kind in each.kinds)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    capital: bool
    inside: bool
    """Whether it stands inside a sentence, where a capital is a name's."""


@lru_cache(maxsize=8192)
def told(essence: bytes, places: tuple[str, ...] = ()) -> Telling:
    words = list(_words(essence))
    named = list(_names(words))
    inner = tuple(dict.fromkeys(name for name, sure in named if sure))
    names = frozenset(name for name, _ in named)
    senses = frozenset(_senses(words))
    turns = frozenset(each for each in senses if each.kinds == TURN)
    return Telling(
        places=places,
        inner=inner,
        names=names,
        numbers=frozenset(_numbers(words)),
        senses=senses - turns,
        turns=turns,
        directions=frozenset(_directions(words)),
        details=frozenset(_details(words, names)),
        size=len(words),
    )


def _words(essence: bytes) -> Iterator[_Word]:
    """The words, those in Latin letters written in them again."""
    parts = _PART.split(essence)[: 2 * _MANY]
    low = [plain(part) for part in parts[::2]]
    mostly_latin = sum(map(bool, map(_LATIN.search, low))) > sum(map(bool, map(_CYRILLIC.search, low)))
    for at, word in enumerate(low):
        if not word:
            continue
        latin = bool(_LATIN.search(word)) or (mostly_latin and not _CYRILLIC.search(word))
        written = parts[2 * at]
        whole = word.upper() == written
        yield _Word(
            (word.translate(_LOOKS) if latin else word).decode(_PAGE, "replace"),
            capital=written[:1] != word[:1],
            inside=at > 0 and parts[2 * at - 1] == b" " and not (whole and len(word) > _LEAST_NAME),
        )


def _names(words: list[_Word]) -> Iterator[tuple[str, bool]]:
    """The last word of each run of capitals, and whether it is surely a name."""
    for word, after in zip_longest(words, words[1:]):
        if not word.capital or len(word.text) < _LEAST_NAME or word.text.isdigit():
            continue
        runs_on = after is not None and after.capital and after.inside
        if not runs_on and (name := _sounds(word.text)) not in _COMMON:
            yield name, word.inside


@lru_cache(maxsize=16_384)
def _sounds(word: str) -> str:
    """A name as it sounds in any of the languages: its consonants, or all of it if they are few."""
    heard = sound(word if word.isascii() else common(word)).rstrip("aeious")
    bare = heard[:1] + heard[1:].translate(_SILENT)
    consonants = heard.translate(_SILENT)
    return consonants if len(consonants) >= _LEAST_CONSONANTS else bare or heard


_COMMON = frozenset(map(_sounds, _EVERYBODY.split()))


def _senses(words: list[_Word]) -> Iterator[Sense]:
    """What the words say, and not what they say there was not: "атак не было"."""
    denied = {at for at, word in enumerate(words) if word.text in _NOT}
    for at, word in enumerate(words):
        if denied.isdisjoint({at - 1, at + 1}) and (found := sense(word.text)) is not None:
            yield found


def _numbers(words: list[_Word]) -> Iterator[str]:
    for word in words:
        if word.text.isdigit() and len(word.text) > 1 and word.text[0] != "0" and not _YEAR.fullmatch(word.text):
            yield word.text


def _directions(words: list[_Word]) -> Iterator[tuple[str, str]]:
    """Points of the compass with the name that follows soon."""
    held, left = "", 0
    for word in words:
        if found := points(word.text):
            held, left = held + found, _NEAR
        elif held and word.capital:
            yield from ((_sounds(word.text), point) for point in held)
            held = ""
        elif not (left := left - 1):
            held = ""


def _details(words: list[_Word], names: frozenset[str]) -> Iterator[str]:
    for word in words:
        if len(word.text) >= _LONG and sense(word.text) is None and not (word.capital and _sounds(word.text) in names):
            yield alike(word.text)[:_BEGINNING]
