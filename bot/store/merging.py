"""Merging stories and splitting reports off: what each story and post concerned is to be.

In: stories and posts. Out: their new states, for an act. Invariant: the story that begins first takes the others in, so
its first report stays the first; and what one of them told is told of all, so that nothing is told twice; what people
put right in one of them stays put right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError, WrongUsage
from bot.model import Reason, Relation
from bot.store.decisions import FINAL, corrections
from bot.store.keys import post_row
from bot.store.said import Said
from bot.store.sql import gather, insert
from bot.store.states import State
from bot.store.tables import decision, happened, post, story, story_post

BY_HAND = "put there by a person"
TWO = 2


async def merged(conn: AsyncConnection, rows: Sequence[int]) -> dict[str, State]:
    """All reports in the story that began first; the others point to it.

    A report stays what it was, a first report, a copy or a forward: to join two accounts makes neither a repeat.
    """
    begun = select(story.c.row).join(post, post.c.row == story.c.first).order_by(happened, story.c.row)
    found = [row.row for row in await gather(conn, begun, story.c.row, sorted(set(rows)))]
    if len(found) < TWO:
        what = Said("takes two stories or more that are not one already")
        raise WrongUsage("merge", what, Said("name them by their ids"))
    into, *others = found
    telling = await told(conn, found)
    joined: dict[str, int | None] = {}
    for row in found:
        joined = telling.get(row, {}) | joined
    moving = await gather(conn, select(story_post.c.post, story_post.c.relation), story_post.c.story, others)
    return {
        **{f"p{row.post}": {"story": into, "relation": row.relation, "reason": BY_HAND} for row in moving},
        **{f"s{row}": {"merged": into} for row in others},
        f"s{into}": {"told": joined, **_put_right(await corrections(conn, found), found)},
    }


def _put_right(words: Mapping[int, Mapping[str, str]], rows: Sequence[int]) -> State:
    """What people put right in these stories, by route; what they said of several stands side by side."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        for route, text in words.get(row, {}).items():
            said[route].append(text)
    return {"corrected": {route: "; ".join(dict.fromkeys(texts)) for route, texts in said.items()}} if said else {}


async def joined_into(conn: AsyncConnection, rows: Sequence[int]) -> dict[int, int]:
    """The stories that were merged into these, also by way of others, each with the one that it is now."""
    found: dict[int, int] = {}
    into = {row: row for row in rows}
    while into:
        query = select(story.c.row, story.c.merged)
        into = {row.row: into[row.merged] for row in await gather(conn, query, story.c.merged, list(into))}
        found |= into
    return found


async def split(conn: AsyncConnection, keys: Sequence[str], now: datetime) -> dict[str, State]:
    """Each of these posts begins a story of its own; it has not been told, whatever the story it leaves has told."""
    states: dict[str, State] = {}
    for key in keys:
        place = await _place(conn, key)
        own = await _begun_by(conn, place.post, now)
        states[f"p{place.post}"] = {"story": own, "relation": Relation.FIRST.value, "reason": BY_HAND}
        states[f"s{own}"] = {"merged": None}
    return states


async def told(conn: AsyncConnection, rows: Sequence[int]) -> dict[int, dict[str, int | None]]:
    """The routes that told these stories, each with its digest, by story."""
    query = select(decision).where(decision.c.reason.in_(FINAL)).order_by(decision.c.route)
    found: defaultdict[int, dict[str, int | None]] = defaultdict(dict)
    for row in await gather(conn, query, decision.c.story, rows):
        found[row.story][row.route] = row.digest
    return found


async def tell(conn: AsyncConnection, row: int, telling: Mapping[str, int | None], now: datetime) -> None:
    """Exactly these routes have told the story."""
    gone = delete(decision).where(decision.c.story == row, decision.c.reason.in_(FINAL))
    await conn.execute(gone.where(decision.c.route.not_in(telling)))
    for route, digest in telling.items():
        values = {"route": route, "story": row, "reason": Reason.TOLD.name, "digest": digest, "at": now}
        statement = insert(conn, decision).values(values)
        changed = {name: values[name] for name in ("reason", "digest", "at")}
        where = decision.c.reason.not_in(FINAL)
        await conn.execute(
            statement.on_conflict_do_update(index_elements=["route", "story"], set_=changed, where=where)
        )


async def _place(conn: AsyncConnection, key: str) -> Any:
    query = select(story_post.c.post, story_post.c.story, story.c.first)
    query = query.join(story, story.c.row == story_post.c.story)
    row = await post_row(conn, key)
    found = (await conn.execute(query.where(story_post.c.post == row))).one_or_none()
    if found is None:
        raise StoreError(
            key, Said("is no report of a story"), Said("split takes ids of posts, as `stories` prints them")
        )
    if found.first == found.post:
        raise StoreError(
            key,
            Said("is the first report of %(story)s", story=f"s{found.story}"),
            Said("split the other reports off instead"),
        )
    return found


async def _begun_by(conn: AsyncConnection, row: int, now: datetime) -> int:
    """The story that this post begins; it may have begun one before it was merged."""
    statement = insert(conn, story).values(first=row, changed=now).on_conflict_do_nothing(index_elements=["first"])
    await conn.execute(statement)
    own: int = (await conn.execute(select(story.c.row).where(story.c.first == row))).scalar_one()
    return own
