"""Back-search: the stored posts that may hold a name, for a place that is new on the watchlist.

In: the forms of the place. Out: posts in their current wording, by the index, in the order in which those wordings
were stored: so both engines read them once, and no page looks at what another has seen. Invariant: what matching would
find by one of these forms is among them; what it would not find may be too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import search
from bot.store.posts import to_stored, wording
from bot.store.steps import Holding
from bot.store.tables import WORDED, post, revision
from bot.store.words import beginnings


async def holding(conn: AsyncConnection, forms: Sequence[str] | None, after: int, limit: int) -> Holding:
    """The first posts with a wording behind `after` that may hold one of `forms`; None takes every post."""
    if forms is None:
        return _held(list(await conn.execute(_current().where(revision.c.row > after).limit(limit))), limit)
    found: list[Row[Any]] = []
    if phrases := beginnings(forms):
        for span in search.forward(conn, after, await search.newest(conn)):
            found += await conn.execute(search.matching(conn, _current(), phrases, span).limit(limit - len(found)))
            if len(found) == limit:
                break
    return _held(found, limit)


def _held(found: Sequence[Row[Any]], limit: int) -> Holding:
    return Holding([to_stored(row) for row in found], found[-1].wording_row if len(found) == limit else None)


def _current() -> Select[Any]:
    query = wording(post.c.revision).add_columns(revision.c.row.label("wording_row"))
    return query.where(WORDED).order_by(revision.c.row)
