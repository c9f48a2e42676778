"""The step between grouping and composing: everything that routes send outside of their digests.

In: a desk, and when each part looked last. Out: notices in the outbox. Invariant: a route that fails silences no other.
"""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime

import structlog

from bot.config import OPS
from bot.errors import StoreError
from bot.model import Route
from bot.notices.corrections import correct
from bot.notices.desk import Desk, Rounds
from bot.notices.holding import gives_way
from bot.notices.ops import report
from bot.notices.unusual import watch_usual
from bot.notices.urgent import ring

log = structlog.get_logger()


async def announce(desk: Desk, rounds: Rounds, now: datetime) -> int:
    """Ring, correct and report what is due. Gives the number of notices."""
    saved = 0
    for route in desk.config.routes:
        for part in (_ring, correct, watch_usual):
            saved += await _guarded(part(desk, route, rounds, now), route.name)
    return saved + await _guarded(report(desk, rounds, now), OPS)


async def _ring(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> int:
    return 0 if await gives_way(desk, route, rounds, now) else await ring(desk, route, rounds, now)


async def _guarded(part: Awaitable[int], route: str) -> int:
    try:
        return await part
    except StoreError:
        raise
    except Exception:
        # Invariant 9: a fault of ours on one route must not silence the others.
        log.exception("a notice could not be made", route=route)
        return 0
