"""What people ask the service for while it runs: older posts of a source. An order is kept until it was carried out.

In: a source and how many posts. Out: the orders that wait, by source. Each change is one transaction with the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import meta

_NAME = "backfill"


async def waiting(conn: AsyncConnection) -> dict[str, int]:
    """How many posts are asked for of each source."""
    found = (await conn.execute(select(meta.c.value).where(meta.c.name == _NAME))).scalar()
    return {} if found is None else dict(json.loads(found))


async def order(conn: AsyncConnection, name: str, count: int) -> None:
    await _keep(conn, await waiting(conn) | {name: count})


async def carried_out(conn: AsyncConnection, name: str, count: int) -> None:
    """Drop this very order: one that asks for another number came later, and stays."""
    orders = await waiting(conn)
    if orders.get(name) == count:
        del orders[name]
        await _keep(conn, orders)


async def _keep(conn: AsyncConnection, orders: Mapping[str, int]) -> None:
    await conn.execute(delete(meta).where(meta.c.name == _NAME))
    if orders:
        await conn.execute(insert(meta).values(name=_NAME, value=json.dumps(orders)))
