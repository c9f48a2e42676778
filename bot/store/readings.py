"""What readings bring into the store: each post once, each of its wordings once.

In: polls, each with its `Reading`. Out: what was new, revised or deleted by each. Invariant: a revision is never
changed; an edit is a new one, a deletion is a mark, and the same reading twice changes nothing. Polls of one
transaction share its statements: their number does not grow with that of the polls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, Row, Select, Text, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.language.detect import of_text
from bot.model import Arrival, HitState, Post, SourceKind
from bot.store import search, sources
from bot.store.forget import fingerprint
from bot.store.restore import MARK, arrival_after, edited_before
from bot.store.sql import change, fill, given, numbers, pieces
from bot.store.steps import Committed, Poll
from bot.store.tables import forgotten, hit, meta, post, revision, story, story_post
from bot.store.types import storable

_Key = tuple[int, str]
"""The row of a source, and the id of a post there."""


async def commit(conn: AsyncConnection, polls: Sequence[Poll]) -> list[Committed]:
    """Store all of these polls, in order: posts, revisions, deletions, cursors, conditions."""
    return [result for wave in _waves(polls) for result in await _commit_wave(conn, wave)]


def _waves(polls: Sequence[Poll]) -> list[list[Poll]]:
    """Polls of different sources together; one of the same source comes after."""
    waves: list[list[Poll]] = [[]]
    names: set[str] = set()
    for poll in polls:
        if poll.reading.source in names:
            waves.append([])
            names.clear()
        names.add(poll.reading.source)
        waves[-1].append(poll)
    return waves


async def _commit_wave(conn: AsyncConnection, polls: Sequence[Poll]) -> list[Committed]:
    homes = await sources.find(conn, [poll.reading.source for poll in polls])
    seen = [_Seen(homes[poll.reading.source], poll, _each_once(poll.reading.posts)) for poll in polls]
    past, known, inside = await _past(conn), await _known(conn, seen), await _inside(conn, seen)
    found = [_found(each, past, known, inside.get(each.home.row, ())) for each in seen]
    await _store(conn, found, past)
    await sources.remember(conn, [(each.home, each.poll) for each in seen])
    return [_committed(each) for each in found]


LANGUAGE_OF = 500
"""So many characters tell the language of a post; where they do not, it is what the source says of itself."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one poll saw of its source: posts by id, oldest first."""

    home: Row[Any]
    poll: Poll
    posts: Mapping[str, Post]


@dataclass(frozen=True, slots=True)
class _Found:
    """What that is to the store."""

    seen: _Seen
    fresh: Sequence[Post]
    again: Sequence[tuple[Row[Any], Post]]
    """Known ones, those among them that are `revised` or `restored` (were deleted), and those that are `gone`."""
    revised: Sequence[tuple[Row[Any], Post]]
    restored: Sequence[Row[Any]]
    gone: Sequence[Row[Any]]


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


_READ = (post.c.seen, post.c.reread)


async def _known(conn: AsyncConnection, seen: Sequence[_Seen]) -> dict[_Key, Row[Any]]:
    keys = [(each.home.row, ident) for each in seen for ident in each.posts]
    if not keys:
        return {}
    wanted = given(conn, keys, source=BigInteger, ident=Text)
    marks = (post.c.revision, post.c.deleted, post.c.parts, post.c.forgotten, post.c.expired, *_READ)
    query: Select[Any] = (
        select(post.c.row, post.c.source, post.c.ident, *marks, revision.c.content_hash)
        .select_from(wanted)
        .join(post, and_(post.c.source == wanted.c.source, post.c.ident == wanted.c.ident))
        .join(revision, and_(revision.c.post == post.c.row, revision.c.number == post.c.revision))
    )
    return {(row.source, row.ident): row for row in await conn.execute(query)}


async def _inside(conn: AsyncConnection, seen: Sequence[_Seen]) -> dict[int, list[Row[Any]]]:
    """Stored posts that lie in the windows that were read, by source."""
    windows = [(each.home.row, window.low, window.high) for each in seen if (window := each.poll.reading.window)]
    inside: dict[int, list[Row[Any]]] = {}
    if windows:
        read = given(conn, windows, source=BigInteger, low=BigInteger, high=BigInteger)
        within = and_(post.c.source == read.c.source, post.c.number.between(read.c.low, read.c.high))
        columns = (post.c.row, post.c.source, post.c.ident, *_READ)
        query: Select[Any] = select(*columns).select_from(read).join(post, within)
        for row in await conn.execute(query.where(post.c.deleted.is_(None)).order_by(post.c.row)):
            inside.setdefault(row.source, []).append(row)
    return inside


def _found(seen: _Seen, past: _Past, known: Mapping[_Key, Row[Any]], inside: Sequence[Row[Any]]) -> _Found:
    home = seen.home.row
    fresh = [item for ident, item in seen.posts.items() if (home, ident) not in known and not past.forgot(item)]
    stored = [(known[home, ident], item) for ident, item in seen.posts.items() if (home, ident) in known]
    again = [(row, item) for row, item in stored if not _is_wordless(row)]
    there = {*seen.posts, *(part for item in seen.posts.values() for part in item.parts)}
    return _Found(
        seen=seen,
        fresh=fresh,
        again=again,
        revised=[(row, item) for row, item in again if _tells(item) and row.content_hash != _hash(item)],
        restored=[row for row, _ in again if row.deleted is not None],
        gone=[row for row in inside if row.ident not in there],
    )


def _tells(item: Post) -> bool:
    """What is shown in part only, and without a word, says nothing against the words of before."""
    return item.complete or bool(item.body)


def _is_wordless(known: Row[Any]) -> bool:
    """Forgotten, or no longer kept: whatever its source shows of it, it stays as it is."""
    return known.forgotten is not None or known.expired is not None


def _committed(found: _Found) -> Committed:
    name = found.seen.poll.reading.source
    return Committed(
        new=tuple(item.key for item in found.fresh),
        revised=tuple(item.key for _, item in found.revised),
        deleted=tuple(f"{name}/{row.ident}" for row in found.gone),
        restored=tuple(f"{name}/{row.ident}" for row in found.restored),
    )


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


def _hash(item: Post) -> bytes:
    return bytes.fromhex(item.content_hash)


# ---------------------------------------------------------------- writing


async def _store(conn: AsyncConnection, found: Sequence[_Found], past: _Past) -> None:
    fresh = [(each.seen, item) for each in found for item in each.fresh]
    rows = await numbers(conn, post, len(fresh))
    await fill(conn, post, [_row(number, seen, item, past) for number, (seen, item) in zip(rows, fresh, strict=True)])
    first = [(row, 1, item, seen.poll.now) for row, (seen, item) in zip(rows, fresh, strict=True)]
    later = [(row.row, row.revision + 1, item, each.seen.poll.now) for each in found for row, item in each.revised]
    await _word(conn, [*first, *later])
    await change(conn, post, [{"row": row, "revision": number} for row, number, *_ in later])
    await _look_again(conn, found, past.restored)
    await _grow(conn, list(chain.from_iterable(each.again for each in found)))
    for each in found:
        now = each.seen.poll.now
        await _mark(conn, each.gone, now, HitState.LIVE, HitState.DELETED, deleted=now)
        await _mark(conn, each.restored, now, HitState.DELETED, HitState.LIVE, deleted=None)


async def _look_again(conn: AsyncConnection, found: Sequence[_Found], restored: datetime | None) -> None:
    """After a restore: what a post says, or that it is gone, may have been told, if it was not read since."""
    if restored is None:
        return
    old = [row for each in found for row, item in each.revised if edited_before(restored, item, _read(row, each.seen))]
    as_first = {"arrival": Arrival.BASELINE.value, "matched": 0}
    await change(conn, post, [{"row": row.row, **as_first} for row in old])
    read = [(row, each.seen) for each in found for row in (*(row for row, _ in each.again), *each.gone)]
    again = [(row, seen) for row, seen in read if _read(row, seen) < restored]
    await change(conn, post, [{"row": row.row, "reread": seen.poll.now} for row, seen in again])


def _read(known: Row[Any], seen: _Seen) -> datetime:
    """When it was read before, as far as that is known: a feed shows all it has, or says that nothing has changed."""
    whole = seen.home.last_ok if seen.home.kind == SourceKind.FEED else None
    moments: list[datetime | None] = [known.seen, known.reread, whole]
    return max(moment for moment in moments if moment is not None)


def _row(number: int, seen: _Seen, item: Post, past: _Past) -> dict[str, Any]:
    return {
        "row": number,
        "source": seen.home.row,
        "ident": item.id,
        "number": _number(item) if seen.home.kind == SourceKind.CHANNEL else None,
        "url": item.url,
        "published": item.published,
        "author": item.author,
        "forwarded_from": item.forwarded_from,
        "reply_to": item.reply_to,
        "album": item.album,
        "parts": list(item.parts) or None,
        "language": of_text(item.body, LANGUAGE_OF) or item.language,
        "arrival": _arrival(seen, item, past).value,
        "seen": seen.poll.now,
        "revision": 1,
        "matched": 0,
        "ungrouped": False,
    }


def _arrival(seen: _Seen, item: Post, past: _Past) -> Arrival:
    if item.id in seen.poll.reading.backfilled:
        return Arrival.BACKFILL
    return arrival_after(past.restored, seen.home.last_ok, item, seen.poll.reading.arrival)


async def _word(conn: AsyncConnection, wordings: Sequence[tuple[int, int, Post, datetime]]) -> None:
    """New wordings of posts, each with its number, and their words into the index."""
    at_server = conn.dialect.name == "postgresql"
    rows = await numbers(conn, revision, len(wordings))
    filled = [
        {
            "row": row,
            "post": home,
            "number": number,
            "title": item.title,
            "text": item.text,
            "edited": item.edited,
            "complete": item.complete,
            "folded": search.kept(item.title, item.text) if at_server else None,
            "content_hash": _hash(item),
            "seen": now,
        }
        for row, (home, number, item, now) in zip(rows, wordings, strict=True)
    ]
    await fill(conn, revision, filled)
    await search.add(conn, {row: item.body for row, (*_, item, _now) in zip(rows, wordings, strict=True)})


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
