"""Pushes are hints: they make a channel due, come again after a broken connection, and are never needed."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.config import load
from bot.pipeline import House
from bot.service.clock import SystemClock
from bot.service.hints import Hints
from bot.service.house import open_house
from bot.service.local import run
from bot.telegram import Account
from tests.fakes.telegram.installed import configure
from tests.fakes.telegram.office import keys
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import Telegram, telegram
from tests.fakes.telegram.world import Account as Person, Channel

WITHIN = 10.0


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as made:
        yield made


@pytest.fixture
def person(fake: Telegram) -> Person:
    return fake.world.account("reader", phone="+1")


@pytest.fixture
def rybar(fake: Telegram, person: Person) -> Channel:
    return fake.world.channel("rybar", members={person.id})


@asynccontextmanager
async def listening(fake: Telegram, person: Person, *, patience: float = 5.0) -> AsyncIterator[list[int]]:
    """What an account hears; it listens when the block begins."""
    heard: list[int] = []
    account = Account(keys(fake), fake.session(person), on_push=heard.append, patience=patience)
    await account.me()
    task = asyncio.create_task(account.listen(heartbeat=0.05))
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.wait({task})
        await account.close()


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN):
        while not (done if isinstance(done := condition(), bool) else await done):  # noqa: ASYNC110 - a wire has no Event
            await asyncio.sleep(0.005)


async def test_new_edited_and_deleted_posts_of_joined_channels_are_heard(
    fake: Telegram, person: Person, rybar: Channel
) -> None:
    other = fake.world.channel("other")
    async with listening(fake, person) as heard:
        fake.world.write(other, "кто не вступил, не слышит")
        fake.world.write(rybar, "раз")
        fake.world.edit(rybar, 1, "два")
        fake.world.delete(rybar, 1)
        await until(lambda: len(heard) >= 3)
    assert heard == [rybar.id] * 3
    assert fake.script.count("GetChannelDifferenceRequest") == 0, "Telethon asks for nothing by itself"


async def test_after_a_broken_connection_pushes_come_again(fake: Telegram, person: Person, rybar: Channel) -> None:
    async with listening(fake, person) as heard:
        before = fake.script.count("GetStateRequest")
        fake.mtproto.restart()
        await until(lambda: fake.script.count("GetStateRequest") > before)
        await until(lambda: bool(fake.world.write(rybar, "раз")) and bool(heard))


async def test_a_client_that_hangs_is_replaced_by_the_heartbeat(fake: Telegram, person: Person, rybar: Channel) -> None:
    async with listening(fake, person, patience=0.2) as heard:
        before = fake.script.count("GetStateRequest")
        fake.script.on("Ping", Kind.HANG)
        await until(lambda: fake.script.count("GetStateRequest") > before)
        await until(lambda: bool(fake.world.write(rybar, "раз")) and bool(heard))


async def test_a_revoked_session_ends_the_listening_without_a_loop(fake: Telegram, person: Person) -> None:
    account = Account(keys(fake), fake.session(person), on_push=lambda _: None, patience=5.0)
    await account.me()
    fake.mtproto.sessions.clear()
    fake.mtproto.restart()
    await asyncio.wait_for(account.listen(heartbeat=0.05), WITHIN)
    await account.close()


# ---------------------------------------------------------------- the whole house


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[House]:
    """The service in this process, every channel read once."""
    clock = SystemClock()
    hints = Hints(clock)
    async with open_house(load(folder / "config", {}), clock, on_push=hints.push) as house:
        task = asyncio.create_task(run(house, tick=0.5, hints=hints))

        async def all_read() -> bool:
            return all(memory.first_read for memory in (await house.store.memories()).values())

        await until(all_read)
        yield house
        house.stopping.set()
        await task


async def test_a_pushed_post_is_a_hit_at_once_although_its_channel_is_not_due(
    tmp_path: Path, fake: Telegram, person: Person, record_property: Callable[[str, object], None]
) -> None:
    channels = [fake.world.channel(f"wire_{number}", members={person.id}) for number in range(5)]
    configure(tmp_path, fake, person, [f"{{name: {each.name}, via: mtproto, poll: 1h}}" for each in channels])
    hits, queued = [], []
    async with running(tmp_path) as house:

        async def hit(count: int) -> bool:
            return (await house.store.counts()).hits >= count

        async def in_the_outbox(count: int) -> bool:
            return len([row async for row in house.store.outbox()]) >= count

        for count, channel in enumerate(channels, 1):
            began = time.perf_counter()
            fake.world.write(channel, f"Взрыв в Судже, {count} раненых")
            await until(lambda count=count: hit(count))  # type: ignore[misc]
            hits.append(time.perf_counter() - began)
            await until(lambda count=count: in_the_outbox(count))  # type: ignore[misc]
            queued.append(time.perf_counter() - began)
    record_property("seconds from push to hit and outbox", [statistics.median(hits), statistics.median(queued)])
    assert statistics.median(hits) < 1.0
    assert statistics.median(queued) < 2.0, "a digest waits for its slot, here a second at most"
