"""The lexicon: folded forms -> watches, small in memory and quick to ask.

In: an expansion. Out: lookups by words. A form's payload is one integer, or a tuple of them where watches share the
form: index of the watch, origin and traits packed. Phrases are keyed by their words joined with a space; `heads` tells
how many words a phrase that begins with this word may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.language.fold import key
from bot.language.phonetic import sound
from bot.matching.expand import Form
from bot.model import Origin

_ORIGINS = tuple(Origin)
_INDEX = {origin: at for at, origin in enumerate(_ORIGINS)}
_SHIFT_ORIGIN, _SHIFT_WATCH = 8, 12
_TRAITS, _ORIGIN_BITS = 0xFF, 0xF
_MIN_KEY = 5
_SOUNDED = frozenset({Origin.BASE, Origin.ALIAS})
Payload = int | tuple[int, ...]


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
    return [unpack(packed) for packed in (payload if isinstance(payload, tuple) else (payload,))]


class Lexicon:
    """Answers which watches a run of words may name."""

    def __init__(self, forms: Mapping[str, Sequence[Form]], order: Sequence[str]) -> None:
        self.forms: dict[str, Payload] = {}
        self.heads: dict[str, int] = {}
        self._keys: dict[str, Payload] | None = None
        self._key_heads: dict[str, int] = {}
        self._names: list[tuple[str, int]] = []
        """Whole names with their watch, for the phonetic keys."""
        for watch, name in enumerate(order):
            for form in forms.get(name, ()):
                phrase = key(form.form)
                self._add(phrase, _pack(watch, form.origin, form.traits))
                if form.origin in _SOUNDED and len(phrase) >= _MIN_KEY:
                    self._names.append((phrase, watch))

    def _add(self, phrase: str, packed: int) -> None:
        head, _, rest = phrase.partition(" ")
        _claim(self.forms, phrase, packed)
        if rest:
            self.heads[head] = self.heads.get(head, 0) | 1 << rest.count(" ") + 1

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

    def begins(self, word: str) -> bool:
        return word in self.forms or word in self.heads

    def is_idle(self, words: Iterable[str]) -> bool:
        """Whether no word of a text begins a form."""
        words = set(words)
        return self.forms.keys().isdisjoint(words) and self.heads.keys().isdisjoint(words)

    def find_by_sound(self, words: Sequence[str], at: int) -> Iterable[tuple[int, Payload]]:
        """The same for Latin words by their phonetic key; names under five letters have none."""
        keys = self._keys_by_sound()
        head = sound(words[at])
        lengths = self._key_heads.get(head, 0)
        while lengths:
            count = lengths.bit_length()
            lengths ^= 1 << count - 1
            if at + count <= len(words):
                found = keys.get(" ".join(sound(word) for word in words[at : at + count]))
                if found is not None:
                    yield count, found

    def _keys_by_sound(self) -> dict[str, Payload]:
        """Keys of the names themselves, made when the first Latin text asks."""
        if self._keys is None:
            self._keys = {}
            for phrase, watch in self._names:
                self._add_key(self._keys, phrase, watch)
        return self._keys

    def _add_key(self, keys: dict[str, Payload], phrase: str, watch: int) -> None:
        sounds = [sound(word) for word in phrase.split()]
        _claim(keys, " ".join(sounds), _pack(watch, Origin.KEY, 0))
        self._key_heads[sounds[0]] = self._key_heads.get(sounds[0], 0) | 1 << len(sounds) - 1


def _claim(table: dict[str, Payload], phrase: str, packed: int) -> None:
    """Add a claim; a watch claims a form once, the first time."""
    held = table.get(phrase)
    if held is None:
        table[phrase] = packed
        return
    claims = held if isinstance(held, tuple) else (held,)
    if all(claim >> _SHIFT_WATCH != packed >> _SHIFT_WATCH for claim in claims):
        table[phrase] = (*claims, packed)
