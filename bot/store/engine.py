"""Connections as this house wants them: durable, in UTF-8, in transactions that say at once whether they write.

In: the database's path. Out: SQLAlchemy engines over aiosqlite, and plain ones for creating and migrating. No
connection ever makes a file: a database that vanished stays vanished.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.driver import sqlite3
from bot.store.faults import on_read_only_disk, vanished

BUSY_SECONDS = 10

_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA wal_autocheckpoint=16000",  # 64 MB: a page that is written often goes into the file once
    "PRAGMA synchronous=FULL",  # NORMAL loses the last commits with the power, and then sends twice
)


def writer(path: Path) -> AsyncEngine:
    """The one connection that writes. Its transactions begin IMMEDIATE: a later upgrade would fail at once."""
    engine = create_async_engine(_url(path, "sqlite+aiosqlite", "rw"), pool_size=1, max_overflow=0)
    _prepare(engine.sync_engine, "BEGIN IMMEDIATE", "PRAGMA secure_delete=ON")  # what `forget` blanks is gone
    return engine


def readers(path: Path, *, read_only: bool) -> AsyncEngine:
    """A few connections that only read; each transaction sees one moment."""
    url = _url(path, "sqlite+aiosqlite", "ro" if read_only else "rw")
    engine = create_async_engine(url, pool_size=2, max_overflow=2)
    _prepare(engine.sync_engine, "BEGIN", "PRAGMA query_only=ON")
    return engine


def builder(path: Path) -> Engine:
    """A plain engine for the schema. Foreign keys are off: a migration may rebuild a table that others refer to."""
    engine = create_engine(_url(path, "sqlite", "rw"), poolclass=NullPool)
    _prepare(engine, "BEGIN IMMEDIATE", "PRAGMA foreign_keys=OFF")
    return engine


def looker(path: Path) -> Engine:
    """A plain engine that leaves the file and its log as they are, but for a transaction that was broken off."""
    engine = create_engine(_url(path, "sqlite", "ro"), poolclass=NullPool)
    _prepare(engine, "BEGIN", "PRAGMA query_only=ON")
    return engine


def plain(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A bare connection, for what no engine is needed: pragmas, version, backup."""
    return sqlite3.connect(uri(path, "ro" if read_only else "rw"), uri=True, timeout=BUSY_SECONDS, isolation_level=None)


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which file was opened; the same path may hold another one later."""

    path: Path
    device: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> FileIdentity:
        stat = path.stat()
        return cls(path, stat.st_dev, stat.st_ino)

    def check(self) -> None:
        """Raise `StoreCorrupt` if the file is gone, or another one stands in its place."""
        try:
            stat = os.stat(self.path)  # noqa: PTH116 (twice for each transaction: half the cost of Path.stat)
        except FileNotFoundError:
            raise vanished(self.path) from None
        if (stat.st_dev, stat.st_ino) != (self.device, self.inode):
            raise vanished(self.path)


def _url(path: Path, driver: str, mode: str) -> URL:
    options = dict(parse_qsl(uri(path, mode).partition("?")[2]))
    return URL.create(driver, database=uri(path, mode).partition("?")[0], query={**options, "uri": "true"})


def uri(path: Path, mode: str) -> str:
    if mode == "ro" and beside(path, "-journal").exists():
        mode = "rw"  # a transaction was broken off, it may be, and who may not write cannot take it back
    still = "&immutable=1" if mode == "ro" and _stands_still(path) else ""
    return f"file:{quote(str(path))}?mode={mode}{still}"


def _stands_still(path: Path) -> bool:
    """On a read-only disk, with nothing in a log: to read it SQLite would have to make a log, unless nobody writes.

    Whoever writes through another mount of the disk has a log there; then SQLite reads by that.
    """
    log, index = beside(path, "-wal"), beside(path, "-shm")
    logged = log.exists() and (index.exists() or log.stat().st_size > 0)
    return on_read_only_disk(path) and not logged


def beside(path: Path, suffix: str) -> Path:
    """One of SQLite's own files: `-wal`, `-shm` or `-journal`."""
    return path.with_name(f"{path.name}{suffix}")


def _prepare(engine: Engine, begin: str, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *pragmas):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        if connection.dialect.is_async:
            driver.run_async(lambda plain: plain.execute(begin))  # one call to the connection's thread instead of four
        else:
            driver.execute(begin)
