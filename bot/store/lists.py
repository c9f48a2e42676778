"""What commands list: every row, flat, in order of row, page by page, so that a long list never holds a transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Cursor, Destination, DestinationKind, Message, Outcome, SideKind, Story
from bot.store import hits
from bot.store.codec import load
from bot.store.decisions import FINAL
from bot.store.outbox import CHANGED
from bot.store.rows import HitRow, OutboxRow, SourceRow, StoryRow
from bot.store.sql import Transaction, gather
from bot.store.stories import build
from bot.store.tables import UNSENT, decision, hit, outbox, post, source, story, story_post

PAGE = 500
T = TypeVar("T")
Page = Callable[[AsyncConnection, int], Awaitable[Sequence[tuple[int, T | None]]]]
"""At most `PAGE` rows behind the row that is given, each with its number; None for one that is not listed."""


async def pages(read: Transaction, page: Page[T]) -> AsyncIterator[T]:
    """All that `page` lists, each page in a transaction of its own."""
    after = 0
    while True:
        async with read() as conn:
            rows = await page(conn, after)
        for _, row in rows:
            if row is not None:
                yield row
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


async def hit_page(conn: AsyncConnection, after: int) -> list[tuple[int, HitRow]]:
    """Hits after row `after`, each with its row."""
    query = hit_rows().where(hit.c.row > after).order_by(hit.c.row).limit(PAGE)
    return [(row.row, hit_row(row)) for row in await conn.execute(query)]


def hit_rows() -> Select[Any]:
    """What `hit_row` is made of."""
    return (
        select(hit, source.c.name, post.c.ident, post.c.url, story_post.c.story)
        .join(post, post.c.row == hit.c.post)
        .join(source, source.c.row == post.c.source)
        .outerjoin(story_post, story_post.c.post == post.c.row)
    )


async def story_page(conn: AsyncConnection, after: int) -> list[tuple[int, StoryRow | None]]:
    """Stories after row `after`, each with its row; None for one whose reports went to another."""
    query = select(story.c.row).where(story.c.row > after).order_by(story.c.row).limit(PAGE)
    rows = (await conn.execute(query)).scalars().all()
    told = await gather(
        conn,
        select(decision.c.story, decision.c.route).where(decision.c.reason.in_(FINAL)),
        decision.c.story,
        rows,
    )
    whole = {item.row: item for item in await build(conn, rows)}
    return [
        (row, _story_row(whole[row], [mark.route for mark in told if mark.story == row]) if row in whole else None)
        for row in rows
    ]


async def outbox_page(conn: AsyncConnection, after: int) -> list[tuple[int, OutboxRow]]:
    """Deliveries after row `after`, each with its row."""
    query = select(outbox, CHANGED).where(outbox.c.row > after).order_by(outbox.c.row).limit(PAGE)
    return [(row.row, _outbox_row(row)) for row in await conn.execute(query)]


async def newest_outbox(conn: AsyncConnection, limit: int) -> list[OutboxRow]:
    query = select(outbox, CHANGED).order_by(outbox.c.row.desc()).limit(limit)
    return [_outbox_row(row) for row in await conn.execute(query)]


async def stranded_outbox(conn: AsyncConnection) -> list[OutboxRow]:
    """Deliveries that wait for the operator: parked, or of unknown outcome."""
    stranded = outbox.c.outcome.in_((Outcome.PARKED, Outcome.UNKNOWN))
    rows = await conn.execute(select(outbox, CHANGED).where(UNSENT, stranded).order_by(outbox.c.row))
    return [_outbox_row(row) for row in rows]


async def source_rows(conn: AsyncConnection) -> list[SourceRow]:
    """All sources in use, by name."""
    posts = select(func.count()).where(post.c.source == source.c.row).scalar_subquery()
    query = select(source, posts.label("posts")).where(source.c.retired.is_(None)).order_by(source.c.name)
    return [_source_row(row) for row in await conn.execute(query)]


def hit_row(row: Row[Any]) -> HitRow:
    return HitRow(
        id=f"h{row.row}",
        post=f"{row.name}/{row.ident}",
        source=row.name,
        url=row.url,
        watch=row.watch,
        start=row.start,
        end=row.end,
        text=row.text,
        confidence=row.confidence,
        why=hits.to_hit(row).hit.why,
        state=row.state,
        story=None if row.story is None else f"s{row.story}",
        late=row.late,
        verdict=row.verdict,
        meant=row.meant,
    )


def _story_row(whole: Story, told: Sequence[str]) -> StoryRow:
    first = whole.first.stored.post
    sides = {report.source.side for report in whole.reports if report.source.side_kind is SideKind.PARTY}
    return StoryRow(
        id=whole.key,
        post=first.key,
        source=first.source,
        url=first.url,
        published=first.published,
        text=first.body,
        watches=tuple(dict.fromkeys(found.hit.watch for report in whole.reports for found in report.hits)),
        posts=tuple(report.stored.post.key for report in whole.reports),
        sources=tuple(dict.fromkeys(report.source.name for report in whole.reports)),
        sides=tuple(sorted(side for side in sides if side)),
        told=tuple(sorted(told)),
    )


def _outbox_row(row: Row[Any]) -> OutboxRow:
    message = load(Message, row.payload)
    return OutboxRow(
        id=f"o{row.row}",
        route=row.route,
        to=str(Destination(DestinationKind(row.kind), row.address)),
        action=row.action,
        of=None if row.changed is None else f"o{row.changed}",
        digest=None if row.digest is None else f"d{row.digest}",
        part=message.part,
        parts=message.parts,
        outcome=row.outcome,
        reason=row.reason,
        attempts=row.attempts,
        not_before=row.not_before,
        receipt=row.receipt,
        created=row.created,
        sent=row.sent,
    )


def _source_row(row: Row[Any]) -> SourceRow:
    return SourceRow(
        id=row.name,
        kind=row.kind,
        address=row.address,
        title=row.title,
        side=row.side,
        state=row.state,
        detail=row.detail,
        remedy=row.remedy,
        since=row.since,
        until=row.until,
        first_read=row.first_read,
        last_ok=row.last_ok,
        due=row.due,
        failures=row.failures,
        dropped=row.dropped,
        gaps=tuple((gap.low, gap.high) for gap in load(Cursor, row.cursor).gaps),
        moved_to=row.moved_to,
        posts=row.posts,
        paused=row.paused,
        interval=row.interval,
    )
