from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.model import Near, Place, Priority, Term, Watch
from bot.store import Sought, Store
from tests.store.world import MINUTE, NOW, RYBAR, commit, post, reading

SUDZHA = Place(id="sudzha", name="Суджа", language="ru", at=(51.19, 35.27), names={"uk": ("Суджа",)}, tags=("kursk",))
EW = Term(id="ew", name="РЭБ", any=("РЭБ", "electronic warfare"))


def spans(found: list[Sought]) -> list[tuple[str, int, int]]:
    return [(each.id, each.searched, each.until) for each in found]


async def test_the_watches_come_back_as_they_were_configured(store: Store) -> None:
    watches: list[Watch] = [EW, replace(SUDZHA, near=Near(("бои",), 5), priority=Priority.URGENT)]
    await store.upkeep.sync_watches(watches, NOW)
    assert await store.upkeep.watches() == watches
    await store.upkeep.sync_watches([SUDZHA], NOW)
    assert await store.upkeep.watches() == [SUDZHA]


async def test_what_was_in_use_before_a_change_is_known(store: Store) -> None:
    one, two, three = (NOW + number * MINUTE for number in range(1, 4))
    urgent = replace(SUDZHA, priority=Priority.URGENT)
    await store.upkeep.sync_watches([SUDZHA], NOW)
    assert await store.upkeep.adopted() is None
    await store.upkeep.sync_watches([EW, urgent], one)
    await store.upkeep.sync_watches([EW, urgent], two)
    assert await store.upkeep.adopted() == one
    await store.upkeep.sync_watches([EW], three)
    assert await store.upkeep.adopted() == three
    assert await store.upkeep.watches() == [EW]
    for until, found in ((NOW, [SUDZHA]), (one, [SUDZHA]), (two, [EW, urgent]), (three, [EW, urgent])):
        assert await store.upkeep.watches(until) == found
    await store.upkeep.sync_watches([], three)
    await store.upkeep.sync_watches([SUDZHA], three + MINUTE)
    assert await store.upkeep.watches(three + MINUTE) == []


async def test_where_nothing_is_stored_nothing_is_to_be_searched(store: Store) -> None:
    await store.upkeep.sync_watches([SUDZHA, EW], NOW)
    assert await store.upkeep.sought() == []


async def test_new_and_changed_watches_are_searched_in_what_was_there_before(store: Store) -> None:
    await store.upkeep.sync_watches([SUDZHA], NOW)
    await commit(store, reading(post(1), post(2)))
    await store.upkeep.sync_watches([SUDZHA], NOW)
    assert await store.upkeep.sought() == []
    await store.upkeep.sync_watches([SUDZHA, EW], NOW)
    await commit(store, reading(post(3)))
    await store.upkeep.sync_watches([SUDZHA, EW], NOW)
    assert spans(await store.upkeep.sought()) == [("ew", 0, 2)]
    await store.upkeep.sync_watches([replace(SUDZHA, tags=("x",)), EW], NOW)
    assert spans(await store.upkeep.sought()) == [("ew", 0, 2)]
    await store.upkeep.sync_watches([replace(SUDZHA, also=("Суджанск",)), EW], NOW)
    assert spans(await store.upkeep.sought()) == [("ew", 0, 2), ("sudzha", 0, 3)]


async def test_a_watch_that_went_and_comes_again_is_searched_again(store: Store) -> None:
    await commit(store, reading(post(1)))
    await store.upkeep.sync_watches([SUDZHA], NOW)
    await store.upkeep.save_late([], await store.upkeep.sought(), 1, NOW)
    assert await store.upkeep.sought() == []
    await store.upkeep.sync_watches([], NOW)
    await store.upkeep.sync_watches([SUDZHA], NOW)
    assert spans(await store.upkeep.sought()) == [("sudzha", 0, 1)]


async def test_the_mark_moves_forward_only_and_not_for_a_watch_that_was_changed_meanwhile(store: Store) -> None:
    await commit(store, reading(*(post(number) for number in range(1, 10))))
    await store.upkeep.sync_watches([SUDZHA, EW], NOW)
    waiting = await store.upkeep.sought()
    await store.upkeep.save_late([], waiting, 5, NOW)
    await store.upkeep.save_late([], waiting, 3, NOW)
    assert spans(await store.upkeep.sought()) == [("ew", 5, 9), ("sudzha", 5, 9)]
    await store.upkeep.sync_watches([replace(SUDZHA, also=("Суджанск",)), EW], NOW)
    await store.upkeep.save_late([], waiting, 100, NOW)
    assert spans(await store.upkeep.sought()) == [("sudzha", 0, 9)]


async def test_the_mark_is_there_after_the_process_was_killed(database: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await commit(store, reading(post(1), post(2)))
        await store.upkeep.sync_watches([SUDZHA], NOW)
        await store.upkeep.save_late([], await store.upkeep.sought(), 1, NOW)
    async with await Store.open(database, now=NOW) as store:
        assert spans(await store.upkeep.sought()) == [("sudzha", 1, 2)]
