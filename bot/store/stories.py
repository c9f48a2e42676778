"""Stories in the store: where each post was put, once, and stories whole for whoever tells them.

Invariant: a post is in one story at most, and stays there. A story shows the wording that was matched last, so that
the spans of its hits are right even while an edit waits to be matched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import ANNOUNCED, HELD, Placement, Reason, Relation, Report, StoredPost, Story, body_of
from bot.store import hits, notes, sketches
from bot.store.firsts import begin_with_the_earliest
from bot.store.keys import number, post_row
from bot.store.posts import to_stored, wording
from bot.store.restore import MARK, RESTORED, told_before
from bot.store.sources import to_source
from bot.store.sql import change, gather, insert, many
from bot.store.tables import (
    UNGROUPED,
    WORDED,
    decision,
    happened,
    hit,
    post,
    revision,
    route,
    sketch,
    source,
    story,
    story_post,
)

Placed = tuple[StoredPost, Placement]

NEVER_AGAIN = (*(reason.name for reason in ANNOUNCED), Reason.RESTORED.name)
"""A route that decided so on a story never decides on it again."""
HELD_FOR_LATER = tuple(reason.name for reason in HELD)
"""These stories are taken up again at the next slot, changed or not."""

_MATCHED = wording(post.c.matched)
_PLACED = (
    _MATCHED.add_columns(
        story_post.c.story, story_post.c.relation, story_post.c.reason, story_post.c.within, story_post.c.related
    )
    .join(story_post, story_post.c.post == post.c.row)
    .order_by(story_post.c.placed, happened, post.c.row)
)


async def ungrouped(conn: AsyncConnection, limit: int) -> list[StoredPost]:
    query = _MATCHED.where(UNGROUPED).order_by(happened, post.c.row).limit(limit)
    return [to_stored(row) for row in await conn.execute(query)]


async def placed_since(conn: AsyncConnection, when: datetime) -> list[Placed]:
    """Posts that were placed since `when`, in that order, with their placement."""
    return await _placed(conn, _PLACED.where(story_post.c.placed >= when))


async def unsketched(conn: AsyncConnection, when: datetime) -> list[Placed]:
    """Those of which grouping remembers nothing: a new release has let go of the sketches."""
    unknown = ~exists().where(sketch.c.post == post.c.row)
    return await _placed(conn, _PLACED.where(story_post.c.placed >= when, unknown))


async def _placed(conn: AsyncConnection, query: Select[Any]) -> list[Placed]:
    rows = (await conn.execute(query)).all()
    keys = await keys_of(conn, {number for row in rows for number in (row.story, row.within, *row.related) if number})
    return [(to_stored(row), _placement(row, keys)) for row in rows]


async def save_placements(conn: AsyncConnection, placements: Sequence[Placed], now: datetime) -> None:
    """Put posts into their stories, each with its sketch. A post that has its story already keeps it."""
    placed = await gather(conn, select(story_post.c.post), story_post.c.post, [stored.row for stored, _ in placements])
    done = {row.post for row in placed}
    fresh = [item for item in placements if item[0].row not in done]
    await _begin_stories(conn, fresh, now)
    await _settle_told_before(conn, fresh, now)
    await _join_stories(conn, fresh, now)
    await sketches.save(conn, fresh)
    await change(conn, post, [{"row": stored.row, "ungrouped": False} for stored, _ in placements])


async def untold(conn: AsyncConnection, route: str, since: datetime | None) -> list[Story]:
    """Stories that `route` has still to decide on: never decided, held for later, or changed since.

    What was told is told. `since` leaves out what has not changed since then.
    """
    decided = and_(decision.c.route == route, decision.c.story == story.c.row)
    settled = exists().where(
        decided,
        or_(
            decision.c.reason.in_(NEVER_AGAIN),
            and_(decision.c.reason.not_in(HELD_FOR_LATER), decision.c.at > story.c.changed),
        ),
    )
    query = select(story.c.row).where(~settled)
    if since is not None:
        query = query.where(story.c.changed >= since)
    return await build(conn, (await conn.execute(query)).scalars().all())


async def stories_since(conn: AsyncConnection, since: datetime) -> list[Story]:
    """Stories with a report that was placed or published since, told or not."""
    query = select(story_post.c.story).where(story_post.c.placed >= since).distinct()
    return await build(conn, (await conn.execute(query)).scalars().all())


async def build(conn: AsyncConnection, rows: Sequence[int], *, worded: bool = False) -> list[Story]:
    """Stories whole, in order of their first reports; of each the first report first, then in order of time.

    `worded` leaves out reports whose words were forgotten or have expired, and stories that have no others.
    """
    reports = await _reports(conn, rows, worded=worded)
    firsts = {row.row: row.first for row in await gather(conn, select(story), story.c.row, rows)}
    stories = [
        Story(row=row, reports=tuple(sorted(reports[row], key=lambda report: _order(report, firsts[row]))))
        for row in rows
        if reports[row]
    ]
    return sorted(stories, key=lambda story: (story.first.when, story.row))


async def story_of(conn: AsyncConnection, key: str) -> Story | None:
    """The story of a post ("rybar/12") or of a hit ("h3"), or the one with this key ("s4"); None if there is none."""
    row = number(key, "s")
    if row is None:
        row = (
            await conn.execute(select(story_post.c.story).where(story_post.c.post == await _home(conn, key)))
        ).scalar()
    found = [] if row is None else await build(conn, [row])
    return found[0] if found else None


async def _home(conn: AsyncConnection, key: str) -> int | None:
    """The row of the post of this key, or of the hit."""
    if (named := number(key, "h")) is None:
        return await post_row(conn, key)
    home: int | None = (await conn.execute(select(hit.c.post).where(hit.c.row == named))).scalar()
    return home


async def keys_of(conn: AsyncConnection, rows: Iterable[int]) -> dict[int, str]:
    """The keys of the first posts of these stories, by story."""
    query = (
        select(story.c.row, source.c.name, post.c.ident)
        .join(post, post.c.row == story.c.first)
        .join(source, source.c.row == post.c.source)
    )
    found = await gather(conn, query, story.c.row, sorted(rows))
    return {row.row: f"{row.name}/{row.ident}" for row in found}


def _order(report: Report, first: int) -> tuple[bool, datetime, int]:
    return (report.stored.row != first, report.when, report.stored.row)


async def _reports(conn: AsyncConnection, rows: Sequence[int], *, worded: bool) -> Mapping[int, list[Report]]:
    home = (source.c.name, source.c.kind, source.c.address, source.c.title.label("source_title"))
    sides = (source.c.side, source.c.side_kind, source.c.region)
    ours = (story_post.c.story, story_post.c.relation, story_post.c.within)
    query = _MATCHED.add_columns(*ours, *home, *sides).join(story_post, story_post.c.post == post.c.row)
    found = await gather(conn, query.where(WORDED) if worded else query, story_post.c.story, rows)
    mentions = await hits.of_posts(conn, [row.row for row in found])
    before = await _as_placed(conn, [row.row for row in found if row.wording > 1])
    reports: defaultdict[int, list[Report]] = defaultdict(list)
    for row in found:
        reports[row.story].append(
            Report(
                stored=to_stored(row),
                source=to_source(row, title=row.source_title),
                relation=Relation(row.relation),
                within=row.within,
                hits=tuple(map(hits.as_judged, mentions.get(row.row, ()))),
                before=before.get(row.row, ""),
            )
        )
    return reports


async def _as_placed(conn: AsyncConnection, rows: Sequence[int]) -> dict[int, str]:
    """The words that posts had when they were put into their stories, where those were changed since."""
    query = (
        select(revision.c.post, revision.c.title, revision.c.text)
        .join(story_post, story_post.c.post == revision.c.post)
        .join(post, post.c.row == revision.c.post)
        .where(revision.c.seen <= story_post.c.placed, revision.c.number < post.c.matched)
        .order_by(revision.c.number)
    )
    return {row.post: body_of(row.title, row.text) for row in await gather(conn, query, revision.c.post, rows)}


def _placement(row: Row[Any], keys: Mapping[int, str]) -> Placement:
    return Placement(
        post=f"{row.source_name}/{row.ident}",
        story=keys[row.story],
        relation=Relation(row.relation),
        reason=row.reason,
        within=keys.get(row.within),
        related=tuple(keys[number] for number in row.related if number in keys),
    )


async def _begin_stories(conn: AsyncConnection, placements: Sequence[Placed], now: datetime) -> None:
    await many(
        conn,
        insert(conn, story).on_conflict_do_nothing(index_elements=["first"]),
        [
            {"first": stored.row, "changed": now}
            for stored, placement in placements
            if placement.story == placement.post
        ],
    )


async def _settle_told_before(conn: AsyncConnection, placements: Sequence[Placed], now: datetime) -> None:
    """What joins a story that was perhaps told before a restore must not tell it again."""
    mark = await notes.read(conn, MARK)
    restored = datetime.fromisoformat(mark) if mark else None
    firsts = [stored.row for stored, item in placements if item.story == item.post and told_before(restored, stored)]
    if not firsts:
        return
    routes = (await conn.execute(select(route.c.name))).scalars().all()
    begun = await gather(conn, select(story.c.row), story.c.first, firsts)
    values = [{"route": name, "story": each.row, "reason": RESTORED, "at": now} for name in routes for each in begun]
    await many(conn, insert(conn, decision).on_conflict_do_nothing(), values)


async def _join_stories(conn: AsyncConnection, placements: Sequence[Placed], now: datetime) -> None:
    named = {key for _, item in placements for key in (item.story, item.within, *item.related) if key}
    rows = await _rows_of(conn, named)
    await many(
        conn,
        insert(conn, story_post).on_conflict_do_nothing(index_elements=["post"]),
        [
            {
                "post": stored.row,
                "story": _known(rows, placement.story),
                "relation": placement.relation,
                "reason": placement.reason,
                "within": rows.get(placement.within or ""),
                "related": [rows[key] for key in placement.related if key in rows],
                "placed": now,
            }
            for stored, placement in placements
        ],
    )
    joined = sorted({rows[placement.story] for _, placement in placements})
    await change(conn, story, [{"row": row, "changed": now} for row in joined])
    await begin_with_the_earliest(conn, joined)


def _known(rows: Mapping[str, int], key: str) -> int:
    if key not in rows:
        raise StoreError(key, "begins no story", "place the story's first post before those that join it")
    return rows[key]


async def _rows_of(conn: AsyncConnection, keys: Iterable[str]) -> dict[str, int]:
    """The rows of the stories that these posts begin or belong to, by key: a story may begin anew, earlier."""
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        name, _, ident = key.partition("/")
        by_source[name].append(ident)
    found: dict[str, int] = {}
    for name, idents in by_source.items():
        for query in (_BEGUN, _JOINED):
            rows = await gather(conn, query.where(source.c.name == name), post.c.ident, idents)
            found |= {f"{name}/{row.ident}": row.story for row in rows}
    return found


_BEGUN = (
    select(story.c.row.label("story"), post.c.ident)
    .join(post, post.c.row == story.c.first)
    .join(source, source.c.row == post.c.source)
)
_JOINED = (
    select(story_post.c.story, post.c.ident)
    .join(post, post.c.row == story_post.c.post)
    .join(source, source.c.row == post.c.source)
)
