"""What grouping wants to be given back: in the order of placing, by time, gone with the post's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model import StoredPost
from bot.store import Store
from bot.stories import Memory
from tests.store.world import MINUTE, NOW, commit, first, post, reading


async def placed(store: Store, *texts: str) -> list[StoredPost]:
    """Posts that were placed in the reverse of their order, each with a sketch that is its id."""
    await commit(store, reading(*(post(number, text) for number, text in enumerate(texts, 1))))
    found = await store.unmatched(99)
    made = [(each, replace(first(each), sketch=each.post.id.encode())) for each in reversed(found)]
    await store.save_placements(made, NOW)
    return found


async def test_sketches_come_back_in_the_order_of_placing(store: Store) -> None:
    await placed(store, "Суджа", "Бердин", "Льгов")
    rows = await store.sketch_rows(NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert await store.sketches(rows) == [b"3", b"2", b"1"]
    assert await store.sketches([rows[2], rows[0], 99]) == [b"1", b"3"]
    assert await store.newest_sketch() == rows[-1]
    assert await store.sketch_rows_after(rows[0]) == rows[1:]
    assert await store.sketch_rows(NOW + timedelta(days=1), NOW + timedelta(days=2)) == []


async def test_a_placement_that_is_repeated_keeps_its_first_sketch(store: Store) -> None:
    (one,) = await placed(store, "Суджа")
    await store.save_placements([(one, replace(first(one), sketch=b"other"))], NOW)
    await store.save_sketches([(one, replace(first(one), sketch=b"other"))])
    assert await store.sketches([await store.newest_sketch()]) == [b"1"]


async def test_what_has_no_sketch_is_named_until_it_has_one(store: Store) -> None:
    await commit(store, reading(post(1, "Суджа")))
    (one,) = await store.unmatched(9)
    await store.save_matches([(one, [])], NOW)
    await store.save_placements([(one, first(one))], NOW)
    ((missing, placement),) = await store.unsketched(NOW - MINUTE)
    assert (missing.row, placement) == (one.row, first(one))
    await store.save_sketches([(missing, replace(placement, sketch=b"made"))])
    assert await store.unsketched(NOW - MINUTE) == []
    assert await store.sketches([1]) == [b"made"]


async def test_a_post_that_is_forgotten_leaves_no_sketch(store: Store) -> None:
    await placed(store, "Суджа", "Бердин")
    await store.forget("rybar/1", reason="asked", now=NOW)
    assert await store.sketches([1, 2]) == [b"2"]


async def test_the_store_is_what_memory_asks_for(store: Store) -> None:
    memory = Memory(store)
    grouper, count = await memory.holding([NOW, NOW - timedelta(days=30)], NOW)
    assert (len(grouper), count) == (0, 1)
