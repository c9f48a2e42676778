"""The store in numbers, for `doctor`: how much, how old, what waits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Arrival, Cursor, Outcome
from bot.store.codec import load
from bot.store.rows import Counts, Facts
from bot.store.schema import HEAD
from bot.store.tables import UNGROUPED, UNMATCHED, UNSENT, digest, hit, outbox, post, revision, source, story


async def count(conn: AsyncConnection, facts: Facts) -> Counts:
    arrivals = await conn.execute(select(post.c.arrival, func.count()).group_by(post.c.arrival))
    outcomes = {row[0]: row[1] for row in await conn.execute(_OUTCOMES)}
    open_ = outbox.c.outcome.in_((Outcome.WAITING, Outcome.SENDING))
    return Counts(
        posts=await _rows(conn, post),
        revisions=await _rows(conn, revision),
        hits=await _rows(conn, hit),
        stories=await _rows(conn, story),
        digests=await _rows(conn, digest),
        sources=await _rows(conn, source, source.c.retired.is_(None)),
        unmatched=await _rows(conn, post, UNMATCHED),
        ungrouped=await _rows(conn, post, UNGROUPED),
        expired=await _rows(conn, post, post.c.expired.is_not(None)),
        waiting=outcomes.get(Outcome.WAITING, 0) + outcomes.get(Outcome.SENDING, 0),
        parked=outcomes.get(Outcome.PARKED, 0),
        unknown=outcomes.get(Outcome.UNKNOWN, 0),
        oldest_waiting=await _one(conn, select(func.min(outbox.c.created)).where(open_)),
        oldest_post=await _one(conn, select(post.c.seen).order_by(post.c.row).limit(1)),
        gaps=await _gaps(conn),
        arrivals={Arrival(row[0]): row[1] for row in arrivals},
        size=facts.size,
        log_size=facts.log_size,
        schema=HEAD,
        engine=facts.engine,
        journal=facts.journal,
    )


_OUTCOMES = select(outbox.c.outcome, func.count()).where(UNSENT).group_by(outbox.c.outcome)


async def _rows(conn: AsyncConnection, table: Table, *where: Any) -> int:
    number: int = (await conn.execute(select(func.count()).select_from(table).where(*where))).scalar_one()
    return number


async def _one(conn: AsyncConnection, query: Any) -> Any:
    return (await conn.execute(query)).scalar()


async def _gaps(conn: AsyncConnection) -> int:
    cursors = (await conn.execute(select(source.c.cursor).where(source.c.retired.is_(None)))).scalars()
    return sum(gap.high - gap.low + 1 for cursor in cursors for gap in load(Cursor, cursor).gaps)
