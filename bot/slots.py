"""Pure time: cron lines, zones and their jumps, quiet hours, what is due. A library parses cron.

In: a schedule and moments that are passed in. Out: moments. Nothing here reads a clock.

Invariant: a cron line that names its hours has each local slot exactly once. A local time that the autumn jump repeats
is taken the first time; one that the spring jump leaves out falls on the jump itself. A line with `*` for hour, day,
month and weekday means "all the time": it goes by elapsed time, and a day of 25 hours has 25 hourly slots (decision
0050).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import dropwhile, islice, takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from bot.model import Quiet

LIMIT = 20_000
"""So many slots are counted exactly: two weeks of every minute, a third of a second of work."""
_LONGEST_LINE = 200
_RANGES = {
    "second": "0-59",
    "minute": "0-59",
    "hour": "0-23",
    "day-of-month": "1-31, L or LW",
    "month": "1-12 or JAN-DEC",
    "day-of-week": "0-7 or SUN-SAT",
}


class Clock(Protocol):
    """Where time comes from; only the service makes the real one. Tests and the demo pass their own."""

    def now(self) -> datetime:
        """Aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return when so many of this clock's seconds have passed."""


def check_cron(text: str) -> str | None:
    """What is wrong with a cron line, in words, or None. Five fields, or six with the seconds first."""
    if len(text) > _LONGEST_LINE:
        return f"a cron line is at most {_LONGEST_LINE} characters long"
    if len(text.split()) not in {5, 6}:
        return "a cron line has five fields (minute hour day month weekday), or six with the second first"
    try:
        sim = CronSim(text, datetime(2024, 1, 1))  # noqa: DTZ001 - local time, whatever the zone
    except CronSimError as error:
        return _fault(str(error))
    return None if next(sim, None) else "no date in the next 50 years fits this cron line"


def due_slots(cron: str, timezone: str, after: datetime, until: datetime, limit: int = LIMIT) -> tuple[datetime, ...]:
    """The slots later than `after`, up to and including `until`, in order and in UTC.

    After a long downtime only the newest `limit` of them: the cost does not grow with the years. With the clock set
    back (`until` before `after`) there is none.
    """
    if until <= after:
        return ()
    newest_first = takewhile(lambda slot: slot > after, _slots_before(cron, ZoneInfo(timezone), until))
    return tuple(islice(newest_first, limit))[::-1]


def next_slot(cron: str, timezone: str, after: datetime) -> datetime:
    """The first slot later than `after`, in UTC. Raises ValueError for a line that `check_cron` refuses."""
    fault = check_cron(cron)
    if fault:
        raise ValueError(fault)
    zone = ZoneInfo(timezone)
    return next(slot for slot in _slots_from(cron, zone, after) if slot > after)


def quiet_until(quiet: Quiet, timezone: str, now: datetime) -> datetime | None:
    """When the quiet hours that `now` lies in end, in UTC; None outside them. Equal start and end: never quiet."""
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone).replace(tzinfo=None, fold=0)
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    if not _within(start, end, local.time()):
        return None
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    ends = datetime.combine(day, end)
    first, second = (_moment(ends.replace(fold=fold), zone) for fold in (0, 1))
    return first if first > now else second


def _within(start: time, end: time, moment: time) -> bool:
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


def _fault(message: str) -> str:
    name = message.removeprefix("Bad ")
    return f"the {name} is not one of {_RANGES[name]}" if name in _RANGES else message


def _goes_by_elapsed_time(cron: str) -> bool:
    return cron.split()[-4:] == ["*"] * 4


def _slots_before(cron: str, zone: ZoneInfo, until: datetime) -> Iterator[datetime]:
    """Slots up to `until`, newest first, each once."""
    # The library steps before it looks, so one second more lets `until` itself be a slot.
    local = (until + timedelta(seconds=1)).astimezone(zone)
    if _goes_by_elapsed_time(cron):
        slots = (slot.astimezone(UTC) for slot in CronSim(cron, local, reverse=True))
    else:
        # In the repeated hour all its local times have passed once: begin behind it.
        repeated = _overlap(local) if local.fold else timedelta(0)
        start = local.replace(tzinfo=None, fold=0) + repeated
        slots = (_moment(slot, zone) for slot in CronSim(cron, start, reverse=True))
    return _once(dropwhile(lambda slot: slot > until, slots))


def _slots_from(cron: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Slots from about `after` on, oldest first; a few may lie before it."""
    local = after.astimezone(zone)
    if _goes_by_elapsed_time(cron):
        return (slot.astimezone(UTC) for slot in CronSim(cron, local))
    return (_moment(slot, zone) for slot in CronSim(cron, local.replace(tzinfo=None, fold=0)))


def _moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a local time in UTC; a time that the zone leaves out is the moment of its jump."""
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if early <= late:
        return late if local.fold else early
    return _jump(zone, late, early)


def _jump(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first moment with the later offset; `low` has the earlier one, `high` the later one."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _overlap(local: datetime) -> timedelta:
    """How much time the zone repeats at this local time."""
    return local.replace(fold=1).astimezone(UTC) - local.replace(fold=0).astimezone(UTC)


def _once(slots: Iterator[datetime]) -> Iterator[datetime]:
    """Without repeats: several local times that a jump leaves out are one moment."""
    last: datetime | None = None
    for slot in slots:
        if slot != last:
            yield slot
        last = slot
