"""Quiet hours of a route, in its own zone. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.model import Route
from bot.slots import quiet_until


def zone_of(route: Route) -> str:
    return route.digest.timezone if route.digest else "UTC"


def quiet_of(route: Route, now: datetime) -> datetime | None:
    """Until when the route is quiet; None if it is not."""
    return quiet_until(route.quiet, zone_of(route), now) if route.quiet else None
