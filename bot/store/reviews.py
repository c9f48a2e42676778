"""What the review asks of the store: decisions of people, and the audit of them.

In: acts and `now`. Out: what they changed; rows to look at. Each method is one transaction, as those of `Store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.calibration import Tally
from bot.model import Silence, StoredPost, Story
from bot.store import acts, alike as likeness, audit, desk, sources
from bot.store.alike import Likeness
from bot.store.keys import number
from bot.store.reviewed import Act, Acted, ActRow, Alike, Aspect, DayRow, Doubt, FormRow, StoryFile
from bot.store.sql import Transaction
from bot.store.stories import build


class Reviews:
    """A part of the face of the store, reached as `store.reviews`."""

    def __init__(self, read: Transaction, write: Transaction) -> None:
        self._read = read
        self._write = write

    async def perform(self, act: Act, now: datetime) -> Acted:
        """Do what a person decided, and write it down. What is so already stays as it is.

        Raises `Overtaken` if others decided differently since `act.seen`, `StoreError` for an unknown id.
        """
        async with self._write() as conn:
            return await acts.perform(conn, act, now)

    async def mute(self, act: Act, about: Silence, now: datetime) -> Acted:
        """Let a place or a source not ring until `about.until`; an undo ends it. `act` says who wants it."""
        async with self._write() as conn:
            return await acts.mute(conn, act, about, now)

    async def undo(self, act: Act, key: str | None, now: datetime) -> Acted:
        """Take back an act ("a5"), or the last one of this person; `act` says who wants it.

        Raises `Overtaken` if somebody changed again what the act had changed, or has undone it.
        """
        async with self._write() as conn:
            return await acts.undo(conn, act, None if key is None else number(key, "a") or 0, now)

    async def poll_now(self, name: str, now: datetime) -> None:
        """Let a source be polled now, or as soon as it allows itself. Raises `StoreError` for an unknown name."""
        async with self._write() as conn:
            await sources.poll_now(conn, name, now)

    async def head(self) -> int:
        """The number of the last act: what a person who looks now knows of."""
        async with self._read() as conn:
            return await acts.head(conn)

    async def newest(self, limit: int, before: int | None = None) -> list[ActRow]:
        """The audit, newest first."""
        async with self._read() as conn:
            return await audit.newest(conn, limit, before)

    async def alike(self, key: str, by: Likeness) -> list[Alike]:
        """Hits like this one that nobody has judged, itself first."""
        async with self._read() as conn:
            return await likeness.alike(conn, key, by)

    async def doubts(self, limit: int) -> list[Doubt]:
        """Hits that want a person: unresolved, or of middling confidence, and judged by nobody."""
        async with self._read() as conn:
            return await desk.doubts(conn, limit)

    async def waiting(self, limit: int) -> int:
        """How many hits want a person; `limit` if there are as many or more."""
        async with self._read() as conn:
            return await desk.waiting(conn, limit)

    async def pinned(self) -> list[int]:
        """Rows of the stories that people keep in sight."""
        async with self._read() as conn:
            return await desk.pinned(conn)

    async def stories(self, rows: Sequence[int]) -> list[Story]:
        """These stories whole, in the order given; those without reports are left out."""
        async with self._read() as conn:
            found = {story.row: story for story in await build(conn, list(rows))}
        return [found[row] for row in rows if row in found]

    async def newest_stories(
        self, limit: int, before: int | None = None, watch: str | None = None, digest: str | None = None
    ) -> list[int]:
        """Rows of stories, the newest first; those that name a watch, those that a digest ("d5") told, if given."""
        async with self._read() as conn:
            told_in = None if digest is None else number(digest, "d") or 0
            return await desk.newest_stories(conn, limit, before, watch, told_in)

    async def file(self, key: str) -> StoryFile | None:
        """All that is known of a story, named by itself or by one of its hits or posts."""
        async with self._read() as conn:
            return await desk.file(conn, key)

    async def watch_of(self, key: str) -> str:
        """The watch of a hit. Raises `StoreError` for an unknown id."""
        async with self._read() as conn:
            return await desk.watch_of(conn, key)

    async def post(self, key: str) -> StoredPost:
        """A post in its present wording. Raises `StoreError` for an unknown id."""
        async with self._read() as conn:
            return await desk.post_of(conn, key)

    async def days(self, since: datetime, watch: str | None = None) -> list[DayRow]:
        """Hits by watch and day of UTC."""
        async with self._read() as conn:
            return await desk.days(conn, since, watch)

    async def judged(self, by: Aspect) -> list[Tally]:
        """What people thought of hits, by one aspect of them."""
        async with self._read() as conn:
            return await desk.judged(conn, by)

    async def fired(self, watch: str, since: datetime, limit: int = 30) -> list[FormRow]:
        """The forms by which a watch was found."""
        async with self._read() as conn:
            return await desk.fired(conn, watch, since, limit)
