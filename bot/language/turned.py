"""Whether an author's other words say otherwise what he said before: he takes it back, or tells another fact.

In: a sentence as it was, the one that stands for it now, and what was added behind it. Out: whether it is turned. Pure.
Counts and what is added, left out or told in other words turn nothing: only what is denied or doubted now, and in the
same words another thing (killed, wounded), another object or another kind of news.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re

from bot.language.events import Sense, sense
from bot.language.fold import fold
from bot.language.stance import Stance, denied_news, stance

_WORD = re.compile(r"[\w']+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|[\r\n]+")
_SAME, _LEAST = 0.6, 3
"""Share of the shorter sentence's words, and how many, that both have where they tell something in the same words."""


def turned(before: tuple[str, str], now: tuple[str, str]) -> bool:
    """Whether what was said is taken back or exchanged: each is a sentence and the one behind it."""
    if stance(*before) is Stance.SAYS and stance(*now) is not Stance.SAYS:
        return True
    return exchanged(before[0], now[0])


def taken_back(before: str, now: str) -> bool:
    """Whether a sentence that a text had not before says of what it told that it is not so."""
    known = {*_sentences(before)}
    return any(each not in known and stance("", each) is not Stance.SAYS for each in _sentences(now))


def exchanged(before: str, now: str) -> bool:
    """Whether the same words tell another thing, another object or another kind of news."""
    one, two = _words(before), _words(now)
    shared = {*one} & {*two}
    if len(shared) < max(_LEAST, _SAME * min(len({*one}), len({*two}))):
        return False
    ours, theirs = _told(one), _told(two)
    return any(_lacks(each, theirs) for each in ours) and any(_lacks(each, ours) for each in theirs)


def _sentences(text: str) -> list[str]:
    return [each for each in _SENTENCE.split(text) if each]


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text).text)


def _told(words: list[str]) -> list[frozenset[str]]:
    """What each word tells of, as the names that may stand for it; nothing of what is denied."""
    denied = denied_news(words)
    senses = (sense(word) for word in words)
    return [_names(each) for each in senses if each and "turn" not in each.kinds and each.name not in denied]


def _names(found: Sense) -> frozenset[str]:
    """Two things are one only by name; two kinds of combat may be said of one event."""
    return frozenset(found.kinds) if found.is_news else frozenset({found.name})


def _lacks(each: frozenset[str], others: list[frozenset[str]]) -> bool:
    return all(each.isdisjoint(other) for other in others)
