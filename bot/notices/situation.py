"""How things stand on one route at one moment: everything that is known before urgent cards are decided on.

In: a desk, a route, the stories that stir. Out: a `Situation`, which only answers. Invariant: a story that cannot be
judged is left out, and silences no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

import structlog

from bot.digests.corroboration import hits, named_by
from bot.digests.judging import Judged, judging, shown_before
from bot.digests.lists import gathers
from bot.digests.silencing import Silencing, held_by
from bot.digests.urgent import (
    Card,
    Rush,
    Voices,
    heard_on_card,
    is_watched_as_urgent,
    rush_of,
    telling,
    unheard,
)
from bot.model import ANNOUNCED, Decision, Grouping, Notice, Reason, Route, Silence, Story, Urgent, Watch
from bot.notices.desk import Desk
from bot.store import Store

log = structlog.get_logger()
Given = ParamSpec("Given")
Made = TypeVar("Made")

LIFE = timedelta(hours=48)
"""So long a card lives: no longer than its stories take up further reports."""
FLOOD = "flood:"
ROUTE = "route"
"""What all stories of a route share."""
EVENT = ""
"""What stories share that are one event, wherever it is."""
_STANDS = {Reason.TOLD, Reason.DELAYED, Reason.SILENCED}


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card that lives, as its last revision left it."""

    notice: Notice
    card: Card


@dataclass(frozen=True, slots=True)
class Situation:
    """Stories are named by their rows."""

    route: Route
    urgent: Urgent
    now: datetime
    watches: Mapping[str, Watch]
    silencing: Silencing
    cards: Mapping[str, OpenCard]
    """By subject, the oldest first."""
    related: Mapping[int, frozenset[int]]
    """The like of what stirs and of what living cards tell, and theirs."""
    announced: frozenset[int]
    judged: Mapping[int, Judged]
    news: Mapping[int, Story]
    """Of round-ups, and of parts of them, what readers have not seen."""
    forgotten: frozenset[int]
    """Stories of living cards of which no word is left."""
    rung: int
    """Cards that were opened within the last hour."""
    flooded: bool
    """Whether that was told within the last hour."""

    @classmethod
    async def of(cls, desk: Desk, route: Route, urgent: Urgent, stirring: Sequence[Story], now: datetime) -> Situation:
        """Read what belongs to these stories: their like, the living cards and theirs, what was decided."""
        notices = await desk.cards(route, now - LIFE)
        cards = {each.subject: OpenCard(each, Card.of(each.state)) for each in notices if not is_flood(each)}
        cards = {subject: each for subject, each in cards.items() if each.card.opened <= now}
        shown = {row for each in cards.values() for row in each.card.rows}
        known, related = await with_their_like(desk.store, stirring, now - LIFE, shown)
        decided = await desk.store.decisions(route.name, [*known])
        silences = await desk.store.notices.silences(now)
        judge = judging(route, watches=desk.config.watches, now=now, silences=silences)
        judged = [each for story in known.values() if (each := spared(route, judge, story))]
        included = [each.own for each in judged if gathers(each.whole)]
        before = await desk.store.notices.told_since(route.name, now - LIFE) if included else ()
        ties = await desk.store.notices.related([story.row for story in before])
        seen = shown_before(route, before, watches=desk.config.watches, now=now, related=ties)
        hour_ago = now - timedelta(hours=1)
        return cls(
            route=route,
            urgent=urgent,
            now=now,
            watches=desk.watches,
            silencing=Silencing.of(silences, route.name, desk.config.watches),
            cards=cards,
            related=related,
            announced=frozenset(row for row, reason in decided.items() if _is_settled(reason)),
            judged={each.own.row: each for each in judged},
            news={own.row: seen.news_of(own).left for own in included},
            forgotten=frozenset(shown - known.keys()),
            rung=sum(each.card.opened > hour_ago for each in cards.values()),
            flooded=any(is_flood(each) and each.at > hour_ago for each in notices),
        )

    def stands(self, row: int) -> bool:
        """Whether the route takes the story, now or when what holds it has ended."""
        return row in self.judged and self.decision(row).reason in _STANDS

    def is_news(self, row: int) -> bool:
        """Whether readers know neither the story nor all that it says: of a round-up, or of a part of one."""
        return row not in self.announced and (row not in self.news or any(hits(self.news[row])))

    def is_heard(self, row: int) -> bool:
        """Whether a report of it may ring; else it is left for the digest."""
        return any(unheard(report) is None for report in self.judged[row].own.reports)

    def told_as(self, row: int) -> Story:
        """As a card tells it: of a round-up what is new."""
        left = self.news.get(row)
        return left if left and any(hits(left)) else self.judged[row].whole

    def decision(self, row: int) -> Decision:
        return self.judged[row].decision

    def may_be_told(self, row: int) -> bool:
        return self.decision(row).reason is Reason.TOLD

    def shared(self, row: int) -> tuple[str, ...]:
        """By what the story may share a card with others: each place that it names, the one route, or its event."""
        if self.urgent.group is Grouping.PLACE:
            return named_by(self.judged[row].own)
        return (ROUTE,) if self.urgent.group is Grouping.ROUTE else (EVENT,)

    def place(self, row: int) -> str:
        """The watch of its strongest mention, under which a digest tells it; empty without a mention."""
        return next(iter(named_by(self.judged[row].own)), "")

    def came(self, row: int) -> datetime:
        """When the last report of it was read that counts."""
        seen = (each.stored.seen for each in self.judged[row].own.reports if each.hits)
        return min(max(seen, default=self.now), self.now)

    def in_time(self, rows: Iterable[int]) -> list[int]:
        return sorted(rows, key=lambda row: (self.judged[row].own.first.when, row))

    def heard(self, rows: Iterable[int], opened: datetime | None = None) -> list[Story]:
        """The stories with what of them counts on the route and is not silenced; `opened` is when a card told them."""
        return [self.silencing.heard(self.judged[row].own, opened) for row in rows]

    def rush(self, rows: Iterable[int], new: Collection[int]) -> Rush | None:
        """Of one event, with a voice in one of the `new` stories."""
        return rush_of(self.urgent, self.heard(rows), self.watches, new)

    def rush_without_silences(self, rows: Iterable[int], new: Collection[int]) -> Rush | None:
        return rush_of(self.urgent, [self.judged[row].own for row in rows], self.watches, new)

    def voices(self, rows: Iterable[int], since: datetime | None, opened: datetime) -> Voices:
        """Who says in their own words what a card shows that was opened then; reports since `since` count."""
        return heard_on_card(self.urgent, self.heard(rows, opened), self.watches, self.related, since)

    def telling(self, rows: Iterable[int], since: datetime) -> frozenset[int]:
        """Of one event the stories in which somebody says it in their own words since then."""
        return telling(self.heard(rows), since)

    def is_watched_as_urgent(self, rows: Iterable[int]) -> bool:
        """Whether one of them names a place of which one source is enough."""
        return is_watched_as_urgent([self.judged[row].own for row in rows], self.watches)

    def silenced(self, rows: Iterable[int]) -> tuple[Decision, ...]:
        """What holds those of the stories of which a report is silenced."""
        found = ((story := self.judged[row].own, self._silence(story)) for row in rows)
        return tuple(held_by(silence, story) for story, silence in found if silence)

    def _silence(self, story: Story) -> Silence | None:
        """The silence that ends last of those of its reports."""
        by = (self.silencing.of_report(story, each) for each in story.reports)
        return max(filter(None, by), key=lambda silence: silence.until, default=None)


async def with_their_like(
    store: Store, stories: Iterable[Story], since: datetime, further: Iterable[int] = ()
) -> tuple[dict[int, Story], dict[int, frozenset[int]]]:
    """These stories and the `further` ones by row, with their like, the like of those and so on; and who is whose like.

    No further than to stories that began before `since`.
    """
    known = {story.row: story for story in stories}
    related: dict[int, frozenset[int]] = {}
    coming = frozenset(further).union(known)
    while coming:
        found = await store.notices.stories(sorted(coming - known.keys()))
        known |= {story.row: story for story in found}
        related |= await store.notices.related(sorted(coming))
        recent = [row for row in coming if row in known and known[row].first.when > since]
        coming = frozenset[int]().union(*(related[row] for row in recent)) - related.keys()
    return known, related


def is_flood(notice: Notice) -> bool:
    return notice.subject.startswith(FLOOD)


def spared(route: Route, make: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made | None:
    """What is made; None if that fails: a story that cannot be judged must not silence the route's other cards."""
    try:
        return make(*given, **named)
    except Exception:
        # Invariant 9: a fault of ours with one event stays with that event.
        log.exception("a card could not be made", route=route.name)
        return None


def _is_settled(reason: Reason) -> bool:
    return reason in ANNOUNCED or reason in {Reason.RESTORED, Reason.AMENDED}
