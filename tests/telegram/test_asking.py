"""`doctor --online`: what only Telegram can tell."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.delivery.telegram_bot_api import BotApi
from bot.http import Http, HttpSettings
from bot.http.serving import Answer, Request, serve
from bot.model import Destination, DestinationKind
from bot.service.asking import ask_clock, ask_destination, ask_telegram
from bot.service.clock import SystemClock
from bot.service.findings import Finding, Verdict
from bot.telegram.sessions import owned, write_session
from tests.fakes.clock import StepClock
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import Telegram, telegram

TOKEN = "7000:fake-token"


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as here:
        bot = here.world.bot(TOKEN)
        here.world.channel("kursk", posters={bot.id})
        here.world.channel("closed")
        here.world.write(here.world.channel("rybar"), "Взрыв в Судже")
        yield here


def configured(folder: Path, fake: Telegram, to: str = "@kursk", channels: str = "{name: rybar}") -> Config:
    config = folder / "config"
    (config / "watchlists").mkdir(parents=True)
    write_session(folder / "r.session", fake.session(fake.world.account("reader", phone="1")))
    files = {
        "bot.yaml": f"database: sqlite:///{folder}/x.db\nhttp: {{allow_private_networks: true}}\ntelegram:\n"
        f"  server: {fake.settings(folder)}\n  web: {{base_url: {fake.web}}}\n"
        f"  readers: [{{name: main, session_file: {folder}/r.session}}]\n",
        "sources.yaml": f"channels: [{channels}]\n",
        "watchlists/a.yaml": "places: [{name: Суджа}]\n",
        "routes.yaml": f"routes: [{{name: a, to: 'telegram:{to}', digest: {{cron: '0 9 * * *'}}}}]\n",
    }
    for name, text in files.items():
        (config / name).write_text(text, encoding="utf-8")
    environment = {"PLACEWIRE_API_ID": "1", "PLACEWIRE_API_HASH": "0" * 32, "PLACEWIRE_BOT_TOKEN": TOKEN}
    return load(config, environment)


async def asked(config: Config, *, send_test: bool = False) -> dict[str, Finding]:
    """What is found, by subject; of a destination that got a test, the test."""
    return {finding.subject: finding for finding in await ask_telegram(config, send_test=send_test)}


async def test_all_is_well(tmp_path: Path, fake: Telegram) -> None:
    found = await asked(configured(tmp_path, fake))
    assert list(found) == ["reader main", "publisher", "telegram:@kursk", "clock", "previews"]
    assert {finding.verdict for finding in found.values()} == {Verdict.OK}
    assert "exactly once" in found["publisher"].text
    assert found["previews"].text == "1 of 1 channels show posts"
    assert fake.world.sent == []


async def test_a_test_message_is_sent_twice_and_arrives_once(tmp_path: Path, fake: Telegram) -> None:
    test = (await asked(configured(tmp_path, fake), send_test=True))["telegram:@kursk"]
    assert (test.verdict, test.text) == (Verdict.OK, "a test sent 2 times made 1 message")
    assert len(fake.world.sent) == 1


@pytest.mark.parametrize("to", ["@closed", "@nobody", "-1001700009999"])
async def test_a_destination_without_rights_is_bad(tmp_path: Path, fake: Telegram, to: str) -> None:
    found = (await asked(configured(tmp_path, fake, to), send_test=True))[f"telegram:{to}"]
    assert (found.verdict, bool(found.remedy)) == (Verdict.BAD, True)
    assert fake.world.sent == []


async def test_a_wrong_token_is_said_once(tmp_path: Path, fake: Telegram) -> None:
    fake.world.accounts[0].token = "7000:another"
    found = await asked(configured(tmp_path, fake))
    assert (found["publisher"].verdict, "BotFather" in found["publisher"].remedy) == (Verdict.BAD, True)
    assert "telegram:@kursk" not in found


@pytest.mark.parametrize(
    ("code", "word", "text", "remedy"),
    [
        (401, "SESSION_REVOKED", "revoked", "`placewire login main`"),
        (401, "USER_DEACTIVATED_BAN", "banned", "another account"),
        (406, "AUTH_KEY_DUPLICATED", "two places", "`placewire login main`"),
        (420, "FLOOD_WAIT_60", "patience", "less often"),
    ],
)
async def test_what_is_wrong_with_a_reader_comes_with_its_own_remedy(
    tmp_path: Path, fake: Telegram, code: int, word: str, text: str, remedy: str
) -> None:
    fake.script.on("GetUsersRequest", Kind.ERROR, times=2, code=code, text=word)  # once by the client itself
    reader = (await asked(configured(tmp_path, fake)))["reader main"]
    assert (reader.verdict, text in reader.text, remedy in reader.remedy) == (Verdict.BAD, True, True), reader


async def test_a_session_that_telegram_does_not_know_is_bad(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake)
    fake.mtproto.sessions.clear()
    reader = (await asked(config))["reader main"]
    assert (reader.verdict, "login" in reader.remedy) == (Verdict.BAD, True)


async def test_where_telegram_is_not_reached_the_network_is_named_and_no_login(tmp_path: Path) -> None:
    async with telegram() as gone:
        config = configured(tmp_path, gone)
    found = await asked(config)
    assert {finding.verdict for finding in found.values()} == {Verdict.BAD, Verdict.LOOK}
    assert all("check the network" in finding.remedy for finding in found.values()), found
    assert "telegram:@kursk" not in found


async def test_a_session_that_the_service_uses_is_left_alone(tmp_path: Path, fake: Telegram) -> None:
    config = configured(tmp_path, fake)
    with owned(tmp_path / "r.session"):
        reader = (await asked(config))["reader main"]
    assert (reader.verdict, f"process {os.getpid()}" in reader.text) == (Verdict.OK, True)
    assert not any(each.account == fake.world.accounts[-1].id for each in fake.script.asked)


async def test_each_preview_that_is_off_is_named(tmp_path: Path, fake: Telegram) -> None:
    for name in ("hidden", "dark"):
        fake.world.channel(name, preview=False)
    config = configured(
        tmp_path, fake, channels="{name: rybar}, {name: hidden}, {name: dark, via: web}, {name: closed, via: mtproto}"
    )
    found = await asked(config)
    assert found["channel hidden"].verdict is Verdict.OK
    assert (found["channel dark"].verdict, bool(found["channel dark"].remedy)) == (Verdict.LOOK, True)
    assert found["previews"].text == "1 of 3 channels show posts"


async def test_an_empty_channel_shows_no_posts(tmp_path: Path, fake: Telegram) -> None:
    fake.world.channel("silent")
    found = await asked(configured(tmp_path, fake, channels="{name: rybar}, {name: silent}"))
    assert found["previews"].text == "1 of 2 channels show posts, 1 is empty"


async def test_of_many_previews_some_are_asked(tmp_path: Path, fake: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.asking.PREVIEWS", 1)
    found = await asked(configured(tmp_path, fake, channels="{name: rybar}, {name: second}, {name: third}"))
    assert found["previews"].text == "1 of 1 channels show posts; 2 more were not asked: `check` asks all"


@pytest.mark.parametrize(
    ("seconds", "verdict", "text"),
    [(2, Verdict.OK, "as Telegram's"), (-90, Verdict.LOOK, "90 s ahead of"), (3600, Verdict.BAD, "3600 s behind")],
)
async def test_the_clock_is_compared_with_telegrams(seconds: int, verdict: Verdict, text: str) -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    date = format_datetime(now + timedelta(seconds=seconds))

    async def answer(_: Request) -> Answer:
        return Answer(302, {"Location": "https://telegram.org/", "Date": date})

    async with serve(answer) as site, Http(HttpSettings(allow_private_networks=True), clock=StepClock(now)) as http:
        found = await ask_clock(site.url, http)
    assert (found.verdict, text in found.text) == (verdict, True), found


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
