"""Room on the disk: when it gets short, sources are read no longer, so that what is stored can still be sent.

In: a configuration. Out: how many bytes are free beside the database. Passed in wherever it counts: tests step it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable

from bot.config import Config
from bot.store import database_path, is_postgresql

LEAST_FREE = 200_000_000
"""Bytes. With less nothing more is read: the outbox, the log and a checkpoint need what is left."""
LOW = 1_000_000_000
"""Bytes. With less `doctor` says so."""

Free = Callable[[], int | None]
"""Bytes that are free; None where that is not ours to know: the disk of a server."""


def free_beside(config: Config) -> Free:
    """How much room there is beside the database of this configuration."""
    if is_postgresql(config.database):
        return lambda: None
    folder = database_path(config.database).parent
    return lambda: shutil.disk_usage(folder).free if folder.exists() else None


def short(free: Free) -> Callable[[], str]:
    """Says in words that there is too little room to read on; nothing while there is enough."""

    def words() -> str:
        left = free()
        return "" if left is None or left >= LEAST_FREE else f"{left / 1e6:.0f} MB are free beside the database"

    return words
