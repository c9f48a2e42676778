"""The daily sample: a few hits of each finished day, drawn by lot from those about which nobody would be asked.

In: `now` and a key. Out: hits that wait in the queue, each with the chance that it had. Invariant: a day is drawn once,
and which hits are drawn depends on the key alone, not on what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calibration import SURE_FROM
from bot.model import HitState
from bot.store import notes
from bot.store.sql import change, pieces
from bot.store.tables import UNSURE, hit

EACH = 5
"""Hits a day of those that are sure, and of those that are all but excluded."""
LONGEST = 7
"""Days that are drawn at once, after a rest."""
_NAME = "sampled"
_DAY = timedelta(days=1)
_ACCEPTED = hit.c.confidence >= SURE_FROM


async def draw(conn: AsyncConnection, key: bytes, now: datetime) -> int:
    """Draw from the days that are over and were not drawn from yet. Gives the number of hits."""
    last = await notes.read(conn, _NAME)
    days = list(_days(date.fromisoformat(last) if last else None, now.astimezone(UTC).date()))
    if not days:
        return 0
    drawn = 0
    for day in days:
        for stratum in (_ACCEPTED, ~_ACCEPTED):
            drawn += await _draw(conn, key, day, stratum)
    await notes.write(conn, _NAME, days[-1].isoformat())
    return drawn


def _days(last: date | None, today: date) -> Iterator[date]:
    """The days that are over, behind the last one drawn; at the first time yesterday alone."""
    day = today - _DAY if last is None else max(last + _DAY, today - LONGEST * _DAY)
    while day < today:
        yield day
        day += _DAY


async def _draw(conn: AsyncConnection, key: bytes, day: date, stratum: ColumnElement[bool]) -> int:
    begins = datetime.combine(day, time(), UTC)
    that_day = and_(hit.c.found >= begins, hit.c.found < begins + _DAY, hit.c.state == HitState.LIVE)
    rows = (await conn.execute(select(hit.c.row).where(that_day, ~UNSURE, stratum))).scalars().all()
    chosen = by_lot(rows, key, day, EACH)
    chance = min(1.0, EACH / len(rows)) if rows else 0.0
    await change(conn, hit, [{"row": row, "chance": chance} for row in chosen])
    return len(chosen)


def by_lot(rows: Sequence[int], key: bytes, day: date, count: int) -> list[int]:
    """So many of these rows, each as likely as the others for whoever does not know the key."""
    return sorted(rows, key=lambda row: blake2b(f"{day} {row}".encode(), key=key).digest())[:count]


async def asked(conn: AsyncConnection, rows: Sequence[int]) -> None:
    """Of these hits, which are judged now, the queue asked about all that it holds: their chance is 1."""
    for piece in pieces(rows):
        fresh = and_(hit.c.row.in_(piece), hit.c.chance.is_(None), UNSURE)
        await conn.execute(update(hit).where(fresh).values(chance=1.0))
