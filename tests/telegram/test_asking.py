"""`doctor --online`: what only Telegram can tell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.delivery.telegram_bot_api import BotApi
from bot.http import Http, HttpSettings
from bot.model import Destination, DestinationKind
from bot.service.asking import ask_destination, ask_telegram
from bot.service.clock import SystemClock
from bot.service.findings import Verdict
from bot.telegram.sessions import owned, write_session
from tests.fakes.telegram.server import Telegram, telegram

TOKEN = "7000:fake-token"


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as here:
        bot = here.world.bot(TOKEN)
        here.world.channel("kursk", posters={bot.id})
        here.world.channel("closed")
        yield here


def configured(folder: Path, fake: Telegram, to: str = "@kursk", session: str = "") -> Config:
    config = folder / "config"
    (config / "watchlists").mkdir(parents=True)
    write_session(folder / "r.session", session or fake.session(fake.world.account("reader", phone="1")))
    files = {
        "bot.yaml": f"database: sqlite:///{folder}/x.db\ntelegram:\n  server: {fake.settings(folder)}\n"
        f"  readers: [{{name: main, session_file: {folder}/r.session}}]\n",
        "sources.yaml": "channels: [{name: rybar}]\n",
        "watchlists/a.yaml": "places: [{name: Суджа}]\n",
        "routes.yaml": f"routes: [{{name: a, to: 'telegram:{to}', digest: {{cron: '0 9 * * *'}}}}]\n",
    }
    for name, text in files.items():
        (config / name).write_text(text, encoding="utf-8")
    environment = {"PLACEWIRE_API_ID": "1", "PLACEWIRE_API_HASH": "0" * 32, "PLACEWIRE_BOT_TOKEN": TOKEN}
    return load(config, environment)


async def test_all_is_well(tmp_path: Path, fake: Telegram) -> None:
    reader, kursk = await ask_telegram(configured(tmp_path, fake))
    assert (reader.verdict, kursk.verdict) == (Verdict.OK, Verdict.OK)
    assert "exactly once" in kursk.text
    assert fake.world.sent == []


async def test_a_test_message_is_sent_twice_and_arrives_once(tmp_path: Path, fake: Telegram) -> None:
    *_, test = await ask_telegram(configured(tmp_path, fake), send_test=True)
    assert (test.verdict, test.text) == (Verdict.OK, "a test sent 2 times made 1 message")
    assert len(fake.world.sent) == 1


@pytest.mark.parametrize("to", ["@closed", "@nobody", "-1001700009999"])
async def test_a_destination_without_rights_is_bad(tmp_path: Path, fake: Telegram, to: str) -> None:
    _, found = await ask_telegram(configured(tmp_path, fake, to), send_test=True)
    assert (found.verdict, bool(found.remedy)) == (Verdict.BAD, True)
    assert fake.world.sent == []


async def test_a_session_that_telegram_does_not_know_is_bad(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake)
    fake.mtproto.sessions.clear()
    reader, _ = await ask_telegram(config)
    assert (reader.verdict, "login" in reader.remedy) == (Verdict.BAD, True)


async def test_a_session_that_the_service_uses_is_left_alone(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake)
    with owned(tmp_path / "r.session"):
        reader, _ = await ask_telegram(config)
    assert "running service" in reader.text
    assert not any(each.account == fake.world.accounts[-1].id for each in fake.script.asked)


@pytest.mark.parametrize(
    ("posters", "members", "verdict"),
    [(True, False, Verdict.OK), (False, True, Verdict.BAD), (False, False, Verdict.BAD)],
)
async def test_by_a_token_alone_the_right_to_post_is_asked_for_and_nothing_is_sent(
    fake: Telegram, posters: bool, members: bool, verdict: Verdict
) -> None:
    bot = fake.world.accounts[0].id
    fake.world.channel("rights", posters={bot} if posters else set(), members={bot} if members else set())
    async with Http(HttpSettings(allow_private_networks=True), clock=SystemClock()) as http:
        poster = BotApi(http, TOKEN, base=fake.bot_api)
        (found,) = await ask_destination(poster, Destination(DestinationKind.TELEGRAM, "@rights"))
    assert found.verdict is verdict
    assert bool(found.remedy) is (verdict is Verdict.BAD)
    assert fake.world.sent == []
