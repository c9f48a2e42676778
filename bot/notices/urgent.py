"""Urgent cards: which stories ring now, which are held and why, and which cards go on.

In: a route, the stories that stir, and `now`. Out: plans, which `ring` saves. `plan` only reads, so that `digest` shows
exactly what `ring` would do.

    situation | events | holding | cards or flood
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digests.corroboration import hits, places_of
from bot.digests.judging import judge
from bot.digests.notices import at_once_line
from bot.digests.urgent import FRESH, AtOnce, Card
from bot.model import Route, Story
from bot.notices.cards import CardMaker, Plan, Ready
from bot.notices.desk import Desk, Rounds
from bot.notices.events import Event, ended, events, shared_card
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
    since = max(rounds.since(f"urgent:{route.name}", now, LIFE), mark.first_seen)
    stirring = await desk.store.notices.stirring(route.name, since, now)
    pending = {
        subject: each for (name, subject), each in rounds.pending.items() if name == route.name and each.due <= now
    }
    if not stirring and not pending:
        return []
    # What counts together need not have changed together.
    around = max(now - route.urgent.within - FRESH, mark.first_seen)
    if around < since:
        stirring = await desk.store.notices.stirring(route.name, around, now)
    waiting = {row for each in pending.values() for row in each.stories} - {story.row for story in stirring}
    stirring += await desk.store.notices.stories(sorted(waiting))
    situation = await Situation.of(desk, route, route.urgent, stirring, now)
    return list(_Planner(desk, situation, rounds).plans({story.row for story in stirring}, set(pending)))


async def joined_card(desk: Desk, route: Route, story: Story, now: datetime) -> OpenCard | None:
    """The living card that a story of the store joins."""
    if route.urgent is None:
        return None
    situation = await Situation.of(desk, route, route.urgent, [story], now)
    for event in events(situation):
        if story.row in event.rows and (subject := event.card or _shared_by(situation, event)):
            return situation.cards[subject]
    return None


def _shared_by(situation: Situation, event: Event) -> str | None:
    """The living card that an urgent event goes into, for it is of its place, or of the route."""
    urgent = situation.rush(event.rows, event.rows) is not None
    return shared_card(situation, event.shared, situation.now) if urgent else None


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

    def plans(self, stirring: AbstractSet[int], pending: set[str]) -> Iterator[Plan]:
        """Cards that go on, events that are held, new cards, and what is beyond an hour's cards."""
        situation, maker = self.situation, CardMaker(self.desk, self.situation, self.rounds)
        stirred = [event for event in events(situation) if not stirring.isdisjoint(event.rows)]
        opened = [found for each in stirred if not each.card and (found := spared(situation.route, self._open, each))]
        joining, ready = self._sorted(stirred, [each for each in opened if isinstance(each, Ready)])
        touched = pending | joining.keys() | {s for s, each in situation.cards.items() if each.card.touches(stirring)}
        for subject in sorted(touched & situation.cards.keys()):
            living = situation.cards[subject]
            joins = joining.get(subject)
            if changed := spared(situation.route, maker.next, living, joins):
                yield changed
            elif joins and joins.shared and situation.now >= ended(situation, subject):
                ready.append(joins)  # what a card that has ended had no sound for opens another
        yield from (each for each in opened if isinstance(each, Plan))
        room = max(0, CARDS_AN_HOUR - situation.rung)
        for each in ready[:room]:
            if card := spared(situation.route, maker.first, each):
                yield card
        if beyond := [row for each in ready[room:] for row in each.told]:
            yield flood(self.desk, situation, beyond)

    def _open(self, event: Event) -> Plan | Ready | None:
        """What becomes of an event that no card tells yet: held, or ready to ring; None if it is not urgent."""
        situation = self.situation
        rows = list(filter(situation.is_heard, event.rows))
        new = list(filter(situation.is_news, rows))
        if not new or situation.rush_without_silences(rows, new) is None:
            return None
        rush = situation.rush(rows, new)
        waits = held(situation, rows, new, rush) if rush else situation.silenced(new)
        if waits:
            return Plan(route=situation.route, subject=f"s{new[0]}", reason=waits[0].reason, decisions=waits)
        if rush is None:
            return None  # the silenced report is of a story that was told
        told = list(filter(situation.may_be_told, new))
        voiced = situation.telling(rows, rush.since)
        return Ready(
            told=sorted(told, key=lambda row: row not in voiced),
            evidence=[row for row in rows if row in voiced and row in situation.announced],
            since=rush.since,
            shared=event.shared,
        )

    def _sorted(self, stirred: Sequence[Event], found: Sequence[Ready]) -> tuple[dict[str, Ready], list[Ready]]:
        """What goes into living cards, by subject, and new cards.

        Each story is in the first card that tells it; where it belongs to another one too, it is shown there beside.
        """
        situation = self.situation
        told: set[int] = set()
        joining: dict[str, Ready] = {}
        opening: dict[str, Ready] = {}
        for event in stirred:
            if event.card:
                new = list(filter(situation.is_news, event.rows))
                ready = Ready(told=new, since=situation.cards[event.card].card.opened).without(told)
                _put(joining, event.card, replace(ready, evidence=()))
                told.update(new)
        for each in found:
            ready = each.without(told)
            if situation.rush([*ready.told, *ready.evidence], ready.told) is None:
                continue  # what is left is no voice
            told.update(ready.told)
            came = max(map(situation.came, ready.told))
            if subject := shared_card(situation, ready.shared, came):
                _put(joining, subject, ready)
            else:
                _put(opening, ready.shared or f"s{ready.told[0]}", ready)
        return joining, list(opening.values())


def _put(cards: dict[str, Ready], subject: str, ready: Ready) -> None:
    cards[subject] = cards[subject].with_(ready) if subject in cards else ready
