from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.store.world import DEEPSTATE, ISW, NOW, RYBAR


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "placewire.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    """An open store in a real file, which knows three sources."""
    async with await Store.open(path, now=NOW) as opened:
        await opened.sync_sources([RYBAR, DEEPSTATE, ISW], NOW)
        yield opened
