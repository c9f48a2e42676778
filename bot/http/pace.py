"""Politeness to one host: so many requests at once, and where it is asked for, so far apart.

In: a host and how far apart. Out: the right to send one request. Waiting is done on the clock that is passed in.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.slots import Clock


class Paces:
    """The paces of all hosts; a host nobody waits for and nobody spaces is forgotten."""

    def __init__(self, clock: Clock, *, per_host: int, concurrency: int) -> None:
        self._clock = clock
        self._per_host = per_host
        self._everywhere = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, Pace] = {}

    @asynccontextmanager
    async def turn(self, host: str, every: timedelta | None) -> AsyncIterator[None]:
        """Hold while one request to `host` runs; with `every` one at a time, the starts at least so far apart."""
        pace = self._hosts.setdefault(host, Pace(self._per_host))
        pace.users += 1
        try:
            async with pace.narrow if every else pace.wide:
                if every:
                    await self._space(pace, every)
                async with self._everywhere:
                    yield
        finally:
            pace.users -= 1
            if not pace.users and pace.last is None:
                self._hosts.pop(host, None)

    async def _space(self, pace: Pace, every: timedelta) -> None:
        # Never longer than `every`: the clock may have been set back since.
        if pace.last is not None and (early := min(pace.last + every - self._clock.now(), every)) > timedelta(0):
            await self._clock.sleep(early.total_seconds())
        pace.last = self._clock.now()


class Pace:
    """The state of one host."""

    def __init__(self, per_host: int) -> None:
        self.wide = asyncio.Semaphore(per_host)
        self.narrow = asyncio.Semaphore(1)
        self.last: datetime | None = None
        self.users = 0
