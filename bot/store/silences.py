"""Silences in the store: what is not announced outside of digests for a time, and who said so.

Invariant: a silence is never removed, only ended; what it held is looked at again when it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import Reason, Silence
from bot.store.keys import number
from bot.store.said import Said
from bot.store.sql import insert
from bot.store.tables import decision, silence


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRow:
    """A silence as `silence list` prints it."""

    id: str
    place: str | None
    tag: str | None
    source: str | None
    route: str | None
    since: datetime
    until: datetime
    author: str
    comment: str

    @classmethod
    def of(cls, each: Silence) -> SilenceRow:
        return cls(id=each.key, **{name: getattr(each, name) for name in _SILENCE})


async def add(conn: AsyncConnection, new: Silence) -> int:
    values = {name: getattr(new, name) for name in _SILENCE}
    row: int = (await conn.execute(insert(conn, silence).values(values).returning(silence.c.row))).scalar_one()
    return row


async def lasting(conn: AsyncConnection, now: datetime | None) -> list[Silence]:
    """Those that last at `now`; without it all there ever were; in order of row."""
    query = select(silence).order_by(silence.c.row)
    if now is not None:
        query = query.where(silence.c.since <= now, silence.c.until > now)
    return [
        Silence(row=row.row, **{name: getattr(row, name) for name in _SILENCE}) for row in await conn.execute(query)
    ]


async def expire(conn: AsyncConnection, key: str, now: datetime) -> bool:
    """End it now. False if it had ended. Raises `StoreError` for an unknown key."""
    row = number(key, "m") or 0
    ends = (await conn.execute(select(silence.c.until).where(silence.c.row == row))).scalar()
    if ends is None:
        raise StoreError(key, Said("no silence has this id"), Said("`silence list` prints the ids there are"))
    if ends <= now:
        return False
    await set_end(conn, row, now, now)
    return True


async def set_end(conn: AsyncConnection, row: int, until: datetime, now: datetime) -> None:
    """Let a silence end then. What it holds is looked at again at once if it is over now."""
    await conn.execute(update(silence).where(silence.c.row == row).values(until=until))
    if until <= now:
        held = decision.c.reason == Reason.SILENCED.name
        await conn.execute(update(decision).where(held, decision.c.until > now).values(until=now))


_SILENCE = ("since", "until", "author", "comment", "place", "tag", "source", "route")
