"""Facts inside equal words: a name, a numeral or a "not" that only one of two texts has.

In: two essences of which one is known to share most of its words with the other. Out: whether a word between the same
neighbours makes them different news. A fault of typing or another ending of the same word is no other fact.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import takewhile

from bot.language.events import spellings
from bot.stories.essence import essence, plain

_PART = re.compile(rb"([ .\n\x01])")
_MIN_WORD, _MIN_NAME = 4, 3
"""Shorter words are grammar, unless they deny or count; so are capitals where a sentence begins."""
_MAX_EXCHANGED = 4
"""More words between equal neighbours than this are another wording, no exchanged name."""

Pair = tuple[bytes, bytes]


class Words:
    """The words of an essence with their neighbours. What is dear is worked out when it is first asked for."""

    def __init__(self, text: bytes) -> None:
        self.parts = _PART.split(text)
        self.low = plain(text).split(b" ")

    @cached_property
    def between(self) -> frozenset[Pair]:
        """Words that one other word parts."""
        return frozenset(zip(self.low, self.low[2:], strict=False))

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Words that stand side by side."""
        return frozenset(zip(self.low, self.low[1:], strict=False))

    def inside(self, at: int) -> bool:
        """Whether the word stands inside a sentence."""
        return at > 0 and self.parts[2 * at - 1] == b" "

    def names(self, span: range) -> list[bytes]:
        """The words with a capital; where a sentence begins, if they are no short one."""
        capital = (at for at in span if self.low[at][:1] != self.parts[2 * at][:1])
        least = {True: _MIN_NAME, False: _MIN_WORD}
        return [self.low[at] for at in capital if len(self.low[at]) >= least[self.inside(at)]]


def other_facts(one: Words, two: Words, *, strict: bool) -> bool:
    """Whether the shared words tell different news; `strict` lets any word count that the other lacks."""
    if one.low == two.low:
        return False
    if strict and _unmatched(one, two):
        return True
    return _replaced(one, two) or _denied(one, two) or _denied(two, one)


def disproves(text: bytes, other: bytes) -> bool:
    """Whether a plain text calls something untrue, and another does not: "Фейк:" before the same words."""
    return bool(_DISPROOF.search(text)) != bool(_DISPROOF.search(other))


def _unmatched(one: Words, two: Words) -> bool:
    """Whether `one` has a word of which the other has no spelling."""
    ours, theirs = set(one.low) - set(two.low), set(two.low) - set(one.low)
    return any(len(word) >= _MIN_WORD and all(_another(word, other) for other in theirs) for word in ours)


def _replaced(one: Words, two: Words) -> bool:
    return any(_differ(one, ours, two, theirs) for ours, theirs in _exchanged(one, two))


def _exchanged(one: Words, two: Words) -> Iterator[tuple[range, range]]:
    """The few words of each that stand between equal neighbours; the ends of a text are neighbours with less trust."""
    ours, theirs = one.low, two.low
    for kind, start, end, begin, stop in SequenceMatcher(None, ours, theirs).get_opcodes():
        if kind != "replace" or max(end - start, stop - begin) > _MAX_EXCHANGED:
            continue
        inner = min(start, begin) > 0 and end < len(ours) and stop < len(theirs)
        edge = (start == begin == 0) or (end == len(ours) and stop == len(theirs) and one.inside(start))
        if inner or (edge and end - start == stop - begin):
            yield range(start, end), range(begin, stop)


def _differ(one: Words, ours: range, two: Words, theirs: range) -> bool:
    """Whether two exchanged phrases have other names, or other numerals."""
    if any(_other_numeral(one.low[at], two.low[place]) for at, place in zip(ours, theirs, strict=False)):
        return True
    names, others = one.names(ours), two.names(theirs)
    return _foreign(names, others) and _foreign(others, names)


def _foreign(names: list[bytes], others: list[bytes]) -> bool:
    """Whether one of the names is no spelling of any of the others."""
    return any(all(_other_name(name, other) for other in others) for name in names)


def _other_name(one: bytes, two: bytes) -> bool:
    """Whether two names are two, not spellings or endings of one."""
    head = _agree(one, two)
    tail = _agree(one[head:][::-1], two[head:][::-1])
    slip = head > 0 and max(len(one), len(two)) - head - tail <= 1
    ending = head >= _MIN_NAME and _ENDINGS.fullmatch(one[head:] + b" " + two[head:])
    return not (slip or ending or _sounds_alike(one, two)) and (one[0] != two[0] or _faulty(one, two))


def _faulty(one: bytes, two: bytes) -> bool:
    """Whether the words differ in more than faults of typing."""
    faults = sum(a != b for a, b in zip(one, two, strict=False))
    return len(one) != len(two) or faults > min(2, (len(one) + 1) // 3)


def _another(one: bytes, two: bytes) -> bool:
    """Whether two words are two words, not spellings or endings of one."""
    longer = max(len(one), len(two))
    if longer < _MIN_WORD:
        return False
    head = _agree(one, two)
    tail = _agree(one[:head:-1], two[:head:-1])
    if head >= 0.6 * longer or head + tail >= 0.75 * longer:
        return False
    return _faulty(one, two) and not _sounds_alike(one, two)


def _agree(one: bytes, two: bytes) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))))


def _endings() -> re.Pattern[bytes]:
    """What is left of two cases of one noun, or of an adjective, after the letters they share: Шост-ка, Шост-ці."""
    vowels = b"[" + plain(essence("аеиоуыэюяьйіїє")) + b"]"
    ending = vowels + b"{0,2}(?:[" + plain(essence("мхвг")) + b"]" + vowels + b"{0,2})?"
    turns = b"[" + plain(essence("кцгзхсчж")) + b"]"
    return re.compile(b"(?:%b %b|%b%b %b%b)" % (ending, ending, turns, ending, turns, ending))


_ENDINGS = _endings()
_LATIN = re.compile(rb"[a-z]")
"""Letters that only Latin has: the others are one in both scripts."""


def _sounds(consonants: str) -> tuple[bytes, bytes]:
    """For `translate`: each letter as the first of its group, and the letters that are dropped."""
    groups = [plain(essence(group)) for group in consonants.split()]
    return bytes.maketrans(b"".join(groups), b"".join(group[:1] * len(group) for group in groups)), plain(
        essence("аеиоуыэюяьъйіїєґгнaeiouyghnj")
    )


_SOUND, _SILENT = _sounds("вvwбb рпpr счшщcs жзz кхkxq фf дd лl мm тt")


def _sounds_alike(one: bytes, two: bytes) -> bool:
    """Whether a name in Latin may be the other in Cyrillic: the same consonants, and one more for an ending.

    Vowels, н and г are not asked for: the look-alikes у, е and н stand for other sounds in each script.
    """
    if bool(_LATIN.search(one)) == bool(_LATIN.search(two)):
        return False
    ours, theirs = (re.sub(rb"(.)\1+", rb"\1", word.translate(_SOUND, _SILENT)) for word in (one, two))
    short, long = sorted((ours, theirs), key=len)
    return bool(short) and long.startswith(short) and len(long) - len(short) <= 1


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
_DISPROOF = re.compile(
    rb"(?<![a-z\x80-\xff])(?:%b)(?![a-z\x80-\xff])"
    % b"|".join(
        plain(essence(word.rstrip("*"))) + (b"[a-z\x80-\xff]*" if word.endswith("*") else b"")
        for word in spellings("denial")
    )
)
_DENIALS = frozenset(_folded("не ни нет нету ні немає not no never никогда ніколи"))


def _other_numeral(one: bytes, two: bytes) -> bool:
    return one in _NUMERALS and two in _NUMERALS and _NUMERALS[one] != _NUMERALS[two]


def _denied(one: Words, two: Words) -> bool:
    """Whether `one` puts a "not" between two words that stand side by side in `two`."""
    if _DENIALS.isdisjoint(one.low):
        return False
    outer = ((low[0], low[2]) for low in zip(one.low, one.low[1:], one.low[2:], strict=False) if low[1] in _DENIALS)
    return any(pair in two.pairs and pair not in two.between for pair in outer)
