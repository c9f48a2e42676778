from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Store, schema
from tests.store.world import DEEPSTATE, ISW, NOW, RYBAR


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "placewire.db"


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database as it was just made; copying it is quicker than making it."""
    path = tmp_path_factory.mktemp("fresh") / "placewire.db"
    schema.prepare(path, now=NOW, backup_folder=None)
    return path.read_bytes()


@pytest.fixture
def database(path: Path, fresh: bytes) -> Path:
    path.parent.mkdir()
    path.write_bytes(fresh)
    return path


@pytest.fixture
async def store(database: Path) -> AsyncIterator[Store]:
    """An open store in a real file, which knows three sources."""
    async with await Store.open(database, now=NOW) as opened:
        await opened.sync_sources([RYBAR, DEEPSTATE, ISW], NOW)
        yield opened
