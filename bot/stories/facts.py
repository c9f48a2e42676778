"""Facts inside equal words: what only one of two texts says where both say the same.

In: two essences of which one is known to share most of its words with the other. Out: whether a change between the same
neighbours makes them different news: another name, another word of news, another count, side or direction, a denial, a
degree. A fault of typing, another ending, a word for the same thing and words that are added are no other fact.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.stories.essence import ASKS, plain
from bot.stories.meanings import CREDITS, DENIALS, GRAMMAR, LEADING, hedges, meanings
from bot.stories.spelling import MIN_NAME, MIN_WORD, one_name, one_word, slipped

_PART = re.compile(rb"([ .\n\x01])")
_MAX_EXCHANGED = 12
"""More words between equal neighbours than this are another wording, no exchanged fact."""
_MAX_ADDED = 3
"""So many words beside a degree are still no clause of their own."""
_BRIDGE = 2
"""So few equal words between two changes make them one: "погибших нет", "есть погибшие"."""
_LEAST_CONTENT = 3
_FEW = 3
"""One of so many words differs at most where word stands against word in texts of as many."""


class Words:
    """The words of an essence, each with the separator before it."""

    def __init__(self, text: bytes) -> None:
        self.parts = _PART.split(text)
        self.low = plain(text).replace(ASKS, b"").split(b" ")

    def inside(self, at: int) -> bool:
        """Whether the word stands inside a sentence."""
        return 0 < at < len(self.low) and self.parts[2 * at - 1] == b" "

    def asks(self, at: int) -> bool | None:
        """Of the last word of a sentence, whether that is a question."""
        last = at + 1 == len(self.low) or not self.inside(at + 1)
        return self.parts[2 * at].endswith(ASKS) if last else None

    def capital(self, at: int) -> bool:
        return self.low[at][:1] != self.parts[2 * at][:1]

    def names(self, span: range) -> list[bytes]:
        """The words with a capital; where a sentence begins, if they are no short one."""
        least = {True: MIN_NAME, False: MIN_WORD}
        return [self.low[at] for at in span if self.capital(at) and len(self.low[at]) >= least[self.inside(at)]]

    def last_sentence(self, span: range) -> range:
        """The end of a span, from where its last sentence begins."""
        return range(max((at for at in span if not self.inside(at)), default=span.start), span.stop)

    def first_sentence(self, span: range) -> range:
        """The beginning of a span, to where its first sentence ends."""
        return range(span.start, min((at for at in span[1:] if not self.inside(at)), default=span.stop))


Change = tuple[range, range]
"""What stands in each text between the same neighbours; one of the two may be empty."""


class Other(StrEnum):
    """What two texts of shared words tell otherwise."""

    NAME = "another name"
    FACT = "another word of news, or a denial"


def other_facts(one: Words, two: Words, *, strict: bool) -> Other | None:
    """What the shared words tell otherwise, if anything; `strict` lets any word count that the other lacks."""
    if one.low == two.low:
        return None
    found = list(_changes(one, two))
    faults = sum(_slipped(one, two, change) for change in found)
    found = [change for change in found if not _settled(one, two, change, faults)]
    if any(phrases.turned for phrases in _bounded(one, two, _bridged(one, found), faults)):
        return Other.FACT
    changes = list(_bounded(one, two, found, faults))
    if any(phrases.renamed for phrases in changes):
        return Other.NAME
    exchanged = any(phrases.exchanged for phrases in changes)
    return Other.FACT if exchanged or (strict and _unmatched(one, two, faults)) else None


def asked_otherwise(one: Words, two: Words) -> bool:
    """Whether one of them asks what the other says: the same words at the end of a question and of a statement."""
    return any(
        {one.asks(start + at), two.asks(begin + at)} == {True, False} and one.inside(start + at)
        for start, begin, size in SequenceMatcher(None, one.low, two.low).get_matching_blocks()
        for at in range(1, size)
    )


def _changes(one: Words, two: Words) -> Iterator[Change]:
    if len(one.low) == len(two.low):
        differ = [at for at, pair in enumerate(zip(one.low, two.low, strict=True)) if pair[0] != pair[1]]
        if _FEW * len(differ) <= len(one.low):
            yield from ((span, span) for span in _runs(differ))
            return
    for kind, start, end, begin, stop in SequenceMatcher(None, one.low, two.low).get_opcodes():
        if kind != "equal":
            yield range(start, end), range(begin, stop)


def _runs(places: Iterable[int]) -> Iterator[range]:
    """Places that follow each other, as one."""
    span = range(0)
    for at in places:
        if span and at > span.stop:
            yield span
        span = range(span.start, at + 1) if span and at == span.stop else range(at, at + 1)
    if span:
        yield span


def _slipped(one: Words, two: Words, change: Change) -> int:
    """How many of the words that stand against each other are one with a fault of typing."""
    ours, theirs = change
    if len(ours) != len(theirs):
        return 0
    return sum(slipped(one.low[at], two.low[place]) for at, place in zip(ours, theirs, strict=True))


def _settled(one: Words, two: Words, change: Change, faults: int) -> bool:
    """Whether it is plain, word by word, that nothing changed but the spelling."""
    ours, theirs = change
    return len(ours) == len(theirs) and all(
        one_word(one.low[at], two.low[place], faults=faults)
        and (not (one.capital(at) and two.capital(place)) or one_name(one.low[at], two.low[place], faults=faults))
        for at, place in zip(ours, theirs, strict=True)
    )


def _unmatched(one: Words, two: Words, faults: int) -> bool:
    """Whether `one` has a word of which the other has no spelling."""
    ours, theirs = set(one.low) - set(two.low), set(two.low) - set(one.low)
    return any(len(word) >= MIN_WORD and not _among(word, theirs, faults) for word in ours)


def _among(word: bytes, others: Iterable[bytes], faults: int) -> bool:
    return any(one_word(word, other, faults=faults) for other in others)


def _named_among(name: bytes, others: Iterable[bytes], faults: int) -> bool:
    return any(one_name(name, other, faults=faults) for other in others)


def _bridged(one: Words, found: Iterable[Change]) -> Iterator[Change]:
    """The changes, as one where but a few equal words of a sentence part them."""
    last: Change | None = None
    for ours, theirs in found:
        if last is not None and _near(one, last[0], ours):
            last = range(last[0].start, ours.stop), range(last[1].start, theirs.stop)
            continue
        if last is not None:
            yield last
        last = ours, theirs
    if last is not None:
        yield last


def _near(one: Words, before: range, after: range) -> bool:
    gap = range(before.stop, after.start + 1)
    return len(gap) <= _BRIDGE + 1 and all(map(one.inside, gap))


def _bounded(one: Words, two: Words, found: Iterable[Change], faults: int) -> Iterator[_Phrases]:
    """The changes inside what both texts tell: of those at an end of a text, what is of the shared sentence."""
    for ours, theirs in found:
        inner = False
        if min(ours.start, theirs.start) == 0:
            phrases = one.last_sentence(ours), two.last_sentence(theirs)
        elif ours.stop < len(one.low) and theirs.stop < len(two.low):
            inner, phrases = True, (ours, theirs)
        elif one.inside(ours.start) and two.inside(theirs.start) and not _aside(one, two, ours, theirs):
            phrases = one.first_sentence(ours), two.first_sentence(theirs)
        else:
            continue
        if max(map(len, phrases)) <= _MAX_EXCHANGED:
            yield _Phrases.of(one, two, *phrases, inner, faults)


def _aside(one: Words, two: Words, ours: range, theirs: range) -> bool:
    """Whether the end of a text tells nothing: one was cut inside a word of the other, or other sources are named."""
    last, other = one.low[ours.start], two.low[theirs.start]
    cut = (len(ours) == 1 and other.startswith(last)) or (len(theirs) == 1 and last.startswith(other))
    return cut or one.low[ours.start - 1] in CREDITS


@dataclass(frozen=True, slots=True)
class _Phrases:
    """A change in the words of each text."""

    words: tuple[Sequence[bytes], Sequence[bytes]]
    names: tuple[Sequence[bytes], Sequence[bytes]]
    lacking: tuple[Sequence[bytes], Sequence[bytes]]
    """The words of each of which the other has no spelling there."""
    against: bool
    """Whether both stand between the same neighbours, or are of one length at an end of the texts."""
    faults: int

    @classmethod
    def of(cls, one: Words, two: Words, ours: range, theirs: range, inner: bool, faults: int) -> _Phrases:
        words = [one.low[at] for at in ours], [two.low[at] for at in theirs]
        names = one.names(ours), two.names(theirs)
        lacking = (
            [
                word
                for word in words[at]
                if not _among(word, words[1 - at], faults)
                and not (word in names[at] and _named_among(word, names[1 - at], faults))
            ]
            for at in (0, 1)
        )
        against = bool(ours and theirs) and (inner or len(ours) == len(theirs))
        return cls(words, names, (next(lacking), next(lacking)), against, faults)

    @property
    def renamed(self) -> bool:
        """Whether a name stands in the place of another."""
        return self.against and self._foreign(*self.names)

    @property
    def exchanged(self) -> bool:
        """Whether a word of news stands in the place of another."""
        one_spelling = b"".join(self.words[0]) == b"".join(self.words[1])
        return self.against and not one_spelling and all(any(map(_content, part)) for part in self.lacking)

    def _foreign(self, ours: Sequence[bytes], theirs: Sequence[bytes]) -> bool:
        """Whether each has a name that is no spelling of any of the other's."""
        return all(
            part and any(not _named_among(name, others, self.faults) for name in part)
            for part, others in ((ours, theirs), (theirs, ours))
        )

    @property
    def turned(self) -> bool:
        """Whether what is said is denied, graded, counted or directed otherwise, or said of each other."""
        return self._excluding() or self._swapped() or self._denied() or self._graded()

    def _excluding(self) -> bool:
        # A fault of typing may cost a word its meaning: where there are some, only what has no spelling there is asked.
        ours, theirs = map(_values, self.lacking if self.faults else self.words)
        return any(theirs.get(group, values) != values for group, values in ours.items())

    def _swapped(self) -> bool:
        ours, theirs = self.names
        return (
            len(ours) == len(theirs) > 1
            and not self._foreign(ours, theirs)
            and not all(one_name(name, other, faults=self.faults) for name, other in zip(ours, theirs, strict=True))
        )

    def _denied(self) -> bool:
        """Whether one of them denies; not if it but adds a clause that does."""
        denies = [not DENIALS.isdisjoint(part) for part in self.lacking]
        if denies[0] == denies[1]:
            return False
        mine, other = (0, 1) if denies[0] else (1, 0)
        added = any(map(_content, self.lacking[mine])) and not any(map(_content, self.lacking[other]))
        return not added or self.words[mine][-1] in LEADING

    def _graded(self) -> bool:
        """Whether one of them says how far or how surely; not in a clause that it adds."""
        return any(
            len(part) <= _MAX_ADDED and any(map(hedges, part)) and not any(map(hedges, other))
            for part, other in (self.lacking, self.lacking[::-1])
        )


def _content(word: bytes) -> bool:
    """Whether a word tells news."""
    return len(word) >= _LEAST_CONTENT and not word.isdigit() and word not in GRAMMAR and word not in DENIALS


def _values(words: Iterable[bytes]) -> dict[str, tuple[int, ...]]:
    """What stands of each group of meanings, in order."""
    found: dict[str, tuple[int, ...]] = {}
    for word in words:
        for group, value in meanings(word).items():
            if found.get(group, ())[-1:] != (value,):
                found[group] = (*found.get(group, ()), value)
    return found
