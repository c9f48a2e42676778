"""Putting a dump in the place of a database on a server, so that nothing is sent twice.

In: a verified dump and the database's address. Out: a database that announces nothing it may have announced before, as
`restore.py` has it for files; the one it replaces is put aside under another name, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, inspect, make_url, text

from bot.errors import AlreadyRunning, StoreCorrupt
from bot.store import carrying, dump, forget, records, restore as restoring, schema
from bot.store.carrying import Carried, Work
from bot.store.faults import translated
from bot.store.postgresql import PostgreSQL, lock_holder
from bot.store.restore import Restored
from bot.store.tables import forgotten

_MAINTENANCE = "postgres"


def restore(file: Path, address: str, now: datetime) -> Restored:
    """Put a verified dump in the place of the database, which is put aside under another name.

    It is read into a new database, settled there, and gets its name last: a crash between leaves no database of that
    name, and never one that would send twice. What was forgotten since is forgotten again.
    """
    verified = dump.verify(file)
    schema.refuse_older(file, verified.version)
    target = make_url(address)
    name = PostgreSQL(address).name
    with translated(name), _server(target) as server:
        there = _exists(server, str(target.database))
        _refuse_running(address, name, there=there)
        fresh = target.set(database=f"{target.database}.new")
        server.execute(text(f"DROP DATABASE IF EXISTS {_quoted(fresh)}"))
        server.execute(text(f"CREATE DATABASE {_quoted(fresh)} ENCODING 'UTF8' TEMPLATE template0"))
        try:
            dump.read_into(fresh, file)
            work = carrying.read(PostgreSQL(address).builder(), name) if there else carrying.NOTHING
            carried = _settle(fresh, _forgotten(address) if there else [], work, now)
            aside = None
            if there:
                aside = target.set(database=f"{target.database}.{now:%Y%m%dT%H%M%SZ}.replaced")
                server.execute(text(f"ALTER DATABASE {_quoted(target)} RENAME TO {_quoted(aside)}"))
            server.execute(text(f"ALTER DATABASE {_quoted(fresh)} RENAME TO {_quoted(target)}"))
        except BaseException:
            server.execute(text(f"DROP DATABASE IF EXISTS {_quoted(fresh)}"))
            raise
    return Restored(copy=verified, aside=str(aside.database) if aside else None, carried=carried)


def _refuse_running(address: str, name: str, *, there: bool) -> None:
    if there and (owner := lock_holder(address)) is not None:
        raise AlreadyRunning(name, owner)


def _settle(url: URL, lines: Sequence[str], work: Work | None, now: datetime) -> Carried:
    """Nothing is announced that may have been; what the replaced database had forgotten is noted, for the next open."""
    build = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with build.begin() as conn:
        restoring.settle(conn, now)
        carried = carrying.carry(work, conn)
        forget.carry(conn, lines)
    build.dispose()
    return carried


def _forgotten(address: str) -> list[str]:
    """What the database that is replaced has forgotten. Raises `StoreCorrupt` if neither it nor a record says so."""
    old = PostgreSQL(address)
    build = old.builder()
    try:
        with translated(old.name), build.connect() as conn:
            return forget.lines(conn) if inspect(conn).has_table(forgotten.name) else []
    except StoreCorrupt as error:
        if records.read(old.record):
            return []
        what = f"does not say what it has forgotten: {error.what}"
        raise StoreCorrupt(old.name, what, "rename it at the server (ALTER DATABASE), and restore again") from error
    finally:
        build.dispose()


@contextmanager
def _server(url: URL) -> Iterator[Connection]:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg", database=_MAINTENANCE),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as conn:
        yield conn


def _exists(server: Connection, name: str) -> bool:
    return server.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).scalar() is not None


def _quoted(url: URL) -> str:
    return '"' + str(url.database).replace('"', '""') + '"'
