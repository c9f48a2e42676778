"""PostgreSQL under the store: a database on a server, made ready, migrated or refused; a few connections to it.

In: a `postgresql://` address. Out: as for SQLite. One transaction writes at a time, as there: each takes the advisory
lock WRITING first, so that row numbers become visible in their order. Invariant: a new connection leads to the
database that was opened, or the store says so.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import AlreadyRunning, StoreCorrupt, StoreError
from bot.store import dump, forget, records, schema, trial
from bot.store.backup import Shown, Verified, while_wanted
from bot.store.faults import translated, vanished
from bot.store.rows import Facts
from bot.store.sorting import Sorting
from bot.store.tables import meta

# What goes wrong is raised, and said by us; the driver's own lines, one for each try, tell an operator nothing.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)

FAMILY = 0x706C6163
"""The first half of all our advisory locks; they belong to one database of a server."""
INSTANCE, WRITING, SCHEMA = 1, 2, 3
BUSY_SECONDS = 10
_LOOK = 0.2
"""Seconds between two looks at who still reads."""
_WORDED = "outbox, hit, post, revision, sketch"
"""The tables that hold words of posts."""
_READ_SINCE = """
SELECT count(*) FROM pg_stat_activity, (SELECT age(CAST(CAST(:now AS text) AS xid)) AS since) AS forgotten
WHERE pid <> pg_backend_pid()
AND (age(backend_xid) > since OR (datname = current_database() AND age(backend_xmin) > since))
"""
"""Who reads here since before, and who writes since before, also in other databases: what begins to read beside a
writer sees back to where that began."""
RECORDS = Path("data")
"""What this machine remembers apart from the server and its backups: what was forgotten, which databases were here."""

_SETTINGS = f"-c timezone=UTC -c synchronous_commit=on -c jit=off -c lock_timeout={BUSY_SECONDS}s"
_ROLE_SETTINGS = {"writer": " -c gin_pending_list_limit=16MB", "sorter": " -c work_mem=64MB -c statement_timeout=20s"}
"""The writer leaves the words to the sorter (`sorting`), and sorts itself only where that is far behind. While it sorts
it counts as a reader, for which `forget` waits."""
_DEAD_AFTER = {
    "tcp_user_timeout": BUSY_SECONDS * 1000,
    "keepalives_idle": BUSY_SECONDS,
    "keepalives_interval": BUSY_SECONDS // 2,
    "keepalives_count": 2,
}
"""A server that is cut off says nothing: its connections are given up, and not only after the system's two hours."""
_TURN = f"SELECT pg_advisory_xact_lock({FAMILY}, {WRITING})"
_INSTANCE = "SELECT value FROM meta WHERE name = 'instance'"
_SIZES = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC, 1
"""

_REPLACED = """
SELECT datname FROM pg_database
WHERE starts_with(datname, :beside) AND datname LIKE '%.replaced' OR datname = :beside || 'new'
ORDER BY datname
"""


class PostgreSQL:
    """A database on a server."""

    warnings: tuple[str, ...] = ()

    def __init__(self, address: str) -> None:
        try:
            url = make_url(address)
        except (ArgumentError, ValueError):
            raise StoreError("postgresql", "is not an address", "write postgresql://USER@HOST/DATABASE") from None
        self.name = URL.create(url.drivername, url.username, None, url.host, url.port, url.database).render_as_string()
        self.record = (RECORDS / f"{url.database}.forgotten").absolute()
        self.known = (RECORDS / f"{url.database}.known").absolute()
        self._place = URL.create(url.drivername, None, None, url.host, url.port, url.database).render_as_string()
        self._address = address
        self._url = url.set(drivername="postgresql+psycopg")
        self._instance: str | None = None
        self._carried = ""
        self._sorting: Sorting | None = None

    async def open(self, *, read_only: bool, now: datetime, backup_folder: Path | None) -> None:
        del now, backup_folder  # copies are made at the server, by pg_dump
        await asyncio.to_thread(self._open, read_only=read_only)

    def _open(self, *, read_only: bool) -> None:
        with translated(self.name):
            engine = self.builder()
            with engine.begin() as conn:
                found = self._look(conn) if read_only else self._ready(conn)
            if found != schema.HEAD:
                self._migrate()
            with engine.begin() as conn:
                known = {row.name: row.value for row in conn.execute(select(meta))}
            schema.refuse_nameless(self.name, known)
            self._instance, self._carried = known["instance"], known.get(forget.CARRIED, "")

    def _look(self, conn: Connection) -> str:
        found = self._there(conn)
        schema.refuse_older(self.name, found)
        return found

    def _there(self, conn: Connection) -> str:
        """The schema's version. Raises `StoreError` for an empty database."""
        found = self.version(conn)
        if found is None:
            self._refuse_if_missed()
            raise StoreError(self.name, "is empty", "name the right one, or start `run` or `once` to make the tables")
        return found

    def _ready(self, conn: Connection) -> str:
        conn.execute(text(f"SELECT pg_advisory_xact_lock({FAMILY}, {SCHEMA})"))
        encoding = conn.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise StoreError(self.name, f"stores text as {encoding}", "make it again with ENCODING 'UTF8'")
        found = self.version(conn)
        if found is None:
            self._refuse_if_missed()
            schema.build(conn)
        return found or schema.HEAD

    def _refuse_if_missed(self) -> None:
        """One that was here and is empty now was made anew by somebody: never begun in silence, as a file is not."""
        if self._place in records.read(self.known):
            raise StoreCorrupt(
                self.name,
                "is empty, though it was here",
                f"put a copy there by `db restore`; to begin a new one, remove {self.known}",
            )

    def opened(self) -> None:
        """Remember that it was here. A machine that keeps nothing cannot, and its next start only warns."""
        with suppress(OSError):
            if self._place not in records.read(self.known):
                records.append(self.known, [self._place])

    def ahead(self) -> schema.Ahead | None:
        with translated(self.name), self.builder().connect() as conn:
            found = self.version(conn)
            return None if found is None else schema.ahead(conn, found)

    def there(self) -> bool:
        """Whether it has tables. Raises `StoreError` where that cannot be seen, or they are not ours."""
        with translated(self.name), self.builder().connect() as conn:
            return self.version(conn) is not None

    def version(self, conn: Connection) -> str | None:
        """The schema's version; None for an empty database. Raises `StoreCorrupt` for that of another program."""
        tables = set(inspect(conn).get_table_names())
        if not tables:
            return None
        if not {"alembic_version", "meta"} <= tables:
            raise StoreCorrupt(self.name, "is a database, but not one of placewire", "name another, or an empty one")
        return schema.known(self.name, conn.execute(select(schema.alembic_version.c.version_num)).scalar_one())

    def _migrate(self) -> None:
        owner = lock_holder(self._address)
        if owner is not None and owner != os.getpid():
            raise AlreadyRunning(self.name, owner)
        schema.upgrade_in_child(self.name, self._address)

    def to_forget(self) -> list[str]:
        return records.read(self.record) + self._carried.splitlines()

    def builder(self) -> Engine:
        return create_engine(self._url, poolclass=NullPool, connect_args=_arguments("schema"))

    def writer(self) -> AsyncEngine:
        engine = self._engine("writer", pool_size=1, max_overflow=0)

        @event.listens_for(engine.sync_engine, "begin")
        def begun(conn: Connection) -> None:
            conn.exec_driver_sql(_TURN)

        self._sorting = Sorting(self._engine("sorter", pool_size=1, max_overflow=0), self.name)
        return engine

    def readers(self, *, read_only: bool) -> AsyncEngine:
        del read_only  # they never write
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return self._engine("reader", pool_size=2, max_overflow=2, execution_options=options)

    def _engine(self, role: str, **more: Any) -> AsyncEngine:
        engine = create_async_engine(self._url, connect_args=_arguments(role), **more)

        @event.listens_for(engine.sync_engine, "connect")
        def connected(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            cursor.execute(_INSTANCE)
            found = cursor.fetchone()
            cursor.close()
            connection.rollback()
            if self._instance is not None and found != (self._instance,):
                raise vanished(self.name)

        return engine

    async def stored(self, wordings: int) -> None:
        if self._sorting is not None:
            await self._sorting.stored(wordings)

    @property
    def trouble(self) -> StoreError | None:
        return self._sorting.trouble if self._sorting is not None else None

    async def finish(self) -> None:
        if self._sorting is not None:
            await self._sorting.finish()

    async def close(self) -> None:
        if self._sorting is not None:
            await self._sorting.close()

    def check(self) -> None:
        """Nothing to see between connections: each new one is checked when it is made."""

    async def scrub(self) -> None:
        await asyncio.to_thread(self._scrub)

    def _scrub(self) -> None:
        """Rewrite the tables that held words: plain VACUUM would leave them readable in the gaps of pages."""
        with translated(self.name), self.builder().connect() as conn:
            conn.execution_options(isolation_level="AUTOCOMMIT")
            conn.exec_driver_sql(f"ANALYZE {_WORDED}")  # the planner's statistics are samples of the words, too
            self._wait_for_readers(conn)
            conn.exec_driver_sql(f"VACUUM FULL {_WORDED}, pg_statistic")  # each locked for its own time alone

    def _wait_for_readers(self, conn: Connection) -> None:
        """Whoever began to read before still sees the words, and a table that is rewritten keeps them for that."""
        now = conn.exec_driver_sql("SELECT pg_current_xact_id()::xid::text").scalar_one()
        tries = int(forget.READERS_END_WITHIN / _LOOK)
        for _ in range(tries):
            if not conn.execute(text(_READ_SINCE), {"now": now}).scalar_one():
                return
            time.sleep(_LOOK)
        raise forget.still_read(self.name)

    def try_room(self) -> None:
        with translated(self.name), self.builder().connect() as conn:
            conn.exec_driver_sql(_TURN)
            trial.at_server(conn)

    async def backup(self, to: Path, shown: Shown) -> Verified:
        with while_wanted(shown) as still:
            return await asyncio.to_thread(dump.copy, self._address, self.name, to, still)

    def look_through(self, _in_time: Callable[[], bool]) -> bool:
        """The server does so itself."""
        return True

    def replaced(self) -> list[str]:
        beside = {"beside": f"{self._url.database}."}
        with translated(self.name), self.builder().connect() as conn:
            return list(conn.execute(text(_REPLACED), beside).scalars())

    def verify(self) -> Verified:
        """Read every row, as for a copy that is thrown away. Raises `StoreError` for one that cannot be read."""
        with translated(self.name):
            with self.builder().connect() as conn:
                self._there(conn)
                verified = dump.look(conn, self.name)
            dump.dump(self._address, self.name, Path(os.devnull))
        return verified

    async def facts(self, conn: AsyncConnection) -> Facts:
        version = (await conn.exec_driver_sql("SHOW server_version")).scalar_one()
        size = (await conn.exec_driver_sql("SELECT pg_database_size(current_database())")).scalar_one()
        return Facts(engine=f"PostgreSQL {str(version).partition(' ')[0]}", journal="wal", size=size)

    async def sizes(self, conn: AsyncConnection) -> dict[str, int]:
        return {row[0]: int(row[1]) for row in await conn.execute(text(_SIZES))}


def _arguments(role: str) -> dict[str, Any]:
    return {
        "options": _SETTINGS + _ROLE_SETTINGS.get(role, ""),
        "application_name": f"placewire {os.getpid()} {role}",
        "connect_timeout": BUSY_SECONDS,
        **_DEAD_AFTER,
    }


def lock_connection(address: str) -> Connection:
    """A connection that may hold the instance lock; the lock is free as soon as its server sees it end."""
    engine = create_engine(
        make_url(address).set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args=_arguments("lock"),
    )
    return engine.connect()


def descriptor(conn: Connection) -> int:
    driver: Any = conn.connection.dbapi_connection
    number: int = driver.fileno()
    return number


def try_lock(conn: Connection) -> bool:
    return bool(conn.execute(text(f"SELECT pg_try_advisory_lock({FAMILY}, {INSTANCE})")).scalar_one())


def alive(conn: Connection) -> bool:
    """Whether the connection, and with it the lock that it took, is still there."""
    try:
        conn.exec_driver_sql("SELECT 1")
    except DBAPIError:
        return False
    return True


def backend(conn: Connection) -> int:
    """The server's own number for the connection."""
    return int(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def end(conn: Connection, number: int) -> bool:
    """End the connection `number` if it holds the lock, or is about to let it go; False if it does not hold it."""
    values = {"family": FAMILY, "instance": INSTANCE, "number": number}
    return bool(conn.execute(text(_END), values).all())


def lock_holder(address: str) -> int | None:
    """The pid of the process that holds the instance lock; 0 if it does not say; None if nobody holds it."""
    with translated(PostgreSQL(address).name), lock_connection(address) as conn:
        return holder_of(conn)


def holder_of(conn: Connection) -> int | None:
    name = conn.execute(text(_HOLDER), {"family": FAMILY, "instance": INSTANCE}).scalar()
    if name is None:
        return None
    pid = str(name).removeprefix("placewire ").partition(" ")[0]
    return int(pid) if pid.isdigit() else 0


_HOLDER = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND classid = :family AND objid = :instance
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_END = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND classid = :family AND objid = :instance AND pid = :number
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
