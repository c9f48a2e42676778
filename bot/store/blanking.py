"""Taking the words of posts out of everything that holds them: index, wordings, hits, frozen messages.

In: rows of posts. Out: rows that stay, without a word in them. Invariant: what identifies a post, a hit or a message
stays, so that none of them ever comes back as new.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import SETTLED, Message, Outcome, body_of
from bot.store import driver, notes
from bot.store.codec import dump
from bot.store.decisions import FINAL
from bot.store.outbox import NOTHING_LEFT, TAKEN_BACK
from bot.store.sql import gather, many, pieces
from bot.store.tables import WORDED, act_on, decision, notice, outbox, post, revision, sketch, story_post
from bot.store.taking_back import is_unsent, take_back
from bot.store.words import indexed

OF_STRANGERS = dict.fromkeys(("author", "forwarded_from", "reply_to", "album", "parts"))
"""What of a post's row was written by its author, emptied with its words."""

_SECURE_INDEX = (3, 42, 0)
TO_MERGE = "index to be merged"
"""Noted while words lie in the index of which only merging it leaves no byte."""


async def unindex(conn: AsyncConnection, rows: Sequence[int], *, for_good: bool) -> None:
    """FTS5 forgets only what it is told it was given; PostgreSQL sees the change by itself.

    `for_good`: no byte stays in the file, once `scrub` has merged the index where that is noted. Else the words are
    thrown out as the index is merged by and by, which costs less.
    """
    if conn.dialect.name != "sqlite":
        return
    secure = driver.VERSION >= _SECURE_INDEX
    if secure:
        option = text("INSERT INTO search (search, rank) VALUES ('secure-delete', :wanted)")
        await conn.execute(option, {"wanted": int(for_good)})
    query = select(revision.c.row, revision.c.title, revision.c.text).join(post, post.c.row == revision.c.post)
    worded = await gather(conn, query.where(WORDED), revision.c.post, rows)
    given = [{"row": each.row, "words": indexed(body_of(each.title, each.text))} for each in worded]
    statement = text("INSERT INTO search (search, rowid, words) VALUES ('delete', :row, :words)")
    await many(conn, statement, [each for each in given if each["words"]])
    aged = await gather(conn, select(post.c.row).where(post.c.expired.is_not(None)), post.c.row, rows)
    if for_good and (aged or not secure):
        await notes.write(conn, TO_MERGE, "")  # what was deleted before is only marked so


async def unsketch(conn: AsyncConnection, rows: Sequence[int]) -> None:
    """What grouping remembers of a post is made of its words."""
    for piece in pieces(rows):
        await conn.execute(delete(sketch).where(sketch.c.post.in_(piece)))


async def _stories_ever(conn: AsyncConnection, rows: Sequence[int]) -> set[int]:
    """The stories that these posts are in, and those that a person took them out of: each may have been told."""
    found = {each.story for each in await gather(conn, select(story_post.c.story), story_post.c.post, rows)}
    keys = [f"p{row}" for row in rows]
    for each in await gather(conn, select(act_on.c.before, act_on.c.after), act_on.c.target, keys):
        found |= {state["story"] for state in (each.before, each.after) if "story" in state}
    return found


async def _of_one_subject(conn: AsyncConnection, notices: Sequence[int]) -> list[int]:
    """These notices, and what was said later on the same subject: a card goes out whole at each revision."""
    first = notice.alias()
    same = and_(*(notice.c[name] == first.c[name] for name in ("route", "kind", "subject")))
    query = select(notice.c.row).select_from(first.join(notice, same))
    return sorted({each.row for each in await gather(conn, query, first.c.row, notices)})


async def _told_in(conn: AsyncConnection, stories: Sequence[int]) -> list[tuple[int | None, int | None]]:
    """The digests and notices that told these stories, also those that did before a story was told again."""
    found: list[tuple[int | None, int | None]] = []
    for each in await gather(conn, select(decision), decision.c.story, stories):
        found += [(digest, notice_) for digest, notice_ in each.earlier or ()]
        if each.reason in FINAL:
            found.append((each.digest, each.notice))
    return found


async def blank_messages(conn: AsyncConnection, rows: Sequence[int], reason: str, now: datetime) -> None:
    """The frozen copies of messages that told these posts' stories.

    What certainly nobody has is taken back, and what else it told is told anew; what may have been sent stays for
    `reason`.
    """
    stories = await _stories_ever(conn, rows)
    told = await _told_in(conn, sorted(stories))
    digests = sorted({digest for digest, _ in told if digest is not None})
    notices = await _of_one_subject(conn, sorted({notice for _, notice in told if notice is not None}))
    sent = await gather(conn, select(outbox), outbox.c.digest, digests)
    sent += await gather(conn, select(outbox), outbox.c.notice, notices)
    # What joined a card later was told by an edit: the card's first message and all its edits hold the words.
    roots = sorted({each.of or each.idempotency for each in sent})
    sent += await gather(conn, select(outbox), outbox.c.idempotency, roots)
    edits = await gather(conn, select(outbox), outbox.c.of, roots)
    messages = list({row.row: row for row in (*sent, *edits)}.values())
    await take_back(conn, messages, now)
    for each in messages:
        kept = {name: each.payload[name] for name in ("part", "parts") if name in each.payload}
        values = {"payload": dump(Message(text="")) | {"text": ""} | kept}
        if is_unsent(each):
            values |= {"outcome": Outcome.DROPPED, "reason": TAKEN_BACK}
        elif each.outcome not in SETTLED:
            values |= {"outcome": Outcome.PARKED, "reason": reason}
        await conn.execute(update(outbox).where(outbox.c.row == each.row).values(values))


async def let_go(conn: AsyncConnection, row: int, now: datetime) -> None:
    """Take back the message `row`, if it lost its words while it was being sent, and nobody has it."""
    query = select(outbox).where(outbox.c.row == row, outbox.c.reason.in_(NOTHING_LEFT))
    found = (await conn.execute(query)).one_or_none()
    if found is None or not is_unsent(found):
        return
    parts = select(outbox).where(outbox.c.digest == found.digest, outbox.c.outcome != Outcome.DROPPED)
    await take_back(conn, (await conn.execute(parts)).all() or [found], now)
    dropped = {"outcome": Outcome.DROPPED, "reason": TAKEN_BACK}
    await conn.execute(update(outbox).where(outbox.c.row == row).values(dropped))
