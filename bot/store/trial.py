"""Whether a database takes what is written to it: tried where it would be stored, and taken back at once.

In: a file, or a connection to a server. Out: nothing, or what the disk or the server said. Invariant: no trace of the
trial is left, and no row of ours is touched.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, false, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import engine
from bot.store.tables import post, revision, source

_BYTES = 1_000_000
_ROWS = 25_000
"""As much, in the server's pages."""


async def touch(conn: AsyncConnection) -> None:
    """Ask for the locks of a poll that is stored."""
    for table in (source, post, revision):
        await conn.execute(update(table).values(row=table.c.row).where(false()))


def beside(path: Path) -> None:
    """Raises `OSError` for a disk that is full, read-only or not ours. The file has no name."""
    with tempfile.TemporaryFile(dir=path.parent) as file:
        file.write(bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())


def in_turn(path: Path) -> None:
    """Wait for whoever writes, as a poll would. Raises `sqlite3.OperationalError` where that takes too long."""
    with closing(engine.plain(path)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("ROLLBACK")


def at_server(conn: Connection) -> None:
    """Make a table and take it back, in the transaction of `conn`."""
    conn.exec_driver_sql(f"CREATE UNLOGGED TABLE trial_{os.getpid()} AS SELECT generate_series(1, {_ROWS})")
    conn.rollback()
