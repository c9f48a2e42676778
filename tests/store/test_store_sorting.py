from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from bot.service.local import Ticks
from bot.store import Store, sorting
from bot.store.sorting import Sorting
from tests.fakes.postgresql import connect
from tests.store.world import commit, post, reading


async def unsorted(store: Store) -> bool:
    """Whether words wait to be sorted in; then none do."""
    async with store._write() as conn:
        pages = await conn.exec_driver_sql("SELECT gin_clean_pending_list('ix_revision_words')")
        return bool(pages.scalar_one())


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_new_words_are_found_at_once_and_sorted_in_beside(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await unsorted(store)
    monkeypatch.setattr(sorting, "QUIET", 3600.0)
    monkeypatch.setattr(sorting, "ENOUGH", 3)
    for number, left in ((1, True), (2, True), (4, False)):
        await commit(store, reading(*(post(each, f"Суджа {each}") for each in range(1, number + 1))))
        assert len(await store.search("суджа")) == number
        if not left:
            await store._database.finish()
        assert await unsorted(store) is left


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_few_words_are_sorted_in_when_nobody_writes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await unsorted(store)
    monkeypatch.setattr(sorting, "QUIET", 0.0)
    await commit(store, reading(post(1)))
    ended = store._database._sorting._task  # type: ignore[attr-defined]
    assert ended is not None
    await ended
    assert not await unsorted(store)


async def test_what_cannot_be_sorted_in_disturbs_nobody() -> None:
    cut_off = Sorting(create_async_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing"), "nothing")
    await cut_off.stored(sorting.FAR_BEHIND)
    await cut_off.stored(sorting.ENOUGH)
    await cut_off.close()


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_what_keeps_words_unsorted_is_told_until_it_is_over(
    store: Store, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sorting, "QUIET", 0.0)
    look = Ticks().guarded("sorting", store.look_beside)
    with connect(address) as other:
        other.exec_driver_sql("ALTER INDEX ix_revision_words RENAME TO away")
        try:
            for number in (1, 2):
                await commit(store, reading(post(number)))
                await store._database.finish()
                await look()
        finally:
            other.exec_driver_sql("ALTER INDEX away RENAME TO ix_revision_words")
    said = capsys.readouterr().out
    assert (said.count("new words are not sorted into its index"), said.count("VACUUM revision")) == (1, 1)
    await commit(store, reading(post(3)))
    await store._database.finish()
    await look()
    await look()
    assert capsys.readouterr().out.count("step works again") == 1
