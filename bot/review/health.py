"""For machines that watch the machine: is it alive, is it ready, and in numbers.

In: the store, the loop. Out: JSON, or Prometheus text. Invariant: no name of a place or source that is watched is in
it, and none of it counts a table that grows with the posts.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import StoreError
from bot.model import SourceMemory
from bot.review.desk import Desk, desk_of
from bot.review.labels import MANY
from bot.slots import Clock

STOPPED = 60.0
"""Seconds without a tick, after which the loop is no longer called alive; it ticks every second."""
STUCK = 900.0
"""Seconds without any answer from any source, after which it is no longer called ready."""


@dataclass(slots=True)
class Pulse:
    """When the service's loop ticked last; None until it has."""

    clock: Clock
    last: datetime | None = None

    async def beat(self) -> None:
        self.last = self.clock.now()


async def healthz(request: Request) -> Response:
    """200 while the loop ticks and the store answers; with how late the loop is, its last tick and the oldest delivery.

    A page that runs alone has no loop beside it: its `tick_age` is null.
    """
    desk = desk_of(request)
    lag = await _lag()
    tick = _age(desk, _pulse(request).last)
    try:
        oldest = await desk.store.oldest_waiting()
    except StoreError as error:
        return JSONResponse({"status": "store", "error": str(error)}, 503)
    age = (desk.now - oldest).total_seconds() if oldest else 0.0
    waiting = oldest.isoformat() if oldest else None
    status = "ok" if (tick or 0.0) <= STOPPED else "the loop has stopped"
    told = {"status": status, "loop_lag": round(lag, 4), "tick_age": tick, "oldest_waiting": waiting, "outbox_age": age}
    return JSONResponse(told, 200 if status == "ok" else 503)


def _pulse(request: Request) -> Pulse:
    pulse = request.app.state.pulse
    assert isinstance(pulse, Pulse)
    return pulse


async def readyz(request: Request) -> Response:
    """200 when the store answers and a source has answered lately, or none is configured; else 503 and why."""
    desk = desk_of(request)
    try:
        age = _silence(desk, await desk.store.memories())
    except StoreError as error:
        return JSONResponse({"status": "store", "error": str(error)}, 503)
    patience = max([STUCK, *(source.poll.total_seconds() * 3 for source in desk.config.sources[:1])])
    if desk.config.sources and (age is None or age > patience):
        return JSONResponse({"status": "no source has answered lately", "last_answer_age": age}, 503)
    return JSONResponse({"status": "ready", "last_answer_age": age})


async def metrics(request: Request) -> Response:
    """Prometheus text."""
    desk = desk_of(request)
    registry = CollectorRegistry()
    sources = await desk.store.memories()
    oldest = await desk.store.oldest_waiting()
    values = {
        "loop_lag_seconds": ("How late the event loop is", await _lag()),
        "tick_age_seconds": ("Since the loop ticked", _age(desk, _pulse(request).last) or 0.0),
        "outbox_age_seconds": ("Age of the oldest delivery that waits", _age(desk, oldest) or 0.0),
        "last_answer_age_seconds": ("Since any source answered", _silence(desk, sources) or 0.0),
        "queue_hits": (f"Hits that want a person, {MANY} at most", await desk.store.reviews.waiting(MANY)),
        "gaps": ("Recorded gaps over all sources", sum(len(each.cursor.gaps) for each in sources.values())),
    }
    for name, (about, value) in values.items():
        Gauge(f"placewire_{name}", about, registry=registry).set(value)
    by_state = Gauge("placewire_sources", "Sources by state", ["state"], registry=registry)
    for state, count in Counter(each.condition.state for each in sources.values()).items():
        by_state.labels(state).set(count)
    by_outcome = Gauge("placewire_deliveries", "The newest deliveries by outcome", ["outcome"], registry=registry)
    for outcome, count in Counter(row.outcome for row in await desk.store.newest_outbox(MANY)).items():
        by_outcome.labels(outcome).set(count)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


async def _lag() -> float:
    begun = time.perf_counter()
    await asyncio.sleep(0)
    return time.perf_counter() - begun


def _age(desk: Desk, moment: datetime | None) -> float | None:
    return (desk.now - moment).total_seconds() if moment else None


def _silence(desk: Desk, sources: Mapping[str, SourceMemory]) -> float | None:
    """Seconds since any source answered; None if none ever did."""
    return _age(desk, max((each.last_ok for each in sources.values() if each.last_ok), default=None))
