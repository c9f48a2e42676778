"""The checks of `pytest -m live`, run against the fake: it is what they say, and they can be run at all."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.http import Http, HttpSettings
from bot.sources import Reader, Web
from bot.telegram import Account, Publisher
from tests.fakes.clock import StepClock
from tests.fakes.telegram.office import TOKEN, keys
from tests.fakes.telegram.server import Telegram, telegram
from tests.live import checks


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as made:
        yield made


async def test_telegram(fake: Telegram) -> None:
    bot = fake.world.bot(TOKEN)
    kursk = fake.world.channel("kursk", posters={bot.id})
    account = Account(keys(fake), fake.session(bot), bot_token=TOKEN)
    async with checks.room(account, Publisher(account, StepClock()), "@kursk") as here:
        await checks.a_repeat_is_answered_with_the_first_message(here)
        await checks.a_message_has_so_many_units(here)
        await checks.a_message_has_so_many_entities(here)
        await checks.changes_may_be_repeated(here)
    assert kursk.posts == {}, "nothing is left behind"
    await account.close()


async def test_the_preview(fake: Telegram) -> None:
    rybar = fake.world.channel("rybar")
    for number in range(60):
        fake.world.write(rybar, f"пост {number}")
    async with (
        Http(HttpSettings(allow_private_networks=True), clock=StepClock()) as http,
        Reader(http, web=Web(base_url=fake.web)) as reader,
    ):
        await checks.the_preview_is_as_we_read_it(reader, "rybar")
