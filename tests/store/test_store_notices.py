from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import StoreError
from bot.model import Arrival, Decision, NoticeKind, Reason
from bot.store import Mentions, Store
from tests.store.world import (
    MINUTE,
    NOW,
    commit,
    copy_of,
    digest,
    first,
    match,
    notice,
    outgoing,
    post,
    reading,
    silence,
    walk,
)

HOUR = 60 * MINUTE


async def keys(store: Store) -> list[str]:
    return [story.key for story in await store.untold("kursk")]


async def test_a_revision_is_taken_once_with_all_that_belongs_to_it(store: Store) -> None:
    await walk(store, post(1))
    new = notice(1, messages=[outgoing("k1"), outgoing("k2")], state={"sources": ["rybar"]})
    rows = await asyncio.gather(*(store.notices.save(new, NOW) for _ in range(3)))
    assert sorted(rows, key=str) == [1, None, None]
    assert [row.id async for row in store.outbox()] == ["o1", "o2"]
    kept = await store.notices.last("kursk", NoticeKind.URGENT, "s1")
    assert kept is not None
    assert (kept.key, kept.revision, kept.at, kept.state) == ("n1", 1, NOW, {"sources": ["rybar"]})
    assert await store.notices.save(replace(new, revision=2, decisions=(), messages=()), NOW + MINUTE) == 2
    assert [each.revision for each in await store.notices.since("kursk", NoticeKind.URGENT, NOW)] == [2]
    assert await store.notices.since("kursk", NoticeKind.SPIKE, NOW) == []
    assert await store.notices.since("other", NoticeKind.URGENT, NOW) == []


async def test_what_was_told_at_once_is_told_in_no_digest_and_the_other_way_round(store: Store) -> None:
    await walk(store, post(1), post(2))
    await store.notices.save(notice(1, messages=[outgoing("k1")]), NOW)
    assert await keys(store) == ["s2"]
    assert await store.decisions("kursk") == {1: Reason.URGENT}
    assert await store.save_digest(digest(1, messages=[outgoing("again")]), NOW) is None
    await store.save_digest(digest(2, slot=NOW + HOUR), NOW)
    assert await store.notices.save(notice(2, subject="s2", messages=[outgoing("again")]), NOW) is None
    assert [row.id async for row in store.outbox()] == ["o1"]
    assert {row.id: row.told async for row in store.stories()} == {"s1": ("kursk",), "s2": ("kursk",)}


async def test_what_is_held_stirs_again_when_its_time_is_over(store: Store) -> None:
    await walk(store, post(1))
    held = Decision(story=1, reason=Reason.QUIET_HOURS, note="until 07:00", until=NOW + HOUR)
    await store.notices.hold("kursk", [held], NOW)
    later = NOW + MINUTE
    assert await store.notices.stirring("kursk", later, later) == []
    assert [each.key for each in await store.notices.stirring("kursk", later, NOW + HOUR)] == ["s1"]
    assert await store.notices.stirring("other", later, NOW + HOUR) == []
    assert await keys(store) == ["s1"], "it is still to be told"
    assert any("held until the quiet hours end (until 07:00)" in each.text for each in await store.trace("s1"))
    await store.notices.save(notice(1), NOW + HOUR)
    assert await store.notices.stirring("kursk", later, NOW + 2 * HOUR) == []
    await store.notices.hold("kursk", [held], NOW + HOUR)
    assert await store.decisions("kursk") == {1: Reason.URGENT}, "what was announced is final"


async def test_what_was_forgotten_stirs_nobody(store: Store) -> None:
    await walk(store, post(1))
    await walk(store, post(2))
    await store.forget("rybar/1", reason="its author asked", now=NOW)
    assert [each.key for each in await store.notices.stirring("kursk", NOW, NOW)] == ["s2"]


async def test_changed_stories_stir(store: Store) -> None:
    await walk(store, post(1))
    assert [each.key for each in await store.notices.stirring("kursk", NOW, NOW)] == ["s1"]
    assert [each.key for each in await store.notices.stories([1, 7])] == ["s1"]
    for key, found in {"rybar/1": "s1", "s1": "s1", "rybar/9": None, "s9": None, "x": None, "s": None}.items():
        story = await store.story_of(key)
        assert (story.key if story else None) == found


async def test_stories_know_those_of_the_same_event(store: Store) -> None:
    await commit(store, reading(post(1), post(2)))
    await match(store)
    one, two = await store.ungrouped(9)
    await store.save_placements([(one, first(one)), (two, replace(first(two), related=("rybar/1",)))], NOW)
    assert await store.notices.related([1, 2]) == {1: frozenset(), 2: frozenset({1})}


async def test_told_stories_that_changed_since_and_the_messages_that_told_them(store: Store) -> None:
    await walk(store, post(1), post(2))
    await store.save_digest(digest(1, messages=[outgoing("k1")]), NOW)
    await store.notices.save(notice(2, subject="s2", messages=[outgoing("k2")]), NOW)
    assert await store.notices.announced_and_changed("kursk", NOW, NOW) == []
    await commit(store, reading(window=None), NOW + MINUTE)
    await commit(store, reading(post(3)), NOW + MINUTE)
    await match(store)
    (copy,) = await store.ungrouped(9)
    await store.save_placements([(copy, copy_of(copy, "rybar/1"))], NOW + MINUTE)
    assert [each.key for each in await store.notices.announced_and_changed("kursk", NOW, NOW)] == ["s1"]
    assert await store.notices.announced_and_changed("kursk", NOW, NOW + MINUTE) == []
    (sent,) = await store.notices.sent_of("kursk", 1)
    assert (sent.idempotency, sent.message.text, sent.arrived) == ("k1", "message k1", False)
    assert [each.idempotency for each in await store.notices.sent_of("kursk", 2)] == ["k2"]
    assert await store.notices.sent_of("other", 1) == []


async def test_silences_last_until_their_end_or_until_somebody_ends_them(store: Store) -> None:
    one = await store.notices.add_silence(silence(place="sudzha"))
    two = await store.notices.add_silence(
        silence(source="rybar", since=NOW + HOUR, until=NOW + 2 * HOUR, comment="я\x00")
    )
    assert (one.key, two.key) == ("m1", "m2")
    assert await store.notices.silences(NOW) == [one]
    assert [each.key for each in await store.notices.silences(NOW + HOUR)] == ["m2"]
    assert [each.key for each in await store.notices.silences()] == ["m1", "m2"]
    await walk(store, post(1))
    await store.notices.hold("kursk", [Decision(story=1, reason=Reason.SILENCED, until=one.until)], NOW)
    assert await store.notices.expire_silence("m1", NOW + MINUTE)
    assert not await store.notices.expire_silence("m1", NOW + 2 * MINUTE)
    assert await store.notices.silences(NOW + MINUTE) == []
    assert [each.key for each in await store.notices.stirring("kursk", NOW + HOUR, NOW + MINUTE)] == ["s1"]
    for key in ("m9", "x1", "m", "m99999999999999999999"):
        with pytest.raises(StoreError, match="no silence has this id"):
            await store.notices.expire_silence(key, NOW)
    assert [each.step for each in await store.trace("m1")] == ["silence"]


async def test_mentions_count_posts_once_at_their_hour_and_no_late_ones(store: Store) -> None:
    await walk(store, post(-60), post(-30), post(-1), now=NOW)
    await walk(store, post(5, "Бои за Суджу, снова за Суджу"), now=NOW + HOUR, arrival=Arrival.BACKFILL)
    await commit(store, reading(post(6, source="isw"), source="isw"), NOW + HOUR)
    assert await store.notices.mentions(NOW - 40 * MINUTE, NOW, 0.5) == {"sudzha": Mentions(2, NOW - MINUTE)}
    assert await store.notices.mentions(NOW - 2 * HOUR, NOW - 40 * MINUTE, 0.5) == {"sudzha": Mentions(1, NOW - HOUR)}
    assert await store.notices.mentions(NOW - 2 * HOUR, NOW, 0.95) == {}


async def test_a_post_of_the_future_counts_when_it_was_seen(store: Store) -> None:
    await walk(store, post(600), now=NOW)
    assert await store.notices.mentions(NOW - MINUTE, NOW, 0.5) == {"sudzha": Mentions(1, NOW)}


async def test_a_day_in_numbers(store: Store) -> None:
    await walk(store, post(1), post(2))
    await commit(store, reading(post(3, "Тишина")))
    await store.save_digest(digest(1, messages=[outgoing("k1")]), NOW)
    (delivery,) = await store.ready(NOW)
    day = await store.notices.day(NOW, NOW + HOUR)
    assert (day.seen, day.matched, day.told, day.delivered) == (3, 2, 1, 0)
    assert await store.notices.day(NOW - HOUR, NOW) != day
    assert delivery.key == "o1"


async def test_changes_and_stranded_deliveries_are_there_for_the_operator(store: Store) -> None:
    changes = await store.untold_changes()
    assert await store.changes_after(0) == changes
    assert await store.stranded_outbox() == []


async def test_a_notice_can_be_traced(store: Store) -> None:
    await walk(store, post(1))
    await store.notices.save(notice(1, messages=[outgoing("k1")], text="Sudzha: 2 sources within 10 min"), NOW)
    for key in ("n1", "s1", "rybar/1", "h1"):
        steps = {event.step: event.text for event in await store.trace(key)}
        assert "o1: waits" in steps["delivery"], key
    assert next((event.step, event.text) for event in await store.trace("n1")) == (
        "urgent",
        "n1: route kursk, s1, revision 1: Sudzha: 2 sources within 10 min",
    )
    assert any("n1" in event.text for event in await store.trace("o1"))


async def test_a_route_can_be_traced(store: Store) -> None:
    await store.route("kursk", NOW)
    await walk(store, post(1), post(2))
    await store.save_digest(digest(1), NOW)
    await store.notices.save(notice(2, subject="s2"), NOW + MINUTE)
    steps = [(event.step, event.text) for event in await store.trace("kursk")]
    assert steps[0][0] in {"route", "composed"}
    assert any(step == "composed" and text.startswith("d1") for step, text in steps)
    assert any(step == "urgent" and text.startswith("n1") for step, text in steps)
