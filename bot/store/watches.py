"""Watches in the store: those that are configured, those that were, and how far each was searched for.

In: the configured watches. Out: those that wait to be searched for. Invariant: when a watch is new, or finds other
things than before, every wording that may have been matched without it waits to be searched; the mark moves in the
transaction that stores what the search found. Every change is kept with its moment, so that none is lost by an edit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Place, Priority, Term, Watch
from bot.store.codec import dump, load
from bot.store.sql import insert, many
from bot.store.steps import Sought
from bot.store.tables import revision, watch, watch_change

_KINDS: Mapping[str, type[Watch]] = {"place": Place, "term": Term}


def key_of(item: Watch) -> bytes:
    """Changes exactly when a watch may find other mentions; tags and priority only decide who is told."""
    return sha256(json.dumps(_plain(replace(item, tags=(), priority=Priority.NORMAL))).encode()).digest()


async def sync(conn: AsyncConnection, configured: Sequence[Watch], now: datetime) -> None:
    """Take over what is configured. New and changed watches are to be searched for in all posts there are."""
    last = (await conn.execute(select(func.coalesce(func.max(revision.c.row), 0)))).scalar_one()
    stored = {row.id: row for row in await conn.execute(select(watch.c.id, watch.c.key, watch.c.definition))}
    is_first = not stored and await changed_last(conn) is None
    new, changes = [], []
    for item in configured:
        values = {"name": item.name, "key": key_of(item), "definition": _plain(item)}
        known = stored.pop(item.id, None)
        sought = {"since": now, "searched": 0, "until": last}
        if known is None:
            new.append({"id": item.id, **values, **sought})
        elif known.key != values["key"]:
            await conn.execute(update(watch).where(watch.c.id == item.id).values(**values, **sought))
        elif known.definition != values["definition"]:
            await conn.execute(update(watch).where(watch.c.id == item.id).values(**values))
        if known is None or known.definition != values["definition"]:
            changes.append({"at": now, "id": item.id, "before": known.definition if known else None})
    await many(conn, insert(conn, watch), new)
    for gone in stored.values():
        await conn.execute(delete(watch).where(watch.c.id == gone.id))
        changes.append({"at": now, "id": gone.id, "before": gone.definition})
    await many(conn, insert(conn, watch_change), [] if is_first else changes)


async def configured_last(conn: AsyncConnection, until: datetime | None = None) -> list[Watch]:
    """The watches as the house knew them last, or knew them until a moment, by id."""
    rows = await conn.execute(select(watch.c.id, watch.c.definition))
    found = {row.id: row.definition for row in rows}
    if until is not None:
        since = select(watch_change).where(watch_change.c.at >= until).order_by(watch_change.c.row.desc())
        found |= {row.id: row.before for row in await conn.execute(since)}
    return [_watch(definition) for _, definition in sorted(found.items()) if definition is not None]


async def changed_last(conn: AsyncConnection) -> datetime | None:
    """When other watches were taken over last; None where there were never others."""
    moment: datetime | None = (await conn.execute(select(func.max(watch_change.c.at)))).scalar()
    return moment


async def sought(conn: AsyncConnection) -> list[Sought]:
    """Watches that wait to be searched for in stored posts."""
    query = select(watch.c.id, watch.c.key, watch.c.searched, watch.c.until).where(watch.c.searched < watch.c.until)
    return [Sought(*row) for row in await conn.execute(query.order_by(watch.c.id))]


async def mark(conn: AsyncConnection, done: Sequence[Sought], reached: int) -> None:
    """These watches were searched for up to the wording `reached`. One that was changed meanwhile still waits."""
    for item in done:
        mine = (watch.c.id == item.id, watch.c.key == item.key, watch.c.searched < reached)
        upto = case((watch.c.until < reached, watch.c.until), else_=reached)
        await conn.execute(update(watch).where(*mine).values(searched=upto))


def _plain(item: Watch) -> Any:
    kind = "place" if isinstance(item, Place) else "term"
    return json.loads(json.dumps({"kind": kind, **dump(item)}, sort_keys=True))


def _watch(definition: Mapping[str, Any]) -> Watch:
    return load(_KINDS[definition["kind"]], definition)
