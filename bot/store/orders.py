"""What people ask the service for while it runs: older posts of a source. An order is kept until it was carried out.

In: a source and how many posts. Out: the orders that wait, by source. Each change is one transaction with the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import notes

_NAME = "backfill"


async def waiting(conn: AsyncConnection) -> dict[str, int]:
    """How many posts are asked for of each source."""
    return dict(json.loads(await notes.read(conn, _NAME) or "{}"))


async def order(conn: AsyncConnection, name: str, count: int) -> None:
    await _keep(conn, await waiting(conn) | {name: count})


async def carried_out(conn: AsyncConnection, name: str, count: int) -> None:
    """Drop this very order: one that asks for another number came later, and stays."""
    orders = await waiting(conn)
    if orders.get(name) == count:
        del orders[name]
        await _keep(conn, orders)


async def _keep(conn: AsyncConnection, orders: Mapping[str, int]) -> None:
    await notes.write(conn, _NAME, json.dumps(orders))
