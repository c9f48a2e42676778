from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Store, sqlite
from tests.notices.newsdesk import Newsdesk
from tests.store.world import DEEPSTATE, ISW, NOW, RYBAR


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("fresh") / "placewire.db"
    sqlite.prepare(path, now=NOW, backup_folder=None)
    return path.read_bytes()


@pytest.fixture
async def news(tmp_path: Path, fresh: bytes) -> AsyncIterator[Newsdesk]:
    path = tmp_path / "placewire.db"
    path.write_bytes(fresh)
    async with await Store.open(path, now=NOW) as store:
        await store.sync_sources([RYBAR, DEEPSTATE, ISW], NOW)
        await store.route("kursk", NOW)
        yield Newsdesk(store)
