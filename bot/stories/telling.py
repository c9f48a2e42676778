"""What a report tells, in any of the three languages: places, names, numbers, senses and directions.

In: an essence, and the places that are known to be named in it, by their ids. Out: a `Telling`. What it holds does not
depend on the language: a name is what it sounds like without its ending (Бердіном and Berdin are one), a word that the
table of `language.events` knows is its sense; only `details` are words, for two texts of one language or two near ones.
By places and names another report is found; what is said of them is worked out only if there is one: most have none.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, product, repeat
from typing import NamedTuple

from bot.language import stance
from bot.language.events import TURN, Sense, beginnings, points, sense
from bot.language.phonetic import sound
from bot.language.stem import alike, common
from bot.stories.essence import ASKS, plain
from bot.stories.meanings import again, retracts

_PAGE = "cp1251"
_SEPARATORS, _SPACE = b" .\n\x01", b" "
_SPACES = bytes.maketrans(_SEPARATORS, _SPACE * len(_SEPARATORS))
_WRITTEN = bytes(set(range(256)) - set(_SEPARATORS))
_CAPITALS = frozenset(bytes([byte]) for byte in _WRITTEN if plain(bytes([byte])) != bytes([byte]))
_SMALL = b"".join(map(plain, _CAPITALS))
_LOOKS = bytes.maketrans("асеіорхувнкмтї".encode(_PAGE), "aceiopxybhkmti".encode(_PAGE))
"""Letters that an essence writes as Cyrillic, whatever they were."""
_LOOKED = bytes.maketrans("aceiopxybhkmt".encode(_PAGE), "асеіорхувнкмт".encode(_PAGE))
_I, _YI = "ії".encode(_PAGE)
_CYRILLIC_ONLY = "бгджзийлпфцчшщъыьэюяєґ".encode(_PAGE)
_LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz"
_LATIN, _CYRILLIC = re.compile(rb"[a-z]"), re.compile(b"[" + _CYRILLIC_ONLY + b"]")
_NO_LATIN = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_NO_CYRILLIC = bytes(set(range(256)) - set(_CYRILLIC_ONLY))
_LONG, _BEGINNING = 6, 5
"""Letters from which a word tells something, and so many of them are compared: verbs have endings of their own."""
_MANY = 80
"""Words that are looked at: what a report is of stands at its beginning."""
_HEAD = 3
"""Letters by which a word is passed over that says nothing."""
_LEAST_NAME, _LEAST_CONSONANTS = 3, 3
_NEAR = 3
"""Words between a direction and the name that it is of, at most."""
_SILENT = str.maketrans("", "", "aeiou")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOT = [word.rstrip("*") for group in ("nots", "nones", "tries") for word in stance.spellings(group)]
_CARS = {"bus", "truck"}
_DENIAL, _ANOTHER = Sense(TURN, "denial"), Sense(TURN, "another one")
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
class Said:
    """What is said of places and names."""

    numbers: frozenset[str]
    senses: frozenset[Sense]
    objects: frozenset[str]
    """What is hit or burns."""
    directions: frozenset[tuple[str, str]]
    """A name, and a point of the compass to which something is of it."""
    events: frozenset[str]
    """The kinds of events that it may tell of."""
    kinds: frozenset[tuple[str, ...]]
    """Those that it certainly tells of: an attack may be one or another."""
    turns: frozenset[Sense]
    """Whether it denies, ends or sums up, or tells of another one."""
    denied: frozenset[str]
    """The senses of news that it says were not so, or were only tried."""


class Telling:
    """What a report tells; what is dear is worked out when it is first asked for."""

    def __init__(self, essence: bytes, places: tuple[str, ...] = ()) -> None:
        self.places = places
        self._essence = essence

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

    @property
    def inner(self) -> tuple[str, ...]:
        """The names that stand inside sentences, in order."""
        return self._naming[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Those and what else has a capital, in order."""
        return self._naming[1]

    @cached_property
    def _naming(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = list(_names(self._capitals, _words(self._essence), self._essence.translate(None, _WRITTEN)))
        inner = dict.fromkeys(name for name, sure in found if sure)
        return tuple(inner), tuple(dict.fromkeys(name for name, _ in found))

    @cached_property
    def _capitals(self) -> dict[int, str]:
        return _capitals(_words(self._essence), _latin(self._essence))

    @cached_property
    def size(self) -> int:
        """How many words are looked at."""
        return min(_MANY, 1 + len(self._essence.translate(None, _WRITTEN)))

    @cached_property
    def said(self) -> Said:
        words, latin = _words(plain(self._essence)), _latin(self._essence)
        marked = [(at, _word(word, latin)) for at, word in enumerate(words) if word[:_HEAD] in _HEADS]
        denied: set[str] = set()
        if any(word.denies for _, word in marked):
            denied = stance.denied_news([_text(word, latin) for word in words])
        senses = frozenset(each for each in _senses(marked) if each.name not in denied)
        turns = frozenset(each for each in senses if each.kinds == TURN)
        if retracts(plain(self._essence)):
            turns |= {_DENIAL}
        if any(word.sense and word.sense.is_news and again(words[max(0, at - 2) : at]) for at, word in marked):
            turns |= {_ANOTHER}
        events = [each.kinds for each in senses if each.is_news]
        return Said(
            numbers=frozenset(word.number for _, word in marked if word.number),
            senses=senses - turns,
            events=frozenset(chain.from_iterable(events)),
            kinds=frozenset(kinds for kinds in events if len(kinds) == 1),
            turns=turns,
            denied=frozenset(denied),
            objects=_objects({each.name for each in senses if each.is_object}),
            directions=frozenset(_directions(marked, self._capitals)),
        )

    @cached_property
    def details(self) -> frozenset[str]:
        """Further words, by their beginnings: neither names nor senses."""
        words, latin = _words(plain(self._essence)), _latin(self._essence)
        named = {at for at, name in self._capitals.items() if name in self.names}
        long = (word for at, word in enumerate(words) if len(word) >= _LONG and at not in named)
        return frozenset(filter(None, map(_detail, long, repeat(latin))))


@lru_cache(maxsize=16_384)
def told(essence: bytes, places: tuple[str, ...] = ()) -> Telling:
    return Telling(essence, places)


def _words(essence: bytes) -> list[bytes]:
    return essence.translate(_SPACES, ASKS).split(_SPACE, _MANY)[:_MANY]


def _latin(essence: bytes) -> bool:
    """Whether a word that could be of either script is Latin here."""
    return len(essence.translate(None, _NO_LATIN)) > len(essence.translate(None, _NO_CYRILLIC))


class _Word(NamedTuple):
    """What a word says by itself."""

    number: str
    sense: Sense | None
    points: str
    denies: bool


@lru_cache(maxsize=16_384)
def _word(written: bytes, latin: bool) -> _Word:
    text = _text(written, latin)
    number = text.isdigit() and len(text) > 1 and text[0] != "0" and not _YEAR.fullmatch(text)
    return _Word(text if number else "", sense(text), points(text), stance.denying(text))


@lru_cache(maxsize=65_536)
def _detail(written: bytes, latin: bool) -> str:
    text = _text(written, latin)
    return alike(text)[:_BEGINNING] if sense(text) is None else ""


def _heads() -> Iterator[bytes]:
    """How words begin that say something: the others, which are most, are not looked up at all."""
    yield from (str(number).encode() for number in range(10, 1000))
    short = [known for known in beginnings() if len(known) < _HEAD]
    for known in (*beginnings(), *(each + letter for each in short for letter in _LETTERS), *_NOT):
        head = known[:_HEAD].encode(_PAGE)
        yield head
        yield from map(bytes, product(*((each, _YI) if each == _I else (each,) for each in head.translate(_LOOKED))))


def _text(written: bytes, latin: bool) -> str:
    """A word as it is written in an essence; in Latin letters again, if it was."""
    low = plain(written)
    latin = bool(_LATIN.search(low)) or (latin and not _CYRILLIC.search(low))
    return (low.translate(_LOOKS) if latin else low).decode(_PAGE, "replace")


def _capitals(words: Sequence[bytes], latin: bool) -> dict[int, str]:
    """The words that may be names, by their places: what each sounds like."""
    return {
        at: _name(word, latin) for at, word in enumerate(words) if word[:1] in _CAPITALS and len(word) >= _LEAST_NAME
    }


@lru_cache(maxsize=16_384)
def _name(written: bytes, latin: bool) -> str:
    return _sounds(_text(written, latin))


def _names(capitals: Mapping[int, str], words: Sequence[bytes], gaps: bytes) -> Iterator[tuple[str, bool]]:
    """The last word of each run of capitals, and whether it is surely a name: it stands inside a sentence."""
    for at, name in capitals.items():
        if name and name not in _COMMON:
            runs_on = capitals.get(at + 1) and gaps[at : at + 1] == _SPACE and not _loud(words, at + 1)
            if not runs_on:
                yield name, at > 0 and gaps[at - 1 : at] == _SPACE and not _loud(words, at)


def _loud(words: Sequence[bytes], at: int) -> bool:
    """Whether a word is of a headline in capitals; a short one by itself is an abbreviation."""
    return _whole(words[at]) and any(
        len(word) > _LEAST_NAME and _whole(word) for word in words[max(0, at - 1) : at + 2]
    )


def _whole(written: bytes) -> bool:
    """Whether all letters of a word are capitals."""
    return written.translate(None, _SMALL) == written


_Marked = Sequence[tuple[int, _Word]]
"""Words that tell something, each with its place among all."""


def _senses(marked: _Marked) -> Iterator[Sense]:
    """What the words say, and not what they say there was not: "атак не было"."""
    denied = {at for at, word in marked if word.denies}
    for at, word in marked:
        if word.sense is not None and denied.isdisjoint((at - 1, at + 1)):
            yield word.sense


def _objects(names: set[str]) -> frozenset[str]:
    """What is hit or burns; what is just called a car may be a bus, or a truck."""
    return frozenset(names if "car" not in names or names & _CARS else names | _CARS)


def _directions(marked: _Marked, capitals: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Points of the compass with the name that follows soon."""
    compass = {at: word.points for at, word in marked if word.points}
    held, since = "", 0
    for at in sorted({*compass, *capitals}) if compass else ():
        if held and at - since > _NEAR:
            held = ""
        if at in compass:
            held, since = held + compass[at], at
        elif held and capitals[at]:
            yield from ((capitals[at], point) for point in held)
            held = ""


@lru_cache(maxsize=16_384)
def _sounds(word: str) -> str:
    """A name as it sounds in any of the languages: its consonants, or all of it if they are few."""
    heard = sound(word if word.isascii() else common(word)).rstrip("aeious")
    bare = heard[:1] + heard[1:].translate(_SILENT)
    consonants = heard.translate(_SILENT)
    return consonants if len(consonants) >= _LEAST_CONSONANTS else bare or heard


_COMMON = frozenset(map(_sounds, _EVERYBODY.split()))
_HEADS = frozenset(_heads())
