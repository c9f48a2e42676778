"""What happened to something, step by step, in words.

In: any id that a command prints ("rybar/12", "h3", "s4", "d5", "n6", "o7", "m8"), or the name of a source or a route.
Out: events in order of time; what still has to happen comes last, without a time.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
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
from bot.store.rows import Event
from bot.store.said import Said, joined
from bot.store.steps import DigestState
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
_SEEN: Mapping[str, Said] = {
    Arrival.LIVE: Said("seen live"),
    Arrival.BASELINE: Said("seen in the first reading of its source: stored, not announced"),
    Arrival.BACKFILL: Said("asked for by backfill: stored, told as late"),
}
_RELATION: Mapping[str, Said] = {
    Relation.FIRST: Said("the first report of"),
    Relation.FORWARD: Said("a forward, in"),
    Relation.COPY: Said("a copy, in"),
    Relation.INCLUDED: Said("part of a round-up, with a story of its own:"),
}
_OUTCOME: Mapping[str, Said] = {
    Outcome.WAITING: Said("waits"),
    Outcome.SENDING: Said("is being sent"),
    Outcome.SENT: Said("sent"),
    Outcome.PARKED: Said("parked until the operator acts"),
    Outcome.DROPPED: Said("nothing is left to do"),
    Outcome.UNKNOWN: Said("sent or not: unknown; it is settled before any repeat"),
}
_STATE: Mapping[HitState, Said] = {
    HitState.EDITED_OUT: Said("; edited out since"),
    HitState.DELETED: Said("; its post was deleted"),
    HitState.RULED_OUT: Said("; not found by today's rules (rematch)"),
    HitState.EXPIRED: Said("; its words are no longer kept"),
}
_DIGEST: Mapping[str, Said] = {
    DigestState.COMPOSED: Said("composed"),
    DigestState.EMPTY: Said("nothing to tell, nothing sent"),
    DigestState.COVERED: Said("missed; a later digest covers it"),
}


async def trace(conn: AsyncConnection, key: str) -> list[Event]:
    """Everything that is known of `key`. Raises `StoreError` if nothing has this id."""
    events = await _events(conn, key)
    if not events:
        raise StoreError(
            key, Said("nothing has this id"), Said("hits, stories, outbox and digests print the ids there are")
        )
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
    published = Said("; published %(when)s UTC", when=_minute(found.published)) if found.published else ""
    events = [Event(at=found.seen, step="seen", text=joined(_SEEN[found.arrival], published))]
    for words in await conn.execute(later):
        edited = Said(", edited %(when)s UTC", when=_minute(words.edited)) if words.edited else ""
        text = Said("other words: revision %(number)s%(edited)s", number=words.number, edited=edited)
        events.append(Event(at=words.seen, step="edited", text=text))
    if found.deleted:
        events.append(Event(at=found.deleted, step="deleted", text=Said("no longer at its source")))
    if found.expired:
        text = Said("its words were removed by age (keep: in bot.yaml); it stays known, and never comes back as new")
        events.append(Event(at=found.expired, step="expired", text=text))
    if found.forgotten:
        text = Said("its words were removed for good; it stays known, and never comes back as new")
        events.append(Event(at=found.forgotten, step="forgotten", text=text))
    return events


async def _matching(conn: AsyncConnection, row: int, only: int | None) -> list[Event]:
    mark = (await conn.execute(select(post).where(post.c.row == row))).one()
    mentions = (await hits.of_posts(conn, [row])).get(row, [])
    events = [_mention(found) for found in mentions if only in {None, found.row}]
    if mark.matched and not mentions:
        text = Said("no watched place or term in revision %(number)s", number=mark.matched)
        events.append(Event(at=mark.matched_at, step="matched", text=text))
    if mark.matched < mark.revision:
        text = Said("revision %(number)s is to be matched", number=mark.revision)
        events.append(Event(at=None, step="waits", text=text))
    if mark.ungrouped:
        events.append(Event(at=None, step="waits", text=Said("its story is to be found")))
    return events


async def _judged(conn: AsyncConnection, row: int, only: int | None) -> list[Event]:
    """What people decided on the post and its hits."""
    rows = (await conn.execute(select(hit_table.c.row).where(hit_table.c.post == row))).scalars()
    return await audit.events(conn, [f"p{row}", *(f"h{each}" for each in rows if only in {None, each})])


def _mention(found: StoredHit) -> Event:
    text = Said(
        "%(hit)s: %(watch)s at %(start)s-%(end)s, “%(text)s” as %(form)s: %(why)s; confidence %(confidence)s%(more)s",
        hit=found.key,
        watch=found.hit.watch,
        start=found.hit.start,
        end=found.hit.end,
        text=found.hit.text,
        form=found.hit.form,
        why=joined(*map(Said, found.hit.why), by=", "),
        confidence=f"{found.hit.confidence:.2f}",
        more=joined(*_more(found)),
    )
    return Event(at=found.found, step="matched", text=text)


def _more(found: StoredHit) -> Iterator[str]:
    """What became of a hit."""
    if found.late:
        yield Said(", late")
    if found.hit.candidates:
        yield Said("; or %(others)s", others=", ".join(found.hit.candidates))
    if found.state in _STATE:
        yield _STATE[found.state]
    if found.verdict and found.meant:
        yield Said("; %(verdict)s as %(meant)s", verdict=Said(found.verdict.value), meant=found.meant)
    elif found.verdict:
        yield Said("; %(verdict)s", verdict=Said(found.verdict.value))


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


async def _placing(conn: AsyncConnection, place: Row[Any]) -> Event:
    keys = await keys_of(conn, {row for row in (place.within, *place.related) if row})
    text = Said("%(relation)s s%(story)s: %(reason)s", relation=_RELATION[place.relation], story=place.story,
                reason=Said(place.reason))  # fmt: skip
    within = [Said("; within s%(row)s (%(key)s)", row=place.within, key=keys[place.within])] if place.within else []
    related = [Said("; like s%(row)s (%(key)s)", row=row, key=keys[row]) for row in place.related if row in keys]
    text = joined(text, *within, *related)
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
        events.append(Event(at=step.at, step=step.step, text=joined(f"{place.name}/{place.ident}: ", step.text)))
    judged = await audit.events(conn, [f"s{row}"])
    return [*events, *judged, *await _telling(conn, row)] if events else judged


async def _telling(conn: AsyncConnection, story: int) -> list[Event]:
    """What each route decided on a story, and how its messages fared."""
    query = select(decision).where(decision.c.story == story).order_by(decision.c.at)
    rows = (await conn.execute(query)).all()
    events = [_decided(row) for row in rows]
    for row in rows:
        if row.reason in FINAL and (row.digest or row.notice):
            events += await _cards(conn, row)
            events += await _deliveries(conn, select(outbox, CHANGED).where(_home(row)))
    events += await _corrections(conn, story)
    return events or [Event(at=None, step="waits", text=Said("no route has decided on it yet"))]


async def _cards(conn: AsyncConnection, decided: Row[Any]) -> list[Event]:
    """The notice that a decision was made in: who was heard, within which time."""
    query = select(notice).where(notice.c.row == decided.notice)
    return [_notice(row) for row in await conn.execute(query)]


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
    home = f"d{row.digest}" if row.digest else f"n{row.notice}" if row.notice else None
    told = Said(" in %(home)s", home=home) if home else ""
    text = Said("route %(route)s: %(reason)s%(told)s", route=row.route, reason=_reason(row), told=told)
    return Event(at=row.at, step="decided", text=text)


def _reason(row: Row[Any]) -> Said:
    reason = Said(Reason[row.reason].value)
    return joined(reason, f" ({row.note})") if row.note else reason


async def _of_digest(conn: AsyncConnection, row: int) -> list[Event]:
    found = (await conn.execute(select(digest).where(digest.c.row == row))).one_or_none()
    if found is None:
        return []
    text = Said("route %(route)s, slot %(slot)s UTC: %(state)s", route=found.route, slot=_minute(found.slot),
                state=_DIGEST[found.state])  # fmt: skip
    decided = await conn.execute(select(decision).where(decision.c.digest == row).order_by(decision.c.story))
    return [
        Event(at=found.composed, step="composed", text=text),
        *(Event(at=item.at, step="decided", text=joined(f"s{item.story}: ", _reason(item))) for item in decided),
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
        *(Event(at=item.at, step="decided", text=joined(f"s{item.story}: ", _reason(item))) for item in told),
        *await _deliveries(conn, select(outbox, CHANGED).where(outbox.c.notice == row)),
    ]


def _notice(row: Row[Any]) -> Event:
    text = Said("n%(row)s: route %(route)s, %(subject)s, revision %(revision)s", row=row.row, route=row.route,
                subject=row.subject, revision=row.revision)  # fmt: skip
    text = joined(text, f": {row.text}") if row.text else text
    return Event(at=row.at, step=row.kind, text=text)


async def _of_silence(conn: AsyncConnection, row: int) -> list[Event]:
    found = [each for each in await silences.lasting(conn, None) if each.row == row]
    return [_silence(each) for each in found]


def _silence(found: Silence) -> Event:
    text = Said(
        "%(key)s: %(named)s, until %(until)s UTC, by %(author)s: %(comment)s",
        key=found.key,
        named=found.named,
        until=_minute(found.until),
        author=found.author,
        comment=found.comment,
    )
    return Event(at=found.since, step="silence", text=text)


async def _of_route(conn: AsyncConnection, name: str) -> list[Event]:
    """The last slots and notices of a route, and the silences that name it."""
    row = (await conn.execute(select(route).where(route.c.name == name))).one_or_none()
    slots = select(digest).where(digest.c.route == name).order_by(digest.c.slot.desc()).limit(LAST)
    notices = select(notice).where(notice.c.route == name).order_by(notice.c.row.desc()).limit(LAST)
    named = [each for each in await silences.lasting(conn, None) if each.route == name]
    first = (
        []
        if row is None
        else [Event(at=row.first_seen, step="route", text=Said("%(name)s is known since then", name=name))]
    )
    return [
        *first,
        *(Event(at=each.composed, step="composed", text=_slot(each)) for each in await conn.execute(slots)),
        *(_notice(each) for each in await conn.execute(notices)),
        *map(_silence, named),
    ]


def _slot(row: Row[Any]) -> str:
    slot = _minute(row.slot)
    return Said("d%(row)s: slot %(slot)s UTC: %(state)s", row=row.row, slot=slot, state=_DIGEST[row.state])


async def _deliveries(conn: AsyncConnection, query: Select[Any]) -> list[Event]:
    rows = (await conn.execute(query.order_by(outbox.c.row))).all()
    judged = await audit.events(conn, [f"o{row.row}" for row in rows])
    return [*(event for row in rows for event in _delivery(row)), *judged]


def _delivery(row: Row[Any]) -> Sequence[Event]:
    message = load(Message, row.payload)
    to = f"{row.kind}:{row.address}" if row.address else row.kind
    asked = Said("o%(row)s: %(what)s for %(to)s", row=row.row, what=_what(row, message), to=to)
    queued = Event(at=row.created, step="queued", text=asked)
    tries = Said(" at try %(count)s", count=row.attempts) if row.attempts > 1 else ""
    moment = f"{row.not_before:%Y-%m-%d %H:%M:%S}" if row.not_before and not row.sent else ""
    wait = Said(", not before %(when)s UTC", when=moment) if moment else ""
    details = "".join(f": {part}" for part in (row.reason, row.receipt) if part)
    text = joined(f"o{row.row}: ", _OUTCOME[row.outcome], tries, wait, details)
    return queued, Event(at=row.sent or row.tried, step="delivery", text=text)


def _what(row: Row[Any], message: Message) -> Said:
    if row.action == Action.SEND:
        return Said("part %(part)s of %(parts)s", part=message.part, parts=message.parts)
    if row.action == Action.EDIT:
        return Said("an edit of o%(row)s", row=row.changed)
    return Said("a pin of o%(row)s", row=row.changed)


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
    texts = (
        Said("messages %(low)s to %(high)s are still to be read", low=gap.low, high=gap.high) for gap in cursor.gaps
    )
    return [Event(at=None, step="gap", text=text) for text in texts]


_BY_LETTER: Mapping[str, Callable[[AsyncConnection, int], Awaitable[list[Event]]]] = {
    "h": _of_hit,
    "s": _of_story,
    "d": _of_digest,
    "n": _of_notice,
    "o": _of_delivery,
    "m": _of_silence,
    "a": audit.of_act,
}
