"""Back-search: the stored posts that may hold a name, for a place that is new on the watchlist.

In: the forms of the place. Out: posts in their current wording, oldest first, by the index. Invariant: what matching
would find by one of these forms is among them; what it would not find may be too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import StoredPost
from bot.store import search
from bot.store.posts import to_stored, wording
from bot.store.tables import WORDED, post, revision
from bot.store.words import beginnings


async def holding(conn: AsyncConnection, forms: Sequence[str], after: int, limit: int) -> list[StoredPost]:
    """The first posts behind the row `after` that may hold one of `forms`."""
    phrases = beginnings(forms)
    if not phrases:
        return []
    later = (post.c.row > after, revision.c.row > _first_wording(after), WORDED)
    query = search.matching(conn, wording(post.c.revision).where(*later), phrases)
    return [to_stored(row) for row in await conn.execute(query.order_by(post.c.row).limit(limit))]


def _first_wording(row: int) -> Any:
    """All wordings of later posts have later rows: so far the index is passed over without a look at the posts."""
    query: Select[Any] = select(revision.c.row).where(revision.c.post <= row)
    return func.coalesce(query.order_by(revision.c.post.desc(), revision.c.number).limit(1).scalar_subquery(), 0)
