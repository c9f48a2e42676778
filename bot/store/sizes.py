"""How much room each table takes, its indexes with it."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

_POSTGRESQL = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
_SQLITE = """
SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat AS s LEFT JOIN sqlite_master AS m ON m.name = s.name
WHERE s.aggregate = TRUE GROUP BY 1
"""
FREE = "free"
"""Pages of the file that hold nothing: they are filled before the file grows."""


async def sizes(conn: AsyncConnection) -> dict[str, int]:
    """Bytes by table, the largest first; nothing where this SQLite cannot tell."""
    found: Counter[str] = Counter()
    if conn.dialect.name == "postgresql":
        found.update({row[0]: int(row[1]) for row in await conn.execute(text(_POSTGRESQL))})
        return dict(found.most_common())
    try:
        for name, size in (await conn.execute(text(_SQLITE))).all():
            found["search" if name.startswith("search_") else name] += size
    except OperationalError:  # compiled without dbstat
        return {}
    pages = (await conn.exec_driver_sql("PRAGMA freelist_count")).scalar_one()
    found[FREE] = pages * (await conn.exec_driver_sql("PRAGMA page_size")).scalar_one()
    return dict(found.most_common())
