"""Queues side by side: a slow destination holds back its own rows only, and stopping cuts nothing that can end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from bot.delivery import Delivered, Destinations
from bot.delivery.telegram import NeedsPublisher
from bot.errors import StoreError
from bot.http import Http, HttpSettings
from bot.http.serving import Answer, Request, serve
from bot.model import Delivery, Destination, DestinationKind, Outcome, Quiet, Route, Schedule
from bot.store import Store
from tests.delivery.desk import NOW, Clock, Queue

CONSOLE = Destination(DestinationKind.CONSOLE)
CHANNEL = Destination(DestinationKind.TELEGRAM, "@kursk")


class Faulty(NeedsPublisher):
    """A sender with a fault of ours in it."""

    async def send(self, delivery: Delivery) -> str:
        raise RuntimeError(f"nobody thought of {delivery.key}")


@dataclass
class Slow:
    """A receiver that answers when it is told to; an answer takes a minute of the clock."""

    clock: Clock
    answer: Answer = field(default_factory=Answer)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    count: int = 0

    async def handle(self, _: Request) -> Answer:
        self.count += 1
        self.asked.set()
        await self.go.wait()
        self.clock.moment += timedelta(minutes=1)
        return self.answer


@dataclass
class Desk:
    queue: Queue
    slow: Slow
    hook: Destination
    destinations: Destinations
    console: StringIO
    ended: Delivered = field(default_factory=Delivered)

    async def start(self) -> Delivered:
        ended = await self.destinations.start(self.queue.store, NOW)
        self.ended += ended
        return ended

    async def until(self, what: Callable[[], Awaitable[bool]]) -> None:
        """Tick, as the service does, until it is so."""
        async with asyncio.timeout(10):
            while not await what():
                await self.start()
                await asyncio.sleep(0)

    async def counted(self) -> bool:
        return self.ended != Delivered()

    async def printed(self) -> bool:
        return "to the console" in self.console.getvalue()


@asynccontextmanager
async def opened(queue: Queue, clock: Clock, folder: Path, *routes: Route) -> AsyncIterator[Desk]:
    slow, console, url_file = Slow(clock), StringIO(), folder / "hook-url"
    async with serve(slow.handle) as server, Http(HttpSettings(allow_private_networks=True), clock=clock) as http:
        url_file.write_text(server.url)
        url_file.chmod(0o600)
        hook = Destination(DestinationKind.WEBHOOK, str(url_file))
        yield Desk(queue, slow, hook, Destinations(routes, clock=clock, http=http, console=console), console)
        slow.go.set()


@pytest.fixture
async def desk(queue: Queue, clock: Clock, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(queue, clock, tmp_path) as desk:
        yield desk


async def test_a_slow_destination_delays_no_other(desk: Desk) -> None:
    await desk.queue.put(desk.hook, "one", "two")
    await desk.start()
    await desk.slow.asked.wait()
    await desk.queue.put(CONSOLE, "to the console")
    await desk.until(desk.counted)
    assert desk.console.getvalue() == "to the console\n\n"
    assert await desk.queue.outcomes() == ["sending", "waiting", "sent"]


async def test_a_queue_under_way_is_not_started_twice(desk: Desk) -> None:
    async def sent() -> bool:
        return await desk.queue.outcomes() == ["sent", "sent"]

    await desk.queue.put(desk.hook, "one", "two")
    await desk.start()
    await desk.slow.asked.wait()
    assert await desk.start() == Delivered()
    desk.slow.go.set()
    await desk.until(sent)
    assert desk.slow.count == 2


async def test_a_start_counts_what_ended_before_it(desk: Desk) -> None:
    await desk.queue.put(CONSOLE, "to the console")
    assert await desk.start() == Delivered()
    await desk.until(desk.counted)
    assert desk.ended == Delivered(sent=1)
    assert await desk.start() == Delivered()


async def test_delivering_waits_for_the_slow_one(desk: Desk) -> None:
    await desk.queue.put(desk.hook, "one", "two")
    delivering = asyncio.create_task(desk.destinations.deliver(desk.queue.store, NOW))
    await desk.slow.asked.wait()
    assert not delivering.done()
    desk.slow.go.set()
    assert await delivering == Delivered(sent=2)


async def test_what_stands_behind_an_interrupted_row_goes_too(desk: Desk) -> None:
    await desk.queue.put(CONSOLE, "interrupted", "behind")
    first, _ = await desk.queue.store.ready(NOW)
    await desk.queue.store.begin(first, NOW)
    assert await desk.destinations.deliver(desk.queue.store, NOW) == Delivered(sent=2)
    assert desk.console.getvalue() == "interrupted\n\nbehind\n\n"


async def test_stopping_lets_the_row_under_way_end_and_begins_no_other(desk: Desk) -> None:
    await desk.queue.put(desk.hook, "one", "two")
    await desk.start()
    await desk.slow.asked.wait()
    stopping = asyncio.create_task(desk.destinations.stop(10))
    await asyncio.sleep(0)
    desk.slow.go.set()
    await stopping
    assert await desk.queue.outcomes() == ["sent", "waiting"]
    await desk.start()
    assert await desk.queue.outcomes() == ["sent", "waiting"]


async def test_what_cannot_end_in_time_is_cut_off_and_repeated(desk: Desk, clock: Clock) -> None:
    await desk.queue.put(desk.hook, "one")
    await desk.start()
    await desk.slow.asked.wait()
    await desk.destinations.stop(0)
    assert await desk.queue.outcomes() == ["sending"]
    desk.slow.go.set()
    async with Http(HttpSettings(allow_private_networks=True), clock=clock) as http:
        delivered = await Destinations([], clock=clock, http=http).deliver(desk.queue.store, NOW)
    assert delivered == Delivered(sent=1)


class Claimed:
    """The outbox while another process is always quicker to claim a row."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.ready, self.stuck, self.settle = store.ready, store.stuck, store.settle

    async def begin(self, delivery: Delivery, now: datetime, offset: int | None = None) -> Delivery:
        await self._store.begin(delivery, now, offset)
        return await self._store.begin(delivery, now, offset)


async def test_what_ended_a_queue_is_told_at_the_next_start_and_mended(desk: Desk) -> None:
    await desk.queue.put(CONSOLE, "to the console")
    await desk.destinations.start(Claimed(desk.queue.store), NOW)
    with pytest.raises(StoreError, match="somebody else"):
        await desk.until(desk.printed)
    await desk.until(desk.printed)


async def test_a_row_waits_from_the_moment_of_the_answer(desk: Desk, clock: Clock) -> None:
    desk.slow.answer = Answer(429, {"Retry-After": "120"})
    desk.slow.go.set()
    await desk.queue.put(desk.hook, "one")
    assert await desk.destinations.deliver(desk.queue.store, NOW) == Delivered(failed=1)
    (row,) = await desk.queue.rows()
    assert (row.outcome, row.not_before) == (Outcome.WAITING, NOW + timedelta(minutes=3))


async def test_a_row_is_sent_when_the_answer_came(desk: Desk) -> None:
    desk.slow.go.set()
    await desk.queue.put(desk.hook, "one", "two")
    await desk.destinations.deliver(desk.queue.store, NOW)
    sent = [row.sent for row in await desk.queue.rows()]
    assert sent == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]


async def test_a_queue_that_reaches_into_quiet_hours_is_held(queue: Queue, clock: Clock, tmp_path: Path) -> None:
    quiet = Route(name="kursk", to=CONSOLE, quiet=Quiet("10:01", "11:00"), digest=Schedule(cron="@daily"))
    async with opened(queue, clock, tmp_path, quiet) as desk:
        desk.slow.go.set()
        await queue.put(desk.hook, "before", "within")
        assert await desk.destinations.deliver(queue.store, NOW) == Delivered(sent=1, held=1)


async def test_a_fault_of_ours_with_one_destination_waits_and_stops_no_other(queue: Queue) -> None:
    """It may have sent: so what is repeated is looked for first."""
    console = StringIO()
    destinations = Destinations((), clock=Clock(NOW), console=console, telegram=Faulty())
    await queue.put(CHANNEL, "раз")
    await queue.put(CONSOLE, "два")
    assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1, failed=1)
    assert "два" in console.getvalue()
    assert await queue.store.ready(NOW + timedelta(seconds=29)) == []
    [row] = await queue.store.ready(NOW + timedelta(seconds=30))
    assert (row.outcome, row.tried is not None) == (Outcome.WAITING, True)
    assert "RuntimeError: nobody thought of o1; report it" in ((await queue.rows())[0].reason or "")
