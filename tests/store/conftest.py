from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.store import Store, sqlite
from bot.store.tables import metadata
from tests.fakes.postgresql import Server, connect
from tests.store.world import DEEPSTATE, ISW, NOW, RYBAR


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "placewire.db"


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database as it was just made; copying it is quicker than making it."""
    path = tmp_path_factory.mktemp("fresh") / "placewire.db"
    sqlite.prepare(path, now=NOW, backup_folder=None)
    return path.read_bytes()


@pytest.fixture
def database(path: Path, fresh: bytes) -> Path:
    path.parent.mkdir()
    path.write_bytes(fresh)
    return path


@pytest.fixture(autouse=True)
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server's database has forgotten is recorded in a folder of the test."""
    monkeypatch.setattr("bot.store.postgresql.RECORDS", tmp_path / "records")


@pytest.fixture(scope="session")
def shared(server: Server) -> Iterator[tuple[str, Connection]]:
    """One database for all tests, and a connection that empties it: making one takes longer than most tests."""
    name = "placewire_test"
    address = server.make(name)
    asyncio.run(_made(address))
    emptier = connect(address)
    emptier.execute(text("SET synchronous_commit = off"))
    yield address, emptier
    emptier.close()
    server.drop(name)


async def _made(address: str) -> None:
    await (await Store.open(address, now=NOW)).close()


def empty(emptier: Connection) -> None:
    tables = [table for table in reversed(metadata.sorted_tables) if table.name != "meta"]
    emptier.execute(text("; ".join(f"DELETE FROM {table.name}" for table in tables)))
    emptier.execute(text("DELETE FROM meta WHERE name NOT IN ('secret', 'instance')"))
    restart = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    emptier.execute(text(restart))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine a test is for: both, where its module does not name one."""
    return str(request.param)


@pytest.fixture
def address(engine: str, request: pytest.FixtureRequest) -> str | Path:
    """An empty database of the engine, its tables made."""
    if engine == "sqlite":
        return Path(request.getfixturevalue("database"))
    address, emptier = request.getfixturevalue("shared")
    empty(emptier)
    return str(address)


@pytest.fixture
async def store(address: str | Path) -> AsyncIterator[Store]:
    """An open store in a real database, which knows three sources."""
    async with await Store.open(address, now=NOW) as opened:
        await opened.sync_sources([RYBAR, DEEPSTATE, ISW], NOW)
        yield opened


@pytest.fixture
async def both(
    database: Path, shared: tuple[str, Connection], request: pytest.FixtureRequest
) -> AsyncIterator[list[Store]]:
    """A store on each engine, with one secret: what is made with it is alike."""
    address, emptier = shared
    empty(emptier)
    stores = [await Store.open(database, now=NOW), await Store.open(address, now=NOW)]
    secret = (await stores[0].secret()).hex()
    emptier.execute(text("UPDATE meta SET value = :secret WHERE name = 'secret'"), {"secret": secret})
    for store in stores:
        await store.sync_sources([RYBAR, DEEPSTATE, ISW], NOW)
    yield stores
    for store in stores:
        await store.close()


HOME = "placewire_test_home"


@pytest.fixture
def home(server: Server) -> Iterator[str]:
    """A database of its own, which may be put aside and replaced."""
    yield server.make(HOME)
    server.drop_all(HOME)


@pytest.fixture
def own(engine: str, request: pytest.FixtureRequest) -> str | Path:
    """A database of the engine that is not shared: it may be put aside and replaced."""
    return str(request.getfixturevalue("home")) if engine == "postgresql" else Path(request.getfixturevalue("path"))
