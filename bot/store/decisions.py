"""Decisions in the store: what a route made of each story last, by a digest or by a notice.

Invariant: what was announced is final.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import model
from bot.model import ANNOUNCED, Decision, Reason
from bot.store.sql import gather, insert, many
from bot.store.tables import decision, route as route_table

FINAL, IN_WORDS = (tuple(sorted(reason.name for reason in reasons)) for reasons in (ANNOUNCED, model.IN_WORDS))


async def announced_already(conn: AsyncConnection, route: str, decisions: Sequence[Decision]) -> bool:
    """Whether the route's readers know of one of the stories that are to be announced."""
    telling = [item.story for item in decisions if item.reason in ANNOUNCED]
    query = select(decision.c.story).where(decision.c.route == route, decision.c.reason.in_(FINAL))
    return bool(await gather(conn, query, decision.c.story, telling))


async def corrections(conn: AsyncConnection, stories: Sequence[int]) -> dict[int, dict[str, str]]:
    """What people put right in what was told of these stories, by story and route."""
    query = select(decision.c.story, decision.c.route, decision.c.correction).where(decision.c.correction.is_not(None))
    found: dict[int, dict[str, str]] = {}
    for row in await gather(conn, query.order_by(decision.c.route), decision.c.story, stories):
        found.setdefault(row.story, {})[row.route] = row.correction
    return found


async def set_corrections(conn: AsyncConnection, story: int, words: Mapping[str, str]) -> None:
    """Let exactly these routes have something put right, in these words."""
    ours = decision.c.story == story
    await conn.execute(update(decision).where(ours).values(correction=None))
    for route, text in words.items():
        await conn.execute(update(decision).where(ours, decision.c.route == route).values(correction=text))


async def reopen(conn: AsyncConnection, route: str, story: int) -> None:
    """Let a story that was told in words be told again. What told it before stays known: it holds its words."""
    told = (decision.c.route == route, decision.c.story == story, decision.c.reason.in_(IN_WORDS))
    query = select(decision.c.digest, decision.c.notice, decision.c.earlier).where(*told)
    found = (await conn.execute(query)).one_or_none()
    if found is not None:
        earlier = [*(found.earlier or ()), [found.digest, found.notice]]
        await conn.execute(update(decision).where(*told).values(reason=Reason.AMENDED.name, earlier=earlier))


async def decide(
    conn: AsyncConnection,
    route: str,
    decisions: Sequence[Decision],
    now: datetime,
    *,
    digest: int | None = None,
    notice: int | None = None,
) -> None:
    """Write them down in the place of earlier ones that were not final."""
    if not decisions:
        return
    await conn.execute(insert(conn, route_table).values(name=route, first_seen=now).on_conflict_do_nothing())
    statement = insert(conn, decision)
    statement = statement.on_conflict_do_update(
        index_elements=["route", "story"],
        set_={name: statement.excluded[name] for name in ("reason", "digest", "notice", "at", "note", "until")},
        where=and_(*(decision.c.reason != name for name in FINAL)),
    )
    await many(
        conn,
        statement,
        [
            {
                "route": route,
                "story": item.story,
                "reason": item.reason.name,
                "digest": digest,
                "notice": notice,
                "at": now,
                "note": item.note or None,
                "until": item.until,
            }
            for item in decisions
        ],
    )
