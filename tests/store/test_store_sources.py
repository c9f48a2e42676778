from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.model import Condition, Cursor, Gap, Identity
from bot.store import Store
from tests.store.world import DEEPSTATE, ISW, MINUTE, NOW, RYBAR, commit, memory, post, reading


async def test_new_sources_are_due_at_once_and_what_is_not_configured_retires(store: Store) -> None:
    assert await store.due(NOW, 10) == ["rybar", "deepstate", "isw"]
    await store.sync_sources([RYBAR], NOW + MINUTE)
    assert set(await store.memories()) == {"rybar"}
    assert await store.due(NOW + MINUTE, 10) == ["rybar"]
    await store.sync_sources([RYBAR, ISW], NOW + 2 * MINUTE)
    assert set(await store.memories()) == {"rybar", "isw"}


async def test_syncing_twice_keeps_what_is_remembered(store: Store) -> None:
    await commit(store, reading(post(1)))
    before = await store.memories()
    await store.sync_sources([RYBAR, DEEPSTATE, ISW], NOW + MINUTE)
    assert await store.memories() == before


async def test_memory_comes_back_as_it_was(store: Store) -> None:
    cursor = Cursor(
        newest=9,
        gaps=(Gap(3, 4), Gap(7, 7)),
        channel_id=1101806611,
        etag='W/"x"',
        last_modified="Sun, 22 Nov 2026 12:00:00 GMT",
        body_hash="ab",
        identity=Identity.LINK,
        marks=("k1", "k2"),
        full_at=NOW,
        swept_at=NOW - MINUTE,
    )
    condition = Condition(state="rate_limited", detail="429", remedy="wait", since=NOW, until=NOW + MINUTE)
    read = reading(cursor=cursor, condition=condition)
    kept = replace(memory(read), failures=3, interval=timedelta(seconds=1.5))
    await store.commit_reading(read, kept, NOW)
    assert (await store.memories())["rybar"] == kept


async def test_due_follows_the_memory(store: Store) -> None:
    for name, minutes in (("rybar", 5), ("deepstate", 3), ("isw", 9)):
        read = reading(source=name)
        await store.commit_reading(read, memory(read, due=NOW + minutes * MINUTE), NOW)
    assert await store.due(NOW, 10) == []
    assert await store.due(NOW + 9 * MINUTE, 2) == ["deepstate", "rybar"]


async def test_a_hint_makes_working_sources_due_and_nothing_else(store: Store) -> None:
    ok, busy = Condition(state="ok"), Condition(state="ok", until=NOW + 9 * MINUTE)
    for name, failures, state in (("rybar", 0, ok), ("deepstate", 1, ok), ("isw", 0, busy)):
        read = reading(source=name, condition=state)
        await store.commit_reading(read, memory(read, due=NOW + 5 * MINUTE, failures=failures), NOW)
    await store.hurry(["rybar", "deepstate", "isw", "nobody"], NOW + MINUTE, apart=MINUTE)
    assert await store.due(NOW + MINUTE, 9) == ["rybar"]


async def test_hints_keep_readings_apart_and_never_put_one_off(store: Store) -> None:
    read = reading()
    await store.commit_reading(read, memory(read, last_ok=NOW, due=NOW + 5 * MINUTE), NOW)
    for seconds in (0, 1, 2):
        await store.hurry(["rybar"], NOW + timedelta(seconds=seconds), apart=MINUTE)
    assert (await store.memories())["rybar"].due == NOW + MINUTE


async def test_another_address_is_asked_without_the_validators_of_the_old_one(store: Store) -> None:
    await commit(store, reading(source="isw", cursor=Cursor(etag="x", body_hash="y", identity=Identity.GUID)))
    await store.sync_sources([replace(ISW, address="https://isw.example/new")], NOW + MINUTE)
    remembered = (await store.memories())["isw"]
    assert remembered.cursor == Cursor(identity=Identity.GUID)
    assert remembered.due == NOW + MINUTE
    assert remembered.first_read == NOW


async def test_a_change_of_state_is_told_once(store: Store) -> None:
    down = Condition(state="dns", detail="no such name", remedy="check the address")
    await commit(store, reading())
    await commit(store, reading(condition=Condition(state="not_modified")))
    assert await store.untold_changes() == [], "a first reading that works is no news"
    await commit(store, reading(condition=down), NOW + MINUTE)
    await commit(store, reading(condition=down), NOW + 2 * MINUTE)
    changes = await store.untold_changes()
    assert [(change.source, change.title, change.previous, change.state, change.at) for change in changes] == [
        ("rybar", "Рыбарь", "not_modified", "dns", NOW + MINUTE)
    ]
    for _ in range(2):
        await store.mark_changes_told([change.row for change in changes])
        assert await store.untold_changes() == []
    await commit(store, reading(), NOW + 3 * MINUTE)
    assert [change.state for change in await store.untold_changes()] == ["ok"]


async def test_since_tells_how_long_a_state_lasts(store: Store) -> None:
    down = Condition(state="dns")
    await commit(store, reading(condition=down), NOW)
    await commit(store, reading(condition=down), NOW + MINUTE)
    assert (await store.memories())["rybar"].condition.since == NOW
    await commit(store, reading(), NOW + 2 * MINUTE)
    assert (await store.memories())["rybar"].condition.since == NOW + 2 * MINUTE


async def test_an_accepted_channel_begins_anew_and_the_old_posts_stay(store: Store) -> None:
    await commit(store, reading(post(1), post(2), cursor=Cursor(newest=2, channel_id=11)))
    assert await store.accept_source("rybar", 22, NOW + MINUTE) == "rybar~1"
    assert await store.accept_source("rybar", 22, NOW + MINUTE) is None
    fresh = (await store.memories())["rybar"]
    assert (fresh.cursor, fresh.first_read, fresh.due) == (Cursor(channel_id=22), None, NOW + MINUTE)
    assert [stored.post.key for stored in await store.unmatched(9)] == ["rybar~1/1", "rybar~1/2"]

    committed = await commit(store, reading(post(1, "other channel"), cursor=Cursor(channel_id=22), window=Gap(1, 2)))
    assert (committed.new, committed.deleted) == (("rybar/1",), ())
    assert await store.accept_source("rybar", 33, NOW + 2 * MINUTE) == "rybar~2"
    await store.sync_sources([RYBAR], NOW + 3 * MINUTE)
    assert set(await store.memories()) == {"rybar"}


async def test_a_channel_that_was_never_read_is_accepted_in_place(store: Store) -> None:
    assert await store.accept_source("rybar", 22, NOW) is None
    assert (await store.memories())["rybar"].cursor.channel_id == 22


async def test_an_unknown_source_is_refused_by_name(store: Store) -> None:
    with pytest.raises(StoreError, match="nobody: is no source"):
        await commit(store, reading(source="nobody"))
    with pytest.raises(StoreError, match="nobody: is no source"):
        await store.accept_source("nobody", 1, NOW)


async def test_sources_are_listed_with_what_they_hold(store: Store) -> None:
    read = reading(post(1), post(2), cursor=Cursor(newest=9, gaps=(Gap(3, 8),)), dropped=1, moved_to="https://t.me/r2")
    await commit(store, read)
    rows = {row.id: row for row in await store.sources()}
    assert list(rows) == ["deepstate", "isw", "rybar"]
    assert (rows["rybar"].posts, rows["rybar"].gaps, rows["rybar"].dropped) == (2, ((3, 8),), 1)
    assert (rows["rybar"].state, rows["rybar"].moved_to) == ("ok", "https://t.me/r2")
    assert (rows["isw"].posts, rows["isw"].state) == (0, "new")
