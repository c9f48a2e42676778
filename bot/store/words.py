"""Words as both engines index them, and what to look for when a person types a name: pure.

In: the body of a post, or what was typed. Out: folded words; prefixes and forms that serve every grammatical case.
Whoever changes what `indexed` gives must add a migration that indexes again: an index forgets only what it was given.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.language.declension_ru import decline as decline_russian
from bot.language.declension_uk import decline as decline_ukrainian
from bot.language.fold import fold
from bot.language.stem import ENDING, SHORTEST, stem
from bot.store.plain import JOINER, folded

LONGEST_WORD = 64
LONGEST_TEXT = 400_000
"""So many characters of a text are searched; what comes behind them is stored all the same."""

_WORD = re.compile(r"[^\W_]+")
DROPPED = "`’ʼ"
"""Beside the apostrophe of ASCII: what the server drops. A text with other signs inside its words is given folded."""
GAP = "[^0-9a-zа-яієїґў]+"
"""How the server folds by itself: lower case, ё as е, a space for every gap. It needs no copy of such texts."""
_PLAIN_GAP = re.compile(GAP)


def indexed(body: str) -> str:
    """The words of a post, folded, in order, one space between them."""
    body = body[:LONGEST_TEXT]
    words = _WORD.findall(fold(body).text.replace("'", "")) if (plain := folded(body)) is None else plain.split()
    if max(map(len, words), default=0) > LONGEST_WORD:
        words = [word[:LONGEST_WORD] for word in words]
    return " ".join(words)


def tokens(body: str) -> str:
    """The same words, for an index that minds no gaps between them: nearly every text at half the price."""
    plain = folded(body) if len(body) <= LONGEST_TEXT else None
    return plain if plain is not None and _are_short(plain) else indexed(body)


def _are_short(words: str) -> bool:
    """Whether none is longer than `LONGEST_WORD`: from gap to gap, as far apart as they may be."""
    at = 0
    while len(words) - at > LONGEST_WORD:
        gap = words.rfind(" ", at, at + LONGEST_WORD + 1)
        if gap < 0:
            return False
        at = gap + 1
    return True


def as_server(body: str) -> str:
    """What the server makes of a text by itself; where it is not what `indexed` gives, it is given that."""
    text = body.lower().replace("ё", "е")
    for char in ("'", *DROPPED):
        text = text.replace(char, "")
    return _PLAIN_GAP.sub(" ", text).strip()


def is_plain(body: str) -> bool:
    """Whether that is certainly so: seen at a glance, for nearly every text."""
    if len(body) > LONGEST_TEXT or JOINER in body or (words := folded(body)) is None:
        return False
    return _are_short(words)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One typed word: found where a word begins with one of `prefixes`, or is one of `exact`."""

    prefixes: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()


def wanted(typed: str) -> tuple[Wanted, ...]:
    """What to look for, one for each typed word; all of them must stand in a post."""
    return tuple(_wanted(word) for word in dict.fromkeys(indexed(typed).split()))


def beginnings(forms: Iterable[str]) -> tuple[tuple[Wanted, ...], ...]:
    """What to look for to meet every post that may hold one of `forms`: a phrase for each, single words in one."""
    folded = {form for form in map(indexed, forms) if form}
    single = {word for form in folded if " " not in form for word in (form, _twin(form)) if word}
    phrases = [tuple(map(_beginning, form.split())) for form in sorted(folded) if " " in form]
    return tuple([(_any_beginning(single),)] if single else []) + tuple(phrases)


def _beginning(word: str) -> Wanted:
    return _any_beginning({word, _twin(word) or word})


def _any_beginning(words: Collection[str]) -> Wanted:
    """A word may be the beginning of another (Суджа24, Berdin's); very short ones begin too many."""
    long = {word for word in words if len(word) > SHORTEST}
    shortest = {word for word in long if not any(word[:size] in long for size in range(SHORTEST + 1, len(word)))}
    return Wanted(prefixes=tuple(sorted(shortest)), exact=tuple(sorted(set(words) - long)))


def _twin(word: str) -> str | None:
    """The Latin word that looks the same, letter by letter: Орех is met as Opex."""
    return word.translate(_TO_LATIN) if _ALL_LOOK.fullmatch(word) else None


_LOOK_CYRILLIC, _LOOK_LATIN = "асеіорхукмтвн", "aceiopxykmtbh"
_TO_LATIN = str.maketrans(_LOOK_CYRILLIC, _LOOK_LATIN)
_ALL_LOOK = re.compile(f"[{_LOOK_CYRILLIC}]+")


_VOWELS = "аеиоуыэюяєії"
_CLOSED = {"о": "і", "е": "і", "є": "ї"}
_GENITIVE = re.compile("(.+)(?:ів|їв|ов|ев)")


@lru_cache(maxsize=4096)
def _wanted(word: str) -> Wanted:
    if not re.search("[а-яієїґў]", word):
        return Wanted(prefixes=(word,))
    names = (word, *_whose_form(word, _begun_otherwise(word)))
    stems = {found for found in map(stem, names) if found}
    of_many = _whose_form(word, _of_many(word))  # by their forms alone: what Львов begins with, Львы, begins much else
    forms = {form for name in (*names, *of_many) for form in _forms(name) if not form.startswith(tuple(stems))}
    return Wanted(prefixes=tuple(sorted(stems)), exact=tuple(sorted(forms)))


def _forms(name: str) -> set[str]:
    cases = (case for decline in (decline_russian, decline_ukrainian) for case in decline(name))
    return {name, *(indexed(form) for case in cases for form in case)} - {""}


def _whose_form(word: str, names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if word in _forms(name)]


def _of_many(word: str) -> Iterator[str]:
    """Names in the plural: Пісків may be of Піски."""
    if found := _GENITIVE.fullmatch(word):
        yield from (f"{found[1]}{ending}" for ending in "иыії")


def _begun_otherwise(word: str) -> Iterator[str]:
    """Names that begin otherwise than a form of theirs: Тростянцом may be of Тростянец, Львова of Львів."""
    for ending in range(1, 4):
        left = word[: len(word) - ending]
        if len(left) >= SHORTEST and ENDING.fullmatch(word[len(left) :]):
            yield from _with_i(left) if {*left[-2:]} & {*_VOWELS} else _with_vowel(left)


def _with_vowel(left: str) -> Iterator[str]:
    """A vowel that flees before an ending."""
    before = left[: -2 if left[-2] in "ьй" else -1]
    return (f"{before}{vowel}{left[-1]}{soft}" for vowel in "еоєі" for soft in ("", "ь"))


def _with_i(left: str) -> Iterator[str]:
    """A vowel that is і where the syllable is closed: Харкова of Харків, Рогу of Ріг, Ямполя of Ямпіль."""
    closed = _CLOSED.get(left[-2])
    return (f"{left[:-2]}{closed}{left[-1]}{soft}" for soft in ("", "ь")) if closed else iter(())
