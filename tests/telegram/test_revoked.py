"""A session that ends while the house is open: a state with its remedy, and neither a traceback nor a loop."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.config import load
from bot.pipeline import House, poll
from bot.service.house import open_house
from bot.telegram import Account
from tests.fakes.clock import StepClock
from tests.fakes.telegram.installed import configure
from tests.fakes.telegram.office import keys
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import Telegram, telegram
from tests.fakes.telegram.world import Account as Person

FOR_EVER = 10_000
NAMES = ("joined", "other")


class Heard(logging.Handler):
    """What asyncio, Telethon and all others say of broken tasks and futures, while the loop is closed too."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    heard = Heard()
    logging.getLogger().addHandler(heard)
    with capture_logs() as ours:
        yield
        gc.collect()
    logging.getLogger().removeHandler(heard)
    assert heard.lines == []
    assert [line for line in ours if "exc_info" in line] == []


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as made:
        yield made


@pytest.fixture
def person(fake: Telegram) -> Person:
    return fake.world.account("reader", phone="+1")


@pytest.fixture
async def house(tmp_path: Path, fake: Telegram, person: Person) -> AsyncIterator[House]:
    """Two channels that an account reads, one of which it has joined; a third has a preview, and needs no account."""
    for name in (*NAMES, "public"):
        fake.world.write(fake.world.channel(name, members={person.id}), "Взрыв в Судже")
    mtproto = [f"{{name: {name}, via: mtproto, poll: 90s}}" for name in NAMES]
    configure(tmp_path, fake, person, [*mtproto, "{name: public, via: web, poll: 90s}"])
    async with open_house(load(tmp_path / "config", {}), StepClock(), on_push=lambda _: None) as made:
        for name in (*NAMES, "public"):
            await poll(made, name)
        yield made


@pytest.mark.parametrize(
    ("kind", "code", "word", "state"),
    [
        (Kind.ERROR, 401, "AUTH_KEY_UNREGISTERED", "account_lost"),
        (Kind.ERROR, 401, "SESSION_REVOKED", "account_lost"),
        (Kind.ERROR, 406, "AUTH_KEY_DUPLICATED", "session_in_use"),
        (Kind.ERROR, 401, "USER_DEACTIVATED_BAN", "account_banned"),
        (Kind.LOST_KEY, 0, "", "account_lost"),
    ],
)
async def test_a_session_that_ends_meanwhile_is_a_state_and_nothing_else_stops(
    house: House, fake: Telegram, kind: Kind, code: int, word: str, state: str
) -> None:
    clock: Any = house.clock
    fake.script.on("*", kind, times=FOR_EVER, code=code, text=word)
    fake.script.asked.clear()
    for _ in range(3):
        clock.moment += timedelta(hours=7)
        for name in NAMES:
            await poll(house, name)
            condition = (await house.store.memory(name)).condition
            assert (condition.state, "placewire login main" in condition.remedy) == (state, True)
    assert len(fake.script.asked) <= 3 * len(NAMES) * 3, "a few requests for each poll: to connect, and to read"
    fake.script.faults.clear()
    fake.world.write(fake.world.channels[-1], "Пожар близ Суджи")
    assert (await poll(house, "public")).new == ("public/2",)


async def test_a_revoked_session_ends_the_listening_and_is_asked_no_more_between_polls(
    house: House, fake: Telegram
) -> None:
    fake.mtproto.sessions.clear()
    fake.mtproto.restart()
    listening = {task for task in asyncio.all_tasks() if "object _listening " in repr(task.get_coro())}
    assert listening
    async with asyncio.timeout(10):
        await asyncio.wait(listening)
    assert fake.mtproto.wires == set(), "nobody connects again"
    await poll(house, "joined")
    assert (await house.store.memory("joined")).condition.state == "account_lost"


async def test_a_session_that_is_used_elsewhere_in_the_middle_of_a_walk_keeps_what_was_read(
    house: House, fake: Telegram
) -> None:
    channel = fake.world.named("joined")
    assert channel
    for number in range(250):
        fake.world.write(channel, f"Пост {number}")
    clock: Any = house.clock
    clock.moment += timedelta(hours=1)
    fake.script.on("GetHistoryRequest", Kind.ERROR, after=1, times=FOR_EVER, code=406, text="AUTH_KEY_DUPLICATED")
    done = await poll(house, "joined")
    memory = await house.store.memory("joined")
    assert (len(done.new), memory.condition.state) == (100, "session_in_use")
    assert [(gap.low, gap.high) for gap in memory.cursor.gaps] == [(2, 151)], "and the rest is not forgotten"


async def test_an_account_that_is_closed_just_when_its_connection_breaks_says_nothing(
    fake: Telegram, person: Person
) -> None:
    account = Account(keys(fake), fake.session(person), on_push=lambda _: None)
    client = await account._connected()
    listening = asyncio.create_task(account.listen())
    await account.me()
    for _ in range(20):  # turns of the loop, in which the listening comes to wait for a break
        await asyncio.sleep(0)
    listening.cancel()
    await asyncio.wait({listening})
    fake.mtproto.restart()
    end = client.disconnected
    await asyncio.wait({end})
    assert isinstance(end.exception(), OSError | EOFError)
    await account.close()
