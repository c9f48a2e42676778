"""Putting a copy in the place of the database, so that nothing is sent twice.

In: a verified copy, older than what it replaces. Out: a database that announces nothing it may have announced before:
every story of the copy is settled, every slot up to now has passed, what waited in the outbox is of unknown outcome,
and what is read anew although it is older than the restore arrives as a first reading does.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, and_, exists, func, literal, select, true, update

from bot.model import SETTLED, Arrival, NoticeKind, Outcome, Post, Reason, StoredPost
from bot.store import aside, backup, carrying, engine, notes, numbering, schema
from bot.store.backup import Verified
from bot.store.carrying import Carried
from bot.store.decisions import FINAL
from bot.store.faults import translated
from bot.store.outbox import NOTHING_LEFT
from bot.store.tables import decision, meta, notice, outbox, route, story

MARK = "restored"
UNSETTLED = "restored from a copy: sent or not since then is not known; look there, then `settle` it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored, where what it replaces is now (None if nothing was there), and what was taken over from it.

    Where a restore was killed after it had put that aside, it is what it had put aside.
    """

    copy: Verified
    aside: str | None
    carried: Carried


def restore(copy: Path, path: Path, now: datetime) -> Restored:
    """Verify `copy`, put what is at `path` aside, and put the copy there. The caller holds the instance lock.

    What people silenced and decided since goes over, as far as what is there can be read.
    """
    with translated(copy):
        verified = backup.verify(copy)
    schema.refuse_older(copy, verified.version)
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = backup.begin(path)
        shutil.copyfile(copy, unfinished)
        there = path.exists()
        build = engine.builder(unfinished)
        with build.begin() as conn:
            left = None if there else aside.left(path, mark(conn))
            old = left or path
            work = carrying.read(engine.looker(old), str(old)) if there or left else carrying.NOTHING
            settle(conn, now)
            carried = carrying.carry(work, conn)
        build.dispose()
        put = aside.put(path, now)
        backup.finish(unfinished, path)
    replaced = put if there else left
    return Restored(copy=replace(verified, path=path), aside=str(replaced) if replaced else None, carried=carried)


def mark(conn: Connection) -> str | None:
    """When what the copy was made of was restored itself; None if it never was."""
    return conn.execute(select(meta.c.value).where(meta.c.name == MARK)).scalar()


def settle(conn: Connection, now: datetime) -> None:
    """Announce nothing of what the copy holds, nor of what happened up to now.

    Nothing that is made from now on has a number, or a key, that anything had.
    """
    numbering.skip_ahead(conn, now)
    conn.execute(meta.delete().where(meta.c.name.in_((MARK, notes.KEYS))))
    made = {MARK: now.isoformat(), notes.KEYS: secrets.token_hex(32)}
    conn.execute(meta.insert(), [{"name": name, "value": value} for name, value in made.items()])
    blanked = and_(outbox.c.outcome == Outcome.PARKED, outbox.c.reason.in_(NOTHING_LEFT))
    conn.execute(
        update(outbox)
        .where(outbox.c.outcome.not_in(SETTLED), ~blanked)
        .values(outcome=Outcome.UNKNOWN, reason=UNSETTLED)
    )
    conn.execute(update(route).values(last_slot=now))
    # Who reads the next word on a subject takes it for newer than those that were sent after the copy. Cards rest.
    last = select(func.max(notice.c.row)).where(notice.c.kind != NoticeKind.URGENT)
    last = last.group_by(notice.c.route, notice.c.kind, notice.c.subject)
    conn.execute(update(notice).where(notice.c.row.in_(last)).values(revision=notice.c.revision + UNHEARD))
    told = exists().where(and_(decision.c.route == route.c.name, decision.c.story == story.c.row))
    conn.execute(update(decision).where(decision.c.reason.not_in(FINAL)).values(reason=RESTORED, at=now, until=None))
    columns = (route.c.name, story.c.row, literal(RESTORED), literal(now, decision.c.at.type))
    rest = select(*columns).select_from(route.join(story, true())).where(~told)
    conn.execute(decision.insert().from_select(["route", "story", "reason", "at"], rest))


RESTORED = Reason.RESTORED.name
UNHEARD = 1_000
"""No subject had so many revisions between a copy and its restore."""


def arrival_after(restored: datetime | None, last_ok: datetime | None, item: Post, arrival: Arrival) -> Arrival:
    """How a post comes that the copy did not have: what is older than the restore may have been told before it."""
    if restored is None or arrival is not Arrival.LIVE:
        return arrival
    first_since = last_ok is None or last_ok < restored
    old = item.published < restored if item.published else first_since
    return Arrival.BASELINE if old else arrival


def told_before(restored: datetime | None, stored: StoredPost) -> bool:
    """Whether a story that begins with this post may have been told before the restore, although it is new here."""
    read_anew = stored.arrival is Arrival.BASELINE
    return restored is not None and read_anew and (stored.post.published is None or stored.post.published < restored)


def edited_before(restored: datetime | None, item: Post, read: datetime) -> bool:
    """Whether a new wording of a post, read before at `read`, may have been told before the restore."""
    return restored is not None and read < restored and (item.edited is None or item.edited < restored)
