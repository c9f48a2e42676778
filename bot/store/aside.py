"""What a restore replaces: it is put aside under a name that says when, and loses nothing by it.

In: the database's path. Out: one file beside it, `NAME.MOMENT.replaced`, its log in it.
"""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from bot.errors import StoreBusy, StoreError
from bot.store import engine
from bot.store.driver import sqlite3


def named(name: str, now: datetime) -> str:
    """What the database `name` is called when it is replaced."""
    return f"{name}.{now:%Y%m%dT%H%M%SZ}.replaced"


def put(path: Path, now: datetime) -> Path:
    """Rename what is at `path`. Raises `StoreBusy` while others read what stands in its log alone."""
    aside = path.with_name(named(path.name, now))
    if aside.exists():
        raise StoreError(str(aside), "is there already", "wait a second, and restore again")
    if path.exists():
        _into_one_file(path)  # a crash between two of these names must not part them
        path.rename(aside)
    for suffix in ("-wal", "-shm", "-journal"):  # of a damaged one: SQLite would play them into the copy
        with suppress(FileNotFoundError):
            engine.beside(path, suffix).rename(engine.beside(aside, suffix))
    return aside


def _into_one_file(path: Path) -> None:
    with suppress(sqlite3.DatabaseError), closing(engine.plain(path)) as conn:
        if conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise StoreBusy(str(path), "is read by another process", "end it, and restore again")
