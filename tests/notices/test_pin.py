from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Action, Outcome, Quiet
from bot.notices import pin_text, pinned
from bot.store import Store
from tests.notices.newsdesk import HOUR, MINUTE, ROUTE, Newsdesk


async def pin(news: Newsdesk) -> bool:
    notice = await pinned(news.desk, news.route, news.now)
    return notice is not None and await news.store.notices.save(notice, news.now) is not None


async def test_it_is_sent_and_pinned_once_and_changed_when_the_route_is(news: Newsdesk) -> None:
    assert await pin(news)
    assert not await pin(news)
    send, pinning = await news.store.ready(news.now)
    assert (send.action, pinning.action, pinning.of) == (Action.SEND, Action.PIN, send.idempotency)
    assert send.message.silent
    begun = await news.store.begin(send, news.now)
    await news.store.settle(begun, Outcome.SENT, now=news.now, receipt="5")
    news.route = replace(ROUTE, quiet=Quiet("23:00", "07:00"))
    news.now += HOUR
    assert await pin(news)
    *_, edit = await news.store.ready(news.now)
    assert (edit.action, edit.target) == (Action.EDIT, "5")
    assert "Quiet: 23:00–07:00" in edit.message.text


async def test_what_was_pinned_before_a_restore_is_changed_though_all_keys_are_new(
    news: Newsdesk, tmp_path: Path
) -> None:
    assert await pin(news)
    send, _ = await news.store.ready(news.now)
    await news.store.settle(await news.store.begin(send, news.now), Outcome.SENT, now=news.now, receipt="5")
    await news.store.backup(tmp_path / "copy.db")
    await news.store.close()
    await Store.restore(tmp_path / "copy.db", news.store.path, news.now)
    async with await Store.open(news.store.path, now=news.now) as news.store:
        news.secret, news.route = await news.store.secret(), replace(ROUTE, quiet=Quiet("23:00", "07:00"))
        assert await pin(news)
        (edit,) = [each for each in await news.store.ready(news.now) if each.action is Action.EDIT]
        assert (edit.of, edit.target) == (send.idempotency, "5")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Language: English"), ("uk", "Мова: українська"), ("ru", "Язык: русский")],
)
async def test_it_speaks_the_route_s_language(news: Newsdesk, language: str, words: str) -> None:
    text = pin_text(news.desk.config, replace(ROUTE, language=language, delay=30 * MINUTE), news.now)
    assert words in text
    assert "18:00" in text


async def test_often_is_said_in_numbers(news: Newsdesk) -> None:
    assert ROUTE.digest is not None
    often = replace(ROUTE, digest=replace(ROUTE.digest, cron="0 * * * *"))
    assert "Digests: every 1 h (Kyiv)." in pin_text(news.desk.config, often, news.now)
    for cron, said in (
        ("*/30 * * * *", "every 30 min"),
        ("* * * * *", "every 1 min"),
        ("*/7 * * * *", "more than 200 a week"),
        ("0 9,10,18 * * 1", "3 a week"),
    ):
        often = replace(ROUTE, digest=replace(ROUTE.digest, cron=cron))
        assert f"Digests: {said} (Kyiv)." in pin_text(news.desk.config, often, news.now)
    assert "There are no digests." in pin_text(news.desk.config, replace(ROUTE, digest=None), news.now)
