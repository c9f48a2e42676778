"""Names of several words: which of them decline together, and which stay as they are.

In: a name as people write it, and how one word declines. Out: whole names, the words of each agreeing in case.
Where the build of a name is open (Орехово-Зуево declines in both parts or in the last) every reading is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

from bot.language.paradigm import CASES, Paradigm, frozen
from bot.language.words import PARTICLES, PREFIXES

_SPLIT = re.compile(r"([\s\-‐-―]+)")
_APOSTROPHE = re.compile("['’ʼ`]")
_MAX_FORMS = 160
_MAX_COMBINED = 1000


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one language declines: `word` alone or last, `adjective` behind a noun.

    `led` tells how a word declines beside an adjective, which tells its gender and number; `leading` how a word does
    that agrees with the one behind it, `belonging` the same of a possessive (Петров Вал): None of any other word.
    """

    word: Callable[[str], Paradigm]
    led: Callable[[str, str], Paradigm]
    adjective: Callable[[str], Paradigm]
    is_adjective: Callable[[str], bool]
    leading: Callable[[str, str], Paradigm | None]
    belonging: Callable[[str], Paradigm | None]
    may_be_nominative: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Part:
    shown: str
    joint: str
    """What stands between the word before and this one."""

    @property
    def low(self) -> str:
        return self.shown.lower()

    @property
    def hyphened(self) -> bool:
        return bool(self.joint) and not self.joint.isspace()

    @property
    def stiff(self) -> bool:
        """Numbers, capitals (США) and Latin words do not decline."""
        letters = _APOSTROPHE.sub("", self.shown)
        return not letters.isalpha() or letters.isascii() or (len(letters) > 1 and letters.isupper())


def forms(name: str, grammar: Grammar) -> tuple[str, ...]:
    """All forms of a name, the name itself first, each once."""
    parts = _parts(name)
    if not parts:
        return ()
    found: dict[str, None] = {name: None}
    if len(parts) == 1:
        words = dict.fromkeys(word for case in _head(parts[0], grammar) for word in case)
        return tuple(found | dict.fromkeys(cased(word, parts[0].shown) for word in words))
    for reading in _readings(parts, grammar):
        for form in _agreeing(parts, reading):
            found[form] = None
            if len(found) >= _MAX_FORMS:
                return tuple(found)
    return tuple(found)


def by_word(names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What stands at each place of whole names that have as many words as the first."""
    split = [[part.shown for part in _parts(name)] for name in names]
    alike = [words for words in split if len(words) == len(split[0])]
    return tuple(tuple(dict.fromkeys(column)) for column in zip(*alike, strict=True))


def combined(name: str, columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """Whole names of any word of each column, joined as `name` is; at most as many as may be shown."""
    parts = _parts(name)
    for words in islice(product(*columns), _MAX_COMBINED):
        yield "".join(part.joint + word for part, word in zip(parts, words, strict=True))


def _parts(name: str) -> list[_Part]:
    pieces = _SPLIT.split(name.strip())
    return [_Part(pieces[at], pieces[at - 1] if at else "") for at in range(0, len(pieces), 2) if pieces[at]]


def _agreeing(parts: list[_Part], reading: list[Paradigm]) -> Iterator[str]:
    for case in range(len(CASES)):
        for words in product(*(paradigm[case] for paradigm in reading)):
            yield "".join(part.joint + cased(word, part.shown) for part, word in zip(parts, words, strict=True))


def cased(word: str, like: str) -> str:
    """A folded word with the capitals of `like`."""
    if like.islower():
        return word
    if len(like) > 1 and like.isupper():
        return word.upper()
    return word[:1].upper() + word[1:]


def _readings(parts: list[_Part], grammar: Grammar) -> Iterator[list[Paradigm]]:
    """Ways to decline the name, each a paradigm for every word: adjectives, head, and what follows the head."""
    adjectives = _leading(parts, grammar)
    head, *rest = parts[len(adjectives) :]
    still = [_still(part) for part in rest]
    if adjectives and parts[1].hyphened:  # perhaps no adjective: Ачхой-Мартана
        yield from ([_still(parts[0]), *reading] for reading in _readings(parts[1:], grammar))
    leader = parts[len(adjectives) - 1] if adjectives else None
    declined = _head(head, grammar, leader)
    if not rest or _ends_at(head, rest):
        yield [*adjectives, declined, *still]
    elif all(grammar.is_adjective(part.low) for part in rest):
        after = [grammar.adjective(part.low) for part in rest]
        yield [*adjectives, _head(head, grammar, leader or rest[0]), *after]
        yield [*adjectives, _still(head), *after]
        if not rest[0].hyphened:
            yield [*adjectives, declined, *still]
    else:
        yield from _compounds(adjectives, head, declined, rest, grammar)


def _compounds(
    adjectives: list[Paradigm], head: _Part, declined: Paradigm, rest: list[_Part], grammar: Grammar
) -> Iterator[list[Paradigm]]:
    """Two nouns or more: the last declines (Нью-Йорк), the first (центр Парижа), or both (Орехово-Зуево)."""
    still = [_still(part) for part in rest]
    if rest[0].hyphened and _is_prefix(head.low):
        yield from ([*adjectives, _still(head), *reading] for reading in _readings(rest, grammar))
        return
    if not rest[0].hyphened and not grammar.may_be_nominative(rest[0].low):
        yield [*adjectives, declined, *still]
        return
    for reading in _readings(rest, grammar):
        yield [*adjectives, _still(head), *reading]
        yield [*adjectives, declined, *reading]
    if not rest[0].hyphened:
        yield [*adjectives, declined, *still]


def _leading(parts: list[_Part], grammar: Grammar) -> list[Paradigm]:
    """The words before the head, which agree with it."""
    found: list[Paradigm] = []
    for part, behind in pairwise(parts):
        if part.stiff or behind.low in PARTICLES:
            break
        paradigm = grammar.leading(part.low, behind.low)
        if paradigm is None and not found and not behind.hyphened:
            paradigm = grammar.belonging(part.low)
        if paradigm is None:
            break
        found.append(paradigm)
    return found


def _ends_at(head: _Part, rest: list[_Part]) -> bool:
    """Whether what follows the head stays as it is: a preposition, or small letters behind a capital (край света)."""
    first = rest[0]
    return first.low in PARTICLES or (first.shown.islower() and not head.shown.islower()) or first.stiff


def _is_prefix(low: str) -> bool:
    return low in PREFIXES or (low.endswith("о") and not low.endswith(("ово", "ево", "ёво", "ино", "ыно")))


def _head(part: _Part, grammar: Grammar, adjective: _Part | None = None) -> Paradigm:
    if part.stiff or part.low in PARTICLES:
        return _still(part)
    return grammar.led(part.low, adjective.low) if adjective else grammar.word(part.low)


def _still(part: _Part) -> Paradigm:
    return frozen(part.shown if part.stiff else part.low)
