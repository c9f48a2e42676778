"""What Telegram's channels ask of the ways to them, and how often each is really read. Pure arithmetic, in one place.

In: channels, the readers' names, and what is remembered. Out: a `Door` for the public preview and for each account.
Invariant: a door that cannot keep up lets all of its channels wait in the same proportion, for they go by who is due.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.model import Source, SourceKind, SourceMemory, Via
from bot.sources.window import SWEEP_EVERY, SWEEP_PAGES

ACCOUNT_REQUESTS = 1.0
"""Requests a second that an account may send for ever without flood waits."""
NAMES_AT_ONCE = 160
NAMES_AGAIN = timedelta(hours=18)
"""After so many names an account was seen to wait so long (15-18 h) before it may resolve more."""
PREVIEW = "the preview"
UNITS = (("h", timedelta(hours=1), timedelta(hours=10)), ("m", timedelta(minutes=1), timedelta(minutes=10)))
"""Each unit of a duration with the length above which it is told in whole ones; shorter than all, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One way to channels, with all that are read that way. `capacity` is in requests a second."""

    name: str
    channels: tuple[Source, ...]
    capacity: float
    unresolved: int = 0
    """Names that this account has yet to resolve."""

    @property
    def asked(self) -> float:
        """Requests a second that `poll:` of its channels asks for."""
        return requests([channel.poll.total_seconds() for channel in self.channels])

    @property
    def stretch(self) -> float:
        """By how much longer than `poll:` every channel waits; 1 where the door keeps up."""
        return stretch([channel.poll.total_seconds() for channel in self.channels], self.capacity)

    def interval(self, channel: Source) -> timedelta:
        """How often the channel is really read."""
        return channel.poll * self.stretch

    @property
    def enough(self) -> timedelta:
        """The shortest `poll:` that the door could keep if all of its channels had the same."""
        return timedelta(seconds=math.ceil(stretch([1.0] * len(self.channels), self.capacity)))

    def resolved_at(self, now: datetime) -> datetime:
        """When the last name is resolved, if none was today."""
        return now + NAMES_AGAIN * (max(0, self.unresolved - 1) // NAMES_AT_ONCE)


def requests(intervals: Sequence[float]) -> float:
    """Requests a second: each reading asks for the newest page, and now and then for older ones too.

    These are the further pages of a sweep, and one step of the slow round after it.
    """
    sweep = SWEEP_EVERY.total_seconds()
    return sum(1 / every + SWEEP_PAGES / max(every, sweep) for every in intervals)


def stretch(intervals: Sequence[float], capacity: float) -> float:
    """The factor, to a thousandth, by which all intervals must grow for a capacity in requests a second."""
    low, high = 1.0, 1.0
    while requests([each * high for each in intervals]) > capacity:
        low, high = high, high * 2
    while high - low > low / 1000:
        middle = (low + high) / 2
        low, high = (middle, high) if requests([each * middle for each in intervals]) > capacity else (low, middle)
    return high


def account_of(channel: str, accounts: Iterable[str]) -> str:
    """The account that a channel falls to by its name; a new account moves only what falls to itself."""
    return max(accounts, key=lambda name: sha256(f"{channel}\0{name}".encode()).digest())


def kept_by(memory: SourceMemory | None, accounts: Iterable[str]) -> str | None:
    """The account that has resolved the channel's name already, if it is still there."""
    there = set(accounts)
    return next((each.account for each in memory.cursor.access if each.account in there), None) if memory else None


def doors(
    sources: Sequence[Source],
    readers: Sequence[str],
    memories: Mapping[str, SourceMemory],
    *,
    min_interval: timedelta,
) -> tuple[Door, ...]:
    """The preview first, then the readers; those without a channel are left out."""
    shared: dict[str, list[Source]] = {PREVIEW: [], **{f"reader {name}": [] for name in readers}}
    unresolved = dict.fromkeys(shared, 0)
    for channel in sources:
        if channel.kind is SourceKind.CHANNEL:
            known = kept_by(memories.get(channel.name), readers)
            door = (
                f"reader {known or account_of(channel.name, readers)}"
                if _by_account(channel, known, readers)
                else PREVIEW
            )
            shared[door].append(channel)
            unresolved[door] += known is None
    return tuple(
        Door(
            name=name,
            channels=tuple(channels),
            capacity=1 / min_interval.total_seconds() if name == PREVIEW else ACCOUNT_REQUESTS,
            unresolved=0 if name == PREVIEW else unresolved[name],
        )
        for name, channels in shared.items()
        if channels
    )


def _by_account(channel: Source, known: str | None, readers: Sequence[str]) -> bool:
    """With `auto` a channel begins at the preview, and stays with an account that once had to read it."""
    return bool(readers) and (channel.via is Via.MTPROTO or (channel.via is Via.AUTO and known is not None))


# ---------------------------------------------------------------- in words


def told(found: Sequence[Door], now: datetime) -> list[str]:
    """Each door, what its channels really get, and where `poll:` cannot be kept."""
    return [line for door in found for line in _told(door, now)]


def _told(door: Door, now: datetime) -> list[str]:
    count = len(door.channels)
    what = f"{count} channel{'' if count == 1 else 's'}"
    lines = [f"{door.name}: {what}, {door.asked:.2f} requests a second of {door.capacity:.2f}"]
    for poll in sorted({channel.poll for channel in door.channels}):
        names = [channel.name for channel in door.channels if channel.poll == poll]
        really = door.interval(next(channel for channel in door.channels if channel.poll == poll))
        lines.append(f"  read every {_rounded(really)}: {_some(names)}")
    if door.stretch > 1:
        other = "read some by `via: mtproto`" if door.name == PREVIEW else "add a reader, or read some by `via: web`"
        lines.append(f"  `poll:` cannot be kept: write `poll: {_rounded(door.enough)}` or longer, or {other}")
    if door.unresolved:
        day = door.resolved_at(now)
        when = "at once" if day == now else f"by {day:%d %b %Y}"
        lines.append(f"  names to resolve: {door.unresolved}, all of them {when}")
    return lines


def _rounded(interval: timedelta) -> str:
    """As the files write it, rounded up, so that it can be kept: 90s, 134m, 15h."""
    letter, unit = next(
        ((letter, unit) for letter, unit, above in UNITS if interval > above), ("s", timedelta(seconds=1))
    )
    return f"{math.ceil(interval / unit)}{letter}"


def _some(names: Sequence[str], shown: int = 3) -> str:
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")
