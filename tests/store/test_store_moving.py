"""Moving a database from either engine to either: every row and number, or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import AlreadyRunning, StoreError
from bot.store import Store, instance_lock, records
from bot.store.database import database_at
from tests.fakes.postgresql import Server
from tests.store.methods import filled
from tests.store.world import NOW, post, walk


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "sqlite":
        yield tmp_path / "moved" / "placewire.db"
        return
    server: Server = request.getfixturevalue("server")
    yield server.make("placewire_moved")
    server.drop("placewire_moved")


async def _all(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]


async def told(store: Store) -> list[Any]:
    """What a user sees of a store."""
    found = [await _all(rows) for rows in (store.exported(), store.stories(), store.outbox())]
    searched = await store.search("Суджа")
    return [*found, searched, await store.memories(), await store.secret(), await store.trace("rybar/1")]


async def test_everything_is_there_under_its_own_number(store: Store, address: str | Path, target: Any) -> None:
    await filled(store)
    await store.forget("deepstate/5", reason="asked", now=NOW)
    before = await told(store)
    shares: list[float] = []
    counts = await Store.move(address, target, shares.append)
    assert counts["post"] == 2
    assert (shares == sorted(shares), shares[-1]) == (True, 1.0)
    assert await told(store) == before
    assert records.read(database_at(target).record) == records.read(database_at(address).record) != []
    async with await Store.open(target, now=NOW) as moved:
        assert await told(moved) == before
        await walk(moved, post(9))
        await walk(store, post(9))
        assert (await told(moved))[0][-1].hit.id == (await told(store))[0][-1].hit.id


async def test_what_is_not_empty_is_left_alone(store: Store, address: str | Path, target: Any) -> None:
    async with await Store.open(target, now=NOW) as other:
        secret = await other.secret()
    with pytest.raises(StoreError, match="is not empty"):
        await Store.move(address, target)
    async with await Store.open(target, now=NOW) as other:
        assert await other.secret() == secret
    with pytest.raises(StoreError, match="is where the database is"):
        await Store.move(address, address)


async def test_a_move_that_is_broken_off_leaves_nothing(store: Store, address: str | Path, target: Any) -> None:
    await filled(store)

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyError(share)

    with pytest.raises(KeyError):
        await Store.move(address, target, stop)
    with pytest.raises(StoreError):
        await Store.open(target, now=NOW, read_only=True)
    assert (await Store.move(address, target))["post"] == 2


async def test_nothing_is_moved_under_a_running_service(store: Store, address: str | Path, target: Any) -> None:
    with instance_lock(address), pytest.raises(AlreadyRunning):
        await Store.move(address, target)
