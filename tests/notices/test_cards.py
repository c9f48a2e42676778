"""How a card goes on: its changes, further sounds and entries, and what fits it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.digests.render import plain
from bot.digests.split import UNITS, units
from bot.model import (
    Action,
    Destination,
    DestinationKind,
    Grouping,
    Outcome,
    Priority,
    Reason,
)
from bot.notices import Rounds, plan
from bot.store import RESTORED
from tests.notices.newsdesk import CHANNEL, CONSOLE, HOUR, MINUTE, ROUTE, SUDZHA, TEN, URGENT, Newsdesk, two


async def test_a_card_that_was_sent_before_a_restore_rests(news: Newsdesk) -> None:
    """What joined it after the copy was made is not known: a change would take it out again."""
    one, _ = await two(news)
    assert await news.tick() == 1
    await news.store.remember(RESTORED, (news.now + MINUTE).isoformat())
    news.now += 2 * MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 1
    (_, (action, text)) = await news.queued()
    assert (action, "Fighting reported" in text) == ("send", True), "a card of its own"
    *_, card = await news.store.ready(news.now)
    assert card.message.links == ("https://t.me/isw/3",), "what was told before is shown beside, without its address"


async def test_a_card_is_changed_in_place_as_reports_come(news: Newsdesk) -> None:
    one, _ = await two(news)
    await news.tick()
    news.now += TEN
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 1
    card, edit = await news.store.ready(news.now)
    assert (edit.action, edit.of, edit.target) == (Action.EDIT, card.idempotency, None)
    assert "3 sources in their own words" in edit.message.text
    assert "changed 14:11" in edit.message.text
    assert edit.message.links == (*card.message.links, "https://t.me/isw/3")
    assert await news.store.decisions("kursk") == dict.fromkeys((1, 2, 3), Reason.URGENT)
    assert await news.tick(MINUTE) == 0


async def test_a_card_tells_reports_of_perhaps_one_event_as_one_item_as_digests_do(news: Newsdesk) -> None:
    one, _ = await two(news)
    await news.tick()
    news.now += TEN
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    await news.tick()
    first, changed = await news.texts()
    assert "both sides · 2 channels, 2 in their own words, perhaps of one event\nfirst Рыбарь" in first
    assert "\n– «Сутички за Суджу тривають." in first
    assert "both sides · an observer (tt) · 3 sources, 3 in their own words, perhaps" in changed, (
        "also when only one stirs"
    )
    assert [line[0] for line in changed.splitlines() if "Суджу" in line] == ["«", "–", "–"]


async def test_a_card_goes_on_without_what_was_forgotten(news: Newsdesk) -> None:
    one, other = await two(news)
    await news.tick()
    (card,) = await news.store.ready(news.now)
    await news.store.settle(await news.store.begin(card, news.now), Outcome.SENT, now=news.now, receipt="7")
    await news.store.forget(one, reason="its author asked", now=news.now)
    await news.report("isw", "Sudzha fighting: Суджу", like=other)
    assert await news.tick(10 * MINUTE) == 1
    (edit,) = await news.store.ready(news.now)
    assert (edit.action, edit.message.links) == (Action.EDIT, ("https://t.me/deepstate/2", "https://t.me/isw/3"))
    assert "rybar" not in edit.message.text.lower()
    await news.store.forget(other, reason="its author asked", now=news.now)
    await news.store.forget("isw/3", reason="its author asked", now=news.now)
    await news.report("rybar", "Снова бои за Суджу", like=other)
    assert await news.tick(HOUR) == 0, "a card of which no word is left stays as it is"


async def test_a_card_that_was_not_sent_is_made_anew_without_what_was_forgotten(news: Newsdesk) -> None:
    one, other = await two(news)
    await news.report("isw", "Sudzha fighting: Суджу", like=other)
    await news.tick()
    (card,) = await news.store.ready(news.now)
    assert len(card.message.links) == 3
    await news.store.forget(one, reason="its author asked", now=news.now)
    assert await news.store.ready(news.now) == []
    assert await news.tick(MINUTE) == 1
    (again,) = await news.store.ready(news.now)
    assert again.message.links == ("https://t.me/deepstate/2", "https://t.me/isw/3")
    assert "rybar" not in again.message.text.lower()
    assert await news.tick(MINUTE) == 0


async def test_what_is_forgotten_while_a_card_is_made_is_not_in_it(
    news: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await two(news)
    await news.report("isw", "Sudzha fighting: Суджу", like=other)

    async def interrupted(*given: Any) -> Any:
        plans = await plan(*given)
        await news.store.forget(one, reason="its author asked", now=news.now)
        return plans

    with monkeypatch.context() as patched:
        patched.setattr("bot.notices.urgent.plan", interrupted)
        assert await news.tick() == 0
    assert await news.outbox() == []
    assert await news.tick(MINUTE) == 1, "what else it told rings by the next"
    (card,) = await news.store.ready(news.now)
    assert card.message.links == ("https://t.me/deepstate/2", "https://t.me/isw/3")


async def test_a_card_changes_at_most_once_an_interval(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, interval=TEN))
    one, _ = await two(news)
    await news.tick()
    news.now += MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 0
    assert await news.tick(5 * MINUTE) == 0
    assert await news.tick(5 * MINUTE) == 1


async def test_it_rings_again_after_repeat_for_a_source_that_is_new(news: Newsdesk) -> None:
    one, _ = await two(news)
    await news.tick()
    news.now += TEN
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 1
    assert await news.tick(3 * HOUR) == 0
    assert await news.tick(HOUR) == 1
    *_, edit, again = await news.store.ready(news.now)
    assert (edit.action, again.action) == (Action.EDIT, Action.SEND)
    assert again.message.text == "Kursk · urgent · Sudzha\nalso isw (22 Nov 14:11)", "it is not new now"
    assert again.message.links == ()
    assert await news.tick(5 * HOUR) == 0, "nobody new"


async def test_a_second_side_is_announced_as_both(news: Newsdesk) -> None:
    one = await news.report("rybar")
    news.now += MINUTE
    two_ = await news.report("isw", "Fighting reported, Суджу named", like=one)
    await news.tick()
    news.now += 4 * HOUR
    await news.report("deepstate", "Сутички за Суджу тривають", like=two_)
    await news.tick()
    assert "now both sides report it\nnow also DeepState" in (await news.texts())[-1]


@pytest.mark.parametrize("kind", [DestinationKind.CONSOLE, DestinationKind.FILE])
async def test_where_nothing_can_be_edited_a_further_entry_comes_only_when_it_rings(
    news: Newsdesk, kind: DestinationKind, tmp_path: Path
) -> None:
    news.route = replace(ROUTE, to=Destination(kind, str(tmp_path / "out.txt") if kind == "file" else ""))
    one, _ = await two(news)
    await news.tick()
    news.now += TEN
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 0
    assert 3 not in await news.store.decisions("kursk"), "the digest may tell it, should it come first"
    assert await news.tick(4 * HOUR) == 1
    first, further = await news.texts()
    whole = first + further
    for number, source in enumerate(("rybar", "deepstate", "isw"), 1):
        assert whole.count(f"https://t.me/{source}/{number}") == 1
    assert "also isw (22 Nov 14:11)" in further


@pytest.mark.parametrize(
    "to", [Destination(DestinationKind.WEBHOOK, "hook"), Destination(DestinationKind.FILE, "feed.xml")]
)
async def test_a_webhook_and_a_feed_get_each_change_under_the_same_card(news: Newsdesk, to: Destination) -> None:
    news.route = replace(ROUTE, to=to)
    one, _ = await two(news)
    await news.tick()
    news.now += TEN
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 1
    first, further = await news.texts()
    if to.feed:
        assert first.split("<id>")[1].split("</id>")[0] == further.split("<id>")[1].split("</id>")[0]
        assert "<updated>2026-11-22T12:11:00Z</updated>" in further
    else:
        assert '"card": "s1", "revision": 1' in first
        assert '"card": "s1", "revision": 2' in further


async def test_a_card_is_one_message_and_what_does_not_fit_is_left_for_the_digest(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    one = None
    for number in range(12):
        source = ("rybar", "deepstate", "isw")[number % 3]
        one = await news.report(source, f"Бои за Суджу, {'очень длинное сообщение о положении дел ' * 12}", like=one)
    assert await news.tick() == 1
    (row,) = await news.store.ready(news.now)
    assert units(row.message.text) <= UNITS
    told = [story for story, reason in (await news.store.decisions("kursk")).items() if reason is Reason.URGENT]
    assert len(told) == len(row.message.links) == len({e.url for e in row.message.entities if e.url})
    assert len(told) + len(await news.store.untold("kursk")) == 12


@pytest.mark.parametrize(
    "to", [CONSOLE, CHANNEL, *(Destination(DestinationKind.FILE, name) for name in ("out.txt", "feed.xml"))]
)
async def test_what_strangers_write_breaks_no_card(news: Newsdesk, to: Destination) -> None:
    news.route = replace(ROUTE, to=to)
    news.watches = (replace(SUDZHA, priority=Priority.URGENT),)
    hostile = "\u202e@all \ud800 tg://resolve?domain=x javascript:alert(1) https://evil.example/"
    await news.report("rybar", f"{hostile} за Суджу {hostile * 1_000} {'я' * 900_000}")
    assert await news.tick() == 1
    (text,) = await news.texts()
    text.encode()
    assert "Суджу" in text
    assert units(text) <= UNITS
    assert not any(bad in text for bad in ("\u202e", "@all", "tg://", "javascript:", "evil.example"))


async def test_it_plays_on_the_console_and_settles(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=CONSOLE)
    await two(news)
    await news.tick()
    (row,) = await news.store.ready(news.now)
    begun = await news.store.begin(row, news.now)
    await news.store.settle(begun, Outcome.SENT, now=news.now)
    assert await news.tick(MINUTE) == 0
    assert [each.outcome for each in await news.outbox()] == ["sent"]


async def test_a_card_of_many_stories_tells_some_of_each_source(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    one = None
    for number in range(9):
        one = await news.report("rybar", f"Бои за Суджу, сообщение {number}", like=one)
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    plans = await plan(news.desk, news.route, Rounds(), news.now)
    (page,) = [plain(each.page) for each in plans if each.page]
    assert "Сутички за Суджу тривають" in page
