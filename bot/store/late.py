"""Matching again what was matched before: for a place that is new on the watchlist, or by today's rules.

In: stored wordings with what is found in them now, and the watches that are meant. Out: hits that are late, because
the posts are old, and with `revise` the state of hits that are found no longer. Invariant: no hit is deleted, hits of
other watches are not touched, and nothing of it rings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Arrival, HitState, StoredHit, StoredPost, Verdict
from bot.store import hits
from bot.store.alignment import Alignment, align
from bot.store.hits import Match
from bot.store.sql import change, gather, insert, many
from bot.store.tables import UNMATCHED, WORDED, hit, post, story_post


@dataclass(frozen=True, slots=True)
class Rematch:
    """What matching a post again comes to, beside the hits it had."""

    stored: StoredPost
    hits: Alignment

    @property
    def lost(self) -> list[StoredHit]:
        """What is not found any more; what a person confirmed, or was ruled out before, is not among it."""
        return [
            old
            for old in self.hits.gone
            if old.verdict is not Verdict.CONFIRMED and old.state is not HitState.RULED_OUT
        ]

    @property
    def missed(self) -> list[StoredHit]:
        """What a person confirmed, and is found no more; it stays as it is."""
        return [
            old for old in self.hits.gone if old.verdict is Verdict.CONFIRMED and old.meant in {None, old.hit.watch}
        ]

    @property
    def returned(self) -> list[StoredHit]:
        """What a person rejected and a rule took away, and is found again."""
        return [old for old, _ in self.hits.kept if old.verdict is Verdict.REJECTED and old.state is HitState.RULED_OUT]


async def compare(
    conn: AsyncConnection, matches: Sequence[Match], watches: Collection[str]
) -> tuple[list[Rematch], dict[int, Row[Any]]]:
    """What is new and what is gone of these watches, and the marks of the posts.

    Posts that wait to be matched, were revised meanwhile or have lost their words are left out.
    """
    rows = [stored.row for stored, _ in matches]
    marks = {row.row: row for row in await gather(conn, _MARKS, post.c.row, rows)}
    valid = [(stored, found) for stored, found in matches if _is_current(stored, marks)]
    before = await hits.of_posts(conn, [stored.row for stored, _ in valid])
    return [
        Rematch(
            stored,
            align(
                [old for old in before.get(stored.row, ()) if _is_meant(old, watches)],
                [new for new in found if new.watch in watches],
            ),
        )
        for stored, found in valid
    ], marks


async def save(
    conn: AsyncConnection, matches: Sequence[Match], watches: Collection[str], now: datetime, *, revise: bool
) -> list[Rematch]:
    """Add what is new, late; with `revise` also let the other hits be as today's rules have them."""
    compared, marks = await compare(conn, matches, watches)
    await _add(conn, compared, marks, now)
    if revise:
        await _settle(conn, compared, marks)
    return compared


_MARKS = (
    select(post.c.row, post.c.revision, post.c.deleted, post.c.arrival, post.c.ungrouped, story_post.c.story)
    .outerjoin(story_post, story_post.c.post == post.c.row)
    .where(WORDED, ~UNMATCHED)
)


def _is_current(stored: StoredPost, marks: dict[int, Row[Any]]) -> bool:
    return stored.row in marks and stored.revision == marks[stored.row].revision


def _is_meant(old: StoredHit, watches: Collection[str]) -> bool:
    return old.hit.watch in watches and old.state not in {HitState.EDITED_OUT, HitState.EXPIRED}


async def _add(conn: AsyncConnection, compared: Sequence[Rematch], marks: dict[int, Row[Any]], now: datetime) -> None:
    values = [
        {
            "post": each.stored.row,
            **hits.values(fresh, each.stored.revision),
            "state": _present(marks[each.stored.row]),
            "late": True,
            "found": now,
        }
        for each in compared
        for fresh in each.hits.fresh
    ]
    await many(conn, insert(conn, hit), values)
    alone = [each.stored.row for each in compared if each.hits.fresh and marks[each.stored.row].story is None]
    await change(conn, post, [{"row": row, "ungrouped": True} for row in alone])
    # What a backfill asked for was told, or is; what is found in it only now is not told in its section.
    asked = [row for row in alone if marks[row].arrival == Arrival.BACKFILL and not marks[row].ungrouped]
    if asked:
        await conn.execute(update(post).where(post.c.row.in_(asked)).values(arrival=Arrival.BASELINE))


async def _settle(conn: AsyncConnection, compared: Sequence[Rematch], marks: dict[int, Row[Any]]) -> None:
    await change(
        conn,
        hit,
        [
            {"row": old.row, **hits.values(new, each.stored.revision), "state": _present(marks[each.stored.row])}
            for each in compared
            for old, new in each.hits.kept
            if old.hit != new or old.state is HitState.RULED_OUT
        ],
    )
    lost = [{"row": old.row, "state": HitState.RULED_OUT} for each in compared for old in each.lost]
    await change(conn, hit, lost)


def _present(mark: Row[Any]) -> HitState:
    return HitState.DELETED if mark.deleted else HitState.LIVE
