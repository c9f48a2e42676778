"""Sources in the store: what is configured, what is remembered between two polls, what the operator should know.

Invariant: a source is never deleted. It retires when it is no longer configured, and its posts stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import WORKING, Condition, Cursor, SideKind, Source, SourceKind, SourceMemory
from bot.store.codec import dump, load
from bot.store.said import Said
from bot.store.sql import change, gather, insert, many
from bot.store.steps import Change, Poll
from bot.store.tables import UNTOLD, post, source, source_change

_IN_USE = source.c.retired.is_(None)
_AWAKE = and_(_IN_USE, source.c.paused.is_(None))


async def sync(conn: AsyncConnection, configured: Sequence[Source], now: datetime) -> None:
    """Take over what is configured; what is not retires."""
    stored = {row.name: row for row in await conn.execute(select(source))}
    await many(
        conn,
        insert(conn, source).on_conflict_do_nothing(),
        [_new_row(item, now) for item in configured if item.name not in stored],
    )
    for item in configured:
        if (row := stored.get(item.name)) is not None:
            await _update(conn, row, _configured(item) | {"retired": None} | _moved(row, item, now))
    names = {item.name for item in configured}
    for row in stored.values():
        if row.name not in names and row.retired is None:
            await _update(conn, row, {"retired": now})


async def memories(conn: AsyncConnection) -> dict[str, SourceMemory]:
    rows = await conn.execute(select(source).where(_IN_USE))
    return {row.name: to_memory(row) for row in rows}


async def memories_of(conn: AsyncConnection, names: Sequence[str]) -> list[SourceMemory]:
    rows = await gather(conn, select(source).where(_IN_USE), source.c.name, sorted(set(names)))
    found = {row.name: to_memory(row) for row in rows}
    return [found.get(name) or SourceMemory(name=name) for name in names]


async def due(conn: AsyncConnection, now: datetime, limit: int) -> list[str]:
    query = select(source.c.name).where(_AWAKE, source.c.due <= now).order_by(source.c.due, source.c.row).limit(limit)
    return list((await conn.execute(query)).scalars())


async def published(conn: AsyncConnection, limit: int) -> dict[str, list[datetime]]:
    channels = select(source.c.row, source.c.name).where(_IN_USE, source.c.kind == SourceKind.CHANNEL)
    found = {}
    for row in (await conn.execute(channels)).all():  # a query each: one for all would read every post
        mine = select(post.c.published).where(post.c.source == row.row, post.c.published.is_not(None))
        newest = mine.order_by(post.c.number.desc()).limit(limit)
        found[row.name] = list((await conn.execute(newest)).scalars())
    return found


async def hurry(conn: AsyncConnection, names: Sequence[str], now: datetime, apart: timedelta) -> None:
    """Make working sources due, `apart` from their last reading; what a source itself asked for is kept."""
    mine = (_IN_USE, source.c.name.in_(names), source.c.failures == 0, source.c.due > now)
    patient = or_(source.c.until.is_(None), source.c.until <= now)
    rest = case((source.c.last_ok > now - apart, literal(now + apart, source.c.due.type)), else_=now)
    soon = (*mine, patient, source.c.due > rest)
    await conn.execute(update(source).where(*soon).values(due=rest))


async def poll_now(conn: AsyncConnection, name: str, now: datetime) -> None:
    """Let it be due now, or as soon as the source itself allows."""
    row = (await find(conn, [name]))[name]
    await _update(conn, row, {"due": max(now, row.until or now)})


async def find(conn: AsyncConnection, names: Sequence[str]) -> dict[str, Row[Any]]:
    """The rows of these sources by name, held for this transaction. Raises `StoreError` for an unknown name."""
    rows = {row.name: row for row in await gather(conn, select(source).with_for_update(), source.c.name, names)}
    for name in names:
        if name not in rows:
            raise StoreError(name, Said("is no source that the store knows"), Said("sync the configured sources first"))
    return rows


async def remember(conn: AsyncConnection, polls: Sequence[tuple[Row[Any], Poll]]) -> None:
    """Keep what each poll left behind, and write down the changes that the operator should know of."""
    await change(conn, source, [_remembered(row, poll) for row, poll in polls])
    await many(
        conn,
        insert(conn, source_change),
        [
            {
                "source": row.row,
                "at": poll.now,
                "previous": row.state,
                "state": poll.memory.condition.state,
                "detail": poll.memory.condition.detail,
                "remedy": poll.memory.condition.remedy,
                "told": False,
            }
            for row, poll in polls
            if is_notable(row.state, poll.memory.condition.state)
        ],
    )


async def accept(conn: AsyncConnection, name: str, channel_id: int, now: datetime) -> str | None:
    """Read on, under `name`, the channel with another id.

    The old channel's posts move to a retired source whose name is returned; None if there is nothing to move.
    """
    row = (await find(conn, [name]))[name]
    cursor = load(Cursor, row.cursor)
    if cursor.channel_id == channel_id:
        return None
    fresh = {"cursor": dump(Cursor(channel_id=channel_id)), "due": now}
    if row.first_read is None:
        await _update(conn, row, fresh)
        return None
    archived = await _free_name(conn, name)
    await _update(conn, row, {"name": archived, "retired": now})
    kept = {key: getattr(row, key) for key in ("name", *_CONFIGURED)}
    await conn.execute(insert(conn, source).values(**_BLANK, **kept, **fresh))
    return archived


async def untold_changes(conn: AsyncConnection) -> list[Change]:
    query = (
        select(source_change, source.c.name, source.c.title).join(source).where(UNTOLD).order_by(source_change.c.row)
    )
    return [to_change(row) for row in await conn.execute(query)]


async def changes_after(conn: AsyncConnection, row: int) -> list[Change]:
    query = select(source_change, source.c.name, source.c.title).join(source).where(source_change.c.row > row)
    return [to_change(each) for each in await conn.execute(query.order_by(source_change.c.row))]


async def mark_changes_told(conn: AsyncConnection, rows: Sequence[int]) -> None:
    await conn.execute(update(source_change).where(source_change.c.row.in_(rows)).values(told=True))


def to_change(row: Row[Any]) -> Change:
    return Change(
        row=row.row,
        source=row.name,
        title=row.title,
        at=row.at,
        previous=row.previous,
        state=row.state,
        detail=row.detail,
        remedy=row.remedy,
    )


def to_source(row: Row[Any], *, title: str) -> Source:
    """The source as far as a digest tells of it. A post has a title too, so the source's is named apart."""
    return Source(
        name=row.name,
        kind=SourceKind(row.kind),
        address=row.address,
        title=title,
        side=row.side,
        side_kind=SideKind(row.side_kind) if row.side_kind else None,
        region=row.region,
    )


def to_condition(row: Row[Any]) -> Condition:
    return Condition(state=row.state, detail=row.detail, remedy=row.remedy, since=row.since, until=row.until)


def to_memory(row: Row[Any]) -> SourceMemory:
    return SourceMemory(
        name=row.name,
        cursor=load(Cursor, row.cursor),
        condition=to_condition(row),
        first_read=row.first_read,
        last_ok=row.last_ok,
        failures=row.failures,
        interval=None if row.interval is None else timedelta(seconds=row.interval),
        due=row.due,
    )


_CONFIGURED = ("kind", "address", "title", "side", "side_kind", "region")
_BLANK: Mapping[str, Any] = {"state": "new", "detail": "", "remedy": "", "failures": 0, "dropped": 0}


def _configured(item: Source) -> dict[str, Any]:
    return {key: getattr(item, key) for key in _CONFIGURED}


def _new_row(item: Source, now: datetime) -> dict[str, Any]:
    return {**_BLANK, **_configured(item), "name": item.name, "cursor": dump(Cursor()), "due": now}


def _moved(row: Row[Any], item: Source, now: datetime) -> dict[str, Any]:
    """Another address is asked at once, without the validators of the old one."""
    if row.address == item.address:
        return {"due": now} if row.due is None else {}
    cursor = replace(load(Cursor, row.cursor), etag=None, last_modified=None, body_hash=None, full_at=None)
    return {"cursor": dump(cursor), "due": now, "until": None, "failures": 0, "interval": None, "moved_to": None}


async def _update(conn: AsyncConnection, row: Row[Any], values: Mapping[str, Any]) -> None:
    if any(getattr(row, key) != value for key, value in values.items()):
        await conn.execute(update(source).where(source.c.row == row.row).values(**values))


async def _free_name(conn: AsyncConnection, name: str) -> str:
    """A name that no configuration can hold: "rybar~1"."""
    taken = set((await conn.execute(select(source.c.name).where(source.c.name.startswith(f"{name}~")))).scalars())
    names = (f"{name}~{number}" for number in range(1, len(taken) + 2))
    return next(free for free in names if free not in taken)


def is_notable(before: str, after: str) -> bool:
    """Between the words for working there is nothing to tell, nor is a first reading that works."""
    if before == after:
        return False
    return after not in WORKING or before not in WORKING | {"new"}


def _remembered(row: Row[Any], poll: Poll) -> dict[str, Any]:
    memory, condition = poll.memory, poll.memory.condition
    unchanged = row.since if condition.state == row.state else None
    return {
        "row": row.row,
        "cursor": dump(poll.reading.cursor),
        "state": condition.state,
        "detail": condition.detail,
        "remedy": condition.remedy,
        "since": condition.since or unchanged or poll.now,
        "until": condition.until,
        "first_read": memory.first_read,
        "last_ok": memory.last_ok,
        "failures": memory.failures,
        "interval": _seconds(memory.interval),
        "due": memory.due,
        "dropped": poll.reading.dropped,
        "moved_to": poll.reading.moved_to,
    }


def _seconds(interval: timedelta | None) -> float | None:
    return None if interval is None else interval.total_seconds()
