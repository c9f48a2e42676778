"""Posts in the store: what a reading brings, each post once, each of its wordings once.

In: a `Reading`. Out: what was new, revised or deleted by it. Invariant: a revision is never changed; an edit is a new
one, a deletion is a mark, and the same reading twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Arrival, Condition, HitState, Post, Reading, SourceKind, StoredPost
from bot.store import search, sources
from bot.store.forget import fingerprint
from bot.store.restore import MARK, arrival_after
from bot.store.rows import Committed, Poll
from bot.store.sql import change, gather, insert, many, pieces
from bot.store.tables import UNMATCHED, WORDED, forgotten, hit, meta, post, revision, source, story, story_post
from bot.store.types import storable


def wording(number: Any) -> Select[Any]:
    """Posts with the words of the revision `number` (a column of `post`), as `to_stored` reads them."""
    words = (revision.c.title, revision.c.text, revision.c.edited, revision.c.complete)
    return (
        select(post, source.c.name.label("source_name"), revision.c.number.label("wording"), *words)
        .join(source, source.c.row == post.c.source)
        .join(revision, and_(revision.c.post == post.c.row, revision.c.number == number))
    )


def to_stored(row: Row[Any]) -> StoredPost:
    found = Post(
        source=row.source_name,
        id=row.ident,
        url=row.url,
        title=row.title,
        text=row.text,
        published=row.published,
        edited=row.edited,
        author=row.author,
        forwarded_from=row.forwarded_from,
        reply_to=row.reply_to,
        album=row.album,
        parts=tuple(row.parts or ()),
        complete=row.complete,
        language=row.language,
    )
    return StoredPost(
        row=row.row,
        post=found,
        revision=row.wording,
        arrival=Arrival(row.arrival),
        seen=row.seen,
        deleted=row.deleted,
    )


async def unmatched(conn: AsyncConnection, limit: int) -> list[StoredPost]:
    query = wording(post.c.revision).where(UNMATCHED).order_by(post.c.row).limit(limit)
    return [to_stored(row) for row in await conn.execute(query)]


async def worded(conn: AsyncConnection, after: int, limit: int, since: datetime | None) -> list[StoredPost]:
    """Posts behind the row `after` that have their words, in their current wording."""
    query = wording(post.c.revision).where(WORDED, post.c.row > after)
    query = query if since is None else query.where(post.c.seen >= since)
    return [to_stored(row) for row in await conn.execute(query.order_by(post.c.row).limit(limit))]


async def commit(conn: AsyncConnection, polls: Sequence[Poll]) -> list[Committed]:
    """Store all of these polls, in order: posts, revisions, deletions, cursors, conditions."""
    return [result for wave in _waves(polls) for result in await _commit_wave(conn, wave)]


def _waves(polls: Sequence[Poll]) -> list[list[Poll]]:
    """Polls of different sources together; one of the same source comes after."""
    waves: list[list[Poll]] = [[]]
    for poll in polls:
        if any(poll.reading.source == other.reading.source for other in waves[-1]):
            waves.append([])
        waves[-1].append(poll)
    return waves


async def _commit_wave(conn: AsyncConnection, polls: Sequence[Poll]) -> list[Committed]:
    homes = await sources.find(conn, [poll.reading.source for poll in polls])
    homed = [(homes[poll.reading.source], poll) for poll in polls]
    past = await _past(conn)
    committed = [await _commit_posts(conn, home, poll.reading, poll.now, past) for home, poll in homed]
    await sources.remember(conn, homed)
    return [
        replace(result, changed=_changed(home, poll)) for result, (home, poll) in zip(committed, homed, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Past:
    """What came before, and new posts must not undo."""

    restored: datetime | None
    forgotten: frozenset[bytes]
    """Fingerprints of posts that this database, a restored one, does not have."""
    secret: bytes

    def forgot(self, item: Post) -> bool:
        return bool(self.forgotten) and fingerprint(self.secret, item.key) in self.forgotten


async def _past(conn: AsyncConnection) -> _Past:
    values = {row.name: row.value for row in await conn.execute(select(meta))}
    absent = select(forgotten.c.fingerprint).where(forgotten.c.post.is_(None))
    return _Past(
        restored=datetime.fromisoformat(values[MARK]) if MARK in values else None,
        forgotten=frozenset((await conn.execute(absent)).scalars()),
        secret=bytes.fromhex(values["secret"]),
    )


async def _commit_posts(
    conn: AsyncConnection, home: Row[Any], reading: Reading, now: datetime, past: _Past
) -> Committed:
    seen = _each_once(reading.posts)
    known = await _known(conn, home.row, list(seen))
    fresh = [item for ident, item in seen.items() if ident not in known and not past.forgot(item)]
    again = [(known[ident], item) for ident, item in seen.items() if ident in known and not _wordless(known[ident])]
    revised = [(row, item) for row, item in again if row.content_hash != _hash(item)]
    restored = [row for row, _ in again if row.deleted is not None]
    gone = await _gone(conn, home.row, reading, seen)
    await _add(conn, home, reading, fresh, now, past.restored)
    await _revise(conn, revised, now)
    await _grow(conn, again)
    await _mark(conn, gone, now, HitState.LIVE, HitState.DELETED, deleted=now)
    await _mark(conn, restored, now, HitState.DELETED, HitState.LIVE, deleted=None)
    return Committed(
        new=tuple(item.key for item in fresh),
        revised=tuple(item.key for _, item in revised),
        deleted=tuple(f"{reading.source}/{row.ident}" for row in gone),
        restored=tuple(f"{reading.source}/{row.ident}" for row in restored),
    )


def _changed(home: Row[Any], poll: Poll) -> Condition | None:
    notable = sources.is_notable(home.state, poll.memory.condition.state)
    return sources.to_condition(home) if notable else None


_TEXTS = tuple(field.name for field in fields(Post) if field.type in {"str", "str | None"})


def _each_once(found: Sequence[Post]) -> dict[str, Post]:
    """By id, oldest first; of two with one id the first counts."""
    once: dict[str, Post] = {}
    for item in map(_storable, found):
        once.setdefault(item.id, item)
    dated = all(item.published for item in once.values())
    return dict(sorted(once.items(), key=lambda pair: _age(pair[1], dated=dated)))


def _age(item: Post, *, dated: bool) -> tuple[Any, ...]:
    return (item.published if dated else 0, _number(item) or 0)


def _storable(item: Post) -> Post:
    """Ids are compared here, so they must read as the engine will give them back."""
    clean = {name: storable(value) for name in _TEXTS if (value := getattr(item, name))}
    changed: dict[str, Any] = {name: value for name, value in clean.items() if value != getattr(item, name)}
    return replace(item, **changed) if changed else item


def _number(item: Post) -> int | None:
    return int(item.id) if item.id.isascii() and item.id.isdigit() and len(item.id) < 19 else None


async def _known(conn: AsyncConnection, home: int, idents: Sequence[str]) -> dict[str, Row[Any]]:
    marks = (post.c.revision, post.c.deleted, post.c.parts, post.c.forgotten, post.c.expired)
    columns = (post.c.row, post.c.ident, *marks, revision.c.content_hash)
    current = and_(revision.c.post == post.c.row, revision.c.number == post.c.revision)
    query = select(*columns).join(revision, current).where(post.c.source == home)
    return {row.ident: row for row in await gather(conn, query, post.c.ident, idents)}


def _wordless(known: Row[Any]) -> bool:
    """Forgotten, or no longer kept: whatever its source shows of it, it stays as it is."""
    return known.forgotten is not None or known.expired is not None


def _hash(item: Post) -> bytes:
    return bytes.fromhex(item.content_hash)


async def _gone(conn: AsyncConnection, home: int, reading: Reading, seen: Mapping[str, Post]) -> Sequence[Row[Any]]:
    """Stored posts that lie in the window that was read, and were not there."""
    if reading.window is None:
        return []
    inside = post.c.number.between(reading.window.low, reading.window.high)
    query = select(post.c.row, post.c.ident).where(post.c.source == home, inside, post.c.deleted.is_(None))
    there = {*seen, *(part for item in seen.values() for part in item.parts)}
    rows: Sequence[Any] = (await conn.execute(query.order_by(post.c.row))).all()
    return [row for row in rows if row.ident not in there]


async def _add(
    conn: AsyncConnection,
    home: Row[Any],
    reading: Reading,
    fresh: Sequence[Post],
    now: datetime,
    restored: datetime | None,
) -> None:
    if not fresh:
        return
    numbered = home.kind == SourceKind.CHANNEL
    statement = insert(conn, post).on_conflict_do_nothing(index_elements=["source", "ident"])
    await conn.execute(
        statement,
        [
            {
                "source": home.row,
                "ident": item.id,
                "number": _number(item) if numbered else None,
                "url": item.url,
                "published": item.published,
                "author": item.author,
                "forwarded_from": item.forwarded_from,
                "reply_to": item.reply_to,
                "album": item.album,
                "parts": list(item.parts) or None,
                "language": item.language,
                "arrival": Arrival.BACKFILL
                if item.id in reading.backfilled
                else arrival_after(restored, home.last_ok, item, reading.arrival),
                "seen": now,
                "revision": 1,
                "matched": 0,
                "ungrouped": False,
            }
            for item in fresh
        ],
    )
    query = select(post.c.row, post.c.ident).where(post.c.source == home.row)
    rows = {row.ident: row.row for row in await gather(conn, query, post.c.ident, [item.id for item in fresh])}
    await _word(conn, [(rows[item.id], 1, item) for item in fresh], now)


async def _revise(conn: AsyncConnection, revised: Sequence[tuple[Row[Any], Post]], now: datetime) -> None:
    await _word(conn, [(row.row, row.revision + 1, item) for row, item in revised], now)
    await change(conn, post, [{"row": row.row, "revision": row.revision + 1} for row, _ in revised])


async def _word(conn: AsyncConnection, wordings: Sequence[tuple[int, int, Post]], now: datetime) -> None:
    at_server = conn.dialect.name == "postgresql"
    await many(
        conn,
        insert(conn, revision).on_conflict_do_nothing(index_elements=["post", "number"]),
        [
            {
                "post": row,
                "number": number,
                "title": item.title,
                "text": item.text,
                "edited": item.edited,
                "complete": item.complete,
                "folded": search.kept(item.title, item.text) if at_server else None,
                "content_hash": _hash(item),
                "seen": now,
            }
            for row, number, item in wordings
        ],
    )
    if not at_server:
        await _index(conn, wordings)


async def _index(conn: AsyncConnection, wordings: Sequence[tuple[int, int, Post]]) -> None:
    bodies = {(row, number): item.body for row, number, item in wordings}
    query = select(revision.c.row, revision.c.post, revision.c.number)
    rows = await gather(conn, query, revision.c.post, [row for row, _ in bodies])
    await search.add(conn, {row.row: bodies[row.post, row.number] for row in rows if (row.post, row.number) in bodies})


async def _grow(conn: AsyncConnection, known: Sequence[tuple[Row[Any], Post]]) -> None:
    """An album of which more parts are seen now."""
    await change(
        conn,
        post,
        [
            {"row": row.row, "parts": list(item.parts)}
            for row, item in known
            if item.parts and list(item.parts) != row.parts
        ],
    )


async def _mark(
    conn: AsyncConnection,
    rows: Sequence[Row[Any]],
    now: datetime,
    before: HitState,
    after: HitState,
    *,
    deleted: datetime | None,
) -> None:
    """Mark posts as deleted, or as there again; their hits follow, and their stories have changed."""
    for piece in pieces([row.row for row in rows]):
        await conn.execute(update(post).where(post.c.row.in_(piece)).values(deleted=deleted))
        await conn.execute(update(hit).where(hit.c.post.in_(piece), hit.c.state == before).values(state=after))
        told = select(story_post.c.story).where(story_post.c.post.in_(piece))
        await conn.execute(update(story).where(story.c.row.in_(told)).values(changed=now))
