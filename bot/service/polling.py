"""Polls outside the service: `poll TARGET...`, and the question of `check`, whether each source can be read.

In: a configuration and what to read. Out: posts as the contract prints them, and each source's condition. Nothing is
stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.config import Config, masked
from bot.errors import StoreError
from bot.model import Condition, Reading, Source, SourceMemory
from bot.service.clock import SystemClock
from bot.service.house import open_http, open_reader
from bot.service.memory import looking
from bot.sources import Reader, Refusal, doors, poll_lines, target, told

Print = Callable[[Iterable[dict[str, Any]]], None]


async def poll_targets(config: Config, targets: Sequence[str], show: Print) -> dict[str, Condition]:
    """Read each target in turn and print its posts; gives each one's condition."""
    conditions = {}
    async with _reader(config) as reader:
        for written in targets:
            source, written = source_of(config, written), masked(written)  # noqa: PLW2901
            if isinstance(source, Refusal):
                conditions[written] = Condition(state="refused", detail=source.what, remedy=source.remedy)
                continue
            reading = await _read(reader, source)
            show(poll_lines(reading))
            conditions[written] = reading.condition
    return conditions


async def poll_all(config: Config) -> dict[str, Condition]:
    """The condition of every configured source, read side by side."""
    async with _reader(config) as reader:
        readings = await asyncio.gather(*(_read(reader, source) for source in config.sources))
    return {reading.source: reading.condition for reading in readings}


async def pace(config: Config) -> list[str]:
    """How often channels are really read, in words; with what a database, if there is one, knows of them."""
    memories = await memories_of(config)
    telegram = config.telegram
    names = [reader.name for reader in telegram.readers]
    found = doors(config.sources, names, memories, min_interval=telegram.web.min_interval)
    return told(found, SystemClock().now())


async def memories_of(config: Config) -> Mapping[str, SourceMemory]:
    """What the database knows of the sources, if there is one that can be read."""
    try:
        async with looking(config) as store:
            return await store.memories()
    except StoreError:
        return {}


def source_of(config: Config, written: str) -> Source | Refusal:
    """The configured source that `written` names or addresses, else one made of the address or the @channel."""
    for source in config.sources:
        if written in {source.name, f"@{source.name}", source.address}:
            return source
    return target(written)


@asynccontextmanager
async def _reader(config: Config) -> AsyncIterator[Reader]:
    clock = SystemClock()
    async with open_http(config, clock) as http, open_reader(config, http, clock) as reader:
        yield reader


async def _read(reader: Reader, source: Source) -> Reading:
    return await reader.read(source, SourceMemory(name=source.name), SystemClock().now())
