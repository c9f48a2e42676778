"""Accounts as the house opens them: what a session that cannot be used is called, and that it is tried again."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.model import Condition
from bot.pipeline import poll
from bot.service.house import open_house
from bot.service.polling import poll_all
from bot.telegram import Account, TelegramError, Trouble, owned
from tests.fakes.clock import StepClock
from tests.fakes.telegram.installed import configure
from tests.fakes.telegram.office import keys
from tests.fakes.telegram.server import Telegram, telegram

NAMES = [f"wire_{number}" for number in range(4)]


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as made:
        for name in NAMES:
            made.world.write(made.world.channel(name), "Взрыв в Судже")
        yield made


def configured(folder: Path, fake: Telegram, via: str = "mtproto") -> Config:
    person = fake.world.account("reader", phone="+1")
    configure(folder, fake, person, [f"{{name: {name}, via: {via}}}" for name in NAMES])
    return load(folder / "config", {})


async def asked(config: Config) -> Condition:
    """What `check` says of the channels, which is the same for all."""
    [said] = set((await poll_all(config)).values())
    return said


async def test_a_session_in_use_is_left_alone_and_its_process_named(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake)
    with owned(tmp_path / "r.session"):
        said = await asked(config)
    assert said.state == "reader_in_use"
    assert said.detail == f"process {os.getpid()} reads with the session of reader main"
    assert fake.script.names() == []
    assert (await asked(config)).state == "ok"


async def test_a_reader_that_is_not_logged_in_is_said_with_the_command(tmp_path: Path, fake: Telegram) -> None:
    configured(tmp_path, fake)
    (tmp_path / "r.session").unlink()
    said = await asked(load(tmp_path / "config", {}))
    assert (said.state, "reader main, which is not logged in" in said.detail) == ("needs_reader", True)
    assert "placewire login main" in said.remedy


@pytest.mark.parametrize("text", ["garbage", "1", "", "1abc"])
async def test_a_session_file_that_holds_none_is_said_so(tmp_path: Path, fake: Telegram, text: str) -> None:
    config = configured(tmp_path, fake)
    (tmp_path / "r.session").write_text(text, encoding="ascii")
    said = await asked(config)
    assert (said.state, "holds no Telethon session" in said.detail) == ("needs_reader", True)
    assert "placewire login" in said.remedy


@pytest.mark.parametrize(("token", "trouble"), [(None, Trouble.SESSION), ("7000:fake-token", None)])
async def test_a_kept_session_that_is_none_is_a_typed_error_and_a_bot_logs_in_anew(
    fake: Telegram, token: str | None, trouble: Trouble | None
) -> None:
    fake.world.bot()
    account = Account(keys(fake), "garbage", bot_token=token)
    met: list[Trouble | None] = []
    for _ in range(2):
        try:
            await account.me()
            met.append(None)
        except TelegramError as error:
            met.append(error.trouble)
    await account.close()
    assert met[1] is trouble


async def test_a_preview_is_read_whatever_the_session_does(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake, via="auto")
    with owned(tmp_path / "r.session"):
        assert (await asked(config)).state == "ok"


async def test_the_channels_of_a_closed_reader_are_not_moved_to_another(tmp_path: Path, fake: Telegram) -> None:
    configured(tmp_path, fake)
    bot = tmp_path / "config/bot.yaml"
    more = f", {{name: other, api_id: 1, api_hash_file: {tmp_path}/hash, session_file: {tmp_path}/none.session}}]"
    bot.write_text(bot.read_text(encoding="utf-8").replace("r.session}]", f"r.session}}{more}"), encoding="utf-8")
    states = [each.state for each in (await poll_all(load(tmp_path / "config", {}))).values()]
    assert set(states) == {"ok", "needs_reader"}


async def test_a_service_takes_a_session_up_when_it_is_free(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake)
    with owned(tmp_path / "r.session"):
        house = open_house(config, StepClock())
        here = await house.__aenter__()
        await poll(here, NAMES[0])
        assert (await here.store.memory(NAMES[0])).condition.state == "reader_in_use"
    await poll(here, NAMES[0])
    assert (await here.store.memory(NAMES[0])).condition.state == "ok"
    await house.__aexit__(None, None, None)


async def test_what_waited_for_a_login_is_due_when_the_house_is_opened_again(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake)
    session = (tmp_path / "r.session").read_text(encoding="ascii")
    (tmp_path / "r.session").unlink()
    clock = StepClock()
    async with open_house(load(tmp_path / "config", {}), clock) as house:
        for name in NAMES:
            await poll(house, name)
        clock.moment += timedelta(minutes=5)
        assert await house.store.due(clock.now(), 10) == []
    (tmp_path / "r.session").write_text(session, encoding="ascii")
    (tmp_path / "r.session").chmod(0o600)
    async with open_house(config, clock) as house:
        assert sorted(await house.store.due(clock.now(), 10)) == NAMES
