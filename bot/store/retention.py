"""Retention: the words of old posts are removed, a few at a time; their thin rows stay.

In: the moments before which words are not kept. Out: how far the posts were gone through, and how many lost their
words. Invariant: source and id of every post stay, so that one that is read again is not new. Hits, stories,
decisions and deliveries stay too, without the words of the post: they are what was found and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import HitState
from bot.store.blanking import OF_STRANGERS, blank_messages, unindex, unsketch
from bot.store.outbox import EXPIRED
from bot.store.sql import gather, many
from bot.store.tables import UNGROUPED, UNMATCHED, hit, post, revision

LOOKED_AT = 1000
"""So many posts are looked at in one step."""
AT_ONCE = 100
"""So many lose their words in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """Words from before these moments are not kept. Age counts from when a post was first seen, or was deleted."""

    unmatched: datetime
    posts: datetime
    deleted: datetime

    @property
    def latest(self) -> datetime:
        return max(self.unmatched, self.posts, self.deleted)


def is_over(found: Row[Any], cutoffs: Cutoffs) -> bool:
    """Whether a post's time is up. One that still waits to be matched or grouped is let through first."""
    if found.expired is not None or found.forgotten is not None or found.waits:
        return False
    if found.deleted is not None and found.deleted < cutoffs.deleted:
        return True
    return bool(found.seen < (cutoffs.posts if found.mentioned else cutoffs.unmatched))


async def look(conn: AsyncConnection, cutoffs: Cutoffs, after: int) -> tuple[list[int], int | None]:
    """Posts behind the row `after` whose time is up, and the row to go on from; None when the rest is younger."""
    rows = (await conn.execute(_FACTS.where(post.c.row > after).order_by(post.c.row).limit(LOOKED_AT))).all()
    over = [row.row for row in rows if is_over(row, cutoffs)]
    if len(over) > AT_ONCE:
        return over[:AT_ONCE], over[AT_ONCE - 1]
    ended = len(rows) < LOOKED_AT or rows[-1].seen >= cutoffs.latest
    return over, None if ended else rows[-1].row


async def expire(conn: AsyncConnection, rows: Sequence[int], cutoffs: Cutoffs, now: datetime) -> int:
    """Remove the words of those of these posts whose time is still up; gives their number."""
    over = [row.row for row in await gather(conn, _FACTS, post.c.row, rows) if is_over(row, cutoffs)]
    if not over:
        return 0
    await unindex(conn, over, for_good=False)
    await unsketch(conn, over)
    await _thin(conn, over)
    await conn.execute(update(hit).where(hit.c.post.in_(over)).values(text="", form="", state=HitState.EXPIRED))
    await conn.execute(update(post).where(post.c.row.in_(over)).values(expired=now, **OF_STRANGERS))
    await conn.execute(update(post).where(post.c.row.in_(over), ~_MENTIONED).values(url=None))
    await blank_messages(conn, over, EXPIRED, now)
    return len(over)


async def _thin(conn: AsyncConnection, rows: Sequence[int]) -> None:
    """Of all wordings of a post one empty row stays. Made anew: a row that shrinks in its place frees no page."""
    current = and_(post.c.row == revision.c.post, post.c.revision == revision.c.number)
    columns = (revision.c.row, revision.c.post, revision.c.number, revision.c.complete, revision.c.seen)
    kept = await gather(conn, select(*columns).join(post, current), revision.c.post, rows)
    await conn.execute(delete(revision).where(revision.c.post.in_(rows)))
    empty = {"title": "", "text": "", "content_hash": b""}
    await many(conn, revision.insert(), [{**row._mapping, **empty} for row in kept])  # noqa: SLF001 (its public name)


_MENTIONED = exists().where(hit.c.post == post.c.row).correlate(post)
_FACTS = select(
    post.c.row,
    post.c.seen,
    post.c.deleted,
    post.c.expired,
    post.c.forgotten,
    or_(UNMATCHED, UNGROUPED).label("waits"),
    _MENTIONED.label("mentioned"),
)
