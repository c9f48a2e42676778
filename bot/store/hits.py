"""Hits in the store: a mention keeps its row as long as it is there, whatever happens around it.

Invariant: a hit is never deleted. Matching a post again, for an edit or for new watches, adds hits and changes
states; matching the same wording twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Arrival, Hit, HitState, Origin, StoredHit, StoredPost, Verdict
from bot.store.alignment import Alignment, align
from bot.store.sql import change, gather, insert, many
from bot.store.tables import WORDED, hit, post, story, story_post

Match = tuple[StoredPost, Sequence[Hit]]


async def save(conn: AsyncConnection, matches: Sequence[Match], now: datetime) -> None:
    """Store what matching found in these wordings, and mark them as matched."""
    rows = [stored.row for stored, _ in matches]
    marks = {row.row: row for row in await gather(conn, _MARKS, post.c.row, rows)}
    valid = [match for match in matches if _is_due(match[0], marks)]
    before = await of_posts(conn, [stored.row for stored, _ in valid])
    aligned = [(stored, align(_live(before.get(stored.row, ())), found)) for stored, found in valid]
    await _insert(conn, aligned, marks, now)
    await _move(conn, aligned)
    await _edit_out(conn, aligned, marks)
    await _mark(conn, aligned, marks, before, now)


async def of_posts(conn: AsyncConnection, rows: Sequence[int]) -> dict[int, list[StoredHit]]:
    """All hits of these posts, by post, in order of row."""
    found: defaultdict[int, list[StoredHit]] = defaultdict(list)
    for row in await gather(conn, select(hit).order_by(hit.c.row), hit.c.post, rows):
        found[row.post].append(to_hit(row))
    return found


def to_hit(row: Row[Any]) -> StoredHit:
    found = Hit(
        watch=row.watch,
        start=row.start,
        end=row.end,
        text=row.text,
        form=row.form,
        origin=Origin(row.origin),
        confidence=row.confidence,
        evidence=tuple(row.evidence),
        candidates=tuple(row.candidates),
    )
    return StoredHit(
        row=row.row,
        hit=found,
        revision=row.revision,
        state=HitState(row.state),
        late=row.late,
        found=row.found,
        verdict=Verdict(row.verdict) if row.verdict else None,
        meant=row.meant,
    )


def as_judged(found: StoredHit) -> StoredHit:
    """What a person confirmed is sure, and of the place that they chose."""
    if found.verdict is not Verdict.CONFIRMED:
        return found
    sure = replace(found.hit, watch=found.meant or found.hit.watch, confidence=1.0, candidates=())
    return replace(found, hit=sure)


_MARKS = (
    select(
        *(post.c.row, post.c.revision, post.c.matched, post.c.deleted, post.c.arrival, post.c.ungrouped),
        story_post.c.story,
    )
    .outerjoin(story_post, story_post.c.post == post.c.row)
    .where(WORDED)
)


def _is_due(stored: StoredPost, marks: Mapping[int, Row[Any]]) -> bool:
    """The post may have lost its words meanwhile, or a later wording was matched: then this one is history."""
    return stored.row in marks and stored.revision >= marks[stored.row].matched


def _live(found: Sequence[StoredHit]) -> list[StoredHit]:
    return [stored for stored in found if stored.state is not HitState.EDITED_OUT]


async def _insert(
    conn: AsyncConnection, aligned: Sequence[tuple[StoredPost, Alignment]], marks: Mapping[int, Row[Any]], now: datetime
) -> None:
    await many(
        conn,
        insert(conn, hit),
        [
            {
                "post": stored.row,
                **values(fresh, stored.revision),
                "state": HitState.DELETED if marks[stored.row].deleted else HitState.LIVE,
                "late": _is_late(stored, marks[stored.row]),
                "found": now,
            }
            for stored, result in aligned
            for fresh in result.fresh
        ],
    )


def _is_late(stored: StoredPost, mark: Row[Any]) -> bool:
    """Late is what a first reading brought, and what new watches find in old posts; not what an edit brings."""
    if mark.matched == 0:
        return bool(mark.arrival != Arrival.LIVE)
    return bool(stored.revision == mark.matched)


def values(found: Hit, revision: int) -> dict[str, Any]:
    return {
        "revision": revision,
        "watch": found.watch,
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "form": found.form,
        "origin": found.origin,
        "confidence": found.confidence,
        "evidence": list(found.evidence),
        "candidates": list(found.candidates),
    }


async def _move(conn: AsyncConnection, aligned: Sequence[tuple[StoredPost, Alignment]]) -> None:
    """A kept hit stands where the new wording has it."""
    moved = [
        {"row": old.row, **values(new, stored.revision), "state": _found_again(old.state)}
        for stored, result in aligned
        for old, new in result.kept
        if (old.hit, old.revision, old.state) != (new, stored.revision, _found_again(old.state))
    ]
    await change(conn, hit, moved)


def _found_again(state: HitState) -> HitState:
    return HitState.LIVE if state is HitState.RULED_OUT else state


async def _edit_out(
    conn: AsyncConnection, aligned: Sequence[tuple[StoredPost, Alignment]], marks: Mapping[int, Row[Any]]
) -> None:
    """Only another wording edits a hit out; a watch that was changed or removed leaves its hits."""
    gone = [
        {"row": old.row, "state": HitState.EDITED_OUT}
        for stored, result in aligned
        if stored.revision > marks[stored.row].matched
        for old in result.gone
    ]
    await change(conn, hit, gone)


async def _mark(
    conn: AsyncConnection,
    aligned: Sequence[tuple[StoredPost, Alignment]],
    marks: Mapping[int, Row[Any]],
    before: Mapping[int, Sequence[StoredHit]],
    now: datetime,
) -> None:
    """These wordings are matched; a post with a hit waits for its story, or its story has changed."""
    matched = [
        {
            "row": stored.row,
            "matched": stored.revision,
            "matched_at": now,
            "ungrouped": marks[stored.row].story is None and bool(before.get(stored.row) or result.fresh),
        }
        for stored, result in aligned
        if stored.revision > marks[stored.row].matched or result.fresh
    ]
    await change(conn, post, matched)
    changed = {
        marks[stored.row].story
        for stored, result in aligned
        if marks[stored.row].story is not None
        and (result.fresh or result.gone or stored.revision > marks[stored.row].matched)
    }
    await change(conn, story, [{"row": row, "changed": now} for row in sorted(changed)])
