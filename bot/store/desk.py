"""What the page shows beside lists: what waits for a person, how places and forms do, every wording of a post.

In: how much, since when. Out: flat rows, counted by the database. Invariant: nothing here reads the whole of a table
that grows with the posts; each query has its index, or ends with its limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calibration import BANDS, Tally
from bot.errors import StoreError
from bot.model import Reason, StoredPost, Verdict, body_of
from bot.store import merging
from bot.store.decisions import corrections
from bot.store.keys import REMEDY, number, post_row, story_meant
from bot.store.posts import to_stored, wording
from bot.store.reviewed import Aspect, DayRow, Doubt, FormRow, StoryFile, Wording
from bot.store.said import Said
from bot.store.sql import gather
from bot.store.stories import build
from bot.store.tables import DOUBTFUL, JUDGED, UNSURE, decision, hit, post, revision, source, story, story_post
from bot.store.trace import trace

_MEANT: ColumnElement[Any] = func.coalesce(hit.c.meant, hit.c.watch)


async def doubts(conn: AsyncConnection, limit: int) -> list[Doubt]:
    """Hits that want a person, those that came live before late ones, then the newest first."""
    query = (
        select(hit, UNSURE.label("unsure"), story_post.c.story)
        .join(story_post, story_post.c.post == hit.c.post)
        .where(DOUBTFUL)
        .order_by(hit.c.late, hit.c.row.desc())
        .limit(limit)
    )
    return [
        Doubt(
            story=row.story,
            hit=row.row,
            watch=row.watch,
            confidence=row.confidence,
            unresolved=bool(row.candidates),
            late=row.late,
            sampled=not row.unsure,
        )
        for row in await conn.execute(query)
    ]


async def waiting(conn: AsyncConnection, limit: int) -> int:
    """How many hits want a person; `limit` if there are as many or more."""
    some = select(hit.c.row).where(DOUBTFUL).limit(limit).subquery()
    return (await conn.execute(select(func.count()).select_from(some))).scalar_one()


async def pinned(conn: AsyncConnection) -> list[int]:
    """Stories that people keep in sight, the one that was pinned last first."""
    query = select(story.c.row).where(story.c.pinned.is_not(None), story.c.merged.is_(None))
    return list((await conn.execute(query.order_by(story.c.pinned.desc()))).scalars())


async def newest_stories(
    conn: AsyncConnection, limit: int, before: int | None, watch: str | None, digest: int | None
) -> list[int]:
    """Stories with reports, the newest first; those before a row, those that name a watch, those a digest told."""
    query = select(story.c.row).where(story.c.merged.is_(None)).order_by(story.c.row.desc()).limit(limit)
    if before is not None:
        query = query.where(story.c.row < before)
    if watch is not None:
        named = select(story_post.c.story).join(hit, hit.c.post == story_post.c.post).where(hit.c.watch == watch)
        query = query.where(story.c.row.in_(named))
    if digest is not None:
        told = select(decision.c.story).where(decision.c.digest == digest, decision.c.reason == Reason.TOLD.name)
        query = query.where(story.c.row.in_(told))
    return list((await conn.execute(query)).scalars())


async def wordings(conn: AsyncConnection, posts: Sequence[int]) -> dict[int, list[Wording]]:
    """Every wording of these posts, the first one first."""
    found: defaultdict[int, list[Wording]] = defaultdict(list)
    for row in await gather(conn, select(revision).order_by(revision.c.number), revision.c.post, posts):
        body = body_of(row.title, row.text)
        found[row.post].append(Wording(number=row.number, body=body, edited=row.edited, seen=row.seen))
    return found


async def days(conn: AsyncConnection, since: datetime, watch: str | None = None) -> list[DayRow]:
    """Hits a day and watch, in UTC; what was rejected is left out."""
    day = _day(conn)
    counted = hit.c.verdict.is_distinct_from(Verdict.REJECTED)
    query = select(_MEANT.label("watch"), day.label("day"), func.count().label("hits"))
    query = query.where(hit.c.found >= since, counted).group_by(_MEANT, day).order_by(_MEANT, day)
    if watch is not None:
        query = query.where(_MEANT.in_([watch]))
    return [DayRow(watch=row.watch, day=row.day, hits=row.hits) for row in await conn.execute(query)]


def _day(conn: AsyncConnection) -> ColumnElement[Any]:
    if conn.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", hit.c.found), "YYYY-MM-DD")
    return func.substr(hit.c.found, 1, 10)


async def judged(conn: AsyncConnection, by: Aspect) -> list[Tally]:
    """How people judged hits, by one aspect of them, in order of its name."""
    right = and_(hit.c.verdict == Verdict.CONFIRMED, or_(hit.c.meant.is_(None), hit.c.meant == hit.c.watch))
    weight = 1.0 / hit.c.chance
    keys = _ASPECTS[by]
    query: Select[Any] = (
        select(
            *keys,
            func.count().label("judged"),
            func.count().filter(right).label("right"),
            func.count(hit.c.chance).label("counted"),
            func.sum(weight).label("weight"),
            func.sum(weight).filter(right).label("right_weight"),
            func.sum(weight * weight).label("squares"),
            func.sum(weight * hit.c.confidence).label("confidence"),
        )
        .where(JUDGED)
        .group_by(*keys)
    )
    if by is Aspect.SOURCE:
        query = query.select_from(hit).join(post, post.c.row == hit.c.post).join(source, source.c.row == post.c.source)
    found: dict[str, Tally] = {}
    for row in await conn.execute(query):
        for name in _names(row, by):
            found[name] = found.get(name, Tally(of=name)) + _tally(row, name)
    return [found[name] for name in sorted(found)]


def _number(value: float) -> ColumnElement[Any]:
    """Written out: PostgreSQL takes two parameters of one value for two expressions, and will not group by them."""
    return literal_column(str(value))


_ASPECTS: Mapping[Aspect, Sequence[ColumnElement[Any]]] = {
    Aspect.WATCH: (hit.c.watch,),
    Aspect.SOURCE: (source.c.name,),
    Aspect.EVIDENCE: (hit.c.origin, hit.c.evidence),
    Aspect.CONFIDENCE: (
        case(
            *((hit.c.confidence < _number(end), _number(at)) for at, end in enumerate(BANDS[1:])),
            else_=_number(len(BANDS) - 1),
        ).label("band"),
    ),
}


def _names(row: Row[Any], by: Aspect) -> Sequence[str]:
    return [row.origin, *dict.fromkeys(row.evidence)] if by is Aspect.EVIDENCE else [str(row[0])]


def _tally(row: Row[Any], name: str) -> Tally:
    return Tally(
        of=name,
        judged=row.judged,
        right=row.right,
        counted=row.counted,
        weight=row.weight or 0.0,
        right_weight=row.right_weight or 0.0,
        squares=row.squares or 0.0,
        confidence=row.confidence or 0.0,
    )


async def fired(conn: AsyncConnection, watch: str, since: datetime, limit: int) -> list[FormRow]:
    """The forms by which a watch was found, the commonest first, and how many of their hits were rejected.

    Hits whose words are gone have none.
    """
    rejected = func.count().filter(hit.c.verdict == Verdict.REJECTED)
    query = (
        select(hit.c.form, hit.c.origin, func.count().label("hits"), rejected.label("rejected"))
        .where(hit.c.watch == watch, hit.c.found >= since, hit.c.form != "")
        .group_by(hit.c.form, hit.c.origin)
        .order_by(func.count().desc(), hit.c.form)
        .limit(limit)
    )
    return [
        FormRow(form=row.form, origin=row.origin, hits=row.hits, rejected=row.rejected)
        for row in await conn.execute(query)
    ]


async def file(conn: AsyncConnection, key: str) -> StoryFile | None:
    """A story, named by itself or by one of its hits or posts; None if all its reports went elsewhere."""
    row = await story_meant(conn, key)
    found = await build(conn, [row])
    if not found:
        return None
    (whole,) = found
    near = await gather(conn, select(story_post.c.related), story_post.c.story, [row])
    related = sorted({other for each in near for other in each.related} - {row})
    words = (await corrections(conn, [row])).get(row, {})
    mark = select(story.c.pinned).where(story.c.row == row)
    return StoryFile(
        story=whole,
        pinned=(await conn.execute(mark)).scalar(),
        told={route: words.get(route, "") for route in (await merging.told(conn, [row])).get(row, {})},
        wordings=await wordings(conn, [report.stored.row for report in whole.reports]),
        events=await trace(conn, f"s{row}"),
        related=await build(conn, related),
    )


async def post_of(conn: AsyncConnection, key: str) -> StoredPost:
    """A post in its present wording. Raises `StoreError` for an unknown id."""
    row = await post_row(conn, key)
    found = (await conn.execute(wording(post.c.revision).where(post.c.row == row))).one_or_none()
    if found is None:
        raise StoreError(key, Said("no post has this id"), REMEDY)
    return to_stored(found)


async def watch_of(conn: AsyncConnection, key: str) -> str:
    """The watch of a hit. Raises `StoreError` for an unknown id."""
    found: str | None = (await conn.execute(select(hit.c.watch).where(hit.c.row == number(key, "h")))).scalar()
    if found is None:
        raise StoreError(key, Said("no hit has this id"), REMEDY)
    return found
