"""Digests in the store: each slot of a route once, what was decided on each story, and what is to be sent.

Invariant: digest, decisions and messages of one slot are one transaction. A story that was told on a route is never
told there again, whoever composes at the same time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Reason
from bot.store import noticed, outbox
from bot.store.decisions import announced_already, decide
from bot.store.quoted import outdated
from bot.store.rows import DigestRow
from bot.store.sql import gather, insert, many
from bot.store.steps import DigestState, NewDigest, RouteMark
from bot.store.tables import decision, digest, route


async def mark(conn: AsyncConnection, name: str) -> RouteMark | None:
    """What is known of a route; None if it was never seen."""
    query = select(route.c.first_seen, route.c.last_slot).where(route.c.name == name)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else RouteMark(row.first_seen, row.last_slot)


async def register(conn: AsyncConnection, name: str, now: datetime) -> RouteMark:
    """What is known of a route, which is seen now."""
    await conn.execute(insert(conn, route).values(name=name, first_seen=now).on_conflict_do_nothing())
    return await mark(conn, name) or RouteMark(now, None)


async def save(conn: AsyncConnection, new: NewDigest, now: datetime) -> int | None:
    """The digest's row; None if somebody else took the slot, told one of these stories, or forgot a post, first."""
    await register(conn, new.route, now)
    messages = [*new.messages, *(item for each in new.notices for item in each.messages)]
    if await announced_already(conn, new.route, new.decisions) or await outdated(conn, messages):
        return None
    row = await _take_slot(conn, new, now)
    if row is None:
        return None
    await _cover(conn, new, now)
    await decide(conn, new.route, new.decisions, now, digest=row)
    await outbox.queue(conn, new.route, new.messages, now, digest=row)
    for each in new.notices:
        await noticed.save(conn, each, now)
    passed = func.coalesce(route.c.last_slot, new.slot)
    await conn.execute(update(route).where(route.c.name == new.route, passed <= new.slot).values(last_slot=new.slot))
    return row


async def recent(conn: AsyncConnection, name: str | None, limit: int) -> list[DigestRow]:
    """Slots that passed, newest first, with what was told and what was held, and why."""
    query = select(digest).order_by(digest.c.slot.desc(), digest.c.row.desc()).limit(limit)
    rows = (await conn.execute(query if name is None else query.where(digest.c.route == name))).all()
    counts: defaultdict[int, Counter[Reason]] = defaultdict(Counter)
    for item in await gather(conn, select(decision), decision.c.digest, [row.row for row in rows]):
        counts[item.digest][Reason[item.reason]] += 1
    return [
        DigestRow(
            id=f"d{row.row}",
            route=row.route,
            slot=row.slot,
            since=row.since,
            composed=row.composed,
            state=DigestState(row.state),
            told=counts[row.row][Reason.TOLD],
            held={reason.value: count for reason, count in counts[row.row].items() if reason is not Reason.TOLD},
        )
        for row in rows
    ]


async def decisions(conn: AsyncConnection, name: str, rows: Sequence[int] | None = None) -> dict[int, Reason]:
    """What a route decided last, by story: on these stories, or on all."""
    query = select(decision.c.story, decision.c.reason).where(decision.c.route == name).order_by(decision.c.story)
    found = await conn.execute(query) if rows is None else await gather(conn, query, decision.c.story, rows)
    return {row.story: Reason[row.reason] for row in found}


async def _take_slot(conn: AsyncConnection, new: NewDigest, now: datetime) -> int | None:
    statement = insert(conn, digest).values(_digest(new, new.slot, new.state, now))
    statement = statement.on_conflict_do_nothing(index_elements=["route", "slot"])
    row: int | None = (await conn.execute(statement.returning(digest.c.row))).scalar()
    return row


async def _cover(conn: AsyncConnection, new: NewDigest, now: datetime) -> None:
    statement = insert(conn, digest).on_conflict_do_nothing(index_elements=["route", "slot"])
    covered: Sequence[datetime] = new.covered
    await many(conn, statement, [_digest(new, slot, DigestState.COVERED, now) for slot in covered])


def _digest(new: NewDigest, slot: datetime, state: DigestState, now: datetime) -> dict[str, object]:
    return {"route": new.route, "slot": slot, "since": new.since, "composed": now, "state": state}
