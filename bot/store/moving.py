"""Moving a database to another engine or address: every row, under its own number, all or nothing.

In: an address to read and one to fill, which must be empty. Out: how many rows each table has there. Invariant: what is
read stays as it is, and what is filled is there whole, counted against the other, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select

from bot.errors import StoreError
from bot.model import body_of
from bot.store import backup, engine, forget, numbering, schema, search
from bot.store.address import database_path, is_postgresql
from bot.store.backup import Shown
from bot.store.faults import translated
from bot.store.postgresql import PostgreSQL
from bot.store.sqlite import SQLite, version
from bot.store.tables import meta, metadata, revision

AT_ONCE = 1_000
_TABLES = metadata.sorted_tables


def move(source: str | Path, target: str | Path, shown: Shown) -> Mapping[str, int]:
    """Copy everything. The caller holds the instance lock of `source`. Raises `StoreError` if `target` is not empty."""
    old, new = _database(source), _database(target)
    if old.name == new.name:
        raise StoreError(new.name, "is where the database is already", "name another address")
    with translated(new.name), _reading(old) as here, _filling(new) as there:
        counts = _copy(here, there, shown)
        _refuse_difference(new.name, counts, _counts(there))
        forget.take_over(old.record, new.record)  # before the new one has its name: a crash must not keep it behind
    return counts


def _database(address: str | Path) -> PostgreSQL | SQLite:
    if isinstance(address, str) and is_postgresql(address):
        return PostgreSQL(address)
    return SQLite(database_path(address))


@contextmanager
def _reading(database: PostgreSQL | SQLite) -> Iterator[Connection]:
    """One moment of the database, which must be of this version."""
    if isinstance(database, SQLite):
        if not database.path.exists():
            raise StoreError(database.name, "does not exist", "name the right file in bot.yaml")
        schema.refuse_older(database.name, version(database.path))
    with _begun(database.builder(), "REPEATABLE READ") as conn:
        if isinstance(database, PostgreSQL):
            schema.refuse_older(database.name, database.version(conn) or "none")
        yield conn


@contextmanager
def _filling(database: PostgreSQL | SQLite) -> Iterator[Connection]:
    """A transaction in a new database; a file gets its name when all is in it and was verified."""
    if isinstance(database, PostgreSQL):
        with _begun(database.builder()) as conn:
            if database.version(conn) is not None:
                raise _not_empty(database.name)
            schema.build(conn)
            yield conn
        return
    if database.path.exists():
        raise _not_empty(database.name)
    database.path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = backup.begin(database.path)
    try:
        with _begun(engine.builder(unfinished)) as conn:
            schema.build(conn)
            yield conn
        backup.verify(unfinished)
        backup.finish(unfinished, database.path)
    finally:
        unfinished.unlink(missing_ok=True)


def _not_empty(name: str) -> StoreError:
    return StoreError(name, "is not empty", "name a database without tables, or a file that is not there")


@contextmanager
def _begun(build: Engine, isolation: str | None = None) -> Iterator[Connection]:
    try:
        with build.connect() as conn:
            if isolation and conn.dialect.name == "postgresql":
                conn.execution_options(isolation_level=isolation)
            with conn.begin():
                yield conn
    finally:
        build.dispose()


def _copy(here: Connection, there: Connection, shown: Shown) -> dict[str, int]:
    counts = _counts(here)
    whole, done = max(sum(counts.values()), 1), 0
    there.execute(meta.delete())  # the secret and the instance's id move, too
    for table in _TABLES:
        rows = here.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key))
        for batch in rows.mappings().partitions(AT_ONCE):
            _put(there, table, [dict(row) for row in batch])
            done += len(batch)
            shown(done / whole)
        if "row" in table.c:
            numbering.go_on(there, table, numbering.last(here, table))
    return counts


def _put(there: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Rows as they are, but for what each engine searches by."""
    at_server = there.dialect.name == "postgresql"
    if table is revision:
        for row in rows:
            row["folded"] = search.kept(row["title"], row["text"]) if at_server else None
    there.execute(insert(table), rows)
    if table is revision and not at_server:
        search.add_at_once(there, {row["row"]: body_of(row["title"], row["text"]) for row in rows})


def _counts(conn: Connection) -> dict[str, int]:
    return {table.name: conn.execute(select(func.count()).select_from(table)).scalar_one() for table in _TABLES}


def _refuse_difference(name: str, wanted: Mapping[str, int], found: Mapping[str, int]) -> None:
    for table, count in wanted.items():
        if found[table] != count:
            raise StoreError(
                name, f"has {found[table]} rows of {table} instead of {count}", "nothing was moved; try again"
            )
