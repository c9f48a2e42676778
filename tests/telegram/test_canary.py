"""A channel whose preview stands still is looked at by an account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.config import load
from bot.model import Source, SourceKind, SourceMemory, Via
from bot.pipeline import House, poll
from bot.service.canary import AGAIN, Canary, other_way
from bot.service.house import open_house
from tests.fakes.clock import StepClock
from tests.fakes.telegram.installed import configure
from tests.fakes.telegram.server import Telegram, telegram

NAMES = [f"c{number}_wire" for number in range(5)]


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as made:
        yield made


@pytest.fixture
async def house(tmp_path: Path, fake: Telegram) -> AsyncIterator[House]:
    person = fake.world.account("reader", phone="+1")
    configure(tmp_path, fake, person, [f"{{name: {name}, via: auto, poll: 90s, backfill: 40}}" for name in NAMES])
    clock = StepClock()
    fake.world.now = clock.now
    for name in NAMES:
        channel = fake.world.channel(name)
        for number in range(30):
            fake.world.write(channel, f"пост {number}", date=clock.now() - timedelta(minutes=20 * (30 - number)))
    async with open_house(load(tmp_path / "config", {}), clock) as made:
        yield made


async def said(house: House, hours: int, fake: Telegram) -> None:
    """All channels say something every 20 minutes, and all are polled at the end."""
    for _ in range(3 * hours):
        house.clock.moment += timedelta(minutes=20)  # type: ignore[attr-defined]
        for channel in fake.world.channels:
            fake.world.write(channel, "Взрыв в Судже")
    for name in NAMES:
        await poll(house, name)


async def test_what_a_frozen_preview_hides_is_found_by_the_account(house: House, fake: Telegram) -> None:
    for name in NAMES:
        await poll(house, name)
    canary = Canary(house)
    with capture_logs() as logs:
        await canary.look()
    assert logs == []
    fake.world.channels[0].frozen = 30
    await said(house, 9, fake)
    assert (await house.store.memory(NAMES[0])).cursor.newest == 30
    with capture_logs() as logs:
        await canary.look()
        await canary.look()
    [line] = [each for each in logs if each["event"].startswith("a channel is silent")]
    assert (line["source"], line["looked_by"]) == (NAMES[0], "an account")
    assert line["silence"] == "no post for 9 h, usually one in 20 min"
    assert line["found"] == "posts that its own way did not show"
    assert (await house.store.memory(NAMES[0])).cursor.newest == 57


async def test_a_channel_that_really_is_silent_stays_as_it_is(house: House, fake: Telegram) -> None:
    for name in NAMES:
        await poll(house, name)
    quiet = fake.world.channels.pop(0)
    await said(house, 9, fake)
    fake.world.channels.insert(0, quiet)
    before = await house.store.memory(NAMES[0])
    canary = Canary(house)
    with capture_logs() as logs:
        await canary.look()
        house.clock.moment += AGAIN  # type: ignore[attr-defined]
        await canary.look()
    found = [each["found"] for each in logs if each.get("source") == NAMES[0]]
    assert found[0] == "nothing newer"
    assert await house.store.memory(NAMES[0]) == before


@pytest.mark.parametrize(
    ("via", "accounts", "way"),
    [
        (Via.WEB, True, None),
        (Via.AUTO, False, None),
        (Via.AUTO, True, Via.MTPROTO),
        (Via.MTPROTO, True, Via.WEB),
    ],
)
def test_the_other_way(via: Via, accounts: bool, way: Via | None) -> None:
    source = Source(name="rybar", kind=SourceKind.CHANNEL, address="https://t.me/rybar", via=via)
    assert other_way(source, SourceMemory(name="rybar"), accounts=accounts) is way
