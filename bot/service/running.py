"""`run` and `once`: the house opened, worked and closed.

In: a configuration. Out: for `once`, what was done in numbers. Invariant: both hold the instance lock from before the
first read to after the last write.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.config import Config
from bot.delivery import Delivered
from bot.errors import PlacewireError, StoreBusy, StoreError
from bot.model import DestinationKind, Outcome
from bot.notices import Rounds, report
from bot.pipeline import House, deliver, poll, think
from bot.review import Page, Pulse
from bot.service.backups import back_up
from bot.service.clock import SystemClock
from bot.service.hints import Hints
from bot.service.house import open_house
from bot.service.live import Orders, Watched
from bot.service.local import POLLS_AT_ONCE, run as run_ticks
from bot.service.looking_back import look_back
from bot.service.room import Free
from bot.service.telling import tell
from bot.service.upkeep import keep, sample
from bot.slots import Clock
from bot.store import Committed

LOOKED_AT = 200
WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 60.0, 60.0)
"""Seconds between tries to open a database that is in use."""
STOP_AT_MOST = 9.0
"""Seconds; the promise is 10. A server that keeps silent lets no connection be closed in order."""
log = structlog.get_logger()


async def serve(read: Callable[[], Config], folder: Path) -> None:
    """Run the service until SIGTERM or SIGINT. SIGHUP, or a file of `folder` that changes, is read anew."""
    orders = Orders(read, Watched(folder))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, orders)
    loop.add_signal_handler(signal.SIGHUP, orders.read_again)
    while not orders.ended:
        orders.stopping.clear()
        try:
            await patiently(orders, _live)
        except PlacewireError as error:
            if not orders.go_back():
                raise
            log.error("the new configuration cannot be used, the one before stays", error=str(error))
    log.info("stopped")


def _end(orders: Orders) -> None:
    orders.end()
    last_resort = threading.Timer(STOP_AT_MOST, _cut_short)
    last_resort.daemon = True
    last_resort.start()


def _cut_short() -> None:
    """Every transaction is whole or not there: as after kill -9, nothing is lost or done twice."""
    log.warning("something did not end in time, and was left", seconds=STOP_AT_MOST)
    sys.stderr.flush()
    os._exit(0)


async def patiently(orders: Orders, live: Callable[[Orders], Awaitable[None]]) -> None:
    """`live`, again after a while if the database cannot be opened yet: another works on it, or its server starts.

    Raises the `StoreBusy` that lasts for all of WAITS, or at once where there is a configuration to go back to.
    """
    for number, wait in enumerate((*WAITS, None)):
        try:
            return await live(orders)
        except StoreBusy as error:
            if orders.ended:
                return None
            if wait is None or orders.before is not None:
                raise
            if not number:
                log.warning("the database cannot be opened yet, is tried for some minutes", error=str(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(orders.stopping.wait(), wait)
            return None
    return None


async def _live(orders: Orders) -> None:
    """One house, until it is told to stop or the configuration asks for another."""
    config, clock = orders.config, SystemClock()
    hints = Hints(clock)
    async with open_house(config, clock, stopping=orders.stopping, on_push=hints.push) as house:
        orders.opened()
        log.info("started", pid=os.getpid(), sources=len(config.sources), watches=len(config.watches))
        pulse = Pulse(clock)
        more = {"configuration": lambda: orders.look(house), "pulse": pulse.beat}
        async with Page(house.store, lambda: house.config, clock, pulse) as page:
            if page.fault:
                log.warning("page not served, all else goes on", error=str(page.fault))
            await run_ticks(house, hints=hints, more=more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one round came to. `unstored` names the sources whose reading could not be stored, and why.

    `refused` says that a destination did not take a message; a Telegram route that has no publisher yet is no refusal.
    """

    polled: int
    new: int
    unstored: tuple[str, ...]
    digests: int
    delivered: Delivered
    refused: bool = False

    @property
    def failed(self) -> bool:
        """The store failed, or a delivery that was due did not arrive."""
        return bool(self.delivered.failed or self.unstored or self.refused)

    @property
    def words(self) -> str:
        sent = self.delivered
        held = f", {sent.held} held" if sent.held else ""
        parked = f", {sent.parked} parked" if sent.parked else ""
        failed = f", {sent.failed} failed: `outbox` says why" if sent.failed else ""
        done = f"{self.polled} polled, {self.new} new posts, {self.digests} digests, {sent.sent} sent"
        return f"{done}{held}{parked}{failed}"


async def once(config: Config, clock: Clock, *, every: bool, free: Free | None = None) -> Done:
    """One round: poll what is due (or all that may be asked), match, group, compose and deliver what is due."""
    async with open_house(config, clock, free=free) as house:
        names = await _to_poll(house, every=every)
        fetched = 0 if house.short_of_room() else len(names)  # on a full disk no source is asked
        read, unstored = await _poll_all(house, names)
        await tell(house)
        await look_back(house)
        digests = await think(house)
        delivered = await deliver(house)
        if await report(house.desk, Rounds(), house.clock.now()):  # what this very round could not deliver
            await deliver(house)
        await keep(house)
        await sample(house)
        await back_up(house)
        refused = bool(delivered.parked) and await _refused(house)
    new = sum(len(each.new) for each in read)
    return Done(polled=fetched, new=new, unstored=unstored, digests=digests, delivered=delivered, refused=refused)


async def _refused(house: House) -> bool:
    parked = [row for row in await house.store.newest_outbox(LOOKED_AT) if row.outcome == Outcome.PARKED]
    published = house.config.telegram.publisher is not None
    return any(published or not row.to.startswith(f"{DestinationKind.TELEGRAM}:") for row in parked)


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


async def _poll_all(house: House, names: Sequence[str]) -> tuple[list[Committed], tuple[str, ...]]:
    """Poll all of them; what one could not store does not keep the others, nor what is stored, from going on."""
    slots = asyncio.Semaphore(POLLS_AT_ONCE)

    async def one(name: str) -> Committed | StoreError:
        async with slots:
            try:
                return await poll(house, name)
            except StoreError as error:
                return error

    results = await asyncio.gather(*(one(name) for name in names))
    failed = tuple(
        f"{name}: {result}" for name, result in zip(names, results, strict=True) if isinstance(result, StoreError)
    )
    return [result for result in results if isinstance(result, Committed)], failed
