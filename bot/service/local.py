"""The service on one machine: a few APScheduler ticks; what is due comes from tables, never from timers.

In: an open house. Out: nothing; everything that happens is in the store and the log.
Invariant: a tick that fails is logged and comes again; stopping lets a running step end before it cancels it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from types import MappingProxyType

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import PlacewireError
from bot.model import SourceKind
from bot.pipeline import House, poll, tell, think
from bot.service.backups import back_up
from bot.service.looking_back import look_back
from bot.service.upkeep import keep

POLLS_AT_ONCE = 48
CHANNELS_AT_ONCE = 4
FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0
"""Seconds before a source is read again whose reading could not be stored."""
EVERY = {"unpark": 3600.0, "keep": 60.0, "backup": 60.0}
"""Seconds between steps that are not due at every tick: what is parked is tried again, should its trouble be over."""
PAGES = 2
"""So much of a back-search is done in one tick: new posts must not wait for it."""
STOP_WITHIN = 3.0
"""Seconds that a running step gets to end; the promise is 10 s for the whole stop."""

log = structlog.get_logger()
Step = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Polls:
    """The polls under way: at most one a source, at most POLLS_AT_ONCE together."""

    house: House
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    failed: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Sources whose reading could not be stored: how often in a row, and the loop's time before which we wait."""

    async def start_due(self) -> None:
        due = await self.house.store.due(self.house.clock.now(), len(self.house.sources))
        for name in due:
            if self.house.stopping.is_set():
                return
            if self._may_start(name):
                self.running[name] = asyncio.create_task(self._poll(name), name=f"poll {name}")

    def _may_start(self, name: str) -> bool:
        source = self.house.sources.get(name)
        if source is None or name in self.running or len(self.running) >= POLLS_AT_ONCE:
            return False
        if self.failed.get(name, (0, 0.0))[1] > asyncio.get_running_loop().time():
            return False
        # Channels wait for each other at the preview's door: so many of them at once that feeds have places, too.
        return source.kind is SourceKind.FEED or self._channels() < CHANNELS_AT_ONCE

    def _channels(self) -> int:
        return sum(self.house.sources[name].kind is SourceKind.CHANNEL for name in self.running)

    async def _poll(self, name: str) -> None:
        try:
            await poll(self.house, name)
        except Exception as error:
            # What was read could not be stored, so it is still due; it must not be fetched again at every tick.
            times = self.failed.get(name, (0, 0.0))[0] + 1
            wait = min(FIRST_WAIT * 2 ** (times - 1), LONGEST_WAIT)
            self.failed[name] = (times, asyncio.get_running_loop().time() + wait)
            known = isinstance(error, PlacewireError)
            log.error("poll not stored", source=name, error=str(error), again_in=wait, exc_info=not known)
        else:
            self.failed.pop(name, None)
        finally:
            del self.running[name]

    async def stop(self) -> None:
        """Cancel what is under way: nothing is lost, for a poll is stored whole or not at all."""
        tasks = list(self.running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(slots=True)
class Ticks:
    """Steps that repeat, and those of them that run right now."""

    running: set[asyncio.Task[object]] = field(default_factory=set)

    def guarded(self, name: str, step: Step) -> Step:
        async def run() -> None:
            task = asyncio.current_task()
            assert task is not None
            self.running.add(task)
            try:
                await step()
            except PlacewireError as error:
                log.error("step failed, comes again", step=name, error=str(error))
            except Exception:
                # Invariant 9: a fault of ours in one step must not end the others.
                log.exception("step failed, comes again", step=name)
            finally:
                self.running.discard(task)

        return run

    async def settle(self, seconds: float) -> None:
        if self.running:
            await asyncio.wait(set(self.running), timeout=seconds)


async def run(house: House, *, tick: float = 1.0, more: Mapping[str, Step] = MappingProxyType({})) -> None:
    """Run until `house.stopping` is set; `tick` is in real seconds, `more` are further steps of every tick."""
    polls, ticks = Polls(house), Ticks()
    scheduler = AsyncIOScheduler(timezone=UTC)
    steps: dict[str, Step] = {
        "poll": polls.start_due,
        "tell": lambda: tell(house),
        "think": lambda: _think(house),
        "deliver": lambda: house.destinations.start(house.store, house.clock.now()),
        "unpark": house.store.unpark,
        "keep": lambda: keep(house),
        "backup": lambda: back_up(house),
        **more,
    }
    for name, step in steps.items():
        # A misfire grace of 1 s, the default, would drop a tick for good whenever the loop was busy for longer.
        scheduler.add_job(
            ticks.guarded(name, step),
            "interval",
            seconds=EVERY.get(name, tick),
            id=name,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    scheduler.start()
    try:
        await house.stopping.wait()
    finally:
        scheduler.pause()
        await polls.stop()
        await ticks.settle(STOP_WITHIN)
        scheduler.shutdown(wait=False)


async def _think(house: House) -> None:
    await look_back(house, PAGES)
    await think(house)
