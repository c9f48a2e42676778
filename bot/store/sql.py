"""Small helpers that all queries share: upserts of either engine, long lists in bounded pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Executable, Row, Select, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

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
