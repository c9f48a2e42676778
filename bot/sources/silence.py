"""Channels that are silent while their neighbours speak: perhaps nobody wrote, perhaps we do not see it.

In: when each channel's newest posts were published. Out: for how long which are silent, beside what is usual. Pure.
Invariant: where most channels are silent nobody is suspected, for then the cause is ours, or the night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

LEARNT_FROM = 50
"""So many of a channel's newest posts show its rhythm ..."""
LEAST = 20
"""... and so many must there be."""
SHORTEST = timedelta(hours=3)
NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The newest post, and the usual and the longest pause between posts."""

    last: datetime
    usual: timedelta
    longest: timedelta

    def broken(self, now: datetime) -> bool:
        """Whether the pause since the last post is twice the longest that was seen."""
        return now - self.last > max(2 * self.longest, SHORTEST)


@dataclass(frozen=True, slots=True)
class Silence:
    """`lasts` up to now; `usual` is the usual pause between two posts."""

    lasts: timedelta
    usual: timedelta

    def __str__(self) -> str:
        return f"no post for {_rough(self.lasts)}, usually one in {_rough(self.usual)}"


def rhythm(published: Sequence[datetime]) -> Rhythm | None:
    """None for a channel of too few posts."""
    if len(published) < LEAST:
        return None
    times = sorted(published)
    pauses = sorted(later - earlier for earlier, later in pairwise(times))
    return Rhythm(times[-1], pauses[len(pauses) // 2], pauses[-1])


def silent(published: Mapping[str, Sequence[datetime]], now: datetime) -> dict[str, Silence]:
    """The channels that are silent, if most of the others are not."""
    known = {name: found for name, times in published.items() if (found := rhythm(times))}
    broken = {name for name, found in known.items() if found.broken(now)}
    if len(known) <= NEIGHBOURS or 2 * len(broken) > len(known):
        return {}
    return {name: Silence(now - known[name].last, known[name].usual) for name in sorted(broken)}


def _rough(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 48 * 60 else f"{round(minutes / 1440)} days"
