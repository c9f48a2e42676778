"""The same event in other words: shown beside a story, never merged with it.

In: what two reports tell, and how they came. Out: how much speaks for one event; 0 if too little. Each must name what
the other is of; further evidence are more names, numbers, senses, directions and words, and that they came soon after
each other. Invariant: no single evidence is enough, so that two events of one busy place stay apart.
"""

from __future__ import annotations

from zlib import crc32

from bot.stories.telling import Telling

WITHIN = 24 * 3600
"""Seconds between two posts that may be called related."""
_SOON, SAME_HOURS = 3600, 6 * 3600
_ENOUGH, _LONG, _BRIEF = 3, 40, 20
"""Evidence that is enough; one more in texts of more than so many words, and one in those that name no known place."""
BUSY, AROUND = 5, 3 * 3600
"""Stories on one subject, within so many seconds of a report, from which it is busy."""
_MOST_NAMES, _MOST_NUMBERS, _MOST_SENSES = 3, 2, 3
_SHORT_NUMBER = 2
_FEW_WORDS, _MANY_WORDS, _MIN_SHARE = 2, 4, 0.4
"""Words that both texts have: so many are an evidence, so many and this share of the shorter text are two."""
_MAX_NAMED = 6
"""Places or names by which a report is found."""


def tags(told: Telling) -> list[int]:
    """By which later reports find this one: what it is of, with each of the places or names that it has."""
    return [_tag(told.subject, name) for name in told.named[:_MAX_NAMED]] if told.subject else []


def sought(told: Telling) -> list[int]:
    """By which it finds earlier ones: those that are of something it names, and name what it is of."""
    return [_tag(name, told.subject) for name in told.named[:_MAX_NAMED]] if told.subject else []


def _tag(subject: str, name: str) -> int:
    return crc32(f"{subject} {name}".encode("utf-8", "surrogatepass"))


def evidence(one: Telling, other: Telling, apart: int) -> int:
    """How much speaks for one event, `apart` seconds between the reports; 0 if something speaks against it."""
    if not _of_one(one, other) or _contradict(one, other):
        return 0
    names = max(len(set(one.places) & set(other.places)), len(_shared_names(one, other)))
    senses = len(one.senses & other.senses) or bool(one.kinds & other.kinds)
    words = _words(one, other)
    if names == 1 and not senses and not words:
        return 0
    return (
        min(names, _MOST_NAMES)
        + min(senses, _MOST_SENSES)
        + words
        + _numbers(one, other)
        + bool(one.directions & other.directions)
        + (apart <= _SOON)
        - (apart > SAME_HOURS)
    )


def enough(one: Telling, other: Telling) -> int:
    """How much evidence it takes: long texts share something by chance, and a name may be of a ministry."""
    words = min(one.size, other.size)
    return _ENOUGH + (words > _LONG) + (words > _BRIEF and not (one.places and other.places))


def _of_one(one: Telling, other: Telling) -> bool:
    """Whether each names what the other is of."""
    if one.places and other.places:
        return one.places[0] in other.places and other.places[0] in one.places
    return bool(one.first and other.first) and one.first in other.names and other.first in one.names


def _shared_names(one: Telling, other: Telling) -> frozenset[str]:
    """Names of both; a word that only begins a sentence counts as the name that the other is sure of."""
    return frozenset(one.inner).intersection(other.names).union(frozenset(other.inner).intersection(one.names))


def _contradict(one: Telling, other: Telling) -> bool:
    """Whether one turns it otherwise, or they tell of other kinds of events, or of other directions from one name."""
    if one.turns != other.turns or _apart(one.events, other.events):
        return True
    if one.turns and _apart(one.numbers, other.numbers):  # two summaries
        return True
    both = {name for name, _ in one.directions} & {name for name, _ in other.directions}
    return any(
        {point for name, point in one.directions if name == each}.isdisjoint(
            point for name, point in other.directions if name == each
        )
        for each in both
    )


def _apart(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _numbers(one: Telling, other: Telling) -> int:
    """A long number is seldom the same by chance; other numbers speak against one event."""
    shared = one.numbers & other.numbers
    if not shared:
        return -_apart(one.numbers, other.numbers)
    return min(_MOST_NUMBERS, sum(1 + (len(number) > _SHORT_NUMBER) for number in shared))


def _words(one: Telling, other: Telling) -> int:
    shared = len(one.details & other.details)
    many = shared >= _MANY_WORDS and shared >= _MIN_SHARE * min(len(one.details), len(other.details))
    return 2 if many else shared >= _FEW_WORDS
