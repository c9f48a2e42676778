from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.digests.usual import Counted, lull, spike
from bot.model import Arrival, Condition, Lull, NoticeKind, Place, Post, Silence, Spike
from bot.store import RESTORED
from tests.notices.newsdesk import HOUR, MINUTE, ROUTE, SUDZHA, Newsdesk
from tests.store.world import NOW, commit, group, match, memory, reading

DAY = timedelta(days=1)
SPIKE = Spike(within=HOUR, times=5, least=6, over=7 * DAY, repeat=6 * HOUR)
LULL = Lull(after=36 * HOUR, usual=3, over=14 * DAY)


async def posts(news: Newsdesk, count: int, *, arrival: Arrival = Arrival.LIVE, ago: timedelta = timedelta(0)) -> None:
    """So many posts of the place, within a few minutes."""
    news.number += count
    made = [
        Post(
            source="rybar", id=str(news.number + n), text=f"Бои за Суджу {n}", published=news.now - ago - n * MINUTE / 2
        )
        for n in range(count)
    ]
    news.number += count
    await commit(news.store, reading(*made, arrival=arrival), news.now)
    await match(news.store, now=news.now)
    await group(news.store, news.now)


async def usual_days(news: Newsdesk, days: int, a_day: int) -> None:
    for _ in range(days):
        for _ in range(a_day):
            news.now += DAY / a_day
            await posts(news, 1)


async def test_a_spike_is_told_once_with_what_is_usual(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=None, spike=SPIKE)
    await usual_days(news, 3, 8)
    assert await news.tick(2 * HOUR) == 0
    await posts(news, 12)
    assert await news.tick(MINUTE) == 1
    (text,) = await news.texts()
    assert text == "Kursk · Sudzha · more than usual\n12 mentions in 1 h, usually 0.3"
    assert await news.tick(2 * MINUTE) == 0
    await news.restart()
    assert await news.tick(10 * MINUTE) == 0, "once, also through a restart"
    news.now += 6 * HOUR
    await posts(news, 12)
    assert await news.tick(MINUTE) == 1


@pytest.mark.parametrize("arrival", [Arrival.BASELINE, Arrival.BACKFILL])
async def test_late_and_backfilled_posts_never_ring(news: Newsdesk, arrival: Arrival) -> None:
    news.route = replace(ROUTE, spike=SPIKE)
    await usual_days(news, 3, 8)
    await posts(news, 60, arrival=arrival)
    assert await news.tick(MINUTE) == 0


async def test_what_a_feed_brings_after_an_outage_counts_at_its_own_hours(news: Newsdesk) -> None:
    news.route = replace(ROUTE, spike=SPIKE)
    await usual_days(news, 3, 8)
    await posts(news, 60, ago=5 * HOUR)
    assert await news.tick(MINUTE) == 0


async def test_nothing_is_usual_in_the_first_day(news: Newsdesk) -> None:
    news.route = replace(ROUTE, spike=SPIKE)
    await posts(news, 60)
    assert await news.tick(MINUTE) == 0


async def ok(news: Newsdesk) -> None:
    """All sources were read just now."""
    for source in news.sources:
        read = reading(source=source.name, condition=Condition(state="ok"))
        await news.store.commit_reading(read, memory(read, news.now), news.now)


async def test_a_lull_is_told_once_and_anew_after_the_next_post(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=None, lull=LULL)
    await usual_days(news, 4, 5)
    news.now += 35 * HOUR
    await ok(news)
    assert await news.tick() == 0
    news.now += HOUR
    await ok(news)
    assert await news.tick() == 1
    (text,) = await news.texts()
    assert text == "Kursk · Sudzha · silence\nnone for 36 h, usually 5 a day"
    news.now += HOUR
    await ok(news)
    assert await news.tick() == 0


async def test_after_a_restore_what_is_usual_is_learnt_anew(news: Newsdesk) -> None:
    """The lull may have been told before it, or there were posts that the copy does not know."""
    news.route = replace(ROUTE, urgent=None, lull=LULL)
    await usual_days(news, 4, 5)
    news.now += 36 * HOUR
    await ok(news)
    await news.store.remember(RESTORED, news.now.isoformat())
    assert await news.tick() == 0
    await usual_days(news, 4, 5)
    news.now += 36 * HOUR
    await ok(news)
    assert await news.tick() == 1


async def test_silent_sources_make_no_lull(news: Newsdesk) -> None:
    news.route = replace(ROUTE, lull=LULL)
    await usual_days(news, 4, 5)
    assert await news.tick(40 * HOUR) == 0, "nothing was read for long: the silence is ours"


@pytest.mark.parametrize("silenced", ["sudzha", "raion"])
async def test_a_silenced_place_is_noted_and_not_told(news: Newsdesk, silenced: str) -> None:
    news.route = replace(ROUTE, urgent=None, spike=SPIKE)
    news.watches = (replace(SUDZHA, within="Суджанский район"), Place(id="raion", name="Суджанский район"))
    await usual_days(news, 3, 8)
    silence = Silence(since=news.now, until=news.now + DAY, author="anna", comment="drill", place=silenced)
    await news.store.notices.add_silence(silence)
    await posts(news, 12)
    await news.tick(MINUTE)
    assert await news.texts() == []
    kept = await news.store.notices.last("kursk", NoticeKind.SPIKE, "sudzha")
    assert kept is not None
    assert kept.text.startswith("held while it is silenced (m1, anna: drill): 13 mentions")


def test_a_spike_is_both_many_and_many_times_the_usual() -> None:
    counted = Counted(posts=20, before=7 * 24 * 3, known=7 * DAY)
    found = spike(Spike(), counted)
    assert found is not None
    assert (found.posts, found.usual) == (20, 3.0)
    assert spike(Spike(), replace(counted, posts=14)) is None
    assert spike(Spike(), replace(counted, posts=9, before=0)) is None
    assert spike(Spike(), replace(counted, known=20 * HOUR)) is None


def test_a_lull_needs_a_place_that_was_named() -> None:
    counted = Counted(posts=0, before=70, known=14 * DAY, last=NOW - 36 * HOUR)
    found = lull(Lull(), counted, NOW)
    assert found is not None
    assert (found.usual, found.lasting) == (5.0, 36 * HOUR)
    assert lull(Lull(), replace(counted, before=60), NOW) is None
    assert lull(Lull(), replace(counted, last=None), NOW) is None
    assert lull(Lull(), replace(counted, posts=1), NOW) is None
