"""The fixtures of this room: a standing clock and an outbox in a real SQLite file."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.delivery.desk import NOW, Clock, Queue


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows; copying it is cheaper than migrating one for each test."""
    path = tmp_path_factory.mktemp("store") / "placewire.db"
    asyncio.run(_migrate(path))
    return path


async def _migrate(path: Path) -> None:
    await (await Store.open(path, now=NOW)).close()


@pytest.fixture
async def queue(tmp_path: Path, new_database: Path) -> AsyncIterator[Queue]:
    path = Path(shutil.copy(new_database, tmp_path))
    async with await Store.open(path, now=NOW) as store:
        yield Queue(store)
