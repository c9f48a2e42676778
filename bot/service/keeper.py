"""Holding the instance lock as long as the house is open, also when a server drops the connection that holds it.

In: a held lock. Out: nothing, or `AlreadyRunning` at the end if another process has it meanwhile. Invariant: whoever
does not hold the lock notices within a look, and stops if it cannot have it back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from bot.errors import AlreadyRunning, StoreError
from bot.store import Held

EVERY = 1.0
"""Seconds between two looks."""
log = structlog.get_logger()


@asynccontextmanager
async def kept(lock: Held, stopping: asyncio.Event) -> AsyncIterator[None]:
    """Look after the lock meanwhile; sets `stopping` if it is another's now, and raises that at the end."""
    if lock.keep is None:
        yield
        return
    task = asyncio.create_task(_keep(lock.keep, stopping), name="keep the instance lock")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled() and (lost := task.exception()):
        raise lost


async def _keep(keep: Callable[[], bool], stopping: asyncio.Event) -> None:
    told = False
    while True:
        await asyncio.sleep(EVERY)
        try:
            again = await asyncio.to_thread(keep)
        except AlreadyRunning as error:
            log.error("another process has taken the database, this one stops", error=str(error))
            stopping.set()
            raise
        except StoreError as error:
            if not told:
                log.error("the instance lock was lost with its connection, is tried again", error=str(error))
            told = True
        else:
            if again:
                log.warning("the instance lock was lost with its connection, and taken again")
            told = False
