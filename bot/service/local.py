"""The service on one machine: a few APScheduler ticks; what is due comes from tables, never from timers.

In: an open house. Out: nothing; everything that happens is in the store and the log.
Invariant: a tick that fails is logged and comes again; stopping lets a running step end before it cancels it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial
from types import MappingProxyType

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import PlacewireError, StoreError
from bot.model import SourceKind
from bot.pipeline import House, poll, think
from bot.service.backfilling import carry_out
from bot.service.backups import back_up
from bot.service.canary import Canary
from bot.service.hints import Hints
from bot.service.looking_back import look_back
from bot.service.telling import tell
from bot.service.upkeep import keep, sample
from bot.store import Store

POLLS_AT_ONCE = 48
CHANNELS_AT_ONCE = 4
FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0
"""Seconds before a source is read again whose reading could not be stored."""
LOOK_AGAIN = 5.0
"""Seconds between two looks whether the store takes readings again: then these sources wait no longer."""
EVERY = {
    "unpark": 3600.0,
    "canary": 600.0,
    "keep": 60.0,
    "sample": 600.0,
    "backup": 60.0,
    "backfill": 5.0,
    "sorting": 60.0,
}
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
    news: asyncio.Event = field(default_factory=asyncio.Event)
    """Something was stored that the next steps do not know yet."""
    failed: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Sources whose reading could not be stored: how often in a row, and the loop's time before which we wait."""
    turned_away: set[str] = field(default_factory=set)
    """Those of them that failed for the store's sake, not yet again: a lock, a full disk, a server that was away."""
    looked: float = 0.0
    """The loop's time of the last look whether the store is well again."""
    unwell: StoreError | None = None
    """What that look found."""

    async def start_due(self) -> None:
        await self._refuse_while_unwell()
        due = await self.house.store.due(self.house.clock.now(), len(self.house.sources))
        for name in due:
            if self.house.stopping.is_set():
                return
            if self._may_start(name):
                self.running[name] = asyncio.create_task(self._poll(name), name=f"poll {name}")

    async def _refuse_while_unwell(self) -> None:
        """Nothing is read in vain; once the store takes readings again, what it turned away is due.

        Raises its `StoreError` till then, also between two looks: the step has not worked again.
        """
        if not self.turned_away:
            return
        time = asyncio.get_running_loop().time()
        if time >= self.looked + LOOK_AGAIN:
            self.looked, self.unwell = time, await self._fault_of_the_store()
        if self.unwell is not None:
            raise self.unwell.with_traceback(None)
        for name in self.turned_away:
            times, _ = self.failed.get(name, (0, 0.0))
            self.failed[name] = (times, 0.0)
        self.turned_away.clear()

    async def _fault_of_the_store(self) -> StoreError | None:
        try:
            await Store.try_room(self.house.config.database)
            await self.house.store.upkeep.try_turn()
        except StoreError as error:
            return error
        return None

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
            done = await poll(self.house, name)
            if done.new or done.revised or done.deleted:
                self.news.set()
        except Exception as error:
            # What was read could not be stored, so it is still due; it must not be fetched again at every tick.
            times = self.failed.get(name, (0, 0.0))[0] + 1
            wait = min(FIRST_WAIT * 2 ** (times - 1), LONGEST_WAIT)
            self.failed[name] = (times, asyncio.get_running_loop().time() + wait)
            if times == 1 and isinstance(error, StoreError) and error.temporary:
                self.turned_away.add(name)
            known = isinstance(error, PlacewireError)
            log.error("poll not stored", source=name, error=str(error), again_in=wait, exc_info=not known)
        else:
            self.failed.pop(name, None)
            self.turned_away.discard(name)
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
    troubled: dict[str, type[PlacewireError]] = field(default_factory=dict)
    """What keeps a step from its work, told once as long as it lasts."""
    over: bool = False

    def guarded(self, name: str, step: Step) -> Step:
        async def run() -> None:
            task = asyncio.current_task()
            assert task is not None
            self.running.add(task)
            try:
                await step()
                if self.troubled.pop(name, None):
                    log.info("step works again", step=name)
            except PlacewireError as error:
                if self.troubled.get(name) is not type(error):
                    log.error("step failed, comes again", step=name, error=str(error))
                self.troubled[name] = type(error)
            except asyncio.CancelledError:
                if not self.over:
                    raise
                log.warning("step was broken off, is done at the next start", step=name)
            except Exception:
                # Invariant 9: a fault of ours in one step must not end the others.
                log.exception("step failed, comes again", step=name)
            finally:
                self.running.discard(task)

        return run

    async def settle(self, seconds: float) -> None:
        """Let running steps end, and break off what has not ended by then."""
        self.over = True
        if self.running:
            _, late = await asyncio.wait(set(self.running), timeout=seconds)
            for task in late:
                task.cancel()


def _one_at_a_time(step: Step) -> Step:
    turn = asyncio.Lock()

    async def run() -> None:
        async with turn:
            await step()

    return run


async def _told_on(polls: Polls, steps: Sequence[Step]) -> None:
    """What was stored goes on at once, and does not wait for the next tick."""
    while not polls.house.stopping.is_set():
        await polls.news.wait()
        polls.news.clear()
        for step in steps:
            await step()


def _again(hints: Hints, channel: int, _: asyncio.Task[None]) -> None:
    hints.push(channel)


async def _follow(hints: Hints, polls: Polls, ticks: Ticks) -> None:
    """Poll what pushes speak of; what is being read meanwhile is read once more after it."""

    async def poll_now() -> None:
        for name, channel in (await hints.mark(polls.house.store)).items():
            if name in polls.running:
                polls.running[name].add_done_callback(partial(_again, hints, channel))
        await polls.start_due()

    step = ticks.guarded("hint", poll_now)
    while not polls.house.stopping.is_set():
        await hints.came()
        await step()


async def run(
    house: House,
    *,
    tick: float = 1.0,
    more: Mapping[str, Step] = MappingProxyType({}),
    hints: Hints | None = None,
) -> None:
    """Run until `house.stopping` is set; `tick` is in real seconds, `more` are further steps of every tick.

    `hints` hears what accounts are told of channels that changed.
    """
    polls, ticks = Polls(house), Ticks()
    steps = {**_steps(house, polls), **more}
    guarded = {name: ticks.guarded(name, step) for name, step in steps.items()}
    scheduler = _scheduled(guarded, tick)
    scheduler.start()
    hints = hints or Hints(house.clock)
    following = [
        asyncio.create_task(_told_on(polls, [guarded["think"], guarded["deliver"]])),
        asyncio.create_task(_follow(hints, polls, ticks)),
    ]
    try:
        await house.stopping.wait()
    finally:
        scheduler.pause()
        polls.news.set()
        hints.wake()
        await polls.stop()
        await ticks.settle(STOP_WITHIN)
        for task in following:
            task.cancel()
        scheduler.shutdown(wait=False)


def _steps(house: House, polls: Polls) -> Mapping[str, Step]:
    """All that repeats, by name; how often is in EVERY, else at every tick."""
    return {
        "poll": polls.start_due,
        "tell": lambda: tell(house),
        "think": _one_at_a_time(lambda: _think(house)),
        "deliver": lambda: house.destinations.start(house.store, house.clock.now()),
        "unpark": house.store.unpark,
        "canary": Canary(house).look,
        "keep": lambda: keep(house),
        "sample": lambda: sample(house),
        "backup": lambda: back_up(house),
        "backfill": lambda: _backfill(house, polls),
        "sorting": house.store.look_beside,
    }


def _scheduled(steps: Mapping[str, Step], tick: float) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone=UTC)
    for name, step in steps.items():
        # A misfire grace of 1 s, the default, would drop a tick for good whenever the loop was busy for longer.
        scheduler.add_job(
            step,
            "interval",
            seconds=EVERY.get(name, tick),
            id=name,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    return scheduler


async def _backfill(house: House, polls: Polls) -> None:
    if any(filled.new for filled in (await carry_out(house)).values()):
        polls.news.set()


async def _think(house: House) -> None:
    await look_back(house, PAGES)
    await think(house)
