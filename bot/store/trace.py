"""What happened to something, step by step, in words.

In: any id that a command prints ("rybar/12", "h3", "s4", "d5", "n6", "o7", "m8", "a9"), or the name of a source or a
route. Out: events in order of time; what still has to happen comes last, without a time.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import NoticeKind
from bot.store import audit, events, hits, silences
from bot.store.decisions import FINAL
from bot.store.keys import REMEDY, post_row
from bot.store.outbox import CHANGED
from bot.store.rows import Event
from bot.store.said import Said, joined
from bot.store.stories import keys_of
from bot.store.tables import (
    decision,
    digest,
    hit,
    notice,
    outbox,
    post,
    revision,
    route,
    source,
    source_change,
    story_post,
)

LAST = 20
"""So many slots and notices of a route are shown."""
_TO_COME = datetime.max.replace(tzinfo=UTC)


async def trace(conn: AsyncConnection, key: str) -> list[Event]:
    """Everything that is known of `key`. Raises `StoreError` if nothing has this id."""
    found = await _of(conn, key)
    if not found:
        raise StoreError(key, Said("nothing has this id"), REMEDY)
    return sorted(found, key=lambda event: event.at or _TO_COME)


async def _of(conn: AsyncConnection, key: str) -> list[Event]:
    if "/" in key:
        row = await post_row(conn, key)
        return [] if row is None else await _of_post(conn, row)
    if (match := re.fullmatch(r"([hsdnoma])([0-9]{1,18})", key)) and (
        found := await _BY_LETTER[match[1]](conn, int(match[2]))
    ):
        return found
    # A route may have the name of a source.
    return [*await _of_source(conn, key), *await _of_route(conn, key)]


async def _of_post(conn: AsyncConnection, row: int, only: int | None = None) -> list[Event]:
    """From the first sight of a post to the messages that told of it; `only` one of its hits."""
    place = (await conn.execute(select(story_post).where(story_post.c.post == row))).one_or_none()
    found = [*await _wordings(conn, row), *await _matching(conn, row, only), *await _judged(conn, row, only)]
    if place is None:
        return found
    return [*found, await _placing(conn, place), *await _telling(conn, place.story)]


async def _wordings(conn: AsyncConnection, row: int) -> list[Event]:
    found = (await conn.execute(select(post).where(post.c.row == row))).one()
    later = select(revision).where(revision.c.post == row, revision.c.number > 1).order_by(revision.c.number)
    return [events.seen(found), *map(events.edited, await conn.execute(later)), *events.gone(found)]


async def _matching(conn: AsyncConnection, row: int, only: int | None) -> list[Event]:
    mark = (await conn.execute(select(post).where(post.c.row == row))).one()
    mentions = (await hits.of_posts(conn, [row])).get(row, [])
    shown = [events.mention(found) for found in mentions if only in {None, found.row}]
    return [*shown, *events.unmatched(mark, mentioned=bool(mentions))]


async def _judged(conn: AsyncConnection, row: int, only: int | None) -> list[Event]:
    """What people decided on the post and its hits."""
    rows = (await conn.execute(select(hit.c.row).where(hit.c.post == row))).scalars()
    return await audit.events(conn, [f"p{row}", *(f"h{each}" for each in rows if only in {None, each})])


async def _placing(conn: AsyncConnection, place: Row[Any]) -> Event:
    return events.placed(place, await keys_of(conn, {row for row in (place.within, *place.related) if row}))


async def _of_hit(conn: AsyncConnection, row: int) -> list[Event]:
    home = (await conn.execute(select(hit.c.post).where(hit.c.row == row))).scalar()
    return [] if home is None else await _of_post(conn, home, only=row)


async def _of_story(conn: AsyncConnection, row: int) -> list[Event]:
    query = (
        select(story_post, source.c.name, post.c.ident)
        .join(post, post.c.row == story_post.c.post)
        .join(source, source.c.row == post.c.source)
        .where(story_post.c.story == row)
    )
    reports = []
    for place in (await conn.execute(query)).all():
        step = await _placing(conn, place)
        reports.append(Event(at=step.at, step=step.step, text=joined(f"{place.name}/{place.ident}: ", step.text)))
    judged = await audit.events(conn, [f"s{row}"])
    return [*reports, *judged, *await _telling(conn, row)] if reports else judged


async def _telling(conn: AsyncConnection, story: int) -> list[Event]:
    """What each route decided on a story, and how its messages fared."""
    query = select(decision).where(decision.c.story == story).order_by(decision.c.at)
    rows = (await conn.execute(query)).all()
    found = [events.decided(row) for row in rows]
    for row in rows:
        if row.reason in FINAL and (row.digest or row.notice):
            found += await _cards(conn, row)
            found += await _deliveries(conn, _home(row))
    found += await _corrections(conn, story)
    return found or [events.waits(Said("no route has decided on it yet"))]


async def _cards(conn: AsyncConnection, decided: Row[Any]) -> list[Event]:
    """The notice that a decision was made in: who was heard, within which time."""
    query = select(notice).where(notice.c.row == decided.notice)
    return [events.notice(row) for row in await conn.execute(query)]


async def _corrections(conn: AsyncConnection, story: int) -> list[Event]:
    """That what was told of a story was marked or taken back, and how those messages fared."""
    named = notice.c.subject.like(f"s{story}:%")
    rows = (await conn.execute(select(notice).where(notice.c.kind == NoticeKind.CORRECTION, named))).all()
    found = [events.notice(row) for row in rows]
    for row in rows:
        found += await _deliveries(conn, outbox.c.notice == row.row)
    return found


def _home(row: Row[Any]) -> ColumnElement[bool]:
    """The messages of the digest or the notice that a decision was made in."""
    column, number = (outbox.c.digest, row.digest) if row.digest else (outbox.c.notice, row.notice)
    return column == int(number)


async def _of_digest(conn: AsyncConnection, row: int) -> list[Event]:
    found = (await conn.execute(select(digest).where(digest.c.row == row))).one_or_none()
    if found is None:
        return []
    told = await conn.execute(select(decision).where(decision.c.digest == row).order_by(decision.c.story))
    return [events.composed(found), *map(events.told, told), *await _deliveries(conn, outbox.c.digest == row)]


async def _of_notice(conn: AsyncConnection, row: int) -> list[Event]:
    found = (await conn.execute(select(notice).where(notice.c.row == row))).one_or_none()
    if found is None:
        return []
    told = await conn.execute(select(decision).where(decision.c.notice == row).order_by(decision.c.story))
    return [events.notice(found), *map(events.told, told), *await _deliveries(conn, outbox.c.notice == row)]


async def _of_delivery(conn: AsyncConnection, row: int) -> list[Event]:
    home = (await conn.execute(select(outbox.c.digest, outbox.c.notice).where(outbox.c.row == row))).one_or_none()
    if home is None:
        return []
    origin = await _of_digest(conn, home.digest) if home.digest else await _of_notice(conn, home.notice or 0)
    return [*origin[:1], *await _deliveries(conn, outbox.c.row == row)]


async def _deliveries(conn: AsyncConnection, those: ColumnElement[bool]) -> list[Event]:
    query: Select[Any] = select(outbox, CHANGED).where(those).order_by(outbox.c.row)
    rows = (await conn.execute(query)).all()
    judged = await audit.events(conn, [f"o{row.row}" for row in rows])
    return [*(event for row in rows for event in events.delivery(row)), *judged]


async def _of_silence(conn: AsyncConnection, row: int) -> list[Event]:
    return [events.silence(each) for each in await silences.lasting(conn, None) if each.row == row]


async def _of_route(conn: AsyncConnection, name: str) -> list[Event]:
    """The last slots and notices of a route, and the silences that name it."""
    known = select(route).where(route.c.name == name)
    slots = select(digest).where(digest.c.route == name).order_by(digest.c.slot.desc()).limit(LAST)
    notices = select(notice).where(notice.c.route == name).order_by(notice.c.row.desc()).limit(LAST)
    return [
        *map(events.registered, await conn.execute(known)),
        *map(events.slot, await conn.execute(slots)),
        *map(events.notice, await conn.execute(notices)),
        *(events.silence(each) for each in await silences.lasting(conn, None) if each.route == name),
    ]


async def _of_source(conn: AsyncConnection, name: str) -> list[Event]:
    row = (await conn.execute(select(source).where(source.c.name == name))).one_or_none()
    if row is None:
        return []
    changes = select(source_change).where(source_change.c.source == row.row).order_by(source_change.c.row)
    return [*events.first_reading(row), *map(events.change, await conn.execute(changes)), *events.standing(row)]


_BY_LETTER: Mapping[str, Callable[[AsyncConnection, int], Awaitable[list[Event]]]] = {
    "h": _of_hit,
    "s": _of_story,
    "d": _of_digest,
    "n": _of_notice,
    "o": _of_delivery,
    "m": _of_silence,
    "a": audit.of_act,
}
