"""What notices ask of the store: the stories that stir, what a route was told of them, and what is silenced.

In: notices, silences and `now`. Out: what stands. Each method is one transaction, as those of `Store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import Decision, Notice, NoticeKind, Silence, Story
from bot.store import decisions, merging, noticed, silences, usual
from bot.store.sql import Transaction
from bot.store.steps import Amended, Day, Mentions, NewNotice, Sent
from bot.store.stories import build


class Notices:
    """A part of the face of the store, reached as `store.notices`."""

    def __init__(self, read: Transaction, write: Transaction) -> None:
        self._read = read
        self._write = write

    async def stirring(self, route: str, since: datetime, now: datetime) -> list[Story]:
        """Stories that changed since, and those whose holding on this route has ended by now."""
        async with self._read() as conn:
            return await noticed.stirring(conn, route, since, now)

    async def stories(self, rows: Sequence[int]) -> list[Story]:
        """These stories, in order of their first reports, without what was forgotten or has expired."""
        async with self._read() as conn:
            return await build(conn, rows, worded=True)

    async def related(self, rows: Sequence[int]) -> dict[int, frozenset[int]]:
        """For each of these stories those that tell the same event in other words, as its own posts say."""
        async with self._read() as conn:
            return await noticed.related(conn, rows)

    async def announced_and_changed(self, route: str, since: datetime, told_since: datetime) -> list[Story]:
        """Stories that changed since, after the route had announced them, at `told_since` or later."""
        async with self._read() as conn:
            return await noticed.announced_and_changed(conn, route, since, told_since)

    async def changed_after(self, stories: Sequence[int], restored: datetime) -> set[int]:
        """Of these those with a post that was edited or deleted after it had been read since the restore.

        What was found so by the first reading since may have been told before.
        """
        async with self._read() as conn:
            return await noticed.changed_after(conn, stories, restored)

    async def amended(self, route: str, stories: Sequence[int]) -> dict[int, Amended]:
        """Of these stories those that the route told in words: when, and what edits took out since."""
        async with self._read() as conn:
            return await noticed.amended(conn, route, stories)

    async def corrected(self, stories: Sequence[int]) -> dict[int, dict[str, str]]:
        """What people put right in what was told of these stories, by story and route."""
        async with self._read() as conn:
            return await decisions.corrections(conn, stories)

    async def joined_into(self, stories: Sequence[int]) -> dict[int, int]:
        """The stories that people merged into these, each with the one that it is now."""
        async with self._read() as conn:
            return await merging.joined_into(conn, stories)

    async def told_since(self, route: str, when: datetime) -> list[Story]:
        """Stories that the route told in words since, in the order in which it told them."""
        async with self._read() as conn:
            return await noticed.told_since(conn, route, when)

    async def sent_of(self, route: str, story: int) -> list[Sent]:
        """The messages that told a story on a route, each in its last wording; none if the route did not tell it."""
        async with self._read() as conn:
            return await noticed.sent_of(conn, route, story)

    async def message_of(self, row: int) -> str | None:
        """The key of the message that the notice of this row sends, or changes; None if it sends none."""
        async with self._read() as conn:
            return await noticed.message_of(conn, row)

    async def save(self, new: NewNotice, now: datetime) -> int | None:
        """The notice's row; None if the revision is taken, or a story was told, or lost words, meanwhile."""
        async with self._write() as conn:
            return await noticed.save(conn, new, now)

    async def last(self, route: str, kind: NoticeKind, subject: str) -> Notice | None:
        """The last revision of one subject; None if there was none."""
        async with self._read() as conn:
            return await noticed.last(conn, route, kind, subject)

    async def since(self, route: str, kind: NoticeKind, when: datetime) -> list[Notice]:
        """The last revision of each subject that had one since, the oldest first."""
        async with self._read() as conn:
            return await noticed.since(conn, route, kind, when)

    async def hold(self, route: str, decisions: Sequence[Decision], now: datetime) -> None:
        """Write down what is held outside of a digest, why, and until when."""
        async with self._write() as conn:
            await noticed.hold(conn, route, decisions, now)

    async def add_silence(self, new: Silence) -> Silence:
        """Keep it; it is given back with its row."""
        async with self._write() as conn:
            return replace(new, row=await silences.add(conn, new))

    async def silences(self, now: datetime | None = None) -> list[Silence]:
        """Those that last at `now`; without it all there ever were."""
        async with self._read() as conn:
            return await silences.lasting(conn, now)

    async def expire_silence(self, key: str, now: datetime) -> bool:
        """End it now; False if it had ended. Raises `StoreError` if there is none."""
        async with self._write() as conn:
            return await silences.expire(conn, key, now)

    async def mentions(self, since: datetime, until: datetime, confidence: float) -> dict[str, Mentions]:
        """By watch, the posts that named it in this time, late ones left out."""
        async with self._read() as conn:
            return await usual.mentions(conn, since, until, confidence)

    async def day(self, since: datetime, until: datetime) -> Day:
        """What happened in this time, in numbers."""
        async with self._read() as conn:
            return await usual.day(conn, since, until)
