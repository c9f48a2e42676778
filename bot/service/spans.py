"""How long, how far back, until when: what a person writes after --for, --since and --until."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.errors import WrongUsage

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DATE = "a date in UTC: 2026-11-01, 2026-11-01T18:00"


def length(text: str, option: str) -> timedelta:
    """A duration: 24h, 30d. Raises `WrongUsage`."""
    found = _length(text)
    if found is None:
        raise WrongUsage(option, f"{text!r} is no duration", "write a whole number with s, m, h or d, as in 24h")
    return found


def moment(text: str, now: datetime, option: str = "--since") -> datetime:
    """So long ago, or a date in UTC: 30d, 2026-11-01. Raises `WrongUsage`."""
    if (ago := _length(text)) is not None:
        return _before(now, ago)
    found = _date(text)
    if found is None:
        raise WrongUsage(option, f"{text!r} is no moment", f"write how long ago it was (24h, 7d), or {_DATE}")
    return found


def date(text: str, option: str) -> datetime:
    """A date in UTC, perhaps with a time: 2026-11-01T18:00. Raises `WrongUsage`."""
    found = _date(text)
    if found is None:
        raise WrongUsage(option, f"{text!r} is no date", f"write {_DATE}")
    return found


def _length(text: str) -> timedelta | None:
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text, re.ASCII)
    return timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None


def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _before(now: datetime, span: timedelta) -> datetime:
    try:
        return now - span
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
