"""From the ids that commands print to rows: what a person means when they name something.

In: "h3", "s4", "rybar/12", the name of a source or a watch. Out: rows. Raises `StoreError` for what is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NoReturn

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import HitState
from bot.store.said import Said
from bot.store.tables import hit, post, source, story, story_post, watch

REMEDY = Said("`hits`, `stories`, `search`, `outbox` and `sources` print the ids there are")


def number(key: str, letter: str) -> int | None:
    """12 of "h12"; None for other keys."""
    found = re.fullmatch(rf"{letter}([0-9]{{1,18}})", key)
    return int(found[1]) if found else None


def rows_of(letter: str, keys: Iterable[str]) -> list[int]:
    """The rows of those keys that begin with this letter."""
    return sorted(row for key in keys if (row := number(key, letter)) is not None)


async def post_row(conn: AsyncConnection, key: str) -> int | None:
    name, _, ident = key.partition("/")
    query = select(post.c.row).join(source).where(source.c.name == name, post.c.ident == ident)
    row: int | None = (await conn.execute(query)).scalar()
    return row


async def story_meant(conn: AsyncConnection, key: str) -> int:
    """The story of this id, of this hit or of this post; a merged story is the one it went into."""
    row = number(key, "s")
    if row is None:
        row = (
            await conn.execute(select(story_post.c.story).where(story_post.c.post == await _post(conn, key)))
        ).scalar()
    found = (await conn.execute(select(story.c.row, story.c.merged).where(story.c.row == row))).one_or_none()
    if found is None:
        raise StoreError(key, Said("is in no story"), REMEDY)
    return found.row if found.merged is None else await story_meant(conn, f"s{found.merged}")


async def hits_meant(conn: AsyncConnection, keys: Sequence[str]) -> list[int]:
    """The hits of these ids; of a story or a post those that stand in its text now."""
    rows: list[int] = []
    for key in keys:
        rows += await _hits(conn, key)
    return list(dict.fromkeys(rows))


async def _hits(conn: AsyncConnection, key: str) -> Sequence[int]:
    if (row := number(key, "h")) is not None:
        return (await conn.execute(select(hit.c.row).where(hit.c.row == row))).scalars().all() or _unknown(key)
    query = select(hit.c.row).where(hit.c.state != HitState.EDITED_OUT).order_by(hit.c.row)
    if number(key, "s") is not None:
        home = await story_meant(conn, key)
        query = query.join(story_post, story_post.c.post == hit.c.post).where(story_post.c.story == home)
    else:
        query = query.where(hit.c.post == await _post(conn, key))
    return (await conn.execute(query)).scalars().all()


async def known(conn: AsyncConnection, key: str) -> str:
    """The key as acts write it down: a hit, story, source or watch as it is, a post by its row."""
    if number(key, "h") is not None:
        await hits_meant(conn, [key])
    elif number(key, "s") is not None:
        return f"s{await story_meant(conn, key)}"
    elif "/" in key:
        return f"p{await _post(conn, key)}"
    elif not await _is_name(conn, key):
        _unknown(key)
    return key


async def _is_name(conn: AsyncConnection, key: str) -> bool:
    """Whether it is a source, or a watch: one that is looked for, or was when a hit was found."""
    named = (source.c.name == key, watch.c.id == key, hit.c.watch == key)
    found = select(or_(*(exists().where(each) for each in named)))
    return bool((await conn.execute(found)).scalar())


async def _post(conn: AsyncConnection, key: str) -> int:
    """The row of a post, named by itself or by one of its hits."""
    found: int | None
    if (row := number(key, "h")) is not None:
        found = (await conn.execute(select(hit.c.post).where(hit.c.row == row))).scalar()
    else:
        found = await post_row(conn, key)
    return found if found is not None else _unknown(key)


def _unknown(key: str) -> NoReturn:
    raise StoreError(key, Said("nothing has this id"), REMEDY)
