"""`backfill SOURCE`: older posts of one source, stored, matched, and told as late.

In: orders that the store keeps, so that a running service carries them out too. Out: posts that arrive as BACKFILL.
Invariant: what is stored already stays as it is, the cursor does not move, and what is newer than it is no backfill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import structlog

from bot.config import Config
from bot.errors import WrongUsage
from bot.model import Arrival, Condition, Post, Reading, SourceKind, SourceMemory
from bot.pipeline import House, poll, think
from bot.service.house import open_house
from bot.service.memory import writing
from bot.slots import Clock
from bot.sources import after
from bot.store import holder

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of an order: how many posts are new, and what the source said."""

    new: int
    condition: Condition


async def ask(config: Config, name: str, count: int) -> int | None:
    """Keep the order; gives the pid of the service that will carry it out (0: unknown), None if none runs."""
    if name not in {source.name for source in config.sources}:
        raise WrongUsage(name, "is no source", "name one of sources.yaml; `sources` lists them")
    async with writing(config) as store:
        await store.upkeep.order(name, count)
    return holder(config.database)


async def alone(config: Config, clock: Clock) -> Mapping[str, Filled]:
    """Carry out what waits, match and group it, where no service runs. Raises `AlreadyRunning` if one does."""
    async with open_house(config, clock) as house:
        filled = await carry_out(house)
        await think(house)
    return filled


async def carry_out(house: House) -> Mapping[str, Filled]:
    """Read for every order that its source allows now; gives what became of each."""
    orders = await house.store.upkeep.orders()
    return {name: await _fill(house, name, count) for name, count in orders.items()} if orders else _NOTHING


_NOTHING: Mapping[str, Filled] = MappingProxyType({})


async def _fill(house: House, name: str, count: int) -> Filled:
    if name not in house.sources:
        await house.store.upkeep.carried_out(name, count)
        return Filled(0, Condition(state="retired", detail="is configured no more"))
    memory = await house.store.memory(name)
    until, now = memory.condition.until, house.clock.now()
    if until and until > now:
        return Filled(0, memory.condition)  # the source asks for patience: the order waits
    filled = await _read(house, name, count, memory)
    await house.store.upkeep.carried_out(name, count)
    log.info("backfilled", source=name, asked=count, new=filled.new, state=filled.condition.state)
    return filled


async def _read(house: House, name: str, count: int, memory: SourceMemory) -> Filled:
    """All from the newest post down, once more. What came since the last poll is polled before: it is not late."""
    first = memory.first_read is None
    if not first:
        await poll(house, name)
        memory = await house.store.memory(name)
    source = replace(house.sources[name], backfill=count)
    reading = await house.reader.read(source, memory if first else _afresh(memory), house.clock.now())
    now = house.clock.now()
    if first:
        kept = after(source, memory, reading, now)
    else:
        kept = await house.store.memory(name)  # a poll may have moved it meanwhile
        reading = _older(reading, kept, source.kind)
    committed = await house.store.commit_reading(reading, kept, now)
    return Filled(len(committed.new), reading.condition)


def _afresh(memory: SourceMemory) -> SourceMemory:
    """The memory of a source that was never read; by what its posts are known stays."""
    cursor = replace(memory.cursor, etag=None, last_modified=None, body_hash=None)
    return replace(memory, first_read=None, cursor=cursor)


def _older(reading: Reading, memory: SourceMemory, kind: SourceKind) -> Reading:
    """The reading without what is still to come; nothing else than posts is taken from it."""
    posts = reading.posts if kind is SourceKind.FEED else tuple(each for each in reading.posts if _passed(each, memory))
    backfilled = reading.backfilled & {each.id for each in posts}
    return replace(
        reading, posts=posts, backfilled=backfilled, cursor=memory.cursor, window=None, arrival=Arrival.BASELINE
    )


def _passed(post: Post, memory: SourceMemory) -> bool:
    """Whether the cursor is past it. What lies beyond, or in a gap, is still to come, and is no backfill."""
    number = int(post.id)
    in_gap = any(gap.low <= number <= gap.high for gap in memory.cursor.gaps)
    return number <= (memory.cursor.newest or 0) and not in_gap
