"""One engine under the store, and all that the store asks of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.store.address import database_path, is_postgresql
from bot.store.backup import Shown, Verified
from bot.store.postgresql import PostgreSQL
from bot.store.rows import Facts
from bot.store.schema import Ahead
from bot.store.sqlite import SQLite


class Database(Protocol):
    """SQLite or PostgreSQL. `name` is what messages say, never with a password."""

    @property
    def name(self) -> str: ...
    @property
    def record(self) -> Path:
        """The file that remembers what was forgotten, apart from the database."""

    def to_forget(self) -> list[str]:
        """Lines of that record, and of the database that this one replaces; known when it is open."""

    @property
    def warnings(self) -> tuple[str, ...]: ...

    async def open(self, *, read_only: bool, now: datetime, backup_folder: Path | None) -> None:
        """Make, migrate or refuse it; nothing is made or changed if `read_only`."""

    def ahead(self) -> Ahead | None:
        """The migration that `open` begins with. Raises `StoreError` for what it would refuse."""

    def builder(self) -> Engine:
        """A plain engine for the schema."""

    def writer(self) -> AsyncEngine:
        """The one connection that writes; its transactions exclude those of other processes."""

    def readers(self, *, read_only: bool) -> AsyncEngine:
        """A few connections that only read; each transaction sees one moment."""

    async def stored(self, wordings: int) -> None:
        """Take note that so many were committed: an engine may have something to do after it, beside what follows."""

    @property
    def trouble(self) -> StoreError | None:
        """Why the last of what it does beside failed."""

    async def finish(self) -> None:
        """Wait for what it does beside."""

    async def close(self) -> None:
        """Break that off."""

    def check(self) -> None:
        """Raise `StoreCorrupt` if it is no longer the database that was opened."""

    async def scrub(self) -> None:
        """Leave no trace of rows that were blanked or deleted."""

    async def backup(self, to: Path, shown: Shown) -> Verified:
        """Copy it to a file, which is verified; `shown` is told how far it is, from 0 to 1."""

    async def facts(self, conn: AsyncConnection) -> Facts: ...
    async def sizes(self, conn: AsyncConnection) -> dict[str, int]: ...

    # What follows needs no open database, and may take long: call it in a thread.

    def there(self) -> bool:
        """Whether there is one: a file, or tables at a server."""

    def look_through(self, in_time: Callable[[], bool]) -> bool:
        """Look for damage after a stop that was not in order; whether that came to its end `in_time`."""

    def try_room(self) -> None:
        """Write something where it is, in its turn, and take it back."""

    def verify(self) -> Verified:
        """Read all of it. Raises `StoreCorrupt` naming the first fault."""

    def replaced(self) -> list[str]:
        """Other databases of the server, which restores have put aside, or began and were killed."""


def database_at(address: str | Path) -> Database:
    """The engine for an address. Raises `StoreError` for one of another kind."""
    if isinstance(address, str) and is_postgresql(address):
        return PostgreSQL(address)
    return SQLite(database_path(address))
