"""Hits with all that is said of their posts, for export: page by page, so that no list is ever held whole.

In: filters, and the row after which a page begins. Out: flat rows in order of row. Invariant: what was forgotten or has
expired comes without a word of it, for the store has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import body_of
from bot.store import audit, desk, lists
from bot.store.keys import hits_meant, number
from bot.store.reviewed import Evidence
from bot.store.rows import ExportRow
from bot.store.said import Said
from bot.store.tables import WORDED, happened, hit, post, revision, source, watch
from bot.store.trace import trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Everything that is named must fit; nothing named takes all. Places are ids of watches, as people meant them."""

    places: Sequence[str] = ()
    sources: Sequence[str] = ()
    states: Sequence[str] = ()
    """Of `HitState` and `Verdict`; one of them must fit."""
    since: datetime | None = None
    until: datetime | None = None


async def last_row(conn: AsyncConnection) -> int:
    """The newest hit's row; 0 where there is none."""
    return (await conn.execute(select(func.max(hit.c.row)))).scalar() or 0


async def page(conn: AsyncConnection, chosen: Chosen, after: int) -> list[tuple[int, ExportRow]]:
    """Chosen hits after row `after`, each with its row."""
    query = _rows(chosen).where(hit.c.row > after).order_by(hit.c.row).limit(lists.PAGE)
    return [(row.row, _row(row)) for row in await conn.execute(query)]


async def evidence(conn: AsyncConnection, key: str) -> Evidence:
    """All that proves a hit: each wording of its post with the hash it was stored under, decisions, what happened."""
    (row,) = await hits_meant(conn, [key]) if number(key, "h") else (0,)
    found = (await conn.execute(_rows(Chosen()).where(hit.c.row == row))).one_or_none()
    if found is None:
        raise StoreError(key, Said("is no hit"), Said("`hits` prints the ids there are"))
    hashes = select(revision.c.number, revision.c.content_hash).join(post, post.c.row == revision.c.post)
    stored = await conn.execute(hashes.where(revision.c.post == found.post, WORDED))
    named = found.meant or found.watch
    return Evidence(
        row=_row(found),
        wordings=(await desk.wordings(conn, [found.post])).get(found.post, []),
        hashes={each.number: each.content_hash.hex() for each in stored},
        watch=(await conn.execute(select(watch.c.definition).where(watch.c.id == named))).scalar(),
        acts=await audit.of_targets(conn, [key, f"p{found.post}"]),
        events=await trace(conn, key),
    )


def _rows(chosen: Chosen) -> Select[Any]:
    worded = and_(revision.c.post == hit.c.post, revision.c.number == hit.c.revision)
    query = lists.hit_rows().outerjoin(revision, worded)
    query = query.add_columns(
        source.c.title.label("source_title"),
        source.c.side,
        post.c.published,
        post.c.seen,
        post.c.deleted,
        post.c.author,
        post.c.forwarded_from,
        post.c.language,
        revision.c.title,
        revision.c.text.label("body"),
        revision.c.edited,
    )
    return query.where(*_conditions(chosen))


def _conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.places:
        found.append(func.coalesce(hit.c.meant, hit.c.watch).in_(chosen.places))
    if chosen.sources:
        found.append(source.c.name.in_(chosen.sources))
    if chosen.states:
        found.append(or_(hit.c.state.in_(chosen.states), hit.c.verdict.in_(chosen.states)))
    if chosen.since:
        found.append(happened >= chosen.since)
    if chosen.until:
        found.append(happened < chosen.until)
    return found


def _row(row: Row[Any]) -> ExportRow:
    return ExportRow(
        hit=lists.hit_row(row),
        form=row.form,
        candidates=tuple(row.candidates),
        revision=row.revision,
        found=row.found,
        source_title=row.source_title,
        side=row.side,
        published=row.published,
        edited=row.edited,
        seen=row.seen,
        deleted=row.deleted,
        author=row.author,
        forwarded_from=row.forwarded_from,
        language=row.language,
        body=body_of(row.title or "", row.body or ""),
    )
