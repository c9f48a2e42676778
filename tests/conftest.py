from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.installation import Installation, installation


@pytest.fixture(autouse=True)
def _cache_of_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The names are expanded once for all tests, and never into the cache of whoever runs them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[Installation]:
    """A configured installation whose sources answer on loopback."""
    async with installation(tmp_path) as made:
        yield made
