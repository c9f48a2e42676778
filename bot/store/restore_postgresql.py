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
from bot.store import aside, carrying, dump, forget, records, restore as restoring, schema
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
            work = carrying.read(_at(target).builder(), name) if there else carrying.NOTHING
            left = _left(server, target, fresh) if work is carrying.NOTHING else None
            if left:
                work = carrying.read(_at(left).builder(), name)
            carried = _settle(fresh, _forgotten(left or target, _at(target).record) if there or left else [], work, now)
            put = target.set(database=aside.named(str(target.database), now))
            if there:
                server.execute(text(f"ALTER DATABASE {_quoted(target)} RENAME TO {_quoted(put)}"))
            server.execute(text(f"ALTER DATABASE {_quoted(fresh)} RENAME TO {_quoted(target)}"))
        except BaseException:
            server.execute(text(f"DROP DATABASE IF EXISTS {_quoted(fresh)}"))
            raise
    replaced = left or (put if there else None)
    return Restored(copy=verified, aside=replaced.database if replaced else None, carried=carried)


def _refuse_running(address: str, name: str, *, there: bool) -> None:
    if there and (owner := lock_holder(address)) is not None:
        raise AlreadyRunning(name, owner)


def _settle(url: URL, lines: Sequence[str], work: Work | None, now: datetime) -> Carried:
    """Nothing is announced that may have been; what the replaced database had forgotten is noted, for the next open."""
    build = _at(url).builder()
    with build.begin() as conn:
        restoring.settle(conn, now)
        carried = carrying.carry(work, conn)
        forget.carry(conn, lines)
    build.dispose()
    return carried


def _forgotten(url: URL, record: Path) -> list[str]:
    """What the database that is replaced has forgotten. Raises `StoreCorrupt` if neither it nor the record says so."""
    old = _at(url)
    build = old.builder()
    try:
        with translated(old.name), build.connect() as conn:
            return forget.lines(conn) if inspect(conn).has_table(forgotten.name) else []
    except StoreCorrupt as error:
        if records.read(record):
            return []
        what = f"does not say what it has forgotten: {error.what}"
        raise StoreCorrupt(old.name, what, "rename it at the server (ALTER DATABASE), and restore again") from error
    finally:
        build.dispose()


def _left(server: Connection, target: URL, fresh: URL) -> URL | None:
    """What a restore put aside last, before it was killed or the database was lost; None if the copy is newer."""
    with _at(fresh).builder().connect() as conn:
        mark = restoring.mark(conn)
    there = server.execute(text("SELECT datname FROM pg_database")).scalars()
    found = aside.last(str(target.database), there, mark)
    return target.set(database=found) if found else None


def _at(url: URL) -> PostgreSQL:
    return PostgreSQL(url.render_as_string(hide_password=False))


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
