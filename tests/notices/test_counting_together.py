"""Reports that count together, and what shares a card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Action, Destination, DestinationKind, Grouping, NoticeKind, Place, Reason
from tests.notices.newsdesk import CONSOLE, HOUR, MINUTE, ROUTE, SUDZHA, TEN, URGENT, Newsdesk, two
from tests.store.world import digest


async def test_urgent_events_of_a_place_may_share_one_card(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE, interval=TEN))
    one = await news.report("rybar")
    assert await news.tick() == 0
    news.now += 20 * MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 1
    news.now += MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 0
    assert await news.tick(TEN) == 1
    card, edit = await news.store.ready(news.now)
    assert edit.action is Action.EDIT
    assert edit.message.links == (*card.message.links, "https://t.me/isw/3")
    assert await news.tick(4 * HOUR) == 1
    *_, again = await news.store.ready(news.now)
    assert again.message.text.endswith("also isw (22 Nov 14:21)")
    assert len(await news.store.notices.since("kursk", NoticeKind.URGENT, news.now - 9 * HOUR)) == 1


async def test_the_card_says_in_which_time_all_its_voices_spoke_and_on_what(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    one = None
    for source, text in (
        ("rybar", "Бои за Суджу"),
        ("deepstate", "Сутички за Суджу"),
        ("isw", "Fighting, Суджу named"),
    ):
        one = await news.report(source, text, like=one)
        news.now += 13 * MINUTE
    assert await news.tick() == 1
    assert "\n3 sources in their own words on this place within 26 min: Рыбарь" in (await news.texts())[0]


async def test_a_story_counts_for_each_place_that_it_names_and_is_told_once(news: Newsdesk) -> None:
    news.watches = (SUDZHA, Place(id="berdin", name="Бердин"))
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    places = {"berdin": "Бердин", "sudzha": "Суджу"}
    one = await news.report("rybar", "В Бердин входит техника, по дороге на Суджу", at=places)
    await news.report("deepstate", "Бердин під вогнем", at={"berdin": "Бердин"}, like=one)
    assert await news.tick() == 1
    (row,) = await news.store.ready(news.now)
    assert row.message.text.startswith("Kursk · urgent · Berdin · both sides\n2 sources")
    assert row.message.links == ("https://t.me/rybar/1", "https://t.me/deepstate/2")
    await news.report("isw", "Reports name Суджу only", like=one)
    assert await news.tick() == 1, "the first told of Sudzha, too"
    *_, card = await news.store.ready(news.now)
    assert card.message.text.startswith("Kursk · urgent · Sudzha\n2 sources")
    assert card.message.links == ("https://t.me/isw/3",)
    assert "«В Бердин входит техника, по дороге на Суджу." in card.message.text, "who counts is shown"


async def test_reports_of_other_places_do_not_count_together(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    await news.report("rybar")
    assert await news.tick(20 * MINUTE) == 0
    assert await news.tick(20 * MINUTE) == 0
    await news.report("deepstate", "Сутички за Суджу тривають")
    assert await news.tick() == 0, "too far apart"


async def test_what_a_digest_told_counts_as_a_voice_and_is_not_told_again(news: Newsdesk) -> None:
    one = await news.report("rybar")
    await news.store.save_digest(digest(1, slot=news.now), news.now)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 1
    (row,) = await news.store.ready(news.now)
    assert row.message.links == ("https://t.me/deepstate/2",)
    assert "2 sources in their own words" in row.message.text
    assert "«Бои за Суджу." in row.message.text, "who is counted is shown with what he said"


@pytest.mark.parametrize("to", [CONSOLE, Destination(DestinationKind.FILE, "out.txt")])
@pytest.mark.parametrize("group", [Grouping.PLACE, Grouping.ROUTE])
async def test_what_came_to_a_card_that_cannot_change_is_told_by_its_next_sound_once(
    news: Newsdesk, group: Grouping, to: Destination
) -> None:
    news.route = replace(ROUTE, to=to, urgent=replace(URGENT, group=group))
    one, _ = await two(news)
    assert await news.tick() == 1
    news.now += 3 * HOUR
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 0
    assert await news.tick(HOUR) == 1, "`repeat` ends, and the card sounds for a new source"
    await news.restart()
    assert await news.tick(MINUTE) == 0
    first, further = await news.texts()
    assert "also isw (22 Nov 17:01)" in further
    assert (first + further).count("https://t.me/isw/3") == 1
    assert await news.store.decisions("kursk") == dict.fromkeys((1, 2, 3), Reason.URGENT)


async def test_what_a_card_has_no_sound_for_is_free_when_it_ends(news: Newsdesk) -> None:
    """The same source again is no news for the card; with another that reports later it makes a card of its own."""
    news.route = replace(ROUTE, to=CONSOLE, urgent=replace(URGENT, group=Grouping.PLACE))
    await two(news)
    assert await news.tick() == 1
    news.now += 4 * HOUR - 5 * MINUTE
    south = await news.report("rybar", "Бои за Суджу, южная окраина")
    assert await news.tick() == 0
    news.now += TEN
    await news.report("deepstate", "Сутички за Суджу, південь", like=south)
    assert await news.tick() == 1
    first, new = await news.texts()
    assert "https://t.me/rybar/3" in new
    assert "https://t.me/deepstate/4" in new
    assert len(await news.store.notices.since("kursk", NoticeKind.URGENT, news.now - 9 * HOUR)) == 2
    assert await news.tick(MINUTE) == 0
    assert "rybar/3" not in first
