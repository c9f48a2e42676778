"""`review`: the page alone, over a database that a service may be writing.

In: a configuration, and its folder. Out: the page, until SIGTERM or SIGINT. Invariant: it takes no instance lock; what
people decide is written like any other transaction; where it listens, and its database, stay as at the beginning.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from bot.config import Config
from bot.review import Page
from bot.service.clock import SystemClock
from bot.service.live import Files, Watched
from bot.service.memory import writing

LOOK_EVERY = 1.0
"""Seconds; a change counts at the second look that sees it."""
log = structlog.get_logger()


async def serve(read: Callable[[], Config], folder: Path) -> None:
    """The page until it is told to stop. SIGHUP, or a file of `folder` that changes, is read anew."""
    files, stopping = Files(read, Watched(folder)), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, files.read_again)
    async with writing(files.config) as store, Page(store, lambda: files.config, SystemClock()) as page:
        if page.fault:
            raise page.fault
        log.info("page served", address=page.address)
        while not stopping.is_set():
            await look(files)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), LOOK_EVERY)


async def look(files: Files) -> None:
    """Show what the files say now, if they have changed."""
    if config := await files.fresh():
        files.config = config
        log.info("configuration read", watches=len(config.watches))
