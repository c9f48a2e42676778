"""Hits that are alike: one decision may hold for all of them, after a person has seen them.

In: a hit, and in what they must agree. Out: hits that nobody has judged, the one itself first, then the newest.
"""

from __future__ import annotations

from enum import Flag, auto

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import HitState
from bot.store.hits import to_hit
from bot.store.keys import REMEDY, number
from bot.store.posts import to_stored, wording
from bot.store.reviewed import Alike
from bot.store.said import Said
from bot.store.sql import gather
from bot.store.tables import hit, post

MOST = 500


class Likeness(Flag):
    """In what hits must agree, beside the place."""

    PLACE = 0
    FORM = auto()
    SOURCE = auto()


async def alike(conn: AsyncConnection, key: str, by: Likeness) -> list[Alike]:
    """At most 500 of them. Raises `StoreError` for an unknown hit."""
    query = select(hit.c.row, hit.c.watch, hit.c.form, post.c.source).join(post, post.c.row == hit.c.post)
    one = (await conn.execute(query.where(hit.c.row == number(key, "h")))).one_or_none()
    if one is None:
        raise StoreError(key, Said("no hit has this id"), REMEDY)
    hits = select(hit).join(post, post.c.row == hit.c.post)
    found = hits.where(hit.c.watch == one.watch, hit.c.verdict.is_(None), hit.c.state == HitState.LIVE)
    if Likeness.FORM in by:
        found = found.where(hit.c.form == one.form)
    if Likeness.SOURCE in by:
        found = found.where(post.c.source == one.source)
    own = (await conn.execute(hits.where(hit.c.row == one.row))).one()
    others = (await conn.execute(found.where(hit.c.row != one.row).order_by(hit.c.row.desc()).limit(MOST - 1))).all()
    rows = [own, *others]
    posts = await gather(conn, wording(post.c.revision), post.c.row, list({row.post for row in rows}))
    stored = {row.row: to_stored(row) for row in posts}
    return [Alike(stored[row.post], to_hit(row)) for row in rows]
