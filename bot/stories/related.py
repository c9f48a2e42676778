"""The same event in other words: shown beside a story, never merged with it.

In: what two reports tell, and how they came. Out: how much speaks for one event; 0 if too little. Each must name what
the other is of; further evidence are more names, numbers, senses, directions and words, and that they came soon after
each other. Invariant: no single evidence is enough, so that two events of one busy place stay apart.
"""

from __future__ import annotations

from zlib import crc32

from bot.language.events import Sense
from bot.stories.telling import Telling

WITHIN = 24 * 3600
"""Seconds between two posts that may be called related."""
_SOON, SAME_HOURS = 3600, 6 * 3600
_ENOUGH, _LONG, _BRIEF = 3, 40, 20
"""Evidence that is enough; one more in texts of more than so many words, and one in those that name no known place."""
BUSY, AROUND = 5, 3 * 3600
"""Stories on one subject, within so many seconds of a report, from which it is busy."""
_MOST_NAMES, _MOST_NUMBERS, _MOST_SENSES, _MOST_WORDS = 3, 2, 3, 2
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


def evidence(one: Telling, other: Telling, apart: int, doubts: int) -> int:
    """How much speaks for one event, `apart` seconds between the reports; 0 if too little, or something against it."""
    if not _of_one(one, other) or _contradict(one, other):
        return 0
    names = max(len({*one.places} & {*other.places}), len(_shared_names(one, other)))
    senses = len(_shared_senses(one, other)) or bool(one.said.kinds & other.said.kinds)
    found = (
        min(names, _MOST_NAMES)
        + min(senses, _MOST_SENSES)
        + _numbers(one, other)
        + bool(one.said.directions & other.said.directions)
        + (apart <= _SOON)
        - (apart > SAME_HOURS)
    )
    least = _enough(one, other) + doubts
    if found + _MOST_WORDS < least:
        return 0  # most reports of one place: their words need not be looked at
    words = _words(one, other)
    alone = names == 1 and not senses and not words
    return 0 if alone or found + words < least else found + words


def _enough(one: Telling, other: Telling) -> int:
    """How much evidence it takes: long texts share something by chance, and a name may be of a ministry."""
    words = min(one.size, other.size)
    return _ENOUGH + (words > _LONG) + (words > _BRIEF and not (one.places and other.places))


def _of_one(one: Telling, other: Telling) -> bool:
    """Whether each names what the other is of."""
    if one.places and other.places:
        return one.places[0] in other.places and other.places[0] in one.places
    ours, theirs = one.first, other.first
    return bool(ours and theirs) and ours in other.names and theirs in one.names


def _shared_names(one: Telling, other: Telling) -> set[str]:
    """Names of both; a word that only begins a sentence counts as the name that the other is sure of."""
    return {*one.inner}.intersection(other.names) | {*other.inner}.intersection(one.names)


def _shared_senses(one: Telling, other: Telling) -> set[Sense]:
    """Senses of both; no object of which but one says that something happened to it."""
    happened = bool(one.said.events) == bool(other.said.events)
    return {each for each in one.said.senses & other.said.senses if happened or not each.is_object}


def _contradict(one: Telling, other: Telling) -> bool:
    """Whether one turns it otherwise, or they tell of other kinds of events, objects or directions from one name."""
    if one.said.turns != other.said.turns:
        return True
    if _apart(one.said.events, other.said.events) or _apart(one.said.objects, other.said.objects):
        return True
    if one.said.denied & _news(other) or other.said.denied & _news(one):
        return True
    if one.said.turns and _apart(one.said.numbers, other.said.numbers):  # two summaries
        return True
    ours, theirs = one.said.directions, other.said.directions
    return any(_points(name, ours).isdisjoint(_points(name, theirs)) for name in {*dict(ours)} & {*dict(theirs)})


def _news(told: Telling) -> set[str]:
    return {each.name for each in told.said.senses}


def _points(name: str, directions: frozenset[tuple[str, str]]) -> set[str]:
    return {point for each, point in directions if each == name}


def _apart(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _numbers(one: Telling, other: Telling) -> int:
    """A long number is seldom the same by chance; other numbers speak against one event."""
    shared = one.said.numbers & other.said.numbers
    if not shared:
        return -_apart(one.said.numbers, other.said.numbers)
    return min(_MOST_NUMBERS, sum(1 + (len(number) > _SHORT_NUMBER) for number in shared))


def _words(one: Telling, other: Telling) -> int:
    shared = len(one.details & other.details)
    many = shared >= _MANY_WORDS and shared >= _MIN_SHARE * min(len(one.details), len(other.details))
    return _MOST_WORDS if many else shared >= _FEW_WORDS
