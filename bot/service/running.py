"""`run` and `once`: the house opened, worked and closed.

In: a configuration. Out: for `once`, what was done in numbers. Invariant: both hold the instance lock from before the
first read to after the last write.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.config import Config
from bot.delivery import Delivered
from bot.pipeline import House, deliver, poll, think
from bot.review import Page
from bot.service.clock import SystemClock
from bot.service.house import open_house
from bot.service.local import POLLS_AT_ONCE, run as run_ticks
from bot.slots import Clock
from bot.store import Committed

log = structlog.get_logger()


async def serve(config: Config) -> None:
    """Run the service until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with open_house(config, SystemClock(), stopping=stopping) as house:
        log.info("started", pid=os.getpid(), sources=len(config.sources), watches=len(config.watches))
        async with Page(house.store, config.review):
            await run_ticks(house)
    log.info("stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one round came to."""

    polled: int
    new: int
    digests: int
    delivered: Delivered

    @property
    def failed(self) -> bool:
        """A delivery that was due did not arrive."""
        return bool(self.delivered.failed)

    @property
    def words(self) -> str:
        sent = self.delivered
        held = f", {sent.held} held" if sent.held else ""
        parked = f", {sent.parked} parked" if sent.parked else ""
        failed = f", {sent.failed} failed: `outbox` says why" if sent.failed else ""
        done = f"{self.polled} polled, {self.new} new posts, {self.digests} digests, {sent.sent} sent"
        return f"{done}{held}{parked}{failed}"


async def once(config: Config, clock: Clock, *, every: bool) -> Done:
    """One round: poll what is due (or all that may be asked), match, group, compose and deliver what is due."""
    async with open_house(config, clock) as house:
        names = await _to_poll(house, every=every)
        read = await _poll_all(house, names)
        digests = await think(house)
        delivered = await deliver(house)
    return Done(polled=len(names), new=sum(len(each.new) for each in read), digests=digests, delivered=delivered)


async def _to_poll(house: House, *, every: bool) -> list[str]:
    now = house.clock.now()
    if not every:
        return [name for name in await house.store.due(now, len(house.sources)) if name in house.sources]
    # All, whatever interval and backoff say, but not before the moment that the source itself asked for.
    memories = await house.store.memories()
    return [
        name
        for name in house.sources
        if not ((memory := memories.get(name)) and memory.condition.until and memory.condition.until > now)
    ]


async def _poll_all(house: House, names: Sequence[str]) -> list[Committed]:
    slots = asyncio.Semaphore(POLLS_AT_ONCE)

    async def one(name: str) -> Committed:
        async with slots:
            return await poll(house, name)

    return await asyncio.gather(*(one(name) for name in names))
