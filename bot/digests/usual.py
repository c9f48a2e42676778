"""What is unusual: far more posts of a place than there usually are, or none where there usually are many. Pure.

In: counts that were made from what is stored. Out: an `Unusual`, or None. Invariant: where too little is known of what
is usual, nothing is unusual.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Lull, Spike

KNOWN = timedelta(days=1)
"""For so long a place must have been watched before anything is called usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Posts of a place in a time, and in the time before, of which `known` was really watched."""

    posts: int
    before: int
    known: timedelta
    last: datetime | None = None
    """When the last post of the place was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """`posts` in the time of the option, where `usual` are usual; for a lull a day's, and `lasting` since the last."""

    posts: int
    usual: float
    lasting: timedelta


def spike(options: Spike, counted: Counted) -> Unusual | None:
    """Whether a place is named far more often than usual."""
    if counted.known < KNOWN:
        return None
    usual = counted.before * (options.within / counted.known)
    if counted.posts < options.least or counted.posts < options.times * usual:
        return None
    return Unusual(posts=counted.posts, usual=usual, lasting=options.within)


def lull(options: Lull, counted: Counted, now: datetime) -> Unusual | None:
    """Whether a place that is usually named has not been for long. `before` counts the time up to its last post."""
    if counted.posts or counted.last is None or counted.known < KNOWN:
        return None
    lasting = now - counted.last
    usual = counted.before * (timedelta(days=1) / counted.known)
    return (
        Unusual(posts=0, usual=usual, lasting=lasting) if lasting >= options.after and usual >= options.usual else None
    )
