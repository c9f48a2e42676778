"""What is usual, counted from what is stored: posts that name a watch, and what a day came to.

Invariant: late and backfilled hits count nowhere here; a post counts once, at the hour it happened, and at the latest
when we saw it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import HitState, Outcome
from bot.store.decisions import FINAL
from bot.store.steps import Day, Mentions
from bot.store.tables import decision, hit, outbox, post

began: ColumnElement[Any] = case((post.c.published < post.c.seen, post.c.published), else_=post.c.seen)


async def mentions(conn: AsyncConnection, since: datetime, until: datetime, confidence: float) -> dict[str, Mentions]:
    """By watch, the posts that named it in this time with at least this confidence."""
    query = (
        select(hit.c.watch, func.count(distinct(hit.c.post)), func.max(began))
        .join(post, post.c.row == hit.c.post)
        .where(
            hit.c.found >= since,  # served by an index: a post is seen before it is matched
            began > since,
            began <= until,
            ~hit.c.late,
            hit.c.state == HitState.LIVE,
            hit.c.confidence >= confidence,
        )
        .group_by(hit.c.watch)
    )
    return {watch: Mentions(posts, last) for watch, posts, last in await conn.execute(query)}


async def day(conn: AsyncConnection, since: datetime, until: datetime) -> Day:
    """What happened from `since` until before `until`."""

    async def count(what: Any, column: Any, *where: Any) -> int:
        query = select(func.count(distinct(what))).where(column >= since, column < until, *where)
        number: int = (await conn.execute(query)).scalar_one()
        return number

    return Day(
        seen=await count(post.c.row, post.c.seen),
        matched=await count(hit.c.post, hit.c.found),
        told=await count(decision.c.story, decision.c.at, decision.c.reason.in_(FINAL)),
        delivered=await count(outbox.c.row, outbox.c.sent, outbox.c.outcome == Outcome.SENT),
    )
