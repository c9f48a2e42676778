"""Urgent cards: which stories ring now, which are held and why, and which cards go on.

In: a route, the stories that stir, and `now`. Out: plans, which `ring` saves. `plan` only reads, so that `digest` shows
exactly what `ring` would do.

    situation | events | holding | cards or flood
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digests.corroboration import hits, places_of
from bot.digests.judging import judge
from bot.digests.notices import at_once_line
from bot.digests.urgent import FRESH, AtOnce, Card
from bot.model import Grouping, Route, Story
from bot.notices.cards import CardMaker, Plan, Ready
from bot.notices.desk import Desk, Rounds
from bot.notices.events import Event, card_of, events, sorted_out
from bot.notices.flood import CARDS_AN_HOUR, flood
from bot.notices.holding import held
from bot.notices.situation import LIFE, OpenCard, Situation, is_flood, spared


async def ring(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> int:
    """Save what the plan says. Gives the number of notices; where one could not be saved, all is looked at again."""
    plans = await plan(desk, route, rounds, now)
    saved = [await desk.store.notices.save(each.notice, now) is not None for each in plans if each.notice is not None]
    for each in plans:
        if each.notice is None and each.decisions:
            await desk.store.notices.hold(route.name, each.decisions, now)
    if all(saved):
        rounds.looked[f"urgent:{route.name}"] = now
    return sum(saved)


async def plan(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> list[Plan]:
    """What rings now and what is held, and why; nothing is changed but the times at which cards come up again."""
    if route.urgent is None:
        return []
    mark = await desk.store.route(route.name, now)
    since = rounds.since(f"urgent:{route.name}", now, LIFE)
    if route.urgent.group is not Grouping.STORY:
        since = min(since, now - route.urgent.within - FRESH)  # stories that count together need not change together
    since = max(since, mark.first_seen)
    stirring = await desk.store.notices.stirring(route.name, since, now)
    pending = {
        subject: each for (name, subject), each in rounds.pending.items() if name == route.name and each.due <= now
    }
    if not stirring and not pending:
        return []
    waiting = {row for each in pending.values() for row in each.stories} - {story.row for story in stirring}
    stirring += await desk.store.notices.stories(sorted(waiting))
    situation = await Situation.of(desk, route, route.urgent, stirring, now)
    return list(_Planner(desk, situation, rounds).plans([story.row for story in stirring], set(pending)))


async def joined_card(desk: Desk, route: Route, story: Story, now: datetime) -> OpenCard | None:
    """The living card that a story of the store joins."""
    if route.urgent is None:
        return None
    situation = await Situation.of(desk, route, route.urgent, [story], now)
    subject = card_of(situation, story.row, now) if situation.stands(story.row) else None
    return situation.cards[subject] if subject else None


async def told_at_once(desk: Desk, route: Route, since: datetime, now: datetime) -> AtOnce:
    """What was told at once since the last digest: one line that names it, and every watch that it named."""
    found = await desk.cards(route, since)
    cards = [Card.of(each.state) for each in found if not is_flood(each)]
    watches = desk.watches
    told = [(watches[card.places[0]], card.opened) for card in cards if card.places and card.places[0] in watches]
    if not told:
        return AtOnce()
    stories = await desk.store.notices.stories(sorted({row for card in cards for row in card.stories}))
    judged = judge(route, stories, watches=desk.config.watches, now=now)
    named = {watch for each in judged for hit in hits(each.own) for watch in places_of(hit)}
    return AtOnce((at_once_line(route, told),), frozenset(named).union(*(card.places for card in cards)))


@dataclass(frozen=True, slots=True)
class _Planner:
    desk: Desk
    situation: Situation
    rounds: Rounds

    def plans(self, stirring: Sequence[int], pending: set[str]) -> Iterator[Plan]:
        """Cards that go on, events that are held, new cards, and what is beyond an hour's cards."""
        situation, maker = self.situation, CardMaker(self.desk, self.situation, self.rounds)
        joining, free = sorted_out(situation, stirring)
        touched = pending | joining.keys() | {s for s, each in situation.cards.items() if each.card.touches(stirring)}
        for subject in sorted(touched & situation.cards.keys()):
            living, joins = situation.cards[subject], joining.get(subject, [])
            if changed := spared(situation.route, maker.next, living, joins):
                yield changed
            else:  # what a card that has ended had no sound for is free again
                free += [row for row in joins if card_of(situation, row, situation.now) is None]
        opened = [found for event in events(situation, free) if (found := spared(situation.route, self._open, event))]
        yield from (each for each in opened if isinstance(each, Plan))
        ready = _once([each for each in opened if isinstance(each, Ready)])
        room = max(0, CARDS_AN_HOUR - situation.rung)
        for each in ready[:room]:
            if card := spared(situation.route, maker.first, each):
                yield card
        if beyond := [row for each in ready[room:] for row in each.told]:
            yield flood(self.desk, situation, beyond)

    def _open(self, event: Event) -> Plan | Ready | None:
        """What becomes of an event that no card tells yet: held, or ready to ring; None if it is not urgent."""
        situation = self.situation
        rows = (row for row in (*event.rows, *event.beside) if situation.stands(row) and situation.is_heard(row))
        standing = situation.in_time(rows)
        untold = frozenset(event.rows)
        new = [row for row in standing if row in untold and situation.is_news(row)]
        if not new or situation.rush_without_silences(standing) is None:
            return None
        rush = situation.rush(standing)
        waits = held(situation, new, rush) if rush else situation.silenced(new)
        if waits:
            return Plan(route=situation.route, subject=f"s{new[0]}", reason=waits[0].reason, decisions=waits)
        if rush is None:
            return None  # the silenced report is of a story that was told
        told = [row for row in new if situation.may_be_told(row)]
        return Ready(told, sorted({*standing} - {*told}), rush, event.shared)


def _once(ready: Sequence[Ready]) -> list[Ready]:
    """Each story in the first card that tells it; where it belongs to another one too, it counts there."""
    told: set[int] = set()
    kept = []
    for each in ready:
        left = [row for row in each.told if row not in told]
        if left:
            kept.append(replace(each, told=left, evidence=[*sorted(told & {*each.told}), *each.evidence]))
        told.update(left)
    return kept
