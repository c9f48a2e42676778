"""Facts inside equal words: a name, a numeral or a "not" that only one of two texts has.

In: two essences of which one is known to share most of its words with the other. Out: whether a word between the same
neighbours makes them different news. A fault of typing or another ending of the same word is no other fact.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import takewhile

from bot.stories.essence import essence, plain

_PART = re.compile(rb"([ .\n\x01])")
_MIN_WORD = 4
"""Shorter words are grammar, unless they deny or count."""

Pair = tuple[bytes, bytes]


class Words:
    """The words of an essence with their neighbours. What is dear is worked out when it is first asked for."""

    def __init__(self, text: bytes) -> None:
        self.parts = _PART.split(text)
        self.low = plain(text).split(b" ")

    @cached_property
    def between(self) -> dict[Pair, list[int]]:
        """Where a word stands between two given ones."""
        places: dict[Pair, list[int]] = {}
        for at, pair in enumerate(zip(self.low, self.low[2:], strict=False), 1):
            places.setdefault(pair, []).append(at)
        return places

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Words that stand side by side."""
        return frozenset(zip(self.low, self.low[1:], strict=False))

    def name(self, at: int) -> bool:
        """Whether the word has a capital that no beginning of a sentence explains."""
        word = self.parts[2 * at]
        return self.parts[2 * at - 1] == b" " and plain(word[:1]) != word[:1]


def other_facts(one: Words, two: Words, *, strict: bool) -> bool:
    """Whether the shared words tell different news; `strict` lets any word count that the other lacks."""
    if one.low == two.low:
        return False
    if strict and _unmatched(one, two):
        return True
    return _replaced(one, two) or _denied(one, two) or _denied(two, one)


def _unmatched(one: Words, two: Words) -> bool:
    """Whether `one` has a word of which the other has no spelling."""
    ours, theirs = set(one.low) - set(two.low), set(two.low) - set(one.low)
    return any(len(word) >= _MIN_WORD and all(_another(word, other, names=False) for other in theirs) for word in ours)


def _replaced(one: Words, two: Words) -> bool:
    low, changed = one.low, one.pairs - two.pairs
    if not changed:
        return False
    for at in range(1, len(low) - 1):
        places = two.between.get((low[at - 1], low[at + 1])) if (low[at - 1], low[at]) in changed else None
        if places and all(_differs(one, at, two, place) for place in places):
            return True
    return False


def _differs(one: Words, at: int, two: Words, place: int) -> bool:
    ours, theirs = one.low[at], two.low[place]
    if ours in two.low and theirs in one.low:
        return False  # both texts have both words: their neighbours are at fault
    names = one.name(at) and two.name(place)
    return _other_numeral(ours, theirs) or (names and _another(ours, theirs, names=True))


def _another(one: bytes, two: bytes, *, names: bool) -> bool:
    """Whether two words are two words, not spellings or endings of one."""
    longer = max(len(one), len(two))
    if longer < _MIN_WORD:
        return False
    if names and one[0] != two[0]:
        return True
    head = _agree(one, two)
    tail = _agree(one[:head:-1], two[:head:-1])
    if head >= 0.6 * longer or head + tail >= 0.75 * longer:
        return False
    faults = sum(a != b for a, b in zip(one, two, strict=False))
    return len(one) != len(two) or faults > min(2, (longer + 1) // 3)


def _agree(one: bytes, two: bytes) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))))


def _folded(words: str) -> list[bytes]:
    return plain(essence(words)).split(b" ")


_NUMERALS = {
    word: value
    for value, words in {
        1: "один одна одно одного одной одну одним одна одне однієї one",
        2: "два две двух двое двум двумя дві двоє двох двом two",
        3: "три трех трое трем тремя троих троє трьох трьом three",
        4: "четыре четырех четверо четырем четверых чотири чотирьох четверо чотирьом four",
        5: "пять пяти пятеро пятерых п'ять п'яти п'ятеро п'ятьох five",
        6: "шесть шести шестеро шестерых шість шести шестеро шістьох six",
        7: "семь семи семеро семерых сім семи семеро сімох seven",
        8: "восемь восьми восьмеро вісім восьми восьмеро вісьмох eight",
        9: "девять девяти девятеро дев'ять дев'яти дев'ятеро дев'ятьох nine",
        10: "десять десяти десятеро десятьох ten",
        11: "одиннадцать одиннадцати одинадцять одинадцяти eleven",
        12: "двенадцать двенадцати дванадцять дванадцяти twelve",
        20: "двадцать двадцати двадцять двадцяти twenty",
        30: "тридцать тридцати тридцять тридцяти thirty",
        40: "сорок сорока forty",
        50: "пятьдесят пятидесяти п'ятдесят п'ятдесяти fifty",
        100: "сто ста сотня сотни hundred",
    }.items()
    for word in _folded(words)
}
_DENIALS = frozenset(_folded("не ни нет нету ні немає not no never никогда ніколи"))


def _other_numeral(one: bytes, two: bytes) -> bool:
    return one in _NUMERALS and two in _NUMERALS and _NUMERALS[one] != _NUMERALS[two]


def _denied(one: Words, two: Words) -> bool:
    """Whether `one` puts a "not" between two words that stand side by side in `two`."""
    if _DENIALS.isdisjoint(one.low):
        return False
    outer = ((low[0], low[2]) for low in zip(one.low, one.low[1:], one.low[2:], strict=False) if low[1] in _DENIALS)
    return any(pair in two.pairs and pair not in two.between for pair in outer)
