"""Brings a database to the newest schema: `python -m bot.store.migrate`, in a process of its own.

Alembic is imported here and nowhere else in the running house. The whole migration is one transaction: it is done, or
the database is as it was. The address is the first line of standard input, whose end says that nobody waits for it any
more; a failure is told as one JSON object on standard output, with status 1.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.errors import StoreCorrupt, StoreError
from bot.store.database import database_at
from bot.store.faults import translated
from bot.store.schema import MIGRATIONS


def upgrade(address: str | Path, scripts: Path = MIGRATIONS, to: str = "head") -> None:
    """Migrate the database at `address`, all or nothing; an empty one gets the whole schema."""
    database = database_at(address)
    build = database.builder()
    with translated(database.name), build.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(_NOTICED)
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = conn
        command.upgrade(config, to)
        if _orphaned(conn):
            raise StoreCorrupt(
                database.name, "rows refer to rows that are not there", "put a backup in its place (db restore)"
            )
    build.dispose()


_NOTICED = """
SELECT set_config(name, '5s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'
"""
"""A server that makes an index sees soon that we are gone, and takes back what it did."""


def _orphaned(conn: Connection) -> bool:
    """A migration of SQLite runs without foreign keys, which PostgreSQL holds all the time."""
    return conn.dialect.name == "sqlite" and conn.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


def main() -> int:
    address = sys.stdin.readline().removesuffix("\n")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        upgrade(address)
    except StoreError as error:
        told = {"kind": type(error).__name__, "what": error.what, "remedy": error.remedy}
        sys.stdout.write(json.dumps(told))
        return 1
    return 0


def _end_with_parent() -> None:
    """Nobody is left to open what we would make, and the next start is not to find us still at it."""
    while os.read(0, 1):  # bare: a lock of sys.stdin, held by this thread, would be in the way of an orderly end
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
