"""Zone x transition x cron x downtime: each slot of a route once, whatever the clock does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bot.config import Config
from bot.model import Destination, DestinationKind, Route, Schedule
from bot.notices import Desk, Rounds
from bot.pipeline import House, compose
from bot.store import DigestState, Store
from tests.fakes.clock import StepClock

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ZONES = {
    "Europe/Kyiv": ("2026-03-29T01:00", "2026-10-25T01:00"),
    "America/New_York": ("2026-03-08T07:00", "2026-11-01T06:00"),
    "Australia/Lord_Howe": ("2026-10-03T15:30", "2026-04-04T15:00"),  # half an hour
    "Asia/Kathmandu": ("2026-03-29T01:00",),  # none, and a quarter of an hour beside the others
}
CRONS = ("0 9,18 * * *", "15 2 * * *", "15 * * * *", "45 1,3 * * *")
BEFORE, AFTER = 20 * HOUR, 30 * HOUR
DOWNTIMES = {
    "none": timedelta(0),
    "over the jump": 6 * HOUR,
    "three days": 72 * HOUR,
    "clock set back": timedelta(0),
}


@dataclass(frozen=True)
class Case:
    number: int
    zone: str
    jump: datetime
    cron: str
    downtime: str

    @property
    def route(self) -> Route:
        return Route(
            name=f"case-{self.number}",
            to=Destination(DestinationKind.CONSOLE),
            digest=Schedule(cron=self.cron, timezone=self.zone, empty=True),
        )

    @property
    def begins(self) -> datetime:
        return self.jump - BEFORE

    @property
    def ends(self) -> datetime:
        return self.jump + AFTER + DOWNTIMES[self.downtime]

    def ticks(self) -> Iterator[datetime]:
        """Half hours on which the service runs; the clock may stand wrong once, and be set right."""
        now, down = self.begins, (self.jump - 2 * HOUR, self.jump - 2 * HOUR + DOWNTIMES[self.downtime])
        while now <= self.ends:
            if not down[0] < now < down[1]:
                yield now
            if self.downtime == "clock set back" and now == self.jump + 3 * HOUR:
                yield from (now - step * HOUR / 2 for step in range(6, 0, -1))
            now += HOUR / 2

    def slots(self) -> list[datetime]:
        """Told by hand: every minute is looked at, and the local times that the day leaves out fall on the jump."""
        minutes = [self.begins + n * MINUTE for n in range(1, int((self.ends - self.begins) / MINUTE) + 1)]
        if self.cron == "15 * * * *":
            return [each for each in minutes if each.astimezone(ZoneInfo(self.zone)).minute == 15]
        minute, hours, *_ = self.cron.split()
        wanted = {(int(hour), int(minute)) for hour in hours.split(",")}
        found, before = [], self.begins
        for moment in minutes:
            local, last = moment.astimezone(ZoneInfo(self.zone)), before.astimezone(ZoneInfo(self.zone))
            skipped = [last.replace(tzinfo=None) + n * MINUTE for n in range(1, _gap(last, local))]
            if any((each.hour, each.minute) in wanted for each in skipped) or (
                local.fold == 0 and (local.hour, local.minute) in wanted
            ):
                found.append(moment)
            before = moment
        return found


def _gap(last: datetime, local: datetime) -> int:
    return int((local.replace(tzinfo=None) - last.replace(tzinfo=None)) / MINUTE)


def cases() -> list[Case]:
    table = [
        (zone, datetime.fromisoformat(jump).replace(tzinfo=UTC), cron, downtime)
        for (zone, jumps), cron, downtime in product(ZONES.items(), CRONS, DOWNTIMES)
        for jump in jumps
    ]
    return [Case(number, *row) for number, row in enumerate(table)]


async def run(store: Store, case: Case, slots: list[datetime]) -> None:
    config = Config(folder=Path(), database="", routes=(case.route,))
    clock = StepClock(case.begins)
    await store.route(case.route.name, case.begins)
    house = SimpleNamespace(
        config=config, clock=clock, store=store, secret=b"", rounds=Rounds(), desk=Desk(config, store, b"")
    )
    due = iter(slots)
    coming = next(due, None)
    for now in case.ticks():
        clock.moment = now
        # A tick before the next slot finds nothing; it is run all the same where the clock goes wrong.
        if case.downtime == "clock set back" or (coming and now >= coming):
            await compose(cast("House", house))
            while coming and now >= coming:
                coming = next(due, None)


async def check(path: Path, table: Sequence[Case]) -> None:
    async with await Store.open(path / "placewire.db", now=datetime(2026, 1, 1, tzinfo=UTC)) as store:
        for case in table:
            slots = case.slots()
            await run(store, case, slots)
            rows = await store.digests(case.route.name, limit=1000)
            assert sorted(row.slot for row in rows) == slots, case
            covered = [row for row in rows if row.state is DigestState.COVERED]
            assert covered or case.downtime != "three days", case
        messages = Counter([row.digest async for row in store.outbox()])
    assert set(messages.values()) == {1}, "one message for each digest"


async def test_one_digest_for_each_slot_in_a_sample_of_the_table(tmp_path: Path) -> None:
    table = cases()[3::11]
    assert {case.zone for case in table} == set(ZONES)
    assert {case.cron for case in table} == set(CRONS)
    assert {case.downtime for case in table} == set(DOWNTIMES)
    await check(tmp_path, table)


@pytest.mark.slow
async def test_one_digest_for_each_slot_in_every_cell_of_the_table(tmp_path: Path) -> None:
    assert len(cases()) == 112
    await check(tmp_path, cases())
