"""Politeness to one host: so many requests at once, where it is asked for so far apart, and none while it wants none.

In: a host and how far apart. Out: the right to send one request, or SourceBusy. Waiting is done on the clock that is
passed in.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import SourceBusy
from bot.slots import Clock


class Paces:
    """The paces of all hosts; a host that nobody waits for, spaces or must leave alone is forgotten."""

    def __init__(self, clock: Clock, *, per_host: int, concurrency: int) -> None:
        self._clock = clock
        self._per_host = per_host
        self._everywhere = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, Pace] = {}

    @asynccontextmanager
    async def turn(self, host: str, every: timedelta | None) -> AsyncIterator[None]:
        """Hold while one request to `host` runs; with `every` one at a time, the starts at least so far apart.

        Raises SourceBusy, with what is left of the delay, while the host wants to be left alone.
        """
        pace = self._hosts.setdefault(host, Pace(self._per_host))
        pace.users += 1
        try:
            async with pace.narrow if every else pace.wide:
                # Only now: who stood before us in the queue may have been told to wait.
                if left := pace.left(self._clock.now()):
                    raise SourceBusy(host, f"{host} asked for patience", "it is asked again then", delay=left)
                if every:
                    await self._space(pace, every)
                async with self._everywhere:
                    yield
        finally:
            pace.users -= 1
            if not pace.users and pace.last is None and not pace.waits(self._clock.now()):
                self._hosts.pop(host, None)

    def leave_alone(self, host: str, address: str, delay: timedelta) -> None:
        """`address` asked for patience. When a second one of `host` does, it means the host: no request goes there.

        One alone holds nobody else: a fault of one source must not stop its neighbours.
        """
        pace, now = self._hosts.setdefault(host, Pace(self._per_host)), self._clock.now()
        if pace.first is None or pace.first.address == address or not pace.first.lasts(now):
            pace.first = Asked(address, now, delay)
        elif delay > pace.left(now):
            pace.all = Asked(host, now, delay)

    async def _space(self, pace: Pace, every: timedelta) -> None:
        # Never longer than `every`: the clock may have been set back since.
        if pace.last is not None and (early := min(pace.last + every - self._clock.now(), every)) > timedelta(0):
            await self._clock.sleep(early.total_seconds())
        pace.last = self._clock.now()


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for patience, when, and for how long."""

    address: str
    at: datetime
    delay: timedelta

    def left(self, now: datetime) -> timedelta:
        """How much of it is left; nothing if the clock was set back meanwhile."""
        passed = now - self.at
        return self.delay - passed if timedelta(0) <= passed < self.delay else timedelta(0)

    def lasts(self, now: datetime) -> bool:
        return bool(self.left(now))


class Pace:
    """The state of one host. `first` is the address that asked for patience alone, `all` what holds for the host."""

    def __init__(self, per_host: int) -> None:
        self.wide = asyncio.Semaphore(per_host)
        self.narrow = asyncio.Semaphore(1)
        self.last: datetime | None = None
        self.users = 0
        self.first: Asked | None = None
        self.all: Asked | None = None

    def left(self, now: datetime) -> timedelta:
        """How much longer the host wants to be left alone."""
        return self.all.left(now) if self.all else timedelta(0)

    def waits(self, now: datetime) -> bool:
        """Whether somebody's patience is still to be remembered."""
        return bool(self.left(now)) or (self.first is not None and self.first.lasts(now))
