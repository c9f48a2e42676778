"""Row numbers that only go on: those that people see (h12, s7, d3, o5) are never used twice.

In: a database as it was copied or moved. Out: one whose next rows have numbers that no row ever had.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Table, text

from bot.store.tables import act, digest, hit, notice, outbox, silence, story

SEEN = (act, digest, hit, notice, outbox, silence, story)
"""Tables whose rows are known by their numbers outside: on the page, in links, in keys, to who reads `outbox`."""
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_EACH = timedelta(microseconds=1)
"""No table takes up a row for each microsecond, so no number is above the time that has passed."""


def skip_ahead(conn: Connection, now: datetime) -> None:
    """Number what people see on above all that can have been numbered until `now`, also where nobody knows it."""
    for table in SEEN:
        go_on(conn, table, max(last(conn, table), (now - _BEGAN) // _EACH))


def last(conn: Connection, table: Table) -> int:
    """The number that was given last; 0 if none was."""
    if conn.dialect.name == "postgresql":
        query = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table.name}_row_seq")  # noqa: S608
        return int(conn.execute(query).scalar_one())
    found = conn.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}).scalar()
    return int(found or 0)


def go_on(conn: Connection, table: Table, after: int) -> None:
    """The next row has the number behind this one."""
    if after <= 0:
        return
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"SELECT setval('{table.name}_row_seq', {after})"))
        return
    conn.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    row = {"name": table.name, "after": after}
    conn.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :after)"), row)
