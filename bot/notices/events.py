"""Which stories are one event, and which card tells it.

In: the situation. Out: events, each with the living card that tells a part of it. Invariants: reports count together
only where they are perhaps of one event, whatever shares a card; a story is in an event of each place that it counts
for, so that a story of two places ties no two places together. Pure; ten thousand stories of one place cost no more
than as many of different places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from bot.digests.together import parted
from bot.model import Grouping
from bot.notices.situation import OpenCard, Situation


@dataclass(frozen=True, slots=True)
class Event:
    """Stories of one event, in order of time."""

    rows: Sequence[int]
    shared: str
    """By what it may share a card with other events: a place, the route, or nothing."""
    card: str | None
    """The subject of the living card that tells a part of it."""


def events(situation: Situation) -> Iterator[Event]:
    """All that stands, by event and by what may share a card."""
    tellers: dict[int, list[str]] = {}
    for subject, each in situation.cards.items():
        for row in each.card.rows:
            tellers.setdefault(row, []).append(subject)
    sharing: dict[str, list[int]] = {}
    for row in situation.in_time(filter(situation.stands, situation.judged)):
        for shared in situation.shared(row):
            sharing.setdefault(shared, []).append(row)
    for shared, rows in sharing.items():
        for event in parted(rows, situation.related):
            told = {subject for row in event for subject in tellers.get(row, ())}
            yield Event(situation.in_time(event), shared, _oldest(situation, told, shared))


def _oldest(situation: Situation, told: AbstractSet[str], shared: str) -> str | None:
    """The oldest of the cards that told a story of an event, as far as they are of this place."""
    if not told:
        return None
    ours = (subject for subject, each in situation.cards.items() if subject in told and _is_of(situation, each, shared))
    return next(ours, None)


def shared_card(situation: Situation, shared: str, when: datetime) -> str | None:
    """The newest card of this place, or of the route, that took further events `when` this one came."""
    if situation.urgent.group is Grouping.STORY:
        return None
    lived = (subject for subject, each in situation.cards.items() if _is_of(situation, each, shared))
    newest = max(lived, key=lambda subject: situation.cards[subject].notice.at, default=None)
    return newest if newest and when < ended(situation, newest) else None


def ended(situation: Situation, subject: str) -> datetime:
    """When a card takes no further events any more."""
    return situation.cards[subject].notice.at + situation.urgent.repeat


def _is_of(situation: Situation, each: OpenCard, shared: str) -> bool:
    """Whether the card may tell an event of this place; cards of the route, and of one event, have no place."""
    return situation.urgent.group is not Grouping.PLACE or shared in each.card.places
