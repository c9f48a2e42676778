"""How long, how far back: what a person writes after --since and --for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.errors import WrongUsage

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def length(text: str, option: str = "--since") -> timedelta:
    """A duration: 24h, 30d. Raises `WrongUsage`."""
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text)
    if not found:
        raise WrongUsage(option, f"{text!r} is no duration", "write a whole number with s, m, h or d, as in 24h")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def moment(text: str, now: datetime) -> datetime:
    """So long ago, or a date in UTC: 30d, 2026-11-01. Raises `WrongUsage`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _ago(length(text), now)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ago(span: timedelta, now: datetime) -> datetime:
    try:
        return now - span
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
