from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from bot.store import Store, sqlite
from bot.store.tables import metadata
from tests.store.world import DEEPSTATE, ISW, NOW, RYBAR

ADMINISTRATOR = os.environ.get("PLACEWIRE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


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


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server, and a connection to it that may make and drop databases."""

    admin: Connection

    def address(self, name: str) -> str:
        return make_url(ADMINISTRATOR).set(database=_own(name)).render_as_string(hide_password=False)

    def make(self, name: str) -> str:
        """The address of a new database; test processes side by side have one each of the same name."""
        self.drop(name)
        self.admin.execute(text(f"CREATE DATABASE {_own(name)} ENCODING 'UTF8' TEMPLATE template0"))
        return self.address(name)

    def drop(self, name: str) -> None:
        self.admin.execute(text(f"DROP DATABASE IF EXISTS {_own(name)} WITH (FORCE)"))


def _own(name: str) -> str:
    return f"{name}_{os.getpid()}"


def connect(address: str) -> Connection:
    url = make_url(address).set(drivername="postgresql+psycopg")
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    try:
        admin = connect(ADMINISTRATOR)
    except OperationalError as error:
        pytest.skip(f"no PostgreSQL answers: {error.orig}")
    yield Server(admin)
    admin.close()


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
    """A store on each engine."""
    address, emptier = shared
    empty(emptier)
    stores = [await Store.open(database, now=NOW), await Store.open(address, now=NOW)]
    for store in stores:
        await store.sync_sources([RYBAR, DEEPSTATE, ISW], NOW)
    yield stores
    for store in stores:
        await store.close()
