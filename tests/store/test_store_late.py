from __future__ import annotations

from collections.abc import Sequence

from bot.model import Arrival, Decision, Hit, HitState, Reason, StoredPost
from bot.store import Sought, Store
from tests.store.world import MINUTE, NOW, commit, digest, group, match, mention, post, reading, walk

TEXT = "Бои за Суджу и у Рыльска"
RYLSK = [Sought("rylsk", b"", 0, 9)]


async def found(store: Store, text: str = "Рыльска", watch: str = "rylsk") -> list[tuple[StoredPost, Sequence[Hit]]]:
    posts = await store.upkeep.posts_after(0, 100)
    return [(item, [mention(item, text, watch)] if text in item.post.body else []) for item in posts]


async def states(store: Store) -> list[tuple[str, str, bool]]:
    return [(row.watch, row.state, row.late) async for row in store.hits()]


async def test_what_a_new_watch_finds_in_old_posts_is_late_and_its_story_is_not_told_again(store: Store) -> None:
    await walk(store, post(1, TEXT))
    await store.save_digest(digest(1), NOW + MINUTE)
    assert await store.upkeep.save_late(await found(store), RYLSK, 1, NOW + MINUTE) == 1
    assert await store.upkeep.save_late(await found(store), RYLSK, 1, NOW + MINUTE) == 0
    assert await states(store) == [("sudzha", "live", False), ("rylsk", "live", True)]
    assert await store.untold("kursk") == []


async def test_a_story_that_a_route_has_passed_over_is_not_given_to_it_again(store: Store) -> None:
    await walk(store, post(1, TEXT))
    passed = (Decision(story=1, reason=Reason.OTHER_WATCH),)
    await store.save_digest(digest(slot=NOW + MINUTE, decisions=passed), NOW + MINUTE)
    await store.upkeep.save_late(await found(store), RYLSK, 1, NOW + 2 * MINUTE)
    assert await store.untold("kursk") == []


async def test_a_post_that_had_no_hit_gets_its_story(store: Store) -> None:
    await commit(store, reading(post(1, "В Рыльска сторону")))
    await match(store)
    await store.upkeep.save_late(await found(store), RYLSK, 1, NOW)
    assert [item.post.id for item in await store.ungrouped(9)] == ["1"]
    await group(store)
    (story,) = await store.untold("kursk")
    assert story.first.hits[0].late


async def test_what_is_found_late_in_a_backfill_is_not_told_in_its_section(store: Store) -> None:
    first = reading(post(1, "Тишина у Рыльска"), backfilled=frozenset({"1"}), arrival=Arrival.BASELINE)
    await commit(store, first)
    await match(store)
    await store.upkeep.save_late(await found(store), RYLSK, 1, NOW)
    (stored,) = await store.ungrouped(9)
    assert stored.arrival is Arrival.BASELINE


async def test_a_backfill_that_still_waits_for_its_story_is_told_in_its_section(store: Store) -> None:
    await commit(store, reading(post(1, TEXT), backfilled=frozenset({"1"}), arrival=Arrival.BASELINE))
    await match(store)
    await store.upkeep.save_late(await found(store), RYLSK, 1, NOW)
    (stored,) = await store.ungrouped(9)
    assert stored.arrival is Arrival.BACKFILL


async def test_what_waits_or_was_revised_meanwhile_is_left_to_matching(store: Store) -> None:
    await commit(store, reading(post(1, TEXT)))
    assert await store.upkeep.save_late(await found(store), RYLSK, 1, NOW) == 0
    await match(store)
    before = await found(store)
    await commit(store, reading(post(1, f"{TEXT}, правка")))
    assert await store.upkeep.save_late(before, RYLSK, 1, NOW) == 0


async def test_rematch_adds_and_rules_out_and_deletes_nothing(store: Store) -> None:
    await walk(store, post(1, TEXT), post(2, TEXT))
    gone: list[tuple[StoredPost, Sequence[Hit]]] = [(item, []) for item in await store.upkeep.posts_after(0, 1)]
    compared = await store.upkeep.compare(gone, ["sudzha"])
    assert [len(each.hits.gone) for each in compared] == [1]
    assert await states(store) == [("sudzha", "live", False)] * 2
    for _ in range(2):
        await store.upkeep.rematch(gone, ["sudzha"], NOW)
        assert await states(store) == [("sudzha", "ruled_out", False), ("sudzha", "live", False)]
    await store.upkeep.rematch(await found(store, "Суджу", "sudzha"), ["sudzha"], NOW)
    assert await states(store) == [("sudzha", "live", False)] * 2


async def test_rematch_leaves_the_hits_of_other_watches(store: Store) -> None:
    await walk(store, post(1, TEXT))
    await store.upkeep.rematch([(item, []) for item in await store.upkeep.posts_after(0, 9)], ["rylsk"], NOW)
    assert await states(store) == [("sudzha", "live", False)]


async def test_a_hit_that_was_ruled_out_and_is_found_in_another_wording_lives_again(store: Store) -> None:
    await walk(store, post(1, TEXT))
    await store.upkeep.rematch([(item, []) for item in await store.upkeep.posts_after(0, 9)], ["sudzha"], NOW)
    await commit(store, reading(post(1, f"Снова: {TEXT}")))
    await match(store)
    assert await states(store) == [("sudzha", HitState.LIVE, False)]


async def test_posts_come_in_order_of_row_and_since_a_moment(store: Store) -> None:
    await commit(store, reading(post(1), post(2)), NOW)
    await commit(store, reading(post(1), post(2), post(3)), NOW + MINUTE)
    assert [item.post.id for item in await store.upkeep.posts_after(1, 1)] == ["2"]
    assert [item.post.id for item in await store.upkeep.posts_after(0, 9, since=NOW + MINUTE)] == ["3"]
    await store.forget("rybar/3", reason="asked", now=NOW)
    assert [item.post.id for item in await store.upkeep.posts_after(0, 9)] == ["1", "2"]
