"""Opening the store alone: for commands that look, and need nothing else of the house.

In: a `Config`. Out: an open `Store`, closed again at the end of the block.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog

from bot.config import Config
from bot.store import Store

_A_WHILE = 10
"""Seconds."""
log = structlog.get_logger()


@asynccontextmanager
async def writing(config: Config, now: datetime | None = None) -> AsyncIterator[Store]:
    """The store, brought to this version's schema; what takes a while is told before."""
    if (ahead := await Store.ahead(config.database)) and ahead.seconds >= _A_WHILE:
        log.warning(
            "the database is brought to this version's schema",
            database=config.shown_database,
            schema=f"{ahead.found} to {ahead.to}",
            wordings=ahead.wordings,
            takes=f"about {max(round(ahead.seconds / 60), 1)} min",
            do="wait; if it is broken off, the database is as it was, and the next start begins anew",
        )
    async with await Store.open(config.database, now=now or datetime.now(UTC)) as store:
        yield store


@asynccontextmanager
async def changing(config: Config, now: datetime | None = None) -> AsyncIterator[Store]:
    """As `writing`, of a database that is there: only `run` and `once` make one. Raises `StoreError`."""
    if not await Store.there(config.database):
        async with looking(config):
            pass  # raises what there is to say of it
    async with writing(config, now) as store:
        yield store


@asynccontextmanager
async def looking(config: Config) -> AsyncIterator[Store]:
    """The store for reading alone, beside a service that may be writing."""
    async with await Store.open(config.database, now=datetime.now(UTC), read_only=True) as store:
        yield store
