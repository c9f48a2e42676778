"""Taking back what was composed and never sent: what else it told is told anew.

In: the messages that lose their words. Out: the decisions on the stories of those that certainly nobody has are open
again, and their cards are gone, so that the next digest or card tells them. Invariant: what may have been sent stays
told, for nothing is told twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import NoticeKind, Outcome, Reason
from bot.store.decisions import FINAL
from bot.store.sql import gather, pieces
from bot.store.tables import decision, notice, outbox, post, story_post

Messages = Sequence[Row[Any]]
"""Rows of the outbox, whole."""


def is_unsent(message: Row[Any]) -> bool:
    """Whether certainly nobody has it, and nobody is sending it."""
    return message.outcome in {Outcome.WAITING, Outcome.PARKED} and message.tried is None


async def take_back(conn: AsyncConnection, messages: Messages, now: datetime) -> None:
    """Open the decisions on all that only unsent messages told; call it while they have their words."""
    digests: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for each in messages:
        if each.digest is not None:
            digests[each.digest].append(each)
    for row, parts in digests.items():
        stories = await _in_unsent_parts(conn, row, parts)
        for piece in pieces(sorted(stories)):
            mine = (decision.c.digest == row, decision.c.story.in_(piece), decision.c.reason.in_(FINAL))
            await conn.execute(update(decision).where(*mine).values(reason=Reason.UNSENT.name, at=now))
    await _take_back_cards(conn, messages, now)


async def _in_unsent_parts(conn: AsyncConnection, digest: int, parts: Messages) -> set[int]:
    """Of a digest's stories those that only its unsent parts tell, as the addresses in them say."""
    unsent = [each for each in parts if is_unsent(each)]
    if not unsent:
        return set()
    query = select(decision.c.story).where(decision.c.digest == digest, decision.c.reason.in_(FINAL))
    stories = set((await conn.execute(query)).scalars())
    if len(unsent) == len(parts):
        return stories
    there, gone = _addresses(each for each in parts if not is_unsent(each)), _addresses(unsent)
    found: defaultdict[int, set[str]] = defaultdict(set)
    reports = select(story_post.c.story, post.c.url).join(post, post.c.row == story_post.c.post)
    for each in await gather(conn, reports.where(post.c.url.is_not(None)), story_post.c.story, sorted(stories)):
        found[each.story].add(each.url)
    return {story for story, addresses in found.items() if addresses & gone and not addresses & there}


def _addresses(messages: Iterable[Row[Any]]) -> set[str]:
    return {address for each in messages for address in each.payload.get("links", ())}


async def _take_back_cards(conn: AsyncConnection, messages: Messages, now: datetime) -> None:
    """Let cards be what their last sent revision made them; one that never was sent is gone."""
    taken = await _unsent_revisions(conn, messages)
    for piece in pieces(taken):
        mine = (decision.c.notice.in_(piece), decision.c.reason.in_(FINAL))
        again = {"reason": Reason.UNSENT.name, "notice": None, "at": now, "until": now}
        await conn.execute(update(decision).where(*mine).values(again))
        await conn.execute(delete(outbox).where(outbox.c.notice.in_(piece)))
        await conn.execute(delete(notice).where(notice.c.row.in_(piece)))


async def _unsent_revisions(conn: AsyncConnection, messages: Messages) -> list[int]:
    """The newest revisions of each card, as far back as none of their messages was sent."""
    sent = {each.notice for each in messages if not is_unsent(each) and each.outcome != Outcome.DROPPED}
    rows = sorted({each.notice for each in messages if each.notice is not None})
    cards: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    query = select(notice).where(notice.c.kind == NoticeKind.URGENT)
    for each in sorted(await gather(conn, query, notice.c.row, rows), key=lambda each: -each.revision):
        cards[each.route, each.kind, each.subject].append(each.row)
    return [row for card in cards.values() for row in takewhile(lambda row: row not in sent, card)]
