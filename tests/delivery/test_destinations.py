"""Draining the outbox: order, quiet hours, patience, and one destination's trouble that stays its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO, TextIOWrapper
from pathlib import Path

import pytest

from bot.delivery import Delivered, Destinations, idempotency_key
from bot.delivery.destinations import LONGEST_WAIT, backoff
from bot.model import Destination, DestinationKind, Outcome, Quiet, Route, Schedule
from tests.delivery.desk import NOW, Clock, Queue

CONSOLE = Destination(DestinationKind.CONSOLE)
TELEGRAM = Destination(DestinationKind.TELEGRAM, "@news")


def route(to: Destination = CONSOLE, quiet: Quiet | None = None) -> Route:
    return Route(name="kursk", to=to, quiet=quiet, digest=Schedule(cron="0 9 * * *", timezone="Europe/Kyiv"))


async def test_the_console_prints_in_order(queue: Queue, clock: Clock) -> None:
    stream = StringIO()
    await queue.put(CONSOLE, "first", "second")
    assert await Destinations([route()], clock=clock, console=stream).deliver(queue.store, NOW) == Delivered(sent=2)
    assert stream.getvalue() == "first\n\nsecond\n\n"
    assert await queue.outcomes() == ["sent", "sent"]


async def test_nothing_is_sent_twice(queue: Queue, clock: Clock) -> None:
    stream = StringIO()
    destinations = Destinations([route()], clock=clock, console=stream)
    await queue.put(CONSOLE, "only once")
    await destinations.deliver(queue.store, NOW)
    assert await destinations.deliver(queue.store, NOW) == Delivered()
    assert stream.getvalue().count("only once") == 1


async def test_a_console_without_cyrillic_gets_question_marks(queue: Queue, clock: Clock) -> None:
    class Bytes(StringIO):
        encoding = "ascii"

    stream = Bytes()
    await queue.put(CONSOLE, "Суджа!")
    await Destinations([route()], clock=clock, console=stream).deliver(queue.store, NOW)
    assert stream.getvalue() == "?????!\n\n"


async def test_a_closed_console_parks(queue: Queue, clock: Clock, tmp_path: Path) -> None:
    stream = (tmp_path / "out").open("w")
    stream.close()
    assert isinstance(stream, TextIOWrapper)
    await queue.put(CONSOLE, "text")
    delivered = await Destinations([route()], clock=clock, console=stream).deliver(queue.store, NOW)
    assert delivered == Delivered(parked=1)


async def test_telegram_without_publisher_is_parked_with_its_reason(queue: Queue, clock: Clock) -> None:
    await queue.put(TELEGRAM, "one", "two")
    delivered = await Destinations([route(TELEGRAM)], clock=clock).deliver(queue.store, NOW)
    assert delivered == Delivered(parked=2)
    assert [row.outcome for row in await queue.rows()] == [Outcome.PARKED, Outcome.PARKED]
    assert all("needs publisher: " in row.reason for row in await queue.rows())


async def test_quiet_hours_hold_and_then_let_go(queue: Queue, clock: Clock) -> None:
    stream = StringIO()
    destinations = Destinations([route(quiet=Quiet("23:00", "07:00"))], clock=clock, console=stream)
    await queue.put(CONSOLE, "night")
    night, morning = datetime(2026, 1, 6, 22, 0, tzinfo=UTC), datetime(2026, 1, 7, 5, 0, tzinfo=UTC)
    clock.moment = night
    assert await destinations.deliver(queue.store, night) == Delivered(held=1)
    (row,) = await queue.rows()
    assert (row.outcome, row.not_before) == ("waiting", morning)
    assert row.reason == "quiet hours: held until 07:00 (Europe/Kyiv)"
    assert await destinations.deliver(queue.store, morning - timedelta(seconds=1)) == Delivered()
    clock.moment = morning
    assert await destinations.deliver(queue.store, morning) == Delivered(sent=1)
    assert stream.getvalue() == "night\n\n"


async def test_what_a_crash_interrupted_is_repeated(queue: Queue, clock: Clock) -> None:
    stream = StringIO()
    await queue.put(CONSOLE, "maybe printed")
    (waiting,) = await queue.store.ready(NOW)
    await queue.store.begin(waiting, NOW)
    delivered = await Destinations([route()], clock=clock, console=stream).deliver(queue.store, NOW)
    assert delivered == Delivered(sent=1)
    assert stream.getvalue() == "maybe printed\n\n"


async def test_one_destination_s_trouble_stays_there(queue: Queue, clock: Clock, tmp_path: Path) -> None:
    stream = StringIO()
    blocked = Destination(DestinationKind.FILE, str(tmp_path))
    await queue.put(blocked, "to a folder")
    await queue.put(TELEGRAM, "to a channel")
    await queue.put(CONSOLE, "to the console")
    delivered = await Destinations([route()], clock=clock, console=stream).deliver(queue.store, NOW)
    assert delivered == Delivered(sent=1, parked=2)
    assert stream.getvalue() == "to the console\n\n"


@pytest.mark.parametrize("kind", list(DestinationKind))
def test_every_kind_states_its_promise(kind: DestinationKind, clock: Clock) -> None:
    assert Destinations([], clock=clock).promise(kind)


def test_the_wait_grows_to_an_hour() -> None:
    waits = [backoff(attempts) for attempts in range(100)]
    assert waits[0] == timedelta(seconds=30)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


def test_a_key_is_the_same_for_the_same_message_only() -> None:
    keys = {
        idempotency_key(secret, route, slot, part, revision)
        for secret in (b"a", b"b")
        for route in ("kursk", "kursk1")
        for slot in (NOW, NOW + timedelta(seconds=1), "s7")
        for part in (1, 2)
        for revision in (1, 2)
    }
    assert len(keys) == 48
    assert all(len(key) == 32 for key in keys)
    kyiv = NOW.astimezone(tz=None)
    assert idempotency_key(b"a", "kursk", NOW, 1) == idempotency_key(b"a", "kursk", kyiv, 1)


def test_fields_of_a_key_do_not_run_together() -> None:
    assert idempotency_key(b"a", "r1", "s", 1) != idempotency_key(b"a", "r", "1s", 1)
