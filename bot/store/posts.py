"""Posts as they are read back from the store, each in one of its wordings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Arrival, Post, StoredPost
from bot.store.tables import UNMATCHED, WORDED, happened, post, revision, source


def wording(number: Any) -> Select[Any]:
    """Posts with the words of the revision `number` (a column of `post`), as `to_stored` reads them."""
    words = (revision.c.title, revision.c.text, revision.c.edited, revision.c.complete)
    return (
        select(post, source.c.name.label("source_name"), revision.c.number.label("wording"), *words)
        .join(source, source.c.row == post.c.source)
        .join(revision, and_(revision.c.post == post.c.row, revision.c.number == number))
    )


def to_stored(row: Row[Any]) -> StoredPost:
    found = Post(
        source=row.source_name,
        id=row.ident,
        url=row.url,
        title=row.title,
        text=row.text,
        published=row.published,
        edited=row.edited,
        author=row.author,
        forwarded_from=row.forwarded_from,
        reply_to=row.reply_to,
        album=row.album,
        parts=tuple(row.parts or ()),
        complete=row.complete,
        language=row.language,
    )
    return StoredPost(
        row=row.row,
        post=found,
        revision=row.wording,
        arrival=Arrival(row.arrival),
        seen=row.seen,
        deleted=row.deleted,
    )


async def unmatched(conn: AsyncConnection, limit: int) -> list[StoredPost]:
    query = wording(post.c.revision).where(UNMATCHED).order_by(post.c.row).limit(limit)
    return [to_stored(row) for row in await conn.execute(query)]


async def ids_below(conn: AsyncConnection, name: str, below: int, since: datetime, limit: int) -> list[tuple[int, ...]]:
    """Of the channel `name` the posts that are not deleted; none if the newest of them is from before `since`."""
    query = (
        select(post.c.number, post.c.parts, happened.label("happened"))
        .join(source, source.c.row == post.c.source)
        .where(source.c.name == name, post.c.number < below, post.c.deleted.is_(None))
        .order_by(post.c.number.desc())
        .limit(limit)
    )
    rows = (await conn.execute(query)).all()
    return [(row.number, *map(int, row.parts or ())) for row in rows] if rows and rows[0].happened >= since else []


async def worded(conn: AsyncConnection, after: int, limit: int, since: datetime | None) -> list[StoredPost]:
    """Posts behind the row `after` that have their words, in their current wording."""
    query = wording(post.c.revision).where(WORDED, post.c.row > after)
    query = query if since is None else query.where(post.c.seen >= since)
    return [to_stored(row) for row in await conn.execute(query.order_by(post.c.row).limit(limit))]
