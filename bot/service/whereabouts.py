"""Which database a configuration had last: an empty one in its place is then told with the way back.

In: a configuration. Out: an address without its password, or nothing where that is not known. Invariant: nothing hangs
on it; it lies with the expansions, which may be deleted.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from bot.config import Config
from bot.config.cache import cache_folder


def other_before(config: Config) -> str | None:
    """The database that `run` or `once` had last with this folder, if it was another one."""
    try:
        before = _note_of(config).read_text(encoding="utf-8")
    except OSError:
        return None
    return before if before != config.shown_database else None


def note(config: Config) -> None:
    """Remember the database that is in use now."""
    file = _note_of(config)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(config.shown_database, encoding="utf-8")


def _note_of(config: Config) -> Path:
    """One for each folder: a machine may have several."""
    return cache_folder() / "databases" / sha256(str(config.folder.absolute()).encode()).hexdigest()[:16]
