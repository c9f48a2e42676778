"""Sketches in the store: what grouping wants to be given back of every post that was placed.

Invariant: rows rise in the order of placing, and one transaction saves a placement and its sketch.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Placement, StoredPost
from bot.store.sql import gather, insert, many
from bot.store.tables import WORDED, post, sketch


async def save(conn: AsyncConnection, placements: Sequence[tuple[StoredPost, Placement]]) -> None:
    """The first sketch of a post stays; one that lost its words since it was read gets none."""
    query = select(post.c.row).where(WORDED)
    worded = {each.row for each in await gather(conn, query, post.c.row, [stored.row for stored, _ in placements])}
    await many(
        conn,
        insert(conn, sketch).on_conflict_do_nothing(index_elements=["post"]),
        [
            {"post": stored.row, "happened": stored.happened, "data": placement.sketch}
            for stored, placement in placements
            if placement.sketch and stored.row in worded
        ],
    )


async def newest(conn: AsyncConnection) -> int:
    return (await conn.execute(select(func.max(sketch.c.row)))).scalar() or 0


async def rows(conn: AsyncConnection, since: datetime, until: datetime) -> list[int]:
    query = select(sketch.c.row).where(sketch.c.happened.between(since, until)).order_by(sketch.c.row)
    return list((await conn.execute(query)).scalars())


async def rows_after(conn: AsyncConnection, row: int) -> list[int]:
    return list((await conn.execute(select(sketch.c.row).where(sketch.c.row > row).order_by(sketch.c.row))).scalars())


async def data(conn: AsyncConnection, wanted: Sequence[int]) -> list[bytes]:
    """The sketches of these rows, in their order; of rows that are gone nothing."""
    found = {each.row: each.data for each in await gather(conn, select(sketch), sketch.c.row, wanted)}
    return [found[row] for row in wanted if row in found]
