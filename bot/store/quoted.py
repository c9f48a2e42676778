"""Whose words a message holds: what keeps it from being put into the outbox.

In: messages, each with the posts whose words it holds. Out: those whose words are gone. Invariant: what has lost its
words stays without them, however long ago a message with them was composed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import not_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Action
from bot.store.sql import gather
from bot.store.steps import Outgoing
from bot.store.tables import WORDED, outbox, post


async def outdated(conn: AsyncConnection, messages: Sequence[Outgoing]) -> set[str]:
    """The keys of those messages that hold words which are gone."""
    posts = sorted({row for item in messages for row in item.words_of or ()})
    lost = {each.row for each in await gather(conn, select(post.c.row).where(not_(WORDED)), post.c.row, posts)}
    repeated = sorted({item.of for item in messages if item.of and item.words_of is None})
    whole = await _whole(conn, repeated)
    return {
        item.idempotency
        for item in messages
        if (item.of not in whole if item.words_of is None else not lost.isdisjoint(item.words_of))
    }


async def _whole(conn: AsyncConnection, keys: Sequence[str]) -> set[str]:
    """Of these messages those that have their words, in their last wording."""
    query = select(outbox.c.row, outbox.c.idempotency, outbox.c.of, outbox.c.payload).where(
        outbox.c.action != Action.PIN
    )
    rows = await gather(conn, query, outbox.c.idempotency, keys) + await gather(conn, query, outbox.c.of, keys)
    last = {each.of or each.idempotency: each.payload for each in sorted(rows, key=lambda each: each.row)}
    return {key for key, payload in last.items() if payload["text"]}
