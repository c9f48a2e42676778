"""The lexicon: folded forms -> watches, small in memory and quick to ask.

In: a `Table`, plain values that the expansion made. Out: lookups by words. A form's payload is one integer, or several
where watches share the form: index of the watch, origin and traits packed. Phrases are keyed by their words joined with
a space; `heads` tells how many words a phrase that begins with this word may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.language.phonetic import sound
from bot.model import Origin

_ORIGINS = tuple(Origin)
_INDEX = {origin: at for at, origin in enumerate(_ORIGINS)}
_SHIFT_ORIGIN, _SHIFT_WATCH = 9, 13
_TRAITS, _ORIGIN_BITS = 0x1FF, 0xF
_MIN_SOUND = 5
_SHIFT_PLACE_WATCH, _SHIFT_COUNT, _PLACE_BITS = 8, 4, 0xF
_MAX_WORDS = 8
Payload = int | list[int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One watch's claim on a form."""

    watch: int
    origin: Origin
    traits: int


def _pack(watch: int, origin: Origin, traits: int) -> int:
    return watch << _SHIFT_WATCH | _INDEX[origin] << _SHIFT_ORIGIN | traits & _TRAITS


def unpack(packed: int) -> Entry:
    origin = _ORIGINS[packed >> _SHIFT_ORIGIN & _ORIGIN_BITS]
    return Entry(packed >> _SHIFT_WATCH, origin, packed & _TRAITS)


def unpacked(payload: Payload) -> list[Entry]:
    """Every watch's claim in a payload, in the order of the watchlist."""
    return [unpack(payload)] if isinstance(payload, int) else [unpack(packed) for packed in payload]


@dataclass(slots=True)
class Table:
    """What a lexicon looks up: grown by the expansion, then only read. `names` are those that have a sound."""

    forms: dict[str, Payload] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    names: list[tuple[str, int]] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=dict)
    """A folded word -> the places it may fill in names of several words: watch, number of words and place packed."""

    def add(self, phrase: str, watch: int, origin: Origin, traits: int = 0) -> None:
        """A watch's claim on a folded phrase; it claims a phrase once, the first time."""
        _claim(self.forms, phrase, _pack(watch, origin, traits))
        head, _, rest = phrase.partition(" ")
        if rest:
            self.heads[head] = self.heads.get(head, 0) | 1 << rest.count(" ") + 1
        if origin in {Origin.BASE, Origin.ALIAS} and len(phrase) >= _MIN_SOUND:
            self.names.append((phrase, watch))

    def add_words(self, columns: Sequence[Iterable[str]], watch: int) -> None:
        """The folded forms of each word of a name of several, for texts in which they do not agree."""
        if not 1 < len(columns) <= _MAX_WORDS:
            return
        base = watch << _SHIFT_PLACE_WATCH | len(columns) << _SHIFT_COUNT
        for place, column in enumerate(columns):
            for word in column:
                held = self.parts.setdefault(word, [])
                if base + place not in held[-_MAX_WORDS:]:
                    held.append(base + place)

    def as_json(self) -> dict[str, Any]:
        return {"forms": self.forms, "heads": self.heads, "names": self.names, "parts": self.parts}


class Lexicon:
    """Answers which watches a run of words may name."""

    def __init__(self, table: Table) -> None:
        self.forms = table.forms
        self.heads = table.heads
        self.beginnings = frozenset(_beginnings(table))
        """The words that begin a form: most texts have none, and a set says so in half the time of two dictionaries."""
        self._names = table.names
        self._parts = table.parts
        self._sounds: Table | None = None
        self._joined: dict[str, str] | None = None

    def find(self, words: Sequence[str], at: int) -> Iterable[tuple[int, Payload]]:
        """Runs of words from `at` on that are forms, longest first, each with its number of words."""
        word = words[at]
        lengths = self.heads.get(word, 0)
        while lengths:
            count = lengths.bit_length()
            lengths ^= 1 << count - 1
            found = self.forms.get(" ".join(words[at : at + count])) if at + count <= len(words) else None
            if found is not None:
                yield count, found
        if (found := self.forms.get(word)) is not None:
            yield 1, found

    def find_disagreeing(self, words: Sequence[str], at: int) -> Iterable[tuple[int, Payload]]:
        """The same for words that are each a form of their place in a name, be it that they do not agree."""
        if at + 1 == len(words) or words[at] not in self._parts or words[at + 1] not in self._parts:
            return
        begun = {held for held in self._parts[words[at]] if not held & _PLACE_BITS}
        whole: dict[int, list[int]] = {}
        for held in sorted(begun.intersection(held - 1 for held in self._parts[words[at + 1]])):
            count = held >> _SHIFT_COUNT & _PLACE_BITS
            if all(held + place in self._parts.get(word, ()) for place, word in enumerate(words[at : at + count])):
                whole.setdefault(count, []).append(_pack(held >> _SHIFT_PLACE_WATCH, Origin.RULE, 0))
        yield from ((count, whole[count]) for count in sorted(whole, reverse=True) if at + count <= len(words))

    def has_word(self, word: str) -> bool:
        """Whether it is a form, or one of the words of a name of several."""
        return word in self.beginnings or word in self._parts

    def words_in(self, tag: str) -> Sequence[str]:
        """The words of a form that a hashtag writes as one: часов, яр of часовяр; none of any other word."""
        if self._joined is None:
            self._joined = {form.replace(" ", ""): form for form in self.forms if " " in form}
        return () if tag in self.forms else self._joined.get(tag, "").split()

    def is_idle(self, words: Iterable[str]) -> bool:
        """Whether no word of a text begins a form."""
        return self.beginnings.isdisjoint(words)

    def find_by_sound(self, words: Sequence[str], at: int) -> Iterable[tuple[int, Payload]]:
        """The same for Latin words by their phonetic key; names under five letters have none."""
        sounds = self._by_sound()
        lengths = sounds.heads.get(sound(words[at]), 0)
        while lengths:
            count = lengths.bit_length()
            lengths ^= 1 << count - 1
            if at + count <= len(words):
                found = sounds.forms.get(" ".join(sound(word) for word in words[at : at + count]))
                if found is not None:
                    yield count, found

    def _by_sound(self) -> Table:
        """The phonetic keys of the names themselves, made when the first Latin text asks."""
        if self._sounds is None:
            self._sounds = Table()
            for phrase, watch in self._names:
                keys = [sound(word) for word in phrase.split()]
                _claim(self._sounds.forms, " ".join(keys), _pack(watch, Origin.KEY, 0))
                self._sounds.heads[keys[0]] = self._sounds.heads.get(keys[0], 0) | 1 << len(keys) - 1
        return self._sounds


def _beginnings(table: Table) -> Iterator[str]:
    yield from (form for form in table.forms if " " not in form)
    yield from table.heads
    yield from (word for word, places in table.parts.items() if any(not held & _PLACE_BITS for held in places))


def _claim(table: dict[str, Payload], phrase: str, packed: int) -> None:
    held = table.get(phrase)
    if held is None:
        table[phrase] = packed
    elif isinstance(held, int):
        if held >> _SHIFT_WATCH != packed >> _SHIFT_WATCH:
            table[phrase] = [held, packed]
    elif held[-1] >> _SHIFT_WATCH != packed >> _SHIFT_WATCH:
        held.append(packed)
