"""The slow round: late edits and deletions that no sweep reaches, by the preview and by an account, with one result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import load
from bot.model import Arrival, Via
from bot.pipeline import House, poll
from bot.service.house import open_house
from bot.sources import HORIZON
from bot.store import Committed
from tests.fakes.clock import StepClock
from tests.fakes.telegram.installed import configure
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import Telegram, telegram
from tests.fakes.telegram.world import Channel

WAYS = {Via.WEB: 40, Via.MTPROTO: 150}
"""How often a channel has said something, in three messages: more than a sweep of three pages compares."""
ROUNDS = {Via.WEB: 5, Via.MTPROTO: 2}
MESSAGES = "GetMessagesRequest"


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as made:
        yield made


@pytest.fixture
def clock(fake: Telegram) -> StepClock:
    made = StepClock()
    fake.world.now = made.now
    return made


@pytest.fixture
async def house(tmp_path: Path, fake: Telegram, clock: StepClock) -> AsyncIterator[House]:
    """Two channels, all of their posts stored: one read by the preview, one by an account."""
    for via, times in WAYS.items():
        channel = fake.world.channel(f"by_{via}")
        for number in range(times):
            fake.world.write(channel, f"Пост {number} о Судже")
            fake.world.album(channel, f"Альбом {number}", 2)
    person = fake.world.account("reader", phone="+1")
    configure(tmp_path, fake, person, [f"{{name: by_{via}, via: {via}, poll: 90s, backfill: 500}}" for via in WAYS])
    async with open_house(load(tmp_path / "config", {}), clock) as made:
        for via, times in WAYS.items():
            assert len((await poll(made, f"by_{via}")).new) == 2 * times
        yield made


async def rounds(house: House, clock: StepClock, via: Via, times: int) -> Committed:
    """What so many sweeps, each with its step of the slow round, have changed."""
    done = Committed()
    for _ in range(times):
        clock.moment += timedelta(minutes=31)
        done += await poll(house, f"by_{via}")
    return done


def channel(fake: Telegram, via: Via) -> Channel:
    found = fake.world.named(f"by_{via}")
    assert found
    return found


@pytest.mark.parametrize("via", WAYS)
async def test_late_edits_and_deletions_are_seen_and_nothing_is_new(
    house: House, fake: Telegram, clock: StepClock, via: Via
) -> None:
    rybar = channel(fake, via)
    fake.world.edit(rybar, 4, "Бердин, исправлено")
    fake.world.delete(rybar, 7, 8, 9)
    done = await rounds(house, clock, via, ROUNDS[via])
    name = rybar.name
    assert (done.new, done.revised, done.deleted) == ((), (f"{name}/4",), (f"{name}/7", f"{name}/8"))
    memory = await house.store.memory(str(name))
    assert (memory.cursor.newest, memory.cursor.gaps, memory.condition.state) == (3 * WAYS[via], (), "ok")


@pytest.mark.parametrize("via", WAYS)
async def test_an_album_that_lost_its_first_part_is_a_baseline_under_its_next(
    house: House, fake: Telegram, clock: StepClock, via: Via
) -> None:
    rybar = channel(fake, via)
    fake.world.delete(rybar, 5)
    done = await rounds(house, clock, via, ROUNDS[via])
    assert (done.new, done.deleted) == ((f"{rybar.name}/6",), (f"{rybar.name}/5",))
    stored = {row.post.id: row.arrival for row in await house.store.unmatched(1000) if row.post.source == rybar.name}
    assert stored["6"] is Arrival.BASELINE


async def test_the_account_is_asked_for_what_is_stored_in_hundreds_and_once_each_sweep(
    house: House, fake: Telegram, clock: StepClock
) -> None:
    fake.script.asked.clear()
    await rounds(house, clock, Via.MTPROTO, 3)
    asked = [[each.id for each in one.request.id] for one in fake.script.asked if one.name == MESSAGES]
    assert [len(each) for each in asked] == [99, 54, 99], "albums stay whole; then from the top again"
    assert set(asked[0]) | set(asked[1]) == set(range(1, 154))
    for _ in range(3):
        clock.moment += timedelta(seconds=90)
        await poll(house, "by_mtproto")
    assert fake.script.count(MESSAGES) == 3


async def test_what_is_older_than_the_horizon_is_left_alone(house: House, fake: Telegram, clock: StepClock) -> None:
    clock.moment += HORIZON
    await rounds(house, clock, Via.MTPROTO, 2)
    assert fake.script.count(MESSAGES) == 0


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.DROP_BEFORE, Kind.DROP_AFTER])
async def test_a_round_that_fails_is_no_trouble_of_the_source_and_comes_again(
    house: House, fake: Telegram, clock: StepClock, kind: Kind
) -> None:
    fake.world.delete(channel(fake, Via.MTPROTO), 148)
    fake.script.on(MESSAGES, kind, code=420, text="FLOOD_WAIT_60")
    assert (await rounds(house, clock, Via.MTPROTO, 1)).deleted == ()
    assert (await house.store.memory("by_mtproto")).condition.state == "ok"
    assert (await rounds(house, clock, Via.MTPROTO, 1)).deleted == ("by_mtproto/148",)
