"""After a stop that was not in order: the database is looked through before it is used.

In: a configuration. Out: nothing, or `StoreCorrupt` with the copy to put in its place. Invariant: a start never waits
longer than CHECKED_WITHIN for it.
"""

from __future__ import annotations

import time

import structlog

from bot.config import Config
from bot.errors import StoreCorrupt
from bot.service.backups import copies
from bot.store import Store

CHECKED_WITHIN = 60.0
"""Seconds; about 9 GB."""
log = structlog.get_logger()


async def check_after_a_crash(config: Config) -> None:
    """Raises `StoreCorrupt` if the database is damaged."""
    log.warning("did not end in order last time: the database is checked")
    until = time.monotonic() + CHECKED_WITHIN
    try:
        whole = await Store.check(config.database, lambda: time.monotonic() < until)
    except StoreCorrupt as error:
        there = copies(config, config.backup) if config.backup else []
        if not there:
            raise
        raise StoreCorrupt(error.resource, error.what, f"run: placewire db restore {there[-1]}") from error
    if whole:
        log.info("the database is whole")
    else:
        log.warning("the database is too large to be checked at a start", do="run `db verify` when there is time")
