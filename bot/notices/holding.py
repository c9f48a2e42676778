"""Whether an urgent event, or a digest, is held, and until when.

In: the situation, the stories of an event, those that nobody was told of, and its rush; or a digest's stories. Out: a
decision for each that is held. Invariant: a digest whose slot comes in quiet hours is composed when they end: nothing
is frozen that readers are shown hours later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery.quiet import quiet_of, zone_of
from bot.digests.judging import judge
from bot.digests.urgent import Rush
from bot.model import Decision, Reason, Route
from bot.notices.desk import Desk, Rounds
from bot.notices.situation import Situation
from bot.slots import due_slots

Hold = tuple[Reason, datetime, str]
"""Why it is held, until when, and that in words."""


def held(situation: Situation, rows: Sequence[int], new: Sequence[int], rush: Rush) -> tuple[Decision, ...]:
    """The decisions that hold an event of these rows; none if it may ring now, by what may be told of it."""
    untellable = [row for row in new if not situation.may_be_told(row)]
    if situation.rush([row for row in rows if row not in untellable], new) is None:
        return tuple(situation.decision(row) for row in untellable)
    found = _waits(situation, rush) or in_quiet_hours(situation.route, situation.now)
    if found is None:
        return ()
    reason, until, note = found
    return tuple(Decision(story=row, reason=reason, note=note, until=until) for row in new)


def in_quiet_hours(route: Route, now: datetime) -> Hold | None:
    """Until when quiet hours hold cards; None outside of them, and where the route sends in them."""
    return quiet_hold(route, now) if route.urgent and route.urgent.held else None


def quiet_hold(route: Route, now: datetime) -> Hold | None:
    """Until when quiet hours hold a digest; None outside of them."""
    until = quiet_of(route, now)
    if until is None:
        return None
    zone = zone_of(route)
    return Reason.QUIET_HOURS, until, f"until {until.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"


def _waits(situation: Situation, rush: Rush) -> Hold | None:
    until = rush.seen + situation.urgent.wait
    return (Reason.WAITS, until, f"until {until:%H:%M:%S} UTC") if situation.now < until else None


async def hold_digest(desk: Desk, route: Route, rounds: Rounds, slot: datetime, hold: Hold, now: datetime) -> None:
    """Write down, once for each slot, what its digest would tell now for the first time, and until when it is held."""
    what = f"held digest:{route.name}"
    if rounds.looked.get(what) == slot:
        return
    rounds.looked[what] = slot
    mark = await desk.store.route(route.name, now)
    stories = await desk.store.untold(route.name, since=mark.first_seen)
    decided = await desk.store.decisions(route.name, [story.row for story in stories])
    new = [story for story in stories if story.row not in decided]
    silences = await desk.store.notices.silences(now)
    judged = judge(route, new, watches=desk.config.watches, now=now, silences=silences)
    reason, until, note = hold
    held = [
        Decision(story=each.own.row, reason=reason, note=note, until=until)
        for each in judged
        if each.decision.reason is Reason.TOLD
    ]
    await desk.store.notices.hold(route.name, held, now)


async def gives_way(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> bool:
    """Whether cards wait, once, for a digest that quiet hours held: it tells what they would ring for."""
    if route.digest is None or route.quiet is None or quiet_of(route, now):
        return False
    mark, schedule = await desk.store.route(route.name, now), route.digest
    slots = due_slots(schedule.cron, schedule.timezone, mark.last_slot or mark.first_seen, now)
    what = f"digest first:{route.name}"
    if not slots or rounds.looked.get(what) == slots[-1]:
        return False
    rounds.looked[what] = slots[-1]
    return any(quiet_of(route, slot) for slot in slots)
