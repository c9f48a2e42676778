"""Who reported first: a story begins with its earliest report, also when that one was read late.

Of one second an original is earlier than a forward.
Invariant: the first report of a story that was told stays, for its address is what was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, Update, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Relation
from bot.store.decisions import FINAL
from bot.store.sql import gather
from bot.store.tables import decision, happened, post, story, story_post


async def begin_with_the_earliest(conn: AsyncConnection, rows: Sequence[int]) -> None:
    """Of these stories, let those that nobody was told of begin with the report that happened first."""
    told = {row.story for row in await gather(conn, _told(), decision.c.story, rows)}
    reports = sorted(
        await gather(conn, _reports(), story_post.c.story, [row for row in rows if row not in told]),
        key=lambda row: (row.story, row.happened, row.forwarded_from is not None, row.post),
    )
    for _, group in groupby(reports, key=lambda row: row.story):
        earliest, *others = group
        if earliest.post != earliest.first:
            before = next(row for row in others if row.post == earliest.first)
            await _exchange(conn, earliest, before)


async def _exchange(conn: AsyncConnection, earliest: Row[Any], before: Row[Any]) -> None:
    relation = Relation.FORWARD if before.forwarded_from else Relation.COPY
    await conn.execute(update(story).where(story.c.row == earliest.story).values(first=earliest.post))
    await conn.execute(_at(before.post).values(relation=relation))
    await conn.execute(_at(earliest.post).values(relation=Relation.FIRST))


def _told() -> Select[Any]:
    return select(decision.c.story).where(decision.c.reason.in_(FINAL))


def _reports() -> Select[Any]:
    return (
        select(story_post.c.story, story_post.c.post, story.c.first, post.c.forwarded_from, happened.label("happened"))
        .join(story, story.c.row == story_post.c.story)
        .join(post, post.c.row == story_post.c.post)
    )


def _at(report: int) -> Update:
    return update(story_post).where(story_post.c.post == report)
