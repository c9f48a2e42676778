"""The audit: what people decided, newest first, and in words.

In: how far back, or a target's key. Out: rows with the state before and after, or events for `trace`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Rejection
from bot.store.keys import rows_of
from bot.store.reviewed import ActKind, ActRow
from bot.store.rows import Event
from bot.store.said import Said, joined
from bot.store.sql import gather
from bot.store.tables import act, act_on, post, source

REASONS: Mapping[str, str] = {
    Rejection.HOMONYM: "another place of the same name",
    Rejection.PERSON: "the name of a person",
    Rejection.WORD: "an ordinary word",
    Rejection.PART: "part of a longer name, as of a street or a unit",
    Rejection.BACKGROUND: "names the place, reports nothing of it",
    Rejection.OLD: "old news",
    Rejection.ADVERTISEMENT: "advertisement",
    Rejection.OTHER: "another reason",
}
DONE: Mapping[str, str] = {
    ActKind.CONFIRM: "confirmed",
    ActKind.REJECT: "rejected",
    ActKind.MOVE: "moved to another place",
    ActKind.MERGE: "merged",
    ActKind.SPLIT: "split off",
    ActKind.PIN: "pinned",
    ActKind.UNPIN: "pinned no more",
    ActKind.NOTE: "noted",
    ActKind.PAUSE: "paused",
    ActKind.RESUME: "resumed",
    ActKind.MUTE: "muted",
    ActKind.UNMUTE: "muted no more",
    ActKind.CORRECT: "corrected what was told",
    ActKind.ARRIVED: "said to have arrived",
    ActKind.AGAIN: "to be sent again",
    ActKind.UNDO: "undone",
}


async def newest(conn: AsyncConnection, limit: int, before: int | None) -> list[ActRow]:
    """So many acts, the newest first; those before the act of this row."""
    query = select(act).order_by(act.c.row.desc()).limit(limit)
    return await _whole(conn, query if before is None else query.where(act.c.row < before))


async def of_targets(conn: AsyncConnection, keys: Sequence[str]) -> list[ActRow]:
    """The acts on any of these, oldest first. Posts are targets by their row, p12."""
    rows = {row.act for row in await gather(conn, select(act_on.c.act, act_on.c.target), act_on.c.target, keys)}
    return await _whole(conn, select(act).where(act.c.row.in_(sorted(rows))).order_by(act.c.row)) if rows else []


async def _whole(conn: AsyncConnection, query: Select[Any]) -> list[ActRow]:
    rows = (await conn.execute(query)).all()
    numbers = [row.row for row in rows]
    undone = {row.undoes: row.row for row in await gather(conn, select(act), act.c.undoes, numbers)}
    changes: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for change in await gather(conn, select(act_on), act_on.c.act, numbers):
        changes[change.act].append(change)
    names = await _posts(conn, [change.target for each in changes.values() for change in each])
    return [_row(row, changes[row.row], undone.get(row.row), names) for row in rows]


async def _posts(conn: AsyncConnection, targets: Sequence[str]) -> Mapping[str, str]:
    """What posts are called everywhere else, by their targets: p12 is wire/7."""
    query = select(post.c.row, source.c.name, post.c.ident).join(source, source.c.row == post.c.source)
    found = await gather(conn, query, post.c.row, rows_of("p", targets))
    return {f"p{row.row}": f"{row.name}/{row.ident}" for row in found}


def _row(row: Row[Any], changes: Sequence[Row[Any]], undone: int | None, names: Mapping[str, str]) -> ActRow:
    return ActRow(
        id=f"a{row.row}",
        at=row.at,
        who=row.who,
        how=row.how,
        kind=row.kind,
        reason=row.reason,
        note=row.note,
        undoes=f"a{row.undoes}" if row.undoes else None,
        undone=f"a{undone}" if undone else None,
        before={names.get(change.target, change.target): change.before for change in changes},
        after={names.get(change.target, change.target): change.after for change in changes},
    )


async def events(conn: AsyncConnection, keys: Sequence[str]) -> list[Event]:
    """What people decided on these, in words."""
    return [event(row) for row in await of_targets(conn, keys)]


async def of_act(conn: AsyncConnection, row: int) -> list[Event]:
    return [event(found) for found in await _whole(conn, select(act).where(act.c.row == row))]


def event(row: ActRow) -> Event:
    what = joined(Said(DONE[row.kind]), f" {row.undoes}" if row.undoes else "")
    text = Said("%(act)s: %(what)s by %(who)s (%(how)s), %(targets)s", act=row.id, what=what, who=row.who, how=row.how,
                targets=", ".join(row.after))  # fmt: skip
    reason = joined(": ", Said(REASONS[row.reason])) if row.reason else ""
    note = f"; {row.note}" if row.note else ""
    undone = Said("; undone by %(act)s", act=row.undone) if row.undone else ""
    return Event(at=row.at, step="judged", text=joined(text, reason, note, undone))
