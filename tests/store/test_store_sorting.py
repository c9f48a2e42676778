from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import Store, sorting
from bot.store.sorting import Sorting
from tests.store.world import commit, post, reading


async def unsorted(store: Store) -> bool:
    """Whether words wait to be sorted in; then none do."""
    async with store._write() as conn:
        pages = await conn.exec_driver_sql("SELECT gin_clean_pending_list('ix_revision_words')")
        return bool(pages.scalar_one())


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_new_words_are_found_at_once_and_sorted_in_beside(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await unsorted(store)
    monkeypatch.setattr(sorting, "ENOUGH", 2)
    for number, left in ((1, True), (2, False)):
        await commit(store, reading(post(number, f"Суджа {number}")))
        assert len(await store.search("суджа")) == number
        await store._database.finish()
        assert await unsorted(store) is left


async def test_what_cannot_be_sorted_in_disturbs_nobody() -> None:
    cut_off = Sorting(create_async_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))
    await cut_off.stored(sorting.FAR_BEHIND)
    await cut_off.stored(sorting.ENOUGH)
    await cut_off.close()
