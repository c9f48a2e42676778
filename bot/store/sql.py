"""Small things that all queries share: transactions, upserts of either engine, long lists in pieces or as one value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import JSON, Executable, Row, Select, Subquery, Table, Text, bindparam, cast, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from bot.store.types import Words

T = TypeVar("T")

Transaction = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""Begins one, of those that read or of those that write."""
PIECE = 500
"""So many values go into one `IN (...)`: far below every engine's limit, and few statement shapes to compile."""


def insert(conn: AsyncConnection, table: Table) -> sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, the same in both dialects."""
    if conn.dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)


def pieces(values: Sequence[T], size: int = PIECE) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece


async def many(conn: AsyncConnection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run `statement` once for each of `rows`; not at all for none."""
    if rows:
        await conn.execute(statement, rows)


async def change(conn: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give each row that is named by "row" the values beside it. All `rows` name the same columns."""
    if rows:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "row"}
        statement = update(table).where(table.c.row == bindparam("new_row")).values(values)
        await conn.execute(statement, [{f"new_{name}": value for name, value in row.items()} for row in rows])


async def gather(conn: AsyncConnection, query: Select[Any], column: Any, values: Sequence[Any]) -> list[Row[Any]]:
    """The rows of `query` whose `column` is one of `values`, however many those are."""
    rows: list[Row[Any]] = []
    for piece in pieces(values):
        rows.extend((await conn.execute(query.where(column.in_(piece)))).all())
    return rows


def given(conn: AsyncConnection, rows: Sequence[Sequence[int | str]], **columns: type[TypeEngine[Any]]) -> Subquery:
    """A table of `rows`, passed as one value: the statement that joins it is the same however many they are."""
    packed = bindparam("given", json.dumps(rows, ensure_ascii=False), type_=Text, unique=True)
    if conn.dialect.name == "postgresql":
        value = func.json_array_elements(cast(packed, JSON)).table_valued("value").c.value
        read: list[Any] = [cast(value.op("->>")(at), kind) for at, kind in enumerate(columns.values())]
    else:
        value = func.json_each(packed).table_valued("value").c.value
        read = [func.json_extract(value, f"$[{at}]", type_=kind) for at, kind in enumerate(columns.values())]
    return select(*(column.label(name) for name, column in zip(columns, read, strict=True))).subquery()


async def numbers(conn: AsyncConnection, table: Table, count: int) -> list[int]:
    """The numbers of the next `count` rows of `table`, taken: the caller's transaction is the only one that writes."""
    if not count:
        return []
    if conn.dialect.name == "postgresql":
        taken = select(func.nextval(f"{table.name}_row_seq")).select_from(func.generate_series(1, count))
        return list((await conn.execute(taken)).scalars())
    last = await conn.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    first = (last.scalar() or 0) + 1
    return list(range(first, first + count))


def _binder(conn: AsyncConnection, kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    return None if isinstance(kind, Words) else kind.dialect_impl(conn.dialect).bind_processor(conn.dialect)


async def fill(conn: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all name the same columns and their own numbers, as quickly as the engine can.

    Their texts are `storable` already: to look at them again would cost as much as all the rest.
    """
    if not rows:
        return
    columns = [table.c[name] for name in rows[0]]
    binders = [(column.name, _binder(conn, column.type)) for column in columns]
    lists = [[bind(row[name]) if bind else row[name] for row in rows] for name, bind in binders]
    names = ", ".join(f'"{column.name}"' for column in columns)
    if conn.dialect.name == "postgresql":
        kinds = ", ".join(f"%b::{column.type.compile(conn.dialect).partition(' COLLATE')[0]}[]" for column in columns)
        await conn.exec_driver_sql(f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({kinds})", tuple(lists))  # noqa: S608
    else:
        marks = ", ".join("?" * len(columns))
        filled = list(zip(*lists, strict=True))
        await conn.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", filled)  # noqa: S608
