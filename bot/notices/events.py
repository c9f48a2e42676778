"""Which stories are one event, and which join a card that lives.

In: the situation, and the stories that stir. Out: stories that join a card, by card, and the others, those of one event
together. Invariant: a story is in an event of each place that it counts for, so that a story of two places ties no two
places together. Pure; ten thousand stories of one place cost no more than as many of different places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Grouping
from bot.notices.situation import OpenCard, Situation


@dataclass(frozen=True, slots=True)
class Event:
    """Stories of one event, in order of time."""

    rows: Sequence[int]
    """Those that no card tells."""
    beside: Sequence[int] = ()
    """Those that count with them, and were told or go into another card."""
    shared: str = ""
    """The place, or the route, that makes them one event; empty where their likeness does."""


def sorted_out(situation: Situation, stirring: Sequence[int]) -> tuple[dict[str, list[int]], list[int]]:
    """Stories that join a card which lived when they came, by its subject; and those that no card tells."""
    joining: dict[str, list[int]] = {}
    free: list[int] = []
    for row in stirring:
        if row in situation.announced or not situation.stands(row):
            continue
        subject = card_of(situation, row, situation.came(row))
        if subject is None:
            free.append(row)
        else:
            joining.setdefault(subject, []).append(row)
    return joining, free


def events(situation: Situation, free: Sequence[int]) -> list[Event]:
    """Stories that no card tells, those of one event together."""
    alike = situation.urgent.group is Grouping.STORY
    return list(_by_likeness(situation, free) if alike else _by_what_they_share(situation, free))


def _by_likeness(situation: Situation, free: Sequence[int]) -> Iterator[Event]:
    ties = _Ties()
    for row in free:
        ties.tie(row, (other for other in situation.related.get(row, ()) if other in situation.judged))
    return (Event(situation.in_time(rows)) for rows in ties)


def _by_what_they_share(situation: Situation, free: Sequence[int]) -> Iterator[Event]:
    """For each place, or the route: its free stories, and beside them those that other cards or digests tell."""
    own: dict[str, list[int]] = {}
    for row in free:
        for shared in situation.shared(row):
            own.setdefault(shared, []).append(row)
    beside: dict[str, list[int]] = {}
    for row in situation.judged.keys() - set(free):
        for shared in situation.shared(row):
            if shared in own and situation.stands(row) and not _is_on_a_card(situation, shared, row):
                beside.setdefault(shared, []).append(row)
    for shared, rows in own.items():
        yield Event(situation.in_time(rows), situation.in_time(beside.get(shared, ())), shared)


def _is_on_a_card(situation: Situation, shared: str, row: int) -> bool:
    """Whether a card of this very place told it: a new card of the place does not count it again."""
    return any(row in each.card.rows and _is_of(situation, each, (shared,)) for each in situation.cards.values())


def card_of(situation: Situation, row: int, when: datetime) -> str | None:
    """The card that the story belongs to: by its like, or by its place or route if those shared one `when` it came."""
    like, shared = situation.related.get(row, frozenset()), situation.shared(row)
    alone = situation.urgent.group is Grouping.STORY
    found = None
    for subject, each in situation.cards.items():
        known = row in each.card.rows or not like.isdisjoint(each.card.rows)
        if known and (alone or _is_of(situation, each, shared)):
            return subject
        if not alone and when < each.notice.at + situation.urgent.repeat and _is_of(situation, each, shared):
            found = subject
    return found


def _is_of(situation: Situation, each: OpenCard, shared: Sequence[str]) -> bool:
    """Whether the card is of the route, or of one of these places."""
    return situation.urgent.group is Grouping.ROUTE or not set(shared).isdisjoint(each.card.places)


@dataclass(slots=True)
class _Ties:
    """Stories tied into events. Each leads to another of its event, one of each event to itself."""

    leads: dict[int, int] = field(default_factory=dict)

    def tie(self, row: int, others: Iterable[int]) -> None:
        home = self._home(row)
        for other in others:
            self.leads[self._home(other)] = home

    def __iter__(self) -> Iterator[list[int]]:
        events: dict[int, list[int]] = {}
        for row in self.leads:
            events.setdefault(self._home(row), []).append(row)
        return iter(events.values())

    def _home(self, row: int) -> int:
        home = row
        while (further := self.leads.setdefault(home, home)) != home:
            home = further
        while row != home:
            self.leads[row], row = home, self.leads[row]
        return home
