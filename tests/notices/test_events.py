from __future__ import annotations

from dataclasses import replace

import pytest

from bot.digests.notices import flood_page
from bot.digests.render import plain
from bot.model import Grouping, Silence
from tests.notices.newsdesk import CONSOLE, HOUR, MINUTE, ROUTE, SUDZHA, URGENT, Newsdesk
from tests.store.world import digest

PLACE = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))


async def last(news: Newsdesk) -> str:
    return (await news.texts())[-1]


# ---------------------------------------------------------------- what is one event


async def test_an_event_that_a_card_told_rings_no_second_card(news: Newsdesk) -> None:
    """Also where the card cannot change, by way of a story that waits for it."""
    news.route = replace(ROUTE, to=CONSOLE)
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 1
    news.now += 10 * MINUTE
    waits = await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 0
    news.now += 10 * MINUTE
    await news.report("rybar", "К вечеру бои за Суджу стихли", like=waits)
    assert await news.tick() == 0
    assert await news.tick(4 * HOUR) == 1, "it waits for the card's next sound"
    assert "also isw" in await last(news)
    assert "К вечеру" in await last(news)


async def test_what_a_story_is_like_by_way_of_others_is_told_with_it(news: Newsdesk) -> None:
    one = await news.report("rybar")
    await news.tick()
    news.now += MINUTE
    two = await news.report("rybar", "Снова бои за Суджу", like=one)
    await news.tick()
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=two)
    assert await news.tick() == 1
    assert [line[0] for line in (await last(news)).splitlines() if "Суджу" in line] == ["«", "–", "–"]


async def test_other_events_of_the_place_are_no_voices(news: Newsdesk) -> None:
    news.route = PLACE
    await news.report("rybar", "Открыта выставка о Суджу")
    await news.report("isw", "A football club from Суджу won")
    assert await news.tick() == 0, "two events, each of one source"
    news.now += 40 * MINUTE
    one = await news.report("deepstate", "Сутички за Суджу тривають")
    news.now += MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 1
    assert "\n2 sources in their own words on this place within 1 min: DeepState, isw\n" in await last(news)
    assert "выставка" not in await last(news)
    assert await news.tick(MINUTE) == 0, "nor does the card take them"


async def test_a_further_urgent_event_of_the_place_goes_into_its_card(news: Newsdesk) -> None:
    news.route = PLACE
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 1
    news.now += MINUTE
    fire = await news.report("isw", "Fire at the depot of Суджу")
    assert await news.tick() == 0, "one source"
    news.now += MINUTE
    await news.report("rybar", "Горит склад, видно за Суджу", like=fire)
    assert await news.tick() == 1
    assert "3 sources in their own words on this place within 1 min: Рыбарь, DeepState, isw" in await last(news)
    assert "Kursk · urgent · Sudzha · both sides" in await last(news)
    assert set(await news.store.decisions("kursk")) == {1, 2, 3, 4}


async def test_sides_of_different_events_are_not_both_sides(news: Newsdesk) -> None:
    news.route = PLACE
    one = await news.report("rybar")
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    fire = await news.report("deepstate", "Пожежа за Суджу")
    await news.report("isw", "Fire at the depot of Суджу", like=fire)
    assert await news.tick() == 1
    assert "3 sources in their own words" in await last(news)
    assert "both sides" not in (await last(news)).splitlines()[0]


# ---------------------------------------------------------------- who counts


async def test_what_was_said_before_within_does_not_count(news: Newsdesk) -> None:
    one = await news.report("rybar")
    await news.store.save_digest(digest(1, slot=news.now), news.now)
    news.now += 2 * HOUR
    two = await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 0
    news.now += MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=two)
    assert await news.tick() == 1
    assert "\n2 sources in their own words within 1 min: DeepState, isw\n" in await last(news)


async def test_voices_that_were_told_ring_for_nothing_that_is_no_voice(news: Newsdesk) -> None:
    """A retraction alone is no news that several report."""
    news.route = PLACE
    one = await news.report("rybar")
    two = await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.store.save_digest(digest(1, 2, slot=news.now), news.now)
    news.now += 5 * MINUTE
    await news.report("isw", "Сообщения о боях за Суджу — ложь", like=two)
    assert await news.tick() == 0
    assert 3 not in await news.store.decisions("kursk"), "it is left for the digest"


async def test_a_card_waits_until_all_its_voices_may_be_told(news: Newsdesk) -> None:
    news.route = replace(ROUTE, delay=20 * MINUTE)
    one = await news.report("rybar")
    news.now += 10 * MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick(10 * MINUTE) == 0, "only the first may be told"
    assert await news.tick(10 * MINUTE) == 1
    assert "– «Сутички за Суджу тривають." in await last(news)


async def test_one_source_is_not_said_to_be_of_a_place_watched_as_urgent(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, sources=1))
    await news.report("rybar")
    assert await news.tick() == 1
    assert (await last(news)).splitlines()[1] == "1 source in its own words: Рыбарь"


# ---------------------------------------------------------------- a card goes on


async def test_what_is_older_than_within_is_not_said_to_be_so_now(news: Newsdesk) -> None:
    one = await news.report("rybar")
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    await news.tick()
    news.now += 10 * MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    assert await news.tick(4 * HOUR) == 1
    rung = await last(news)
    assert "both sides report it since 22 Nov 14:10\nalso DeepState (22 Nov 14:10)" in rung
    assert "now" not in rung


@pytest.mark.parametrize("named", [{"place": "sudzha"}, {"source": "deepstate"}, {"route": "kursk"}])
async def test_a_silence_that_is_set_later_leaves_a_sent_card_alone(news: Newsdesk, named: dict[str, str]) -> None:
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    news.now += MINUTE
    silence = Silence(since=news.now, until=news.now + HOUR, author="anna", comment="drill")
    await news.store.notices.add_silence(replace(silence, **named))  # type: ignore[arg-type]
    await news.restart()
    assert await news.tick(MINUTE) == 0
    await news.report("deepstate", "Знову сутички за Суджу", like=one)
    assert await news.tick(MINUTE) == 0, "what came after it is silenced"


# ---------------------------------------------------------------- in words


def test_numbers_of_a_flood_are_written_one_way_and_nothing_is_promised() -> None:
    text = plain(flood_page(ROUTE, 9998, {"sudzha": 9998}, {"sudzha": SUDZHA}))
    assert "9,998 stories at once" in text
    assert "Sudzha 9,998" in text
    assert "they are in the digest" not in text
