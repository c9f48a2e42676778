"""How long a server asks us to wait.

In: a Retry-After header and `now`. Out: a `timedelta` between nothing and a day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)
DEFAULT = timedelta(minutes=5)


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date; at most 24 hours; None where there is no header or it cannot be read."""
    if value is None:
        return None
    wait = _seconds(value.strip())
    if wait is None:
        wait = _until(value, now)
    return None if wait is None else min(max(wait, timedelta(0)), LONGEST)


def _seconds(value: str) -> timedelta | None:
    if not (value.isascii() and value.isdigit()):
        return None
    # Longer numbers than a day's seconds are a day; timedelta would overflow on absurd ones.
    return timedelta(seconds=min(int(value[:12]), LONGEST.total_seconds()))


def _until(value: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
