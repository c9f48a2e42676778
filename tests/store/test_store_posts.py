from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.errors import StoreError
from bot.model import Arrival, Gap, HitState, Post, StoredPost
from bot.store import Committed, RouteMark, Store
from tests.store.world import MINUTE, NOW, commit, group, match, post, reading, walk


async def only(store: Store) -> StoredPost:
    (stored,) = await store.unmatched(9)
    return stored


async def test_a_post_comes_back_as_it_was_seen(store: Store) -> None:
    seen = Post(
        source="rybar",
        id="12",
        url="https://t.me/rybar/12",
        title="Сводка",
        text="Бои за Суджу 🇺🇦\nдень",
        published=NOW,
        edited=NOW + MINUTE,
        author="Редактор",
        forwarded_from="wargonzo/7",
        reply_to="11",
        album="a1",
        parts=("13", "14"),
        complete=False,
        language="ru",
    )
    committed = await commit(store, reading(seen))
    assert committed == Committed(new=("rybar/12",))
    assert await only(store) == StoredPost(row=1, post=seen, seen=NOW)


async def test_the_same_reading_twice_changes_nothing(store: Store) -> None:
    read = reading(post(1), post(2), window=Gap(1, 2))
    await commit(store, read)
    before = await store.unmatched(9)
    assert await commit(store, read, NOW + MINUTE) == Committed()
    assert await store.unmatched(9) == before


async def test_an_edit_is_a_new_revision_and_the_old_one_stays(store: Store) -> None:
    await commit(store, reading(post(1, "Бои за Суджу")))
    await match(store)
    assert await store.unmatched(9) == []
    committed = await commit(store, reading(post(1, "Бои у Суджи")), NOW + MINUTE)
    assert committed == Committed(revised=("rybar/1",))
    stored = await only(store)
    assert (stored.revision, stored.post.text, stored.seen) == (2, "Бои у Суджи", NOW)
    assert (await store.counts()).revisions == 2


async def test_arrival_tells_how_a_post_came(store: Store) -> None:
    read = reading(post(1), post(2), arrival=Arrival.BASELINE, backfilled=frozenset({"2"}))
    await commit(store, read)
    await commit(store, reading(post(1), post(3)))
    assert {stored.post.id: stored.arrival for stored in await store.unmatched(9)} == {
        "1": Arrival.BASELINE,
        "2": Arrival.BACKFILL,
        "3": Arrival.LIVE,
    }


async def test_a_post_missing_from_the_window_was_deleted_and_may_return(store: Store) -> None:
    await walk(store, post(1), post(2), post(3))
    read = reading(post(1), post(3), window=Gap(1, 3))
    assert (await commit(store, read, NOW + MINUTE)).deleted == ("rybar/2",)
    assert (await commit(store, read, NOW + MINUTE)).deleted == ()
    states = {hit.post: hit.state async for hit in store.hits()}
    assert states == {"rybar/1": "live", "rybar/2": "deleted", "rybar/3": "live"}
    (report,) = (await store.untold("kursk"))[1].reports
    assert (report.stored.deleted, report.hits[0].state) == (NOW + MINUTE, HitState.DELETED)

    committed = await commit(store, reading(post(2), window=Gap(2, 2)), NOW + 2 * MINUTE)
    assert committed == Committed(restored=("rybar/2",))
    assert {hit.state async for hit in store.hits()} == {"live"}


@pytest.mark.parametrize(
    ("window", "deleted"),
    [(None, ()), (Gap(1, 2), ("rybar/1", "rybar/2")), (Gap(2, 9), ("rybar/2", "rybar/5")), (Gap(3, 4), ())],
)
async def test_only_what_was_read_without_a_hole_can_be_missing(
    store: Store, window: Gap | None, deleted: tuple[str, ...]
) -> None:
    await commit(store, reading(post(1), post(2), post(5)))
    assert (await commit(store, reading(window=window))).deleted == deleted


async def test_known_posts_are_given_from_the_newest_down_with_their_parts(store: Store) -> None:
    album = replace(post(10), album="10", parts=("11", "12"))
    await commit(store, reading(*(post(number) for number in range(1, 10)), album, post(13), post(14)))
    await commit(store, reading(window=Gap(8, 8)))
    below = partial(store.upkeep.ids_below, "rybar")
    assert await below(14, NOW - MINUTE, 4) == [(13,), (10, 11, 12), (9,), (7,)]
    assert await below(3, NOW - MINUTE, 4) == [(2,), (1,)]
    assert await below(14, NOW + 99 * MINUTE, 4) == [], "older than asked for"
    assert await store.upkeep.ids_below("other", 14, NOW - MINUTE, 4) == []


async def test_a_further_part_of_an_album_is_not_missing(store: Store) -> None:
    await commit(store, reading(post(1), post(2)))
    committed = await commit(store, reading(post(1, parts=("2",)), window=Gap(1, 2)))
    assert committed == Committed()
    (album, _) = await store.unmatched(9)
    assert album.post.parts == ("2",)


async def test_a_window_is_one_source_s_own(store: Store) -> None:
    await commit(store, reading(post(1, source="deepstate"), source="deepstate"))
    assert (await commit(store, reading(window=Gap(1, 9)))).deleted == ()


async def test_items_of_a_feed_have_no_numbers_to_be_missing(store: Store) -> None:
    await commit(store, reading(post(1, source="isw"), source="isw"))
    assert (await commit(store, reading(source="isw", window=Gap(1, 9)))).deleted == ()


async def test_posts_are_stored_oldest_first_whatever_their_order(store: Store) -> None:
    await commit(store, reading(post(3), post(1), post(2)))
    assert [stored.post.id for stored in await store.unmatched(9)] == ["1", "2", "3"]


async def test_one_id_twice_in_a_reading_is_one_post(store: Store) -> None:
    committed = await commit(store, reading(post(1, "first"), post(1, "second")))
    assert committed.new == ("rybar/1",)
    assert (await only(store)).post.text == "first"


@pytest.mark.parametrize("text", ["null \x00 byte", "half \ud83d a pair", "both \x00\udfff"])
async def test_text_that_no_engine_stores_is_replaced_sign_by_sign(store: Store, text: str) -> None:
    read = reading(post(1, text, author=text), Post(source="rybar", id=f"g{text}", text=text))
    assert len((await commit(store, read)).new) == 2
    assert await commit(store, read) == Committed()
    for stored in await store.unmatched(9):
        assert len(stored.post.text) == len(text)
        assert "\ufffd" in stored.post.text


async def test_many_producers_at_once_each_get_their_own_answer(store: Store) -> None:
    results = await asyncio.gather(
        *(commit(store, reading(post(number, source=name), source=name)) for number in range(1, 8) for name in _THREE)
    )
    assert [result.new for result in results] == [(f"{name}/{number}",) for number in range(1, 8) for name in _THREE]
    names = ["rybar", "rybar", "isw", "rybar", "deepstate"]
    later = (commit(store, reading(post(n, source=name), source=name)) for n, name in enumerate(names, 10))
    assert [result.new for result in await asyncio.gather(*later)] == [
        (f"{name}/{n}",) for n, name in enumerate(names, 10)
    ]


async def test_a_poll_that_cannot_be_stored_fails_alone(store: Store) -> None:
    good, bad, other = await asyncio.gather(
        commit(store, reading(post(1))),
        commit(store, reading(post(1, source="nobody"), source="nobody")),
        commit(store, reading(post(2, source="isw"), source="isw")),
        return_exceptions=True,
    )
    assert isinstance(bad, StoreError)
    assert (good, other) == (Committed(new=("rybar/1",)), Committed(new=("isw/2",)))


async def test_a_cancelled_poll_takes_nobody_with_it(store: Store) -> None:
    tasks = [asyncio.create_task(commit(store, reading(post(n, source=name), source=name))) for n, name in _TASKS]
    await asyncio.sleep(0)
    tasks[0].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert all(isinstance(result, Committed) for result in results[1:])


async def test_a_write_may_be_cancelled_at_any_moment(store: Store) -> None:
    for moments in range(0, 60, 3):
        now = NOW + moments * MINUTE
        writing = asyncio.create_task(store.route(f"route-{moments}", now))
        reading_ = asyncio.create_task(store.memories())
        for _ in range(moments):
            await asyncio.sleep(0)
        writing.cancel()
        reading_.cancel()
        await asyncio.gather(writing, reading_, return_exceptions=True)
        assert await store.route(f"route-{moments}", now) == RouteMark(now, None)
    assert len(await store.memories()) == 3


async def test_an_unmatched_post_waits_with_its_last_wording_only(store: Store) -> None:
    await commit(store, reading(post(1, "a")))
    await commit(store, reading(post(1, "b")))
    await commit(store, reading(post(1, "c")))
    assert [(stored.revision, stored.post.text) for stored in await store.unmatched(9)] == [(3, "c")]
    await match(store)
    await group(store)
    assert await store.unmatched(9) == []


_THREE = ("rybar", "deepstate", "isw")
_TASKS = [(number, name) for number in range(1, 4) for name in _THREE]
