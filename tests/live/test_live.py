"""The real Telegram, asked with your own keys before a release: `pytest -m live`.

    PLACEWIRE_LIVE_API_ID, PLACEWIRE_LIVE_API_HASH      from my.telegram.org
    PLACEWIRE_LIVE_BOT_TOKEN                            a bot of yours, for tests alone
    PLACEWIRE_LIVE_CHANNEL                              "@name" or "-100...": its bot may post, edit and delete there
    PLACEWIRE_LIVE_PREVIEW                              a public channel of words, without the @

What is not set is skipped, with the name that is missing.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.http import Http, HttpSettings
from bot.service.clock import SystemClock
from bot.sources import Reader
from bot.telegram import Account, Keys, Publisher
from tests.live import checks

pytestmark = pytest.mark.live


def wanted(name: str) -> str:
    value = os.environ.get(f"PLACEWIRE_LIVE_{name}")
    if not value:
        pytest.skip(f"PLACEWIRE_LIVE_{name} is not set")
    return value


@pytest.fixture
async def here() -> AsyncIterator[checks.Room]:
    keys = Keys(api_id=int(wanted("API_ID")), api_hash=wanted("API_HASH"))
    account = Account(keys, bot_token=wanted("BOT_TOKEN"))
    try:
        async with checks.room(account, Publisher(account, SystemClock()), wanted("CHANNEL")) as made:
            yield made
    finally:
        await account.close()


@pytest.mark.parametrize(
    "check",
    [
        checks.a_repeat_is_answered_with_the_first_message,
        checks.a_message_has_so_many_units,
        checks.a_message_has_so_many_entities,
        checks.changes_may_be_repeated,
    ],
)
async def test_telegram_is_as_our_fake_assumes(
    here: checks.Room, check: Callable[[checks.Room], Awaitable[None]]
) -> None:
    await check(here)


async def test_the_preview_is_as_our_fake_assumes() -> None:
    name = wanted("PREVIEW")
    async with Http(HttpSettings(), clock=SystemClock()) as http, Reader(http) as reader:
        await checks.the_preview_is_as_we_read_it(reader, name)
