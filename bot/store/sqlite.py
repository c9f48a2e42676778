"""SQLite under the store: one file, made, migrated or refused; a few connections to it.

In: a path. Out: a database whose schema is this version's, or a `StoreError` that says why not. Invariant: the file
that was opened is the one that is read and written, or the store says so.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import AlreadyRunning, StoreCorrupt, StoreError
from bot.store import aside, backup, driver, dump, engine, records, schema, sizes, trial
from bot.store.backup import Verified
from bot.store.blanking import TO_MERGE
from bot.store.driver import sqlite3
from bot.store.faults import refuse_read_only_disk, translated
from bot.store.forget import READERS_END_WITHIN, still_read
from bot.store.lock import folder_lock, holder, lock_file, was_kept
from bot.store.rows import Facts

MERGED_AT_ONCE = 1_000
"""Pages of the index, 4 MB: others who write need not wait for the whole."""


class SQLite:
    """A database in the file at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.record = path.with_name(f"{path.name}.forgotten")
        self.warnings = driver.warnings()
        self._file: engine.FileIdentity | None = None

    async def open(self, *, read_only: bool, now: datetime, backup_folder: Path | None) -> None:
        with translated(self.path):
            if read_only:
                await asyncio.to_thread(inspect, self.path)
            else:
                refuse_read_only_disk(self.path)
                await asyncio.to_thread(prepare, self.path, now=now, backup_folder=backup_folder)
            self._file = engine.FileIdentity.of(self.path)

    def ahead(self) -> schema.Ahead | None:
        with translated(self.path):
            if not self.path.exists() or (found := version(self.path)) == schema.HEAD:
                return None
            with self.builder().connect() as conn:
                return schema.ahead(conn, found)

    def to_forget(self) -> list[str]:
        return records.read(self.record)

    def builder(self) -> Engine:
        return engine.builder(self.path)

    def writer(self) -> AsyncEngine:
        return engine.writer(self.path)

    def readers(self, *, read_only: bool) -> AsyncEngine:
        return engine.readers(self.path, read_only=read_only)

    async def stored(self, wordings: int) -> None:
        """Nothing is left to do: FTS5 merges what it has while it takes up more."""

    @property
    def trouble(self) -> StoreError | None:
        return None

    async def finish(self) -> None:
        """Nothing is done beside."""

    async def close(self) -> None:
        """Nothing is done beside."""

    def check(self) -> None:
        """Raise `StoreCorrupt` if the file that was opened is gone, or another stands in its place."""
        if self._file is not None:
            self._file.check()

    async def scrub(self) -> None:
        await asyncio.to_thread(self._scrub)

    def _scrub(self) -> None:
        """Empty the write-ahead log, which holds pages as they were, once nobody reads it who began before."""
        until = time.monotonic() + READERS_END_WITHIN
        with translated(self.path), closing(engine.plain(self.path)) as conn:
            merge_index(conn)
            while conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > until:
                    raise still_read(self.name)

    async def backup(self, to: Path, shown: backup.Shown) -> Verified:
        with backup.while_wanted(shown) as still, translated(to):
            return await asyncio.to_thread(backup.copy, self.path, to, still)

    def there(self) -> bool:
        return self.path.exists()

    def look_through(self, in_time: Callable[[], bool]) -> bool:
        if not self.path.exists():
            return True
        with translated(self.path):
            return backup.check(self.path, in_time)

    def try_room(self) -> None:
        with translated(self.path):
            trial.beside(self.path)
            trial.in_turn(self.path)

    def verify(self) -> Verified:
        """Page by page; a dump of a server's database, which is a file, too, to its end."""
        with translated(self.path):
            return dump.verify(self.path) if dump.is_dump(self.path) else backup.verify(self.path)

    def replaced(self) -> list[str]:
        """None: they are files beside it."""
        return []

    async def facts(self, conn: AsyncConnection) -> Facts:
        mode = (await conn.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
        return Facts(
            engine=f"SQLite {'.'.join(map(str, driver.VERSION))}",
            journal=str(mode),
            size=_size(self.path),
            log_size=_size(self.path.with_name(f"{self.path.name}-wal")),
        )

    async def sizes(self, conn: AsyncConnection) -> dict[str, int]:
        del conn  # another library must ask
        return await asyncio.to_thread(sizes.of_file, self.path)


def merge_index(conn: sqlite3.Connection) -> None:
    """Throw out of the index what is only marked there as deleted, if that is noted; others write between the steps."""
    if not conn.execute("SELECT 1 FROM meta WHERE name = ?", (TO_MERGE,)).fetchone():
        return
    conn.execute("PRAGMA secure_delete=ON")
    step = -MERGED_AT_ONCE  # the first one makes all parts of the index one task
    changes = 2
    while changes > 1:
        before = conn.total_changes
        conn.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (step,))
        changes, step = conn.total_changes - before, MERGED_AT_ONCE
    conn.execute("DELETE FROM meta WHERE name = ?", (TO_MERGE,))


def prepare(path: Path, *, now: datetime, backup_folder: Path | None) -> None:
    """Make the database at `path` ready for this version: made if there is none, migrated if it is older."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with folder_lock(path.parent):
        if not path.exists():
            create(path)
        elif (found := version(path)) != schema.HEAD:
            migrate(path, found, now=now, backup_folder=backup_folder)
    _keep_private(path)
    _choose_journal(path)


def inspect(path: Path) -> None:
    """Refuse a database that is not there, or not of this version; nothing is made or changed."""
    if not path.exists():
        _refuse_if_missed(path)
        raise StoreError(str(path), "does not exist", "name the right file, or start `run` or `once` to make it")
    schema.refuse_older(path, version(path))


def create(path: Path) -> None:
    """Make the database, whole or not at all: it gets its name when it is complete."""
    _refuse_if_missed(path)
    unfinished = backup.begin(path)
    build = engine.builder(unfinished)
    with build.begin() as conn:
        schema.build(conn)
    build.dispose()
    backup.finish(unfinished, path)


def _refuse_if_missed(path: Path) -> None:
    """A database that was here and is gone is never made anew in silence."""
    log, lock = path.with_name(f"{path.name}-wal"), lock_file(path)
    traces = [file for file, left in ((log, log.exists()), (lock, was_kept(path))) if left]
    if traces:
        replaced = aside.left(path)
        known = f" ({replaced} is what a restore put aside last)" if replaced else ""
        raise StoreCorrupt(
            str(path),
            "is gone, though it was here",
            f"put it back, or a copy by `db restore`{known}; to begin a new one, remove "
            f"{' and '.join(map(str, traces))}",
        )


def version(path: Path) -> str:
    """The schema's version. Raises `StoreTooNew` for an unknown one, `StoreCorrupt` for what is not our database."""
    with closing(engine.plain(path, read_only=True)) as conn:
        found = schema.known(path, backup.version_of(conn, path))
        schema.refuse_nameless(path, {name for (name,) in conn.execute("SELECT name FROM meta")})
        return found


def migrate(path: Path, found: str, *, now: datetime, backup_folder: Path | None) -> None:
    """Put a copy aside, then bring the schema to `HEAD` in a child process that ends."""
    owner = holder(path)
    if owner is not None and owner != os.getpid():
        raise AlreadyRunning(str(path), owner)
    folder = backup_folder or path.parent
    for unfinished in folder.glob(f"{path.name}.{found}.*.backup.new"):
        unfinished.unlink()  # by a start that was killed while it copied
    copy = folder / f"{path.name}.{found}.{now:%Y%m%dT%H%M%SZ}.backup"
    backup.copy(path, copy)
    try:
        schema.upgrade_in_child(path, str(path))
    except StoreError:
        copy.unlink()  # the database is as it was, and `run` tries some of these faults again and again
        raise


def _keep_private(path: Path) -> None:
    """A copied file may have come with other rights; SQLite gives -wal and -shm those of the database."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError, PermissionError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def _choose_journal(path: Path) -> None:
    with closing(engine.plain(path)) as conn:
        wanted = driver.journal()
        if conn.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
            conn.execute(f"PRAGMA journal_mode={wanted}").fetchone()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
