"""A copy made while the store is written at full speed holds exactly what was committed at one moment."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.model import Cursor
from bot.store import Store
from tests.store.world import NOW, RYBAR, commit, match, post, reading

WAVE = 50


async def test_a_copy_made_at_full_speed_and_restored_is_of_one_moment(own: str | Path, tmp_path: Path) -> None:
    committed, shares = [0], list[float]()
    underway, stop = asyncio.Event(), asyncio.Event()

    async def write(store: Store) -> None:
        """Readings of 50 posts, each followed by its hits."""
        while not stop.is_set():
            last = committed[-1] + WAVE
            numbers = range(committed[-1] + 1, last + 1)
            await commit(store, reading(*map(post, numbers), cursor=Cursor(newest=last)))
            committed.append(last)
            await match(store)
            if len(committed) > 3:
                underway.set()

    def shown(share: float) -> None:
        """Told by another thread, once the copy has its moment: it waits until the writer has gone on from there."""
        known = len(committed)
        while not shares and len(committed) < known + 3:
            time.sleep(0.001)
        shares.append(share)

    async with await Store.open(own, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        writing = asyncio.create_task(write(store))
        await underway.wait()
        copy = await store.backup(tmp_path / "copy", shown)
        stop.set()
        await writing
        assert copy.posts in committed
        assert copy.posts < committed[-1]
        assert shares == sorted(shares)
        assert copy.path.stat().st_mode & 0o077 == 0
        assert await Store.verify(copy.path) == copy
        assert (await Store.verify(own)).posts == (await store.counts()).posts == committed[-1]

    restored = await Store.restore(copy.path, own, NOW)
    assert (restored.copy.posts, restored.copy.hits) == (copy.posts, copy.hits)
    async with await Store.open(own, now=NOW) as store:
        counts, waiting = await store.counts(), await store.unmatched(2 * WAVE)
        assert (counts.posts, counts.hits) == (copy.posts, copy.hits)
        assert len(waiting) in {0, WAVE}, "a reading has all its hits, or none yet"
        assert len(waiting) + counts.hits == counts.posts == (await store.memory("rybar")).cursor.newest
        assert len(await store.search("суджа", limit=copy.posts + 1)) == copy.posts
