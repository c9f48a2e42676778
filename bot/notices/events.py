"""Which stories are one event, and which join a card that lives.

In: the situation, and the stories that stir. Out: stories that join a card, by card, and the others, those of one event
together. Pure; ten thousand stories of one place cost no more than as many of different places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.model import Grouping
from bot.notices.situation import OpenCard, Situation


def sorted_out(situation: Situation, stirring: Sequence[int]) -> tuple[dict[str, list[int]], list[list[int]]]:
    """Stories that join a living card, by its subject; and events that no card tells, each in order of time."""
    joining: dict[str, list[int]] = {}
    events = _Events()
    nearest: dict[str, int] = {}
    for row in stirring:
        if row in situation.announced or not situation.stands(row):
            continue
        subject = _card_of(situation, row)
        if subject is None:
            events.tie(row, _like(situation, row, nearest))
        else:
            joining.setdefault(subject, []).append(row)
    return joining, [situation.in_time(event) for event in events]


def _like(situation: Situation, row: int, nearest: dict[str, int]) -> Iterator[int]:
    """Stories that count together with this one: its like, and where a place or the route is one, one of those."""
    yield from (other for other in situation.related.get(row, ()) if other in situation.judged)
    if situation.urgent.group is not Grouping.STORY:
        shared = "" if situation.urgent.group is Grouping.ROUTE else situation.place(row)
        yield nearest.setdefault(shared, row)


def _card_of(situation: Situation, row: int) -> str | None:
    """The card that the story belongs to: by its like, or by its place or route if those share one."""
    like = situation.related.get(row, frozenset())
    for subject, each in situation.cards.items():
        if row in each.card.rows or not like.isdisjoint(each.card.rows):
            return subject
    if situation.urgent.group is Grouping.STORY:
        return None
    shared = [subject for subject, each in situation.cards.items() if _shares(situation, each, row)]
    return shared[-1] if shared else None


def _shares(situation: Situation, each: OpenCard, row: int) -> bool:
    living = situation.now < each.notice.at + situation.urgent.repeat
    return living and (situation.urgent.group is Grouping.ROUTE or situation.place(row) in each.card.places)


@dataclass(slots=True)
class _Events:
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
