"""When a source is asked again: pure rules over what is remembered and what the poll came to.

In: source, memory, reading, now. Out: the new memory. Quiet sources are asked less often, failing ones ever more
rarely and never not at all, and never before the time that they set themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.model import NO_ROOM, WORKING, Condition, Reading, Source, SourceKind, SourceMemory, Via

GROWTH = 1.25
"""A poll without news makes the interval so much longer."""
QUIETEST = {SourceKind.FEED: 4, SourceKind.CHANNEL: 2}
"""At most so many times `poll`."""
LONGEST_QUIET = timedelta(hours=1)
LONGEST_BACKOFF = timedelta(hours=6)
ROOM_AGAIN = timedelta(minutes=5)
"""So soon after our own disk was full a source is asked again: it is no fault of the source."""
DAILY = timedelta(hours=24)
DAILY_STATES = frozenset({"gone", "refused"})
"""States that only the operator or the publisher can end."""
JITTER = 0.1


def after(source: Source, memory: SourceMemory, reading: Reading, now: datetime) -> SourceMemory:
    """The memory of a source after a poll; `condition.until` is kept to the second."""
    works = reading.condition.state in WORKING
    failures = 0 if works else memory.failures + (reading.condition.state != NO_ROOM)
    read = works or bool(reading.posts)
    interval = _interval(source, memory, reading) if read else memory.interval or source.poll
    wait = interval if read else _backoff(source, reading.condition, failures)
    due = now + _spread(source.name, wait)
    until = reading.condition.until
    return replace(
        memory,
        cursor=reading.cursor,
        condition=_since(memory.condition, reading.condition, now),
        first_read=memory.first_read or (now if read else None),
        last_ok=now if works else memory.last_ok,
        failures=failures,
        interval=interval,
        due=max(due, until) if until else due,
    )


def _since(before: Condition, state: Condition, now: datetime) -> Condition:
    same = before.state == state.state and before.since is not None
    return replace(state, since=before.since if same else now)


def _interval(source: Source, memory: SourceMemory, reading: Reading) -> timedelta:
    """`poll` when there was news, longer poll by poll when there was none."""
    if memory.interval is None or _news(memory, reading):
        return source.poll
    longest = max(source.poll, min(source.poll * QUIETEST[source.kind], LONGEST_QUIET))
    return min(max(memory.interval, source.poll) * GROWTH, longest)


def _news(memory: SourceMemory, reading: Reading) -> bool:
    before, now = memory.cursor, reading.cursor
    return bool(reading.posts) and (before.newest, before.body_hash) != (now.newest, now.body_hash)


def _backoff(source: Source, condition: Condition, failures: int) -> timedelta:
    if condition.state == NO_ROOM:
        return min(source.poll, ROOM_AGAIN)
    if condition.state in DAILY_STATES or _waits_for_reader(source, condition):
        return DAILY
    doubled = source.poll * (1 << min(failures - 1, 20))
    return max(source.poll, min(doubled, LONGEST_BACKOFF))


def _waits_for_reader(source: Source, condition: Condition) -> bool:
    """Where an account alone will do; with `auto` the channel's preview may come back by itself."""
    return condition.state == "needs_reader" and source.via is Via.MTPROTO


def _spread(name: str, wait: timedelta) -> timedelta:
    """A little longer for each source by its name, so that those of one interval do not all come at once."""
    share = int.from_bytes(sha256(name.encode()).digest()[:4]) / 2**32
    return wait * (1 + JITTER * share)
