"""What happened to something, step by step, in words.

In: any id that a command prints ("rybar/12", "h3", "s4", "d5", "n6", "o7", "m8"), or the name of a source or a route.
Out: events in order of time; what still has to happen comes last, without a time.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import (
    Action,
    Arrival,
    Cursor,
    HitState,
    Message,
    NoticeKind,
    Outcome,
    Reason,
    Relation,
    Silence,
    StoredHit,
)
from bot.store import audit, hits, silences
from bot.store.codec import load
from bot.store.decisions import FINAL
from bot.store.keys import post_row
from bot.store.outbox import CHANGED
from bot.store.rows import DigestState, Event
from bot.store.stories import keys_of
from bot.store.tables import (
    decision,
    digest,
    hit as hit_table,
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
_SEEN: Mapping[str, str] = {
    Arrival.LIVE: "seen live",
    Arrival.BASELINE: "seen in the first reading of its source: stored, not announced",
    Arrival.BACKFILL: "asked for by backfill: stored, told as late",
}
_RELATION: Mapping[str, str] = {
    Relation.FIRST: "the first report of",
    Relation.FORWARD: "a forward, in",
    Relation.COPY: "a copy, in",
    Relation.INCLUDED: "part of a round-up, with a story of its own:",
}
_OUTCOME: Mapping[str, str] = {
    Outcome.WAITING: "waits",
    Outcome.SENDING: "is being sent",
    Outcome.SENT: "sent",
    Outcome.PARKED: "parked until the operator acts",
    Outcome.DROPPED: "nothing is left to do",
    Outcome.UNKNOWN: "sent or not: unknown; it is settled before any repeat",
}
_STATE: Mapping[HitState, str] = {
    HitState.EDITED_OUT: "; edited out since",
    HitState.DELETED: "; its post was deleted",
    HitState.RULED_OUT: "; not found by today's rules (rematch)",
    HitState.EXPIRED: "; its words are no longer kept",
}
_DIGEST: Mapping[str, str] = {
    DigestState.COMPOSED: "composed",
    DigestState.EMPTY: "nothing to tell, nothing sent",
    DigestState.COVERED: "missed; a later digest covers it",
}


async def trace(conn: AsyncConnection, key: str) -> list[Event]:
    """Everything that is known of `key`. Raises `StoreError` if nothing has this id."""
    events = await _events(conn, key)
    if not events:
        raise StoreError(key, "nothing has this id", "hits, stories, outbox and digests print the ids there are")
    timeless = [event for event in events if event.at is None]
    return sorted((event for event in events if event.at is not None), key=lambda event: str(event.at)) + timeless


async def _events(conn: AsyncConnection, key: str) -> list[Event]:
    if "/" in key:
        row = await post_row(conn, key)
        return [] if row is None else await _of_post(conn, row)
    if (match := re.fullmatch(r"([hsdnoma])([0-9]{1,18})", key)) and (
        events := await _BY_LETTER[match[1]](conn, int(match[2]))
    ):
        return events
    # A route may have the name of a source.
    return [*await _of_source(conn, key), *await _of_route(conn, key)]


async def _of_post(conn: AsyncConnection, row: int, only: int | None = None) -> list[Event]:
    """From the first sight of a post to the messages that told of it; `only` one of its hits."""
    place = (await conn.execute(select(story_post).where(story_post.c.post == row))).one_or_none()
    events = [*await _wordings(conn, row), *await _matching(conn, row, only), *await _judged(conn, row, only)]
    if place is None:
        return events
    return [*events, await _placing(conn, place), *await _telling(conn, place.story)]


async def _wordings(conn: AsyncConnection, row: int) -> list[Event]:
    found = (await conn.execute(select(post).where(post.c.row == row))).one()
    later = select(revision).where(revision.c.post == row, revision.c.number > 1).order_by(revision.c.number)
    published = f"; published {found.published:%Y-%m-%d %H:%M} UTC" if found.published else ""
    events = [Event(at=found.seen, step="seen", text=f"{_SEEN[found.arrival]}{published}")]
    for words in await conn.execute(later):
        edited = f", edited {words.edited:%Y-%m-%d %H:%M} UTC" if words.edited else ""
        events.append(Event(at=words.seen, step="edited", text=f"other words: revision {words.number}{edited}"))
    if found.deleted:
        events.append(Event(at=found.deleted, step="deleted", text="no longer at its source"))
    if found.expired:
        text = "its words were removed by age (keep: in bot.yaml); it stays known, and never comes back as new"
        events.append(Event(at=found.expired, step="expired", text=text))
    if found.forgotten:
        text = "its words were removed for good; it stays known, and never comes back as new"
        events.append(Event(at=found.forgotten, step="forgotten", text=text))
    return events


async def _matching(conn: AsyncConnection, row: int, only: int | None) -> list[Event]:
    mark = (await conn.execute(select(post).where(post.c.row == row))).one()
    mentions = (await hits.of_posts(conn, [row])).get(row, [])
    events = [_mention(found) for found in mentions if only in {None, found.row}]
    if mark.matched and not mentions:
        text = f"no watched place or term in revision {mark.matched}"
        events.append(Event(at=mark.matched_at, step="matched", text=text))
    if mark.matched < mark.revision:
        events.append(Event(at=None, step="waits", text=f"revision {mark.revision} is to be matched"))
    if mark.ungrouped:
        events.append(Event(at=None, step="waits", text="its story is to be found"))
    return events


async def _judged(conn: AsyncConnection, row: int, only: int | None) -> list[Event]:
    """What people decided on the post and its hits."""
    rows = (await conn.execute(select(hit_table.c.row).where(hit_table.c.post == row))).scalars()
    return await audit.events(conn, [f"p{row}", *(f"h{each}" for each in rows if only in {None, each})])


def _mention(found: StoredHit) -> Event:
    state = _STATE.get(found.state, "")
    doubt = f"; or {', '.join(found.hit.candidates)}" if found.hit.candidates else ""
    late = ", late" if found.late else ""
    verdict = f"; {found.verdict}{f' as {found.meant}' if found.meant else ''}" if found.verdict else ""
    text = (
        f"{found.key}: {found.hit.watch} at {found.hit.start}-{found.hit.end}, “{found.hit.text}” as {found.hit.form}: "
        f"{', '.join(found.hit.why)}; confidence {found.hit.confidence:.2f}{late}{doubt}{state}{verdict}"
    )
    return Event(at=found.found, step="matched", text=text)


async def _placing(conn: AsyncConnection, place: Row[Any]) -> Event:
    keys = await keys_of(conn, {row for row in (place.within, *place.related) if row})
    within = f"; within s{place.within} ({keys[place.within]})" if place.within else ""
    related = "".join(f"; like s{row} ({keys[row]})" for row in place.related if row in keys)
    text = f"{_RELATION[place.relation]} s{place.story}: {place.reason}{within}{related}"
    return Event(at=place.placed, step="grouped", text=text)


async def _of_hit(conn: AsyncConnection, row: int) -> list[Event]:
    home = (await conn.execute(select(hit_table.c.post).where(hit_table.c.row == row))).scalar()
    return [] if home is None else await _of_post(conn, home, only=row)


async def _of_story(conn: AsyncConnection, row: int) -> list[Event]:
    query = (
        select(story_post, source.c.name, post.c.ident)
        .join(post, post.c.row == story_post.c.post)
        .join(source, source.c.row == post.c.source)
        .where(story_post.c.story == row)
    )
    events = []
    for place in (await conn.execute(query)).all():
        step = await _placing(conn, place)
        events.append(Event(at=step.at, step=step.step, text=f"{place.name}/{place.ident}: {step.text}"))
    judged = await audit.events(conn, [f"s{row}"])
    return [*events, *judged, *await _telling(conn, row)] if events else judged


async def _telling(conn: AsyncConnection, story: int) -> list[Event]:
    """What each route decided on a story, and how its messages fared."""
    query = select(decision).where(decision.c.story == story).order_by(decision.c.at)
    rows = (await conn.execute(query)).all()
    events = [_decided(row) for row in rows]
    for row in rows:
        if row.reason in FINAL and (row.digest or row.notice):
            events += await _deliveries(conn, select(outbox, CHANGED).where(_home(row)))
    events += await _corrections(conn, story)
    return events or [Event(at=None, step="waits", text="no route has decided on it yet")]


async def _corrections(conn: AsyncConnection, story: int) -> list[Event]:
    """That what was told of a story was marked or taken back, and how those messages fared."""
    named = notice.c.subject.like(f"s{story}:%")
    rows = (await conn.execute(select(notice).where(notice.c.kind == NoticeKind.CORRECTION, named))).all()
    events = [_notice(row) for row in rows]
    for row in rows:
        events += await _deliveries(conn, select(outbox, CHANGED).where(outbox.c.notice == row.row))
    return events


def _home(row: Row[Any]) -> ColumnElement[bool]:
    """The messages of the digest or the notice that a decision was made in."""
    column, number = (outbox.c.digest, row.digest) if row.digest else (outbox.c.notice, row.notice)
    return column == int(number)


def _decided(row: Row[Any]) -> Event:
    told = f" in d{row.digest}" if row.digest else f" in n{row.notice}" if row.notice else ""
    return Event(at=row.at, step="decided", text=f"route {row.route}: {_reason(row)}{told}")


def _reason(row: Row[Any]) -> str:
    note = f" ({row.note})" if row.note else ""
    return f"{Reason[row.reason].value}{note}"


async def _of_digest(conn: AsyncConnection, row: int) -> list[Event]:
    found = (await conn.execute(select(digest).where(digest.c.row == row))).one_or_none()
    if found is None:
        return []
    text = f"route {found.route}, slot {found.slot:%Y-%m-%d %H:%M} UTC: {_DIGEST[found.state]}"
    decided = await conn.execute(select(decision).where(decision.c.digest == row).order_by(decision.c.story))
    return [
        Event(at=found.composed, step="composed", text=text),
        *(Event(at=item.at, step="decided", text=f"s{item.story}: {_reason(item)}") for item in decided),
        *await _deliveries(conn, select(outbox, CHANGED).where(outbox.c.digest == row)),
    ]


async def _of_delivery(conn: AsyncConnection, row: int) -> list[Event]:
    events = await _deliveries(conn, select(outbox, CHANGED).where(outbox.c.row == row))
    home = (await conn.execute(select(outbox.c.digest, outbox.c.notice).where(outbox.c.row == row))).one_or_none()
    if home is None:
        return []
    origin = await _of_digest(conn, home.digest) if home.digest else await _of_notice(conn, home.notice or 0)
    return [*origin[:1], *events]


async def _of_notice(conn: AsyncConnection, row: int) -> list[Event]:
    found = (await conn.execute(select(notice).where(notice.c.row == row))).one_or_none()
    if found is None:
        return []
    told = await conn.execute(select(decision).where(decision.c.notice == row).order_by(decision.c.story))
    return [
        _notice(found),
        *(Event(at=item.at, step="decided", text=f"s{item.story}: {_reason(item)}") for item in told),
        *await _deliveries(conn, select(outbox, CHANGED).where(outbox.c.notice == row)),
    ]


def _notice(row: Row[Any]) -> Event:
    text = f"n{row.row}: route {row.route}, {row.subject}, revision {row.revision}: {row.text}".rstrip(": ")
    return Event(at=row.at, step=row.kind, text=text)


async def _of_silence(conn: AsyncConnection, row: int) -> list[Event]:
    found = [each for each in await silences.lasting(conn, None) if each.row == row]
    return [_silence(each) for each in found]


def _silence(found: Silence) -> Event:
    text = f"{found.key}: {found.named}, until {found.until:%Y-%m-%d %H:%M} UTC, by {found.author}: {found.comment}"
    return Event(at=found.since, step="silence", text=text)


async def _of_route(conn: AsyncConnection, name: str) -> list[Event]:
    """The last slots and notices of a route, and the silences that name it."""
    row = (await conn.execute(select(route).where(route.c.name == name))).one_or_none()
    slots = select(digest).where(digest.c.route == name).order_by(digest.c.slot.desc()).limit(LAST)
    notices = select(notice).where(notice.c.route == name).order_by(notice.c.row.desc()).limit(LAST)
    named = [each for each in await silences.lasting(conn, None) if each.route == name]
    first = [] if row is None else [Event(at=row.first_seen, step="route", text=f"{name} is known since then")]
    return [
        *first,
        *(Event(at=each.composed, step="composed", text=_slot(each)) for each in await conn.execute(slots)),
        *(_notice(each) for each in await conn.execute(notices)),
        *map(_silence, named),
    ]


def _slot(row: Row[Any]) -> str:
    return f"d{row.row}: slot {row.slot:%Y-%m-%d %H:%M} UTC: {_DIGEST[row.state]}"


async def _deliveries(conn: AsyncConnection, query: Select[Any]) -> list[Event]:
    rows = (await conn.execute(query.order_by(outbox.c.row))).all()
    return [event for row in rows for event in _delivery(row)]


def _delivery(row: Row[Any]) -> Sequence[Event]:
    message = load(Message, row.payload)
    to = f"{row.kind}:{row.address}" if row.address else row.kind
    queued = Event(at=row.created, step="queued", text=f"o{row.row}: {_what(row, message)} for {to}")
    tries = f" at try {row.attempts}" if row.attempts > 1 else ""
    wait = f", not before {row.not_before:%Y-%m-%d %H:%M:%S} UTC" if row.not_before and not row.sent else ""
    details = "".join(f": {part}" for part in (row.reason, row.receipt) if part)
    text = f"o{row.row}: {_OUTCOME[row.outcome]}{tries}{wait}{details}"
    return queued, Event(at=row.sent or row.tried, step="delivery", text=text)


def _what(row: Row[Any], message: Message) -> str:
    if row.action == Action.SEND:
        return f"part {message.part} of {message.parts}"
    return f"{'an edit' if row.action == Action.EDIT else 'a pin'} of o{row.changed}"


async def _of_source(conn: AsyncConnection, name: str) -> list[Event]:
    row = (await conn.execute(select(source).where(source.c.name == name))).one_or_none()
    if row is None:
        return []
    query = select(source_change).where(source_change.c.source == row.row).order_by(source_change.c.row)
    events = [
        Event(at=item.at, step="state", text=f"{item.previous} to {item.state}: {item.detail}".rstrip(": "))
        for item in await conn.execute(query)
    ]
    first = [] if row.first_read is None else [Event(at=row.first_read, step="first reading", text=row.address)]
    now = Event(at=row.since, step="now", text=f"{row.state}: {row.detail}".rstrip(": "))
    return [*first, *events, now, *_gaps(load(Cursor, row.cursor))]


def _gaps(cursor: Cursor) -> list[Event]:
    """What of a source could not be read yet."""
    return [
        Event(at=None, step="gap", text=f"messages {gap.low} to {gap.high} are still to be read") for gap in cursor.gaps
    ]


_BY_LETTER: Mapping[str, Callable[[AsyncConnection, int], Awaitable[list[Event]]]] = {
    "h": _of_hit,
    "s": _of_story,
    "d": _of_digest,
    "n": _of_notice,
    "o": _of_delivery,
    "m": _of_silence,
    "a": audit.of_act,
}
