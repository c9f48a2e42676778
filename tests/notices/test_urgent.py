"""What rings, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.digests.judging import Judged, judging
from bot.model import (
    Grouping,
    Place,
    Priority,
    Reason,
    Route,
    Story,
)
from bot.notices import Rounds, plan, situation
from bot.pipeline import Due, composed
from tests.notices.newsdesk import HOUR, MINUTE, ROUTE, SUDZHA, URGENT, Newsdesk, two


async def test_one_source_does_not_ring_and_two_do_at_once(news: Newsdesk) -> None:
    one = await news.report("rybar")
    assert await news.tick() == 0
    news.now += 7 * MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 1
    ((action, text),) = await news.queued()
    assert action == "send"
    assert text.startswith(
        "Kursk · urgent · Sudzha · both sides\n2 sources in their own words within 7 min: Рыбарь, DeepState"
    )
    (row,) = await news.store.ready(news.now)
    assert row.message.links == ("https://t.me/rybar/1", "https://t.me/deepstate/2")
    assert await news.store.decisions("kursk") == {1: Reason.URGENT, 2: Reason.URGENT}
    assert await news.store.untold("kursk") == [], "what was told at once is not told again as new"


async def test_ticks_and_restarts_send_nothing_twice(news: Newsdesk) -> None:
    await two(news)
    assert await news.tick() == 1
    for _ in range(3):
        await news.restart()
        assert await news.tick(MINUTE) == 0
    assert len(await news.outbox()) == 1


async def test_two_that_ring_at_once_ring_once(news: Newsdesk) -> None:
    await two(news)
    (one,) = await plan(news.desk, ROUTE, Rounds(), news.now)
    (other,) = await plan(news.desk, ROUTE, Rounds(), news.now)
    assert one.notice is not None
    assert other.notice is not None
    assert await news.store.notices.save(one.notice, news.now) == 1
    assert await news.store.notices.save(other.notice, news.now) is None
    assert [row.idempotency for row in await news.store.ready(news.now)] == [one.notice.messages[0].idempotency]


async def test_copies_and_echoes_are_no_second_source(news: Newsdesk) -> None:
    one = await news.report("rybar", "Бои идут за Суджу, северная окраина")
    for source in ("deepstate", "isw"):
        await news.report(source, "Бои идут за Суджу, северная окраина", copies=one)
    assert await news.tick() == 0


async def test_what_lies_too_far_apart_does_not_ring(news: Newsdesk) -> None:
    one = await news.report("rybar")
    news.now += 31 * MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 0


async def test_what_was_read_long_after_it_was_reported_does_not_ring(news: Newsdesk) -> None:
    news.now += 2 * HOUR
    one = await news.report("rybar", ago=90 * MINUTE)
    await news.report("deepstate", "Сутички за Суджу тривають", like=one, ago=80 * MINUTE)
    assert await news.tick() == 0


async def test_a_part_of_a_told_round_up_rings_where_it_is_news(news: Newsdesk) -> None:
    news.watches = (replace(SUDZHA, priority=Priority.URGENT),)
    said = "Бои идут за Суджу, северная окраина горит"
    whole = await news.report("rybar", said)
    assert await news.tick() == 1
    news.now += HOUR
    await news.report("deepstate", said, within=whole)
    assert await news.tick() == 0
    await news.report("isw", "Ночью над рекой за Суджу сбиты два беспилотника", within=whole)
    assert await news.tick() == 1
    assert "сбиты два беспилотника" in (await news.texts())[-1]


async def test_what_is_late_stands_on_no_card(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    await news.report("isw", "Суджу named in an old report", ago=3 * HOUR)
    await two(news)
    assert await news.tick() == 1
    (card,) = await news.texts()
    assert "an old report" not in card
    assert 1 not in await news.store.decisions("kursk"), "it is left for the digest"


async def test_an_urgent_place_needs_one_source(news: Newsdesk) -> None:
    news.watches = (replace(SUDZHA, priority=Priority.URGENT),)
    await news.report("rybar")
    assert await news.tick() == 1
    assert "this place is watched as urgent: Рыбарь" in (await news.texts())[0]


async def test_a_like_that_the_route_does_not_watch_silences_no_card(news: Newsdesk) -> None:
    lgov, glushkovo = Place(id="lgov", name="Льгов"), Place(id="glushkovo", name="Глушково", priority=Priority.URGENT)
    news.watches = (SUDZHA, lgov, glushkovo)
    watched = replace(ROUTE.watch, places=("sudzha", "glushkovo"))
    news.route = replace(ROUTE, watch=watched, urgent=replace(URGENT, group=Grouping.PLACE))
    elsewhere = await news.report("isw", "Обстрел, как и в Суджу", at="lgov")
    one = await news.report("rybar", "Бои идут за Суджу, северная окраина", like=elsewhere)
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.report("isw", "Под обстрелом, а не в Суджу", at="glushkovo")
    assert await news.tick() == 2
    assert sorted(text.split("\n")[0] for text in await news.texts()) == [
        "Kursk · urgent · Glushkovo",
        "Kursk · urgent · Sudzha · both sides",
    ]


async def test_a_card_that_cannot_be_made_silences_no_other(
    news: Newsdesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    news.watches = (replace(SUDZHA, priority=Priority.URGENT),)
    await news.report("rybar")
    await news.report("isw", "Fighting reported, Суджу named")

    def faulty(route: Route, **more: Any) -> Callable[[Story], Judged]:
        def judge(story: Story) -> Judged:
            if story.row == 1:
                raise ZeroDivisionError
            return judging(route, **more)(story)

        return judge

    monkeypatch.setattr(situation, "judging", faulty)
    assert await news.tick() == 1
    assert "isw" in (await news.texts())[0].casefold()
    assert "a card could not be made" in capsys.readouterr().out


async def test_a_place_that_was_told_at_once_is_not_quiet_in_the_digest(news: Newsdesk) -> None:
    district = Place(id="district", name="Суджанский район")
    news.watches = (replace(SUDZHA, within="Суджанский район"), district, Place(id="lgov", name="Льгов"))
    await two(news)
    assert await news.tick() == 1
    due = Due(slot=news.now + HOUR, since=news.now - HOUR, now=news.now + HOUR)
    lgov = await news.report("isw", "Обстрел, как и в Суджу", at="lgov")
    made = await composed(news.desk, news.route, await news.store.untold("kursk"), due)
    assert made.digest is not None, lgov
    assert made.digest.remarks == ("told at once: Sudzha 22 Nov 14:01",)
    assert made.digest.quiet == ()
    later = Due(slot=news.now + 3 * HOUR, since=news.now + HOUR, now=news.now + 3 * HOUR)
    made = await composed(news.desk, news.route, await news.store.untold("kursk"), later)
    assert made.digest is not None
    assert made.digest.quiet == (news.watches[0], district)


async def test_a_route_that_watches_other_places_hears_nothing(news: Newsdesk) -> None:
    news.route = replace(ROUTE, watch=replace(ROUTE.watch, tags=("donetsk",)))
    await two(news)
    assert await news.tick() == 0


async def test_a_clock_that_is_set_back_rings_nothing_twice(news: Newsdesk) -> None:
    await two(news)
    await news.tick()
    assert await news.tick(-timedelta(hours=3)) == 0
    assert await news.tick(timedelta(hours=5)) == 0
    assert len(await news.outbox()) == 1
