"""What a restore replaces: it is put aside under a name that says when, and loses nothing by it.

In: the database's path. Out: one file beside it, `NAME.MOMENT.replaced`, its log in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from bot.errors import StoreBusy, StoreError
from bot.store import engine
from bot.store.driver import sqlite3


def named(name: str, now: datetime) -> str:
    """What the database `name` is called when it is replaced."""
    return f"{name}.{now:%Y%m%dT%H%M%SZ}.replaced"


def last(name: str, there: Iterable[str], mark: str | None) -> str | None:
    """Which of `there` is the database `name` as it was replaced last; None if that was before the restore at `mark`.

    A copy with that mark was made since, and has what people did till then.
    """
    ours = re.compile(re.escape(name) + r"\.\d{8}T\d{6}Z\.replaced")
    newest = max(filter(ours.fullmatch, there), default="")
    return newest if newest > (named(name, datetime.fromisoformat(mark)) if mark else "") else None


def left(path: Path, mark: str | None = None) -> Path | None:
    """The same of the files beside `path`."""
    found = last(path.name, (file.name for file in path.parent.iterdir()), mark)
    return path.with_name(found) if found else None


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
