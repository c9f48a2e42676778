"""What a report tells, in any of the three languages: places, names, numbers, senses and directions.

In: an essence, and the places that are known to be named in it, by their ids. Out: a `Telling`. What it holds does not
depend on the language: a name is what it sounds like without its ending (Бердіном and Berdin are one), a word that the
table of `language.events` knows is its sense; only `details` are words, for two texts of one language or two near ones.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.language.events import THING, TURN, Sense, points, sense
from bot.language.phonetic import sound
from bot.language.stem import alike, common
from bot.stories.essence import plain

_PAGE = "cp1251"
_PART = re.compile(rb"([ .\n\x01:)]+)")
_LOOKS = bytes.maketrans("асеіорхувнкмтї".encode(_PAGE), "aceiopxybhkmti".encode(_PAGE))
"""Letters that an essence writes as Cyrillic, whatever they were."""
_CYRILLIC_ONLY = "бгджзийлпфцчшщъыьэюяєґ".encode(_PAGE)
_LATIN, _CYRILLIC = re.compile(rb"[a-z]"), re.compile(b"[" + _CYRILLIC_ONLY + b"]")
_NO_LATIN = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_NO_CYRILLIC = bytes(set(range(256)) - set(_CYRILLIC_ONLY))
_LONG, _BEGINNING = 6, 5
"""Letters from which a word tells something, and so many of them are compared: verbs have endings of their own."""
_MANY = 80
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
    """`inner` are the names that stand inside sentences; `names` those and what else has a capital. Both in order."""

    places: tuple[str, ...]
    inner: tuple[str, ...]
    names: tuple[str, ...]
    numbers: frozenset[str]
    senses: frozenset[Sense]
    directions: frozenset[tuple[str, str]]
    """A name, and a point of the compass to which something is of it."""
    details: frozenset[str]
    events: frozenset[str]
    """The kinds of events that it may tell of."""
    kinds: frozenset[tuple[str, ...]]
    """Those that it certainly tells of: an attack may be one or another."""
    turns: frozenset[Sense]
    """Whether it denies, ends or sums up."""
    size: int
    """How many words were looked at."""

    @property
    def first(self) -> str:
        """The name that a report without known places is of."""
        return self.inner[0] if self.inner else ""

    @property
    def subject(self) -> str:
        """What it is of: empty if that is not known."""
        return self.places[0] if self.places else self.first

    @property
    def named(self) -> tuple[str, ...]:
        """What it names, by which it may be found."""
        return self.places or self.names


class _Word(NamedTuple):
    """What a word says by itself; worked out once, for most words come again and again."""

    text: str
    name: str
    """What it sounds like, if it has a capital and may be a name."""
    whole: bool
    """Whether it is all capitals, as a headline is."""
    number: bool
    sense: Sense | None
    points: str
    detail: str
    denies: bool
    marked: bool
    """Whether it has any of these but a detail."""


@lru_cache(maxsize=4096)
def told(essence: bytes, places: tuple[str, ...] = ()) -> Telling:
    parts = _PART.split(essence)[: 2 * _MANY]
    latin = _latin(essence)
    words = [_word(part, latin) for part in parts[::2]]
    marked = [(at, word) for at, word in enumerate(words) if word.marked]
    names = list(_names(marked, words, parts[1::2]))
    known = tuple(dict.fromkeys(name for name, _ in names))
    senses = frozenset(_senses(marked))
    turns = frozenset(each for each in senses if each.kinds == TURN)
    return Telling(
        places=places,
        inner=tuple(dict.fromkeys(name for name, sure in names if sure)),
        names=known,
        numbers=frozenset(word.text for _, word in marked if word.number),
        senses=senses - turns,
        events=frozenset(kind for each in senses - turns if each.kinds != THING for kind in each.kinds),
        kinds=frozenset(each.kinds for each in senses - turns if each.kinds != THING and len(each.kinds) == 1),
        turns=turns,
        directions=frozenset(_directions(marked)),
        details=frozenset(word.detail for word in words if word.detail and not (word.name and word.name in known)),
        size=len(words),
    )


def _latin(essence: bytes) -> bool:
    """Whether a word that could be of either script is Latin here."""
    return len(essence.translate(None, _NO_LATIN)) > len(essence.translate(None, _NO_CYRILLIC))


@lru_cache(maxsize=65_536)
def _word(written: bytes, latin: bool) -> _Word:
    """A word as it is written in an essence; in Latin letters again, if it was."""
    low = plain(written)
    latin = bool(_LATIN.search(low)) or (latin and not _CYRILLIC.search(low))
    text = (low.translate(_LOOKS) if latin else low).decode(_PAGE, "replace")
    capital = written[:1] != low[:1] and len(text) >= _LEAST_NAME
    name = _sounds(text) if capital else ""
    found, compass, denies = sense(text), points(text), text in _NOT
    number = text.isdigit() and len(text) > 1 and text[0] != "0" and not _YEAR.fullmatch(text)
    return _Word(
        text=text,
        name=name,
        whole=low.upper() == written and len(text) > _LEAST_NAME,
        number=number,
        sense=found,
        points=compass,
        detail=alike(text)[:_BEGINNING] if len(text) >= _LONG and found is None else "",
        denies=denies,
        marked=bool(name or number or found or compass or denies),
    )


_Marked = Sequence[tuple[int, _Word]]
"""Words that tell something, each with its place among all."""


def _names(marked: _Marked, words: Sequence[_Word], gaps: Sequence[bytes]) -> Iterator[tuple[str, bool]]:
    """The last word of each run of capitals, and whether it is surely a name: it stands inside a sentence."""
    for at, word in marked:
        if word.name and word.name not in _COMMON:
            runs_on = at + 1 < len(words) and gaps[at] == b" " and words[at + 1].name and not words[at + 1].whole
            if not runs_on:
                yield word.name, at > 0 and gaps[at - 1] == b" " and not word.whole


def _senses(marked: _Marked) -> Iterator[Sense]:
    """What the words say, and not what they say there was not: "атак не было"."""
    denied = {at for at, word in marked if word.denies}
    for at, word in marked:
        if word.sense is not None and denied.isdisjoint((at - 1, at + 1)):
            yield word.sense


def _directions(marked: _Marked) -> Iterator[tuple[str, str]]:
    """Points of the compass with the name that follows soon."""
    held, since = "", 0
    for at, word in marked:
        if held and at - since > _NEAR:
            held = ""
        if word.points:
            held, since = held + word.points, at
        elif held and word.name:
            yield from ((word.name, point) for point in held)
            held = ""


@lru_cache(maxsize=16_384)
def _sounds(word: str) -> str:
    """A name as it sounds in any of the languages: its consonants, or all of it if they are few."""
    heard = sound(word if word.isascii() else common(word)).rstrip("aeious")
    bare = heard[:1] + heard[1:].translate(_SILENT)
    consonants = heard.translate(_SILENT)
    return consonants if len(consonants) >= _LEAST_CONSONANTS else bare or heard


_COMMON = frozenset(map(_sounds, _EVERYBODY.split()))
