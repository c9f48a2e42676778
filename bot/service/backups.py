"""Copies of the database by the clock: made while the service writes, verified, the oldest removed.

In: an open house whose configuration has `backup:`. Out: files that only their owner may read. Invariant: a copy has
its name only when it is whole, and an older one is removed only after that. A failure is told once, and shown by
`doctor` until a copy succeeds.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.config import BackupSettings, Config
from bot.errors import PlacewireError, StoreError
from bot.pipeline import House
from bot.slots import due_slots
from bot.store import Store, database_path, is_postgresql

NAME = "backup"
"""Under this name the store remembers how the last copy went."""
AGAIN = timedelta(minutes=15)
"""So long after a failure it is tried again."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    """How the last copy went, and the last that succeeded. Moments are ISO 8601; `size` is in bytes."""

    tried: str
    made: str | None = None
    file: str = ""
    size: int = 0
    fault: str = ""
    remedy: str = ""


async def back_up(house: House) -> bool:
    """Make a copy if one is due. Whether one was made."""
    settings, now = house.config.backup, house.clock.now()
    if settings is None:
        return False
    last = await last_backup(house.store)
    if not is_due(settings, last, now):
        return False
    done = await _made(house, settings, last, now)
    await house.store.remember(NAME, json.dumps(asdict(done), ensure_ascii=False))
    _tell(last, done)
    return not done.fault


async def last_backup(store: Store) -> LastBackup | None:
    """How the last copy went; None if there was none."""
    known = await store.remembered(NAME)
    return None if known is None else LastBackup(**json.loads(known))


def is_due(settings: BackupSettings, last: LastBackup | None, now: datetime) -> bool:
    """A slot has passed since the last copy, or there was none; after a failure, a while later."""
    if last is None:
        return True
    tried = datetime.fromisoformat(last.tried)
    if last.fault:
        return now >= tried + AGAIN
    return bool(due_slots(settings.cron, settings.timezone, tried, now, limit=1))


def copies(config: Config, settings: BackupSettings) -> list[Path]:
    """The copies that are there, the oldest first."""
    pattern = re.compile(re.escape(_stem(config)) + r"\.[0-9]{8}T[0-9]{6}Z\.backup")
    if not settings.folder.is_dir():
        return []
    return sorted(file for file in settings.folder.iterdir() if pattern.fullmatch(file.name))


def older_copies(config: Config) -> list[Path]:
    """Every copy that we know to have been made: by the clock, before a migration, by a restore, killed or not."""
    found = copies(config, config.backup) if config.backup else []
    if not is_postgresql(config.database):
        path = database_path(config.database)
        beside = re.compile(re.escape(path.name) + r"(\..*(\.backup|\.replaced(-wal)?)|\.new)")
        found += [file for file in path.parent.iterdir() if beside.fullmatch(file.name)]
    return sorted(set(found))


def _stem(config: Config) -> str:
    """What the copies are named after: the database's file, or its name at the server."""
    if is_postgresql(config.database):
        return config.shown_database.rpartition("/")[2].partition("?")[0]
    return database_path(config.database).name


async def _made(house: House, settings: BackupSettings, last: LastBackup | None, now: datetime) -> LastBackup:
    file = settings.folder / f"{_stem(house.config)}.{now:%Y%m%dT%H%M%SZ}.backup"
    try:
        await house.store.backup(file)
        await asyncio.to_thread(_prune, copies(house.config, settings), settings.keep)
        size = file.stat().st_size
    except (PlacewireError, OSError) as error:
        known = last or LastBackup(tried=now.isoformat())
        what, remedy = _words(error, settings.folder)
        return LastBackup(
            tried=now.isoformat(), made=known.made, file=known.file, size=known.size, fault=what, remedy=remedy
        )
    return LastBackup(tried=now.isoformat(), made=now.isoformat(), file=str(file), size=size)


def _words(error: PlacewireError | OSError, folder: Path) -> tuple[str, str]:
    if isinstance(error, StoreError):
        return f"{folder}: {error.what}", error.remedy
    return str(error), f"let this user write to {folder}"


def _prune(found: Sequence[Path], keep: int) -> None:
    for old in found[:-keep]:
        old.unlink(missing_ok=True)


def _tell(before: LastBackup | None, now: LastBackup) -> None:
    """Of a failure that lasts the operator hears once."""
    if now.fault and (before is None or before.fault != now.fault):
        log.error("backup failed, tried again", why=now.fault, do=now.remedy, last=now.made)
    elif not now.fault:
        log.info("backup made", file=now.file, size=now.size)
