"""Notices in the store: each revision of each subject once, with what it sends and decides.

Invariant: a notice, its messages and its decisions are one transaction. A story that a reader knows of is never told to
them again, whoever composes at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import HELD, Action, Decision, HitState, Message, Notice, NoticeKind, Outcome, Reason, Story, body_of
from bot.store import outbox
from bot.store.codec import load
from bot.store.decisions import FINAL, IN_WORDS, announced_already, decide, reopen
from bot.store.quoted import outdated
from bot.store.sql import gather, insert
from bot.store.steps import Amended, NewNotice, Sent
from bot.store.stories import build
from bot.store.tables import DUE, decision, hit, notice, outbox as outbox_table, post, revision, story, story_post

_HELD = tuple(reason.name for reason in HELD)


async def save(conn: AsyncConnection, new: NewNotice, now: datetime) -> int | None:
    """The notice's row; None if somebody else took this revision, told one of its stories, or forgot a post, first."""
    if await announced_already(conn, new.route, new.decisions) or await outdated(conn, new.messages):
        return None
    values = {
        "route": new.route,
        "kind": new.kind,
        "subject": new.subject,
        "revision": new.revision,
        "at": now,
        "text": new.text,
        "state": dict(new.state),
    }
    statement = insert(conn, notice).values(values).on_conflict_do_nothing()
    row: int | None = (await conn.execute(statement.returning(notice.c.row))).scalar()
    if row is None:
        return None
    await decide(conn, new.route, new.decisions, now, notice=row)
    for reopened in new.reopens:
        await reopen(conn, new.route, reopened)
    await outbox.queue(conn, new.route, new.messages, now, notice=row)
    return row


async def last(conn: AsyncConnection, route: str, kind: NoticeKind, subject: str) -> Notice | None:
    """The last revision of one subject."""
    query = _notices(route, kind).where(notice.c.subject == subject).order_by(notice.c.revision.desc()).limit(1)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else to_notice(row)


async def since(conn: AsyncConnection, route: str, kind: NoticeKind, when: datetime) -> list[Notice]:
    """The last revision of each subject that had one since, the oldest first."""
    rows = await conn.execute(_notices(route, kind).where(notice.c.at >= when).order_by(notice.c.row))
    found = {row.subject: to_notice(row) for row in rows}
    return sorted(found.values(), key=lambda each: each.row)


def _notices(route: str, kind: NoticeKind) -> Select[Any]:
    return select(notice).where(notice.c.route == route, notice.c.kind == kind)


def to_notice(row: Row[Any]) -> Notice:
    return Notice(
        row=row.row,
        route=row.route,
        kind=NoticeKind(row.kind),
        subject=row.subject,
        revision=row.revision,
        at=row.at,
        text=row.text,
        state=row.state,
    )


# ---------------------------------------------------------------- the stories they are about


async def stirring(conn: AsyncConnection, route: str, when: datetime, now: datetime) -> list[Story]:
    """Stories that changed since, and those whose holding on this route has ended; in order of their first reports.

    What was forgotten or has expired stirs nobody, nor does what may have been told before a restore.
    """
    held = select(decision.c.story).where(
        DUE, decision.c.until <= now, decision.c.route == route, decision.c.reason.in_(_HELD)
    )
    settled = select(decision.c.story).where(decision.c.route == route, decision.c.reason == Reason.RESTORED.name)
    query = select(story.c.row).where(or_(story.c.changed >= when, story.c.row.in_(held)), story.c.row.not_in(settled))
    return await build(conn, (await conn.execute(query)).scalars().all(), worded=True)


async def related(conn: AsyncConnection, rows: Sequence[int]) -> dict[int, frozenset[int]]:
    """For each story those that tell the same event in other words, as far as its own posts say so."""
    query = select(story_post.c.story, story_post.c.related)
    found: dict[int, set[int]] = {row: set() for row in rows}
    for row in await gather(conn, query, story_post.c.story, rows):
        found[row.story].update(row.related)
    return {row: frozenset(others - {row}) for row, others in found.items()}


async def announced_and_changed(conn: AsyncConnection, route: str, when: datetime, told: datetime) -> list[Story]:
    """Stories that changed since `when`, after the route had told them in words, at `told` or later."""
    query = (
        select(story.c.row)
        .join(decision, decision.c.story == story.c.row)
        .where(
            decision.c.route == route,
            decision.c.reason.in_(IN_WORDS),
            decision.c.at >= told,
            story.c.changed >= when,
            story.c.changed > decision.c.at,
        )
    )
    return await build(conn, (await conn.execute(query)).scalars().all())


async def changed_after(conn: AsyncConnection, rows: Sequence[int], restored: datetime) -> set[int]:
    """Of these stories those with a post that was edited or deleted after it had been read since the restore."""
    current = and_(revision.c.post == post.c.row, revision.c.number == post.c.revision)
    query = (
        select(story_post.c.story, post.c.reread, post.c.deleted, post.c.revision, revision.c.seen.label("worded"))
        .join(post, post.c.row == story_post.c.post)
        .join(revision, current)
    )
    found = set()
    for row in await gather(conn, query, story_post.c.story, rows):
        changes = (row.deleted, row.worded if row.revision > 1 else None)
        if any(each is not None and each >= restored and each != row.reread for each in changes):
            found.add(row.story)
    return found


async def amended(conn: AsyncConnection, route: str, rows: Sequence[int]) -> dict[int, Amended]:
    """Of these stories those that the route told in words: when, and what edits took out since.

    A hit that is edited out keeps the last wording that had it: the next one took it out.
    """
    columns = (decision.c.story, decision.c.at, decision.c.note)
    told = select(*columns).where(decision.c.route == route, decision.c.reason.in_(IN_WORDS))
    decided = {row.story: row for row in await gather(conn, told, decision.c.story, rows)}
    found = {row: each.at for row, each in decided.items()}
    out = (
        select(story_post.c.story, hit.c.row, revision.c.seen)
        .join(hit, hit.c.post == story_post.c.post)
        .join(revision, and_(revision.c.post == hit.c.post, revision.c.number == hit.c.revision + 1))
        .where(hit.c.state == HitState.EDITED_OUT)
    )
    gone: dict[int, set[int]] = {row: set() for row in found}
    for row in await gather(conn, out, story_post.c.story, sorted(found)):
        if row.seen > found[row.story]:
            gone[row.story].add(row.row)
    said = await _said_when_told(conn, found)
    return {row: Amended(at, frozenset(gone[row]), said[row], decided[row].note or "") for row, at in found.items()}


async def _said_when_told(conn: AsyncConnection, told: Mapping[int, datetime]) -> dict[int, dict[int, str]]:
    """By story, the words that its posts had when it was told, of those that were edited since; by post."""
    query = (
        select(story_post.c.story, revision.c.post, revision.c.title, revision.c.text, revision.c.seen)
        .join(revision, revision.c.post == story_post.c.post)
        .join(post, post.c.row == story_post.c.post)
        .where(post.c.revision > 1)
        .order_by(revision.c.number)
    )
    words: dict[int, dict[int, str]] = {row: {} for row in told}
    edited: set[int] = set()
    for row in await gather(conn, query, story_post.c.story, sorted(told)):
        if row.seen > told[row.story]:
            edited.add(row.post)
        else:
            words[row.story][row.post] = body_of(row.title, row.text)
    return {story: {row: text for row, text in texts.items() if row in edited} for story, texts in words.items()}


async def told_since(conn: AsyncConnection, route: str, when: datetime) -> list[Story]:
    """Stories that the route told in words since, in the order of the telling."""
    query = select(decision.c.story, decision.c.at).where(
        decision.c.route == route, decision.c.reason.in_(IN_WORDS), decision.c.at >= when
    )
    told = {row.story: row.at for row in await conn.execute(query)}
    return sorted(await build(conn, list(told)), key=lambda story: told[story.row])


async def sent_of(conn: AsyncConnection, route: str, story_: int) -> list[Sent]:
    """The messages that told a story on a route, and those that its card sent besides: each with its last wording."""
    told = select(decision.c.digest, decision.c.notice).where(
        decision.c.route == route, decision.c.story == story_, decision.c.reason.in_(FINAL)
    )
    row = (await conn.execute(told)).one_or_none()
    if row is None:
        return []
    home = outbox_table.c.digest == row.digest if row.digest else outbox_table.c.notice == row.notice
    root = func.coalesce(outbox_table.c.of, outbox_table.c.idempotency)
    first = select(outbox_table).where(outbox_table.c.idempotency.in_(select(root).where(home)))
    found = [await _latest(conn, each) for each in (await conn.execute(first.order_by(outbox_table.c.row))).all()]
    if row.digest:
        return found
    known = {each.idempotency for each in found}
    besides = select(outbox_table).where(
        outbox_table.c.notice.in_(_revisions(row.notice)),
        outbox_table.c.action == Action.SEND,
        outbox_table.c.idempotency.not_in(known),
    )
    rows = (await conn.execute(besides.order_by(outbox_table.c.row))).all()
    return [*found, *[await _latest(conn, each, follows=True) for each in rows]]


def _revisions(row: int) -> Select[Any]:
    """The rows of all notices of one subject."""
    one = notice.alias("one")
    same = (notice.c.route == one.c.route, notice.c.kind == one.c.kind, notice.c.subject == one.c.subject)
    return select(notice.c.row).join(one, and_(*same)).where(one.c.row == row)


async def message_of(conn: AsyncConnection, row: int) -> str | None:
    """The key of the message that a notice sends, or changes."""
    query = select(func.coalesce(outbox_table.c.of, outbox_table.c.idempotency)).where(outbox_table.c.notice == row)
    key: str | None = (await conn.execute(query.order_by(outbox_table.c.row).limit(1))).scalar()
    return key


async def _latest(conn: AsyncConnection, row: Row[Any], *, follows: bool = False) -> Sent:
    edits = select(outbox_table.c.payload).where(
        and_(outbox_table.c.of == row.idempotency, outbox_table.c.action == Action.EDIT)
    )
    payload = (await conn.execute(edits.order_by(outbox_table.c.row.desc()).limit(1))).scalar()
    return Sent(
        idempotency=row.idempotency,
        message=load(Message, payload or row.payload),
        original=load(Message, row.payload),
        arrived=row.outcome == Outcome.SENT,
        sent=row.sent,
        follows=follows,
    )


async def hold(conn: AsyncConnection, route: str, decisions: Sequence[Decision], now: datetime) -> None:
    """Write down what is held, and until when; what was announced stays so."""
    await decide(conn, route, decisions, now)
