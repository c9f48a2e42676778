from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model import ANNOUNCED, HELD, Decision, Reason
from bot.store import DigestState, RouteMark, Store
from tests.store.world import MINUTE, NOW, commit, copy_of, digest, match, outgoing, post, reading, walk

HOUR = timedelta(hours=1)


async def untold(store: Store, route: str = "kursk") -> list[str]:
    return [story.key for story in await store.untold(route)]


async def test_a_route_is_registered_at_first_sight(store: Store) -> None:
    assert await store.route("kursk", NOW) == RouteMark(NOW, None)
    assert await store.route("kursk", NOW + HOUR) == RouteMark(NOW, None)
    await store.save_digest(digest(slot=NOW + HOUR), NOW + HOUR)
    assert await store.route("kursk", NOW + HOUR) == RouteMark(NOW, NOW + HOUR)
    await store.save_digest(digest(slot=NOW), NOW + HOUR)
    assert (await store.route("kursk", NOW)).last_slot == NOW + HOUR, "a slot never goes back"


async def test_a_slot_is_taken_once(store: Store) -> None:
    await walk(store, post(1))
    new = digest(1, messages=[outgoing("k1"), outgoing("k2")])
    assert await store.save_digest(new, NOW) == 1
    assert await store.save_digest(new, NOW) is None
    assert [row.id async for row in store.outbox()] == ["o1", "o2"]


async def test_two_that_compose_one_slot_at_once_send_it_once(store: Store) -> None:
    await walk(store, post(1))
    rows = await asyncio.gather(*(store.save_digest(digest(1, messages=[outgoing(f"k{n}")]), NOW) for n in range(3)))
    assert sorted(rows, key=str) == [1, None, None]
    assert len([row async for row in store.outbox()]) == 1


async def test_what_was_told_is_never_told_again(store: Store) -> None:
    await walk(store, post(1), post(2))
    await store.save_digest(digest(1), NOW)
    assert await untold(store) == ["s2"]
    assert await untold(store, "other") == ["s1", "s2"]
    assert await store.save_digest(digest(1, slot=NOW + HOUR, messages=[outgoing("again")]), NOW + HOUR) is None
    assert [row async for row in store.outbox()] == []
    held = digest(slot=NOW + HOUR, decisions=(Decision(story=1, reason=Reason.UNSURE),))
    await store.save_digest(held, NOW + HOUR)
    assert await untold(store) == ["s2"]
    assert await store.decisions("kursk") == {1: Reason.TOLD}


async def test_held_stories_come_back_when_they_should(store: Store) -> None:
    reasons = [reason for reason in Reason if reason not in ANNOUNCED]
    await walk(store, *(post(number) for number in range(len(reasons))))
    decisions = tuple(Decision(story=row, reason=reason) for row, reason in enumerate(reasons, 1))
    await store.save_digest(digest(decisions=decisions), NOW + HOUR)
    for_later = [f"s{row}" for row, reason in enumerate(reasons, 1) if reason in HELD]
    assert await untold(store) == for_later
    await commit(store, reading(post(20)), NOW + 2 * HOUR)
    await match(store)
    (copy,) = await store.ungrouped(9)
    unsure = reasons.index(Reason.UNSURE)
    await store.save_placements([(copy, copy_of(copy, f"rybar/{unsure}"))], NOW + 2 * HOUR)
    assert set(await untold(store)) == {*for_later, f"s{unsure + 1}"}, "a further report changes the story"


@pytest.mark.parametrize("text", ["Снова бои за Суджу", "Тишина"])
async def test_other_words_call_a_held_story_up(store: Store, text: str) -> None:
    """Also with the same mention: they may say something else of it."""
    await walk(store, post(1))
    await store.save_digest(digest(decisions=(Decision(story=1, reason=Reason.OTHER_WATCH),)), NOW + HOUR)
    await match(store, now=NOW + 2 * HOUR)
    assert await untold(store) == [], "the same words, matched again"
    await commit(store, reading(post(1, text)), NOW + 3 * HOUR)
    await match(store, now=NOW + 3 * HOUR)
    assert await untold(store) == ["s1"]


async def test_since_leaves_out_what_has_not_changed(store: Store) -> None:
    await walk(store, post(1))
    await walk(store, post(2), now=NOW + HOUR)
    assert [story.key for story in await store.untold("kursk", NOW + MINUTE)] == ["s2"]


async def test_missed_slots_are_covered_and_stay_so(store: Store) -> None:
    await store.save_digest(digest(slot=NOW, covered=(NOW - 2 * HOUR, NOW - HOUR)), NOW)
    assert [(row.slot, row.state) for row in await store.digests()] == [
        (NOW, DigestState.COMPOSED),
        (NOW - HOUR, DigestState.COVERED),
        (NOW - 2 * HOUR, DigestState.COVERED),
    ]
    assert await store.save_digest(digest(slot=NOW - HOUR, messages=[outgoing("k")]), NOW) is None
    assert [row async for row in store.outbox()] == []


async def test_digests_say_what_was_told_and_what_was_held_and_why(store: Store) -> None:
    await walk(store, post(1), post(2), post(3))
    decisions = (
        Decision(story=1, reason=Reason.TOLD),
        Decision(story=2, reason=Reason.UNSURE),
        Decision(story=3, reason=Reason.UNSURE),
    )
    await store.save_digest(digest(decisions=decisions), NOW)
    await store.save_digest(digest(slot=NOW + HOUR, state=DigestState.EMPTY), NOW + HOUR)
    await store.save_digest(digest(route="other", slot=NOW), NOW)
    empty, told = await store.digests("kursk")
    assert (empty.state, empty.told, dict(empty.held)) == (DigestState.EMPTY, 0, {})
    assert (told.told, dict(told.held)) == (1, {Reason.UNSURE.value: 2})
    assert len(await store.digests(limit=2)) == 2


async def test_a_key_that_was_queued_is_never_queued_again(store: Store) -> None:
    await store.save_digest(digest(messages=[outgoing("k1")]), NOW)
    await store.save_digest(digest(slot=NOW + HOUR, messages=[outgoing("k1"), outgoing("k2")]), NOW + HOUR)
    assert [row.digest async for row in store.outbox()] == ["d1", "d2"]
