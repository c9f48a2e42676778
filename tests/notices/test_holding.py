"""What holds an urgent event: quiet hours, wait, delay, silences, and too many at once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from bot.model import (
    Gap,
    Priority,
    Quiet,
    Reason,
    Silence,
)
from bot.notices.flood import CARDS_AN_HOUR
from bot.pipeline import House, compose
from tests.fakes.clock import StepClock
from tests.notices.newsdesk import CONSOLE, HOUR, MINUTE, ROUTE, SUDZHA, URGENT, Newsdesk, two
from tests.store.world import commit, digest, reading


async def test_quiet_hours_hold_and_never_drop(news: Newsdesk) -> None:
    news.route = replace(ROUTE, quiet=Quiet("13:00", "16:00"))  # 11:00-14:00 UTC
    await two(news)
    assert await news.tick() == 0
    assert set((await news.store.decisions("kursk")).values()) == {Reason.QUIET_HOURS}
    assert any("until 16:00 (Europe/Kyiv)" in event.text for event in await news.store.trace("s1"))
    assert await news.tick(HOUR) == 0
    assert await news.tick(HOUR) == 1
    assert len(await news.texts()) == 1


async def test_a_route_may_send_in_quiet_hours_without_a_sound(news: Newsdesk) -> None:
    news.route = replace(ROUTE, quiet=Quiet("13:00", "16:00"), urgent=replace(URGENT, held=False))
    await two(news)
    assert await news.tick() == 1
    (row,) = await news.store.ready(news.now)
    assert row.message.silent


async def test_a_digest_may_tell_what_quiet_hours_hold(news: Newsdesk) -> None:
    news.route = replace(ROUTE, quiet=Quiet("13:00", "16:00"))
    await two(news)
    await news.tick()
    assert len(await news.store.untold("kursk")) == 2
    await news.store.save_digest(digest(1, 2, slot=news.now), news.now)
    assert await news.tick(3 * HOUR) == 0


async def compose_now(news: Newsdesk) -> int:
    """What the service does between grouping and delivery."""
    await news.tick()
    house = SimpleNamespace(
        config=news.desk.config,
        clock=StepClock(news.now),
        store=news.store,
        secret=b"secret",
        rounds=news.rounds,
        desk=news.desk,
    )
    return await compose(cast("House", house))


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_digest_of_quiet_hours_tells_how_things_stand_when_they_end(news: Newsdesk, restarted: bool) -> None:
    """What is gone by then was never told, so nothing is to be corrected; and no card rings for what it tells."""
    news.route = replace(ROUTE, to=CONSOLE, quiet=Quiet("17:00", "19:00"))  # 15:00-17:00 UTC, the slot is at 16:00
    news.now += 3 * HOUR + 50 * MINUTE
    await two(news)
    await news.report("rybar", "Над Суджу пролетел дрон")
    news.now += 10 * MINUTE
    assert await compose_now(news) == 0
    assert await news.texts() == []
    assert await news.store.decisions("kursk") == dict.fromkeys((1, 2, 3), Reason.QUIET_HOURS)
    assert any("until 19:00 (Europe/Kyiv)" in event.text for event in await news.store.trace("s3"))
    news.now += 30 * MINUTE
    await commit(news.store, reading(source="rybar", window=Gap(3, 3)), news.now)
    assert await compose_now(news) == 0
    if restarted:
        await news.restart()
    news.now += 30 * MINUTE
    assert await compose_now(news) == 1
    (text,) = await news.texts()
    assert text.startswith("Kursk · digest 22 Nov 14:00–19:01 (Kyiv)\n\nSudzha (Суджа) · 2 stories · 2 posts")
    assert "дрон" not in text
    assert "correction" not in text
    assert await news.store.decisions("kursk") == {1: Reason.TOLD, 2: Reason.TOLD, 3: Reason.WITHDRAWN}
    news.now += MINUTE
    assert (await compose_now(news), len(await news.texts())) == (0, 1)


async def test_slots_of_quiet_hours_are_no_missed_ones(news: Newsdesk) -> None:
    assert ROUTE.digest is not None
    hourly = replace(ROUTE.digest, cron="0 * * * *")
    news.route = replace(ROUTE, to=CONSOLE, quiet=Quiet("13:30", "17:30"), digest=hourly)
    await news.report("rybar")
    news.now += 4 * HOUR
    assert await compose_now(news) == 1
    (text,) = await news.texts()
    assert "not sent in time" not in text
    assert len(await news.store.digests("kursk")) == 4


async def test_wait_lets_further_reports_come_into_the_first_card(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, wait=5 * MINUTE))
    one, _ = await two(news)
    assert await news.tick() == 0
    assert set((await news.store.decisions("kursk")).values()) == {Reason.WAITS}
    news.now += MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 0
    assert await news.tick(4 * MINUTE) == 1
    assert "3 sources in their own words" in (await news.texts())[0]


async def test_delay_holds_what_is_urgent_too(news: Newsdesk) -> None:
    news.route = replace(ROUTE, delay=20 * MINUTE)
    await two(news)
    assert await news.tick() == 0
    assert set((await news.store.decisions("kursk")).values()) == {Reason.DELAYED}
    assert await news.tick(20 * MINUTE) == 1


@pytest.mark.parametrize("named", [{"place": "sudzha"}, {"tag": "kursk"}, {"route": "kursk"}])
async def test_a_silence_holds_what_it_names_and_says_who_and_why(news: Newsdesk, named: dict[str, str]) -> None:
    silence = Silence(since=news.now, until=news.now + HOUR, author="anna", comment="drill")
    await news.store.notices.add_silence(replace(silence, **named))  # type: ignore[arg-type]
    await two(news)
    assert await news.tick() == 0
    (event,) = [each for each in await news.store.trace("s1") if each.step == "decided"]
    assert event.text == ("route kursk: held while it is silenced (m1 until 2026-11-22 13:00 UTC, by anna: drill)")
    assert len(await news.store.untold("kursk")) == 2, "it is told in the digest after the silence"
    news.now += 9 * HOUR * ("place" in named)
    await news.store.notices.expire_silence("m1", news.now)
    assert await news.tick() == 1, "an ended silence lets it ring, as long as it is news"
    age = "\nheld until now: the last of these reports is 9 h old\n"
    assert (age in (await news.texts())[0]) is ("place" in named)


async def test_a_silenced_source_is_heard_no_more_and_others_are(news: Newsdesk) -> None:
    silence = Silence(since=news.now, until=news.now + HOUR, author="anna", comment="spam", source="isw")
    await news.store.notices.add_silence(silence)
    one = await news.report("isw", "Fighting reported, Суджу named")
    assert await news.tick() == 0
    news.now += MINUTE
    await news.report("rybar", like=one)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like="rybar/2")
    assert await news.tick() == 1


@pytest.mark.parametrize("copies", [False, True])
async def test_a_silenced_source_is_no_voice_until_the_silence_ends(news: Newsdesk, *, copies: bool) -> None:
    silence = Silence(since=news.now, until=news.now + 10 * MINUTE, author="anna", comment="spam", source="deepstate")
    await news.store.notices.add_silence(silence)
    news.watches = (replace(SUDZHA, priority=Priority.URGENT),) if copies else news.watches
    one = await news.report("isw" if copies else "rybar", "Fighting reported, Суджу named", ago=HOUR * 2 * copies)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=None if copies else one)
    assert await news.tick() == 0
    (event,) = [each for each in await news.store.trace("s2") if each.step == "decided"]
    assert event.text == "route kursk: held while it is silenced (m1 until 2026-11-22 12:10 UTC, by anna: spam)"
    assert await news.tick(10 * MINUTE) == 1, "it counts again"
    assert copies or "both sides" in (await news.texts())[0]


async def test_so_many_at_once_ring_together(news: Newsdesk) -> None:
    news.watches = (replace(SUDZHA, priority=Priority.URGENT),)
    for _ in range(CARDS_AN_HOUR + 15):
        await news.report("rybar")
    await news.tick()
    texts = await news.texts()
    assert len(texts) == CARDS_AN_HOUR + 1
    assert "too many to tell each of them here; the digest tells them, or counts them\nSudzha 15" in texts[-1]
    decisions = list((await news.store.decisions("kursk")).values())
    assert decisions.count(Reason.URGENT) == CARDS_AN_HOUR
    assert decisions.count(Reason.FLOOD) == 15
    assert len(await news.store.untold("kursk")) == 15
    await news.report("rybar")
    assert await news.tick(MINUTE) == 0, "the flood is told once an hour"
    assert len(await news.texts()) == CARDS_AN_HOUR + 1
