"""What an author takes back, or tells otherwise, of the place that he still names: corrected once, and told anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.digests.corroboration import carriers
from bot.model import Destination, DestinationKind, Gap, Outcome, Place, Reason, Story
from bot.notices import due_corrections
from tests.notices.newsdesk import CHANNEL, CONSOLE, DETAILS, HOUR, MINUTE, ROUTE, SUDZHA, Newsdesk
from tests.notices.test_corrections import arrive, edited, tell
from tests.store.world import commit, mention, post, reading

KILLED = "В Судже при обстреле погиб мирный житель"
WOUNDED = "В Судже при обстреле ранен мирный житель"
FEED = Destination(DestinationKind.FILE, "cards.xml")


async def edit(news: Newsdesk, text: str, number: int = 1) -> None:
    """Its author changes a report of rybar's of Sudzha."""
    news.now += MINUTE
    await commit(news.store, reading(post(number, f"{text}. {DETAILS['rybar']} ({number})", edited=news.now)), news.now)
    news.now += MINUTE
    (stored,) = await news.store.unmatched(9)
    await news.store.save_matches([(stored, [mention(stored, "Судже", "sudzha")])], news.now)


async def report(news: Newsdesk, source: str, text: str, like: str | None = None) -> str:
    return await news.report(source, text, like=like, at={"sudzha": "Судже"})


async def story(news: Newsdesk, row: int = 1) -> Story:
    (found,) = await news.store.notices.stories([row])
    return found


@pytest.mark.parametrize(
    "now",
    [
        WOUNDED,
        "В Судже при обстреле ранен мирный житель, сообщение о гибели не подтвердилось",
        "Сообщение о том, что в Судже при обстреле погиб мирный житель, — ложь",
        f"{KILLED}. Обновлено: это сообщение не подтвердилось",
    ],
)
@pytest.mark.parametrize("to", [CHANNEL, CONSOLE, FEED])
async def test_what_an_author_takes_back_is_corrected_where_it_was_told_and_told_anew(
    news: Newsdesk, to: Destination, now: str
) -> None:
    news.route = replace(ROUTE, to=to)
    await report(news, "rybar", KILLED)
    await tell(news)
    await edit(news, now)
    assert await news.tick() == 1
    if to is CHANNEL:
        assert "first Рыбарь (edited at its source: tells otherwise now) 14:00" in await edited(news)
    assert await news.store.decisions("kursk") == {1: Reason.AMENDED}
    assert await news.tick(MINUTE) == 0
    news.now += HOUR
    told = await tell(news)
    assert "Рыбарь" in told
    assert "(edited)" in told
    line = (
        "correction: the report of Рыбарь, told 22 Nov 14:00 (Sudzha), was edited at its source and tells otherwise now"
    )
    assert (line in told) == (to is not CHANNEL)
    assert await news.tick(MINUTE) == 0
    assert await news.store.decisions("kursk") == {1: Reason.TOLD}


@pytest.mark.parametrize(
    "now",
    [
        "В Судже при обстреле посёлка погиб мирный житель, 54 года",
        "Погиб мирный житель при обстреле в Судже",
        f"{KILLED}. Пострадавших больше нет",
    ],
)
async def test_what_is_only_told_better_is_not_corrected(news: Newsdesk, now: str) -> None:
    await report(news, "rybar", KILLED)
    await tell(news)
    await edit(news, now)
    assert await news.tick() == 0
    assert await news.store.decisions("kursk") == {1: Reason.TOLD}


async def test_what_was_changed_before_it_was_told_is_not_corrected(news: Newsdesk) -> None:
    await report(news, "rybar", KILLED)
    await edit(news, WOUNDED)
    assert "ранен" in await tell(news)
    await edit(news, f"{WOUNDED}, 54 года")
    assert await news.tick() == 0


async def test_what_its_author_says_again_is_not_corrected_any_more(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=CONSOLE, digest=None)
    one = await report(news, "rybar", KILLED)
    await report(news, "deepstate", "У Судже загинув цивільний", like=one)
    await news.tick()
    await arrive(news, Outcome.SENT)
    await edit(news, WOUNDED)
    assert await news.tick() == 1
    assert (await news.texts())[-1].endswith("was edited at its source and tells otherwise now")
    await edit(news, KILLED)
    assert await news.tick() == 1
    assert (await news.texts())[-1].endswith("is withdrawn: it stands")


async def test_an_author_who_takes_it_back_is_no_voice_for_it_any_more(news: Newsdesk) -> None:
    """The card counts it no more, does not ring, and says what stands."""
    news.route = replace(ROUTE, to=FEED)
    one = await report(news, "rybar", KILLED)
    await report(news, "deepstate", "У Судже загинув цивільний", like=one)
    assert await news.tick() == 1
    assert "both sides" in (await news.texts())[-1]
    assert carriers(await story(news)).own == 1
    await arrive(news, Outcome.SENT)
    await edit(news, WOUNDED)
    await news.tick(MINUTE)
    card = (await news.texts())[-1]
    assert "both sides" not in card
    assert "now" not in card
    assert (await due_corrections(news.desk, news.route, news.now))[0]


async def test_where_nobody_else_says_it_the_new_words_are_its_own(news: Newsdesk) -> None:
    await report(news, "rybar", KILLED)
    await edit(news, WOUNDED)
    assert carriers(await story(news)).own == 1


async def test_a_correction_names_the_place_under_which_readers_have_the_report(news: Newsdesk) -> None:
    """It stood beside another of perhaps the same event, under the place of that one."""
    news.route, news.watches = replace(ROUTE, to=CONSOLE, urgent=None), (SUDZHA, Place(id="lgov", name="Льгов"))
    one = await news.report("deepstate", "Сутички за Суджу тривають")
    news.now += MINUTE
    await news.report("rybar", "Бои за Льгов и за Суджу", like=one, at={"lgov": "Льгов", "sudzha": "Суджу"})
    assert "Lgov (Льгов)" not in await tell(news)
    assert any("told (under sudzha)" in event.text for event in await news.store.trace("s2"))
    news.now += MINUTE
    await commit(news.store, reading(source="rybar", window=Gap(2, 2)), news.now)
    assert await news.tick() == 1
    assert (await due_corrections(news.desk, news.route, news.now))[0] == (
        "correction: the report of Рыбарь, told 22 Nov 14:01 (Sudzha), was deleted at its source",
    )
