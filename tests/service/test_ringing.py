"""Why a story rings or not, in the words of `routes test` and `trace`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model import Destination, DestinationKind, Grouping, Quiet, Reason, Silence
from bot.service.ringing import unrung
from bot.service.routing import explain, routes_of
from bot.store import Store, sqlite
from tests.fakes.installation import Installation, installation
from tests.notices.newsdesk import CONSOLE, DETAILS, HOUR, MINUTE, ROUTE, URGENT, Newsdesk
from tests.store.world import DEEPSTATE, ISW, NOW, RYBAR, digest

FIGHTING = "Бои идут за Суджу, северная окраина"


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsdesk]:
    path = tmp_path / "placewire.db"
    sqlite.prepare(path, now=NOW, backup_folder=None)
    async with await Store.open(path, now=NOW) as store:
        await store.sync_sources([RYBAR, DEEPSTATE, ISW], NOW)
        await store.route("kursk", NOW)
        yield Newsdesk(store)


async def why(news: Newsdesk, key: str) -> str:
    await news.tick()
    events = await unrung(news.desk.config, news.store, key, news.now)
    return "\n".join(event.text for event in events)


async def test_one_source_is_too_few(news: Newsdesk) -> None:
    await news.report("rybar", FIGHTING)
    said = "route kursk: did not ring: 1 of 2 in their own words within 30 min (Рыбарь)"
    assert await why(news, "s1") == await why(news, "rybar/1") == said


async def test_a_text_with_little_changed_is_named_with_whose_it_is(news: Newsdesk) -> None:
    one = await news.report("rybar", FIGHTING)
    news.now += MINUTE
    changed = f"{FIGHTING}. {DETAILS['rybar'].replace('на запад', 'на восток')}"
    await news.report("deepstate", changed, like=one)
    assert (await why(news, "s2")).endswith(
        "1 of 2 in their own words within 30 min (Рыбарь); DeepState has the text of Рыбарь with little changed"
    )


async def test_copies_are_named(news: Newsdesk) -> None:
    one = await news.report("rybar", FIGHTING)
    await news.report("isw", FIGHTING, copies=one)
    assert (await why(news, "s1")).endswith("isw repeats the words of another, and adds words of its own")


async def test_enough_but_too_far_apart(news: Newsdesk) -> None:
    one = await news.report("rybar", FIGHTING)
    news.now += 40 * MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert (await why(news, "s2")).endswith(
        "1 of 2 in their own words within 30 min (Рыбарь); DeepState not within 30 min of them"
    )


async def test_what_was_read_late_is_named(news: Newsdesk) -> None:
    news.now += 3 * HOUR
    await news.report("rybar", FIGHTING, ago=2 * HOUR)
    said = "route kursk: did not ring: Рыбарь was read more than an hour after it was reported"
    assert await why(news, "s1") == said


async def test_what_a_digest_told_first(news: Newsdesk) -> None:
    one = await news.report("rybar", FIGHTING)
    await news.store.save_digest(digest(1, slot=news.now), news.now)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.store.save_digest(digest(2, slot=news.now), news.now)
    assert (await why(news, "s2")).startswith("route kursk: did not ring: a digest told it first; 2 of 2 in their own")


async def test_what_rang_or_is_held_by_a_decision_needs_no_more_words(news: Newsdesk) -> None:
    silence = Silence(since=news.now, until=news.now + HOUR, author="anna", comment="drill", place="sudzha")
    await news.store.notices.add_silence(silence)
    one = await news.report("rybar", FIGHTING)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await why(news, "s2") == ""
    assert await news.store.decisions("kursk") == dict.fromkeys((1, 2), Reason.SILENCED)
    news.now += HOUR
    assert await why(news, "s2") == ""
    assert await news.store.decisions("kursk") == dict.fromkeys((1, 2), Reason.URGENT)


async def test_where_a_place_shares_a_card_each_event_counts_for_itself(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, sources=3, group=Grouping.PLACE))
    one = await news.report("rybar", FIGHTING)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.report("isw", "Суджу named as the seat of a fair")
    assert "2 of 3 in their own words within 30 min (Рыбарь, DeepState)" in await why(news, "s1")
    assert "1 of 3 in their own words within 30 min (isw)" in await why(news, "s3"), "another event"


async def test_a_route_without_cards_and_what_is_no_story_have_nothing_to_say(news: Newsdesk) -> None:
    await news.report("rybar", FIGHTING)
    assert await why(news, "h1") == await why(news, "s1") != ""
    assert await why(news, "rybar") == ""
    news.route = replace(ROUTE, urgent=None)
    assert await why(news, "s1") == ""


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[Installation]:
    async with installation(tmp_path) as made:
        yield made


async def test_routes_test_and_trace_say_what_would_ring_and_what_does_not(installed: Installation) -> None:
    """Through the whole house; `trace` as an operator has it."""
    routes = installed.folder / "config/routes.yaml"
    urgent = ", urgent: {sources: 2, group: place}}]"
    routes.write_text(routes.read_text(encoding="utf-8").replace("}}]", f"}}{urgent}"), encoding="utf-8")
    await installed.once()
    installed.write("Бои под Суджей продолжаются, сообщают местные жители, связь с посёлком пропадает.")
    await installed.once()
    traced = await installed.run("trace", "s1")
    assert "did not ring: 1 of 2 in their own words within 30 min (front_demo)" in traced.out
    told = [
        "Бои под Суджей продолжаются, сообщают местные жители, связь с городом пропадает.",
        "Fighting near Sudzha goes on, witnesses say.",
    ]
    changed, own = [await explain(installed.config, text, "wire", installed.clock.now()) for text in told]
    assert [step.text for step in changed][-1] == (
        "all: urgent: does not ring: 1 of 2 in their own words within 30 min (front_demo); "
        "wire has the text of front_demo with little changed"
    )
    assert [step.text for step in own if step.route] == [
        f"all: would be told at once, to file:{installed.folder}/out.txt",
        "all: urgent: rings: 2 of 2 in their own words within 30 min (front_demo, wire)",
    ]


async def test_routes_test_takes_a_hit_and_refuses_what_looks_like_an_id_and_is_none(installed: Installation) -> None:
    await installed.once()
    installed.write("Бои под Суджей продолжаются, сообщают местные жители.")
    await installed.once()
    (hit,) = await installed.hits()
    by_hit, by_story = [await installed.run("routes", "test", key) for key in (hit.id, "s1")]
    routed = [line for line in by_hit.out.splitlines() if line.startswith("route")]
    assert routed
    assert routed == [line for line in by_story.out.splitlines() if line.startswith("route")]
    for unknown in ("x99999", "h99999", "s99999", "front_demo/99999"):
        refused = await installed.run("routes", "test", unknown)
        assert (refused.status, refused.out) == (1, "")
        assert f"{unknown}: nothing has this id" in refused.err


async def asked(news: Newsdesk, key: str) -> str:
    """What `routes test` says of a story, beside what was seen."""
    desk, story = news.desk, await news.store.story_of(key)
    assert story
    related = sorted((await news.store.notices.related([story.row]))[story.row])
    steps = await routes_of(desk.config, news.store, story, related, news.now)
    return "\n".join(step.text for step in steps)


async def test_routes_test_says_what_quiet_hours_hold(news: Newsdesk) -> None:
    at = news.now.astimezone(ZoneInfo("Europe/Kyiv"))
    quiet = Quiet(start=f"{at - HOUR:%H:%M}", end=f"{at + 2 * HOUR:%H:%M}")
    news.route = replace(ROUTE, quiet=quiet)
    one = await news.report("rybar", FIGHTING)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert (await asked(news, "s2")).startswith(f"kursk: {Reason.QUIET_HOURS.value} (until {quiet.end}")
    await news.tick()
    assert (await asked(news, "s2")).startswith(f"kursk: {Reason.QUIET_HOURS.value} (until {quiet.end}")


async def test_routes_test_and_trace_name_the_card_that_a_story_joins(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=Destination(DestinationKind.CONSOLE))
    one = await news.report("rybar", FIGHTING)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    rang = "urgent: rang: n1: route kursk, s1, revision 1: 2 sources in their own words within 1 min: Рыбарь, DeepState"
    assert (await asked(news, "s1")) == f"kursk: told at once, as urgent in n1\nkursk: {rang}"
    news.now += 5 * MINUTE
    await news.report("isw", "Штурм Суджу охватил с юга", like=one)
    await news.tick()
    joins = "it joins the card n1, which sounds again for a new side or source, not before "
    assert f"kursk: urgent: {joins}" in await asked(news, "s3")
    assert f"did not ring: {joins}" in await why(news, "s3")
    news.now += 5 * MINUTE
    await news.report("rybar", "Пожар в Суджу к югу от реки", like="isw/3")
    await news.tick()
    assert "kursk: urgent: it joins the card n1" in await asked(news, "s4"), "by way of what waits for the card"


async def test_of_what_a_digest_told_only_what_it_knew_then_is_counted(news: Newsdesk) -> None:
    news.route = replace(ROUTE, urgent=replace(URGENT, group=Grouping.PLACE))
    one = await news.report("rybar", FIGHTING)
    await news.store.save_digest(digest(1, slot=news.now), news.now)
    news.now += MINUTE
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    said = "1 of 2 in their own words within 30 min (Рыбарь)"
    assert said in await why(news, "s1")
    told = await asked(news, "s1")
    assert told.startswith("kursk: told in d1\n")
    assert f"urgent: did not ring: {said}" in told


async def test_what_joined_a_card_that_cannot_change_is_said_to_have_waited_for_it(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=CONSOLE, urgent=replace(URGENT, group=Grouping.PLACE))
    one = await news.report("rybar", FIGHTING)
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    news.now += MINUTE
    await news.report("isw", "Fighting reported, Суджу named", like=one)
    await news.report("rybar", "Дорога на Суджу перекрыта", like=one)
    await news.tick(MINUTE)
    news.now += MINUTE
    await news.store.save_digest(digest(3, 4, slot=news.now), news.now)
    news.now += 9 * HOUR
    joined = "route kursk: did not ring: it joined the card n1, which"
    end = "a console cannot be edited; the digest came first"
    again = f"sounds again for a new side or source, not before 2026-11-22 16:00 UTC; {end}"
    assert await why(news, "s3") == f"{joined} {again}"
    known = f"had its source already and sounds again only for a new side or source; {end}"
    assert await why(news, "s4") == f"{joined} {known}"
