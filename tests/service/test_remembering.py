"""What a start makes of a database whose sketches a new release has let go of."""

from __future__ import annotations

from pathlib import Path

from bot.config import Config
from bot.service.house import _remembering
from bot.store import Store
from tests.store.world import MINUTE, NOW, RYBAR, commit, first, post, reading


async def test_sketches_that_are_missing_are_made_again(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "placewire.db", now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await commit(store, reading(post(1, "Бои идут у Суджи, жителей вывозят в Рыльск и дальше, связи почти нет.")))
        (one,) = await store.unmatched(9)
        await store.save_matches([(one, [])], NOW)
        await store.save_placements([(one, first(one))], NOW)
        assert len(await store.unsketched(NOW - MINUTE)) == 1
        memory = await _remembering(Config(folder=tmp_path, database=""), store, NOW + MINUTE)
        assert len(memory) == 1
        assert await store.unsketched(NOW - MINUTE) == []
        grouper, _ = await memory.holding([NOW], NOW + MINUTE)
        assert grouper.place(one.post, when=one.happened).story == one.post.key
