from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digests.judging import Judged, judging
from bot.digests.render import plain
from bot.digests.split import UNITS, units
from bot.model import (
    Action,
    Destination,
    DestinationKind,
    Grouping,
    NoticeKind,
    Outcome,
    Place,
    Priority,
    Quiet,
    Reason,
    Route,
    Silence,
    Story,
)
from bot.notices import Rounds, plan, situation
from bot.notices.flood import CARDS_AN_HOUR
from bot.pipeline import Due, composed
from bot.store import RESTORED
from tests.notices.newsdesk import CHANNEL, CONSOLE, HOUR, MINUTE, ROUTE, SUDZHA, URGENT, Newsdesk
from tests.store.world import digest

TEN = 10 * MINUTE


async def two(news: Newsdesk) -> tuple[str, str]:
    """Two sources report one event, each in its own words."""
    one = await news.report("rybar", "Бои идут за Суджу, северная окраина")
    news.now += MINUTE
    return one, await news.report("deepstate", "Сутички за Суджу тривають", like=one)


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


async def test_a_card_that_was_sent_before_a_restore_rests(news: Newsdesk) -> None:
    """What joined it after the copy was made is not known: a change would take it out again."""
    one, _ = await two(news)
    assert await news.tick() == 1
    await news.store.remember(RESTORED, (news.now + MINUTE).isoformat())
    news.now += 2 * MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    assert await news.tick() == 1
    (_, card) = await news.store.ready(news.now)
    assert (card.action, "Fighting reported" in card.message.text) == (Action.SEND, True), "a card of its own"
    assert card.message.links == ("https://t.me/isw/3",), "what was told before is shown beside, without its address"


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
    assert "both sides · 3 sources, 3 in their own words, perhaps of one event" in changed, "also when only one stirs"
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
    assert (
        "15 stories at once: too many to tell each of them here; the digest tells them, or counts them\nSudzha 15"
        in texts[-1]
    )
    decisions = list((await news.store.decisions("kursk")).values())
    assert decisions.count(Reason.URGENT) == CARDS_AN_HOUR
    assert decisions.count(Reason.FLOOD) == 15
    assert len(await news.store.untold("kursk")) == 15
    await news.report("rybar")
    assert await news.tick(MINUTE) == 0, "the flood is told once an hour"
    assert len(await news.texts()) == CARDS_AN_HOUR + 1


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


async def test_reports_of_other_places_do_not_count_together(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    await news.report("rybar")
    assert await news.tick(20 * MINUTE) == 0
    assert await news.tick(20 * MINUTE) == 0
    await news.report("deepstate", "Сутички за Суджу тривають")
    assert await news.tick() == 0, "too far apart"


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
