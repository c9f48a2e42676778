"""`review`: the page alone, over a database that a service may be writing.

In: a configuration. Out: the page, until SIGTERM or SIGINT. Invariant: it takes no instance lock; what people decide is
written like any other transaction.
"""

from __future__ import annotations

import asyncio
import signal

import structlog

from bot.config import Config
from bot.review import Page
from bot.service.clock import SystemClock
from bot.service.memory import writing

log = structlog.get_logger()


async def serve(config: Config) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with writing(config) as store, Page(store, lambda: config, SystemClock()) as page:
        if page.fault:
            raise page.fault
        log.info("page served", address=page.address)
        await stopping.wait()
