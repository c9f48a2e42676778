"""Drain the outbox: each destination in order, at its own pace, with its own trouble.

In: an outbox. Out: every row sent, parked or held with a reason, and how many of each. Invariants: a row is SENDING in
the store before anything of it leaves; a queue runs once at a time, and no queue waits for another.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import TextIO
from zoneinfo import ZoneInfo

import structlog

from bot.delivery.console import Console
from bot.delivery.file import File
from bot.delivery.outbox import Outbox
from bot.delivery.quiet import quiet_of, zone_of
from bot.delivery.sender import Sender
from bot.delivery.telegram import NeedsPublisher
from bot.delivery.webhook import Webhook
from bot.errors import (
    CardNotDrawn,
    DeliveryError,
    DeliveryUnknown,
    DestinationBusy,
    DestinationClosed,
    MessageGone,
    NotArrived,
    PlacewireError,
)
from bot.http import Http
from bot.model import Action, Delivery, DestinationKind, Outcome, Route
from bot.slots import Clock

log = structlog.get_logger()

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Rows of one round: `held` for now, `failed` and to be tried again, `dropped` with nothing left to do.

    `parked` counts those of `unknown` outcome, too.
    """

    sent: int = 0
    parked: int = 0
    unknown: int = 0
    held: int = 0
    failed: int = 0
    dropped: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


class Destinations:
    """Every destination of the routes. `console` is where `console` routes print.

    Without `http` webhooks park, without `telegram` what goes there does.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        clock: Clock,
        http: Http | None = None,
        console: TextIO | None = None,
        telegram: Sender | None = None,
    ) -> None:
        self._routes = {route.name: route for route in routes}
        self._senders: Mapping[DestinationKind, Sender] = {
            DestinationKind.CONSOLE: Console(console or sys.stdout),
            DestinationKind.FILE: File(),
            DestinationKind.WEBHOOK: Webhook(http, clock),
            DestinationKind.TELEGRAM: telegram or NeedsPublisher(),
        }
        self._clock = clock
        self._running: dict[str, asyncio.Task[Delivered]] = {}
        """By queue. One that has ended stays until the next start."""
        self._told: dict[str, str] = {}
        """The reason that was told last of each destination that has parked since it last took something."""
        self._starting = asyncio.Lock()
        self._stopping = False

    def promise(self, kind: DestinationKind) -> str:
        """What readers of such a destination may rely on, in words."""
        return self._senders[kind].promise

    async def deliver(self, outbox: Outbox, now: datetime) -> Delivered:
        """Send what is ready, and return when all of it had its turn.

        Raises StoreError when the outbox cannot be read or written, after every destination had its turn.
        """
        total = Delivered()
        # Again until nothing is left: what stands behind an interrupted row is ready only when that row was repeated.
        while started := await self._start(outbox, now):
            total += _total(await asyncio.gather(*started, return_exceptions=True))
        return total

    async def start(self, outbox: Outbox, now: datetime) -> Delivered:
        """Start every queue that has something ready and is not running, and return at once.

        Gives the rows of the queues that ended since the last call, and raises what ended one of them (a StoreError,
        as a rule) when the others are started; what it left is taken up by the next call.
        """
        ended = [task for task in self._running.values() if task.done()]
        await self._start(outbox, now)
        return _total(await asyncio.gather(*ended, return_exceptions=True))

    async def stop(self, seconds: float) -> None:
        """Begin no further row, and give those under way so many real seconds to end before they are cut off.

        A row that is cut off stays SENDING, and is repeated when the next process starts.
        """
        self._stopping = True
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start(self, outbox: Outbox, now: datetime) -> list[asyncio.Task[Delivered]]:
        async with self._starting:
            self._running = {queue: task for queue, task in self._running.items() if not task.done()}
            # Before the rows are read: a row that its queue settles meanwhile is read as it was, and must not go again.
            busy = set(self._running)
            # SENDING in a queue that does not run was interrupted, and is repeated first.
            queues = self._queues([*await outbox.stuck(), *await outbox.ready(now)])
            started = {
                queue: asyncio.create_task(self._drain(outbox, rows), name=f"deliver {queue}")
                for queue, rows in queues.items()
                if queue not in busy and not self._stopping
            }
            self._running |= started
            return list(started.values())

    def _queues(self, rows: Iterable[Delivery]) -> Mapping[str, Sequence[Delivery]]:
        queues: dict[str, list[Delivery]] = {}
        for delivery in rows:
            queues.setdefault(self._senders[delivery.to.kind].queue(delivery), []).append(delivery)
        return queues

    async def _drain(self, outbox: Outbox, queue: Sequence[Delivery]) -> Delivered:
        """One destination, until its first temporary trouble: what stands behind waits with it."""
        total, broken = Delivered(), dict[int | None, Delivery]()
        for delivery in queue:
            if self._stopping:
                break
            if first := broken.get(delivery.digest):
                total += await self._behind(outbox, delivery, first)
                continue
            now = self._clock.now()
            if delivery.outcome is Outcome.WAITING and (held := self._paced(delivery, now)):
                return total + await self._held(outbox, delivery, now, *held)
            step = await self._quiet(outbox, delivery, now) or await self._send(outbox, delivery, now)
            total += step
            if step.failed:
                break
            if step.parked > step.unknown and delivery.digest is not None:
                broken[delivery.digest] = delivery
        return total

    async def _behind(self, outbox: Outbox, delivery: Delivery, first: Delivery) -> Delivered:
        """A later part of a digest that broke off: the store gives it out again when the first one is sent."""
        reason, lost = f"waits for {first.key}, an earlier part of its digest", delivery.tried is not None
        await outbox.settle(delivery, Outcome.WAITING, now=self._clock.now(), reason=reason, lost=lost)
        return Delivered(held=1)

    async def _quiet(self, outbox: Outbox, delivery: Delivery, now: datetime) -> Delivered | None:
        """Hold a row that its route's quiet hours hold; one that a crash interrupted goes on."""
        route = self._routes.get(delivery.route)
        rings = delivery.action is Action.SEND and not delivery.message.silent
        until = quiet_of(route, now) if route and rings and delivery.outcome is Outcome.WAITING else None
        if route is None or until is None:
            return None
        zone = zone_of(route)
        reason = f"quiet hours: held until {until.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"
        return await self._held(outbox, delivery, now, until, reason)

    def _paced(self, delivery: Delivery, now: datetime) -> tuple[datetime, str] | None:
        """Until when the destination's pace holds this row, and with it all behind it."""
        until = self._senders[delivery.to.kind].pause(delivery, now)
        return (until, f"pace: held until {until:%H:%M:%S} UTC") if until else None

    @staticmethod
    async def _held(outbox: Outbox, delivery: Delivery, now: datetime, until: datetime, reason: str) -> Delivered:
        lost = delivery.tried is not None
        await outbox.settle(delivery, Outcome.WAITING, now=now, reason=reason, not_before=until, lost=lost)
        return Delivered(held=1)

    async def _send(self, outbox: Outbox, delivery: Delivery, now: datetime) -> Delivered:
        sender = self._senders[delivery.to.kind]
        try:
            begun = await outbox.begin(delivery, now, sender.offset(delivery))
            receipt = await _sent(sender, _changeable(replace(begun, tried=delivery.tried)))
        except DestinationBusy as error:
            now = self._clock.now()
            until = now + max(error.delay, backoff(delivery.attempts))
            lost, reason = error.lost or delivery.tried is not None, f"{error}; again at {until:%d %b %H:%M:%S} UTC"
            await outbox.settle(delivery, Outcome.WAITING, now=now, reason=reason, not_before=until, lost=lost)
            return Delivered(failed=1)
        except NotArrived as error:
            await outbox.settle(delivery, Outcome.WAITING, now=self._clock.now(), reason=str(error))
            return Delivered(failed=1)
        except DestinationClosed as error:
            lost = delivery.tried is not None
            await outbox.settle(delivery, Outcome.PARKED, now=self._clock.now(), reason=str(error), lost=lost)
            self._tell(delivery, error)
            return Delivered(parked=1)
        except (MessageGone, CardNotDrawn) as error:
            await outbox.settle(delivery, Outcome.DROPPED, now=self._clock.now(), reason=str(error))
            return Delivered(dropped=1)
        except DeliveryUnknown as error:
            await outbox.settle(delivery, Outcome.UNKNOWN, now=self._clock.now(), reason=str(error))
            self._tell(delivery, error)
            return Delivered(parked=1, unknown=1)
        await outbox.settle(begun, Outcome.SENT, now=self._clock.now(), receipt=receipt)
        self._told.pop(str(delivery.to), None)
        return Delivered(sent=1)

    def _tell(self, delivery: Delivery, error: DeliveryError) -> None:
        """Tell the operator in the log, once for each reason that a destination gives."""
        to, why = str(delivery.to), str(error)
        if self._told.get(to) != why:
            log.warning("delivery parked", to=to, row=delivery.key, why=error.what, do=error.remedy)
        self._told[to] = why


async def _sent(sender: Sender, delivery: Delivery) -> str:
    try:
        return await sender.send(delivery)
    except PlacewireError:
        raise
    except Exception as error:
        # Invariant 9: a fault of ours with one destination waits as any other, and is not met again at every tick.
        log.exception("delivering failed", to=str(delivery.to), row=delivery.key)
        what = f"{type(error).__name__}: {error}"[:200]
        raise DestinationBusy(str(delivery.to), what, "report it", delay=FIRST_WAIT, lost=True) from error


def _changeable(delivery: Delivery) -> Delivery:
    """The row, unless it changes a message that cannot be changed. Raises DestinationClosed."""
    if delivery.action is Action.SEND:
        return delivery
    if not delivery.to.kind.can_change:
        what = f"what was sent to a {delivery.to.kind} cannot be changed"
        raise DestinationClosed(str(delivery.to), what, "nothing is lost: it shows the message as it was")
    if delivery.target is None:
        remedy = "see `outbox`: `settle ID --arrived --link ADDRESS` names a message that is there"
        raise DestinationClosed(str(delivery.to), "the message to be changed is not sent, or not known", remedy)
    return delivery


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many earlier attempts: 30 s, 1 min, 2 min, ... at most an hour."""
    return min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT)


def _total(drained: Sequence[Delivered | BaseException]) -> Delivered:
    """The sum, when every destination had its turn; then the first fault that was not a destination's own."""
    total = Delivered()
    for result in drained:
        if isinstance(result, BaseException):
            raise result
        total += result
    return total
