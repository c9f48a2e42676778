"""What the review asks of the store: decisions of people, and the audit of them.

In: acts and `now`. Out: what they changed; rows to look at. Each method is one transaction, as those of `Store`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import acts, alike as likeness, audit
from bot.store.alike import Likeness
from bot.store.keys import number
from bot.store.rows import Act, Acted, ActRow, HitRow

_Transaction = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Reviews:
    """A part of the face of the store, reached as `store.reviews`."""

    def __init__(self, read: _Transaction, write: _Transaction) -> None:
        self._read = read
        self._write = write

    async def perform(self, act: Act, now: datetime) -> Acted:
        """Do what a person decided, and write it down. What is so already stays as it is.

        Raises `Overtaken` if others decided differently since `act.seen`, `StoreError` for an unknown id.
        """
        async with self._write() as conn:
            return await acts.perform(conn, act, now)

    async def undo(self, act: Act, key: str | None, now: datetime) -> Acted:
        """Take back an act ("a5"), or the last one of this person; `act` says who wants it.

        Raises `Overtaken` if somebody changed again what the act had changed, or has undone it.
        """
        async with self._write() as conn:
            return await acts.undo(conn, act, None if key is None else number(key, "a") or 0, now)

    async def head(self) -> int:
        """The number of the last act: what a person who looks now knows of."""
        async with self._read() as conn:
            return await acts.head(conn)

    async def newest(self, limit: int, before: int | None = None) -> list[ActRow]:
        """The audit, newest first."""
        async with self._read() as conn:
            return await audit.newest(conn, limit, before)

    async def alike(self, key: str, by: Likeness) -> list[HitRow]:
        """Hits like this one that nobody has judged, itself first."""
        async with self._read() as conn:
            return await likeness.alike(conn, key, by)
