"""The PostgreSQL server that tests use, and a relay before it that can be cut or fall silent."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, NullPool, create_engine, make_url, text

ADMINISTRATOR = os.environ.get("PLACEWIRE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server, and a connection to it that may make and drop databases."""

    admin: Connection
    made: set[str] = field(default_factory=set)

    def address(self, name: str) -> str:
        return make_url(ADMINISTRATOR).set(database=_own(name)).render_as_string(hide_password=False)

    def make(self, name: str) -> str:
        """The address of a new database; test processes side by side have one each of the same name."""
        self.drop(name)
        self.made.add(name)
        self.admin.execute(text(f"CREATE DATABASE {_own(name)} ENCODING 'UTF8' TEMPLATE template0"))
        return self.address(name)

    def drop(self, name: str) -> None:
        self.admin.execute(text(f"DROP DATABASE IF EXISTS {_own(name)} WITH (FORCE)"))

    def drop_all(self, name: str) -> None:
        """The database and those that a restore has put aside."""
        mine = "SELECT datname FROM pg_database WHERE datname = :name OR starts_with(datname, :name || '.')"
        found = self.admin.execute(text(mine), {"name": _own(name)})
        for each in found.scalars().all():
            self.admin.execute(text(f'DROP DATABASE "{each}" WITH (FORCE)'))

    def clean(self) -> None:
        """Leave nothing of what was made, whatever became of the tests that made it."""
        for name in self.made:
            self.drop_all(name)


def _own(name: str) -> str:
    return f"{name}_{os.getpid()}"


def connect(address: str) -> Connection:
    url = make_url(address).set(drivername="postgresql+psycopg")
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


@dataclass
class Relay:
    """Stands between a program and the server. `cut` ends all connections and refuses others; `silence` keeps them."""

    port: int = 0
    silent: bool = False
    gone: bool = False
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def before(self, address: str) -> str:
        """The address of a database, through this relay."""
        return make_url(address).set(host="127.0.0.1", port=self.port).render_as_string(hide_password=False)

    def cut(self) -> None:
        self.gone = True
        for each in self.writers:
            each.transport.abort()

    def silence(self) -> None:
        self.silent = True

    async def joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.gone:
            writer.transport.abort()
            return
        server = make_url(ADMINISTRATOR)
        theirs, ours = await asyncio.open_connection(server.host, server.port or 5432)
        self.writers += [writer, ours]
        await asyncio.gather(self._passed(reader, ours), self._passed(theirs, writer))

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if not self.silent:
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()


@asynccontextmanager
async def relay() -> AsyncIterator[Relay]:
    made = Relay()
    server = await asyncio.start_server(made.joined, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.cut()
        server.close()
