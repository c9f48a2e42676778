"""Whether an urgent event is held, and until when.

In: the situation, the stories of an event, those that nobody was told of, and its rush. Out: a decision for each that
is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery.quiet import quiet_of, zone_of
from bot.digests.urgent import Rush
from bot.model import Decision, Reason, Route
from bot.notices.situation import Situation

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
    until = quiet_of(route, now) if route.urgent and route.urgent.held else None
    if until is None:
        return None
    zone = zone_of(route)
    return Reason.QUIET_HOURS, until, f"until {until.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"


def _waits(situation: Situation, rush: Rush) -> Hold | None:
    until = rush.seen + situation.urgent.wait
    return (Reason.WAITS, until, f"until {until:%H:%M:%S} UTC") if situation.now < until else None
