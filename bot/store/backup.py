"""Copies of a database, made while others write, and the check that a copy is whole.

In: a path. Out: a file that only its owner may read, complete under its name or not there at all.
"""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import StoreCorrupt
from bot.store import engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a whole database holds."""

    path: Path
    version: str
    size: int
    """In bytes."""
    posts: int
    hits: int


def copy(path: Path, to: Path) -> Verified:
    """Copy the database at `path` as it is at one moment, by SQLite's own backup; the copy is verified."""
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = begin(to)
    try:
        with closing(engine.plain(path, read_only=True)) as source, closing(engine.plain(unfinished)) as target:
            source.backup(target)  # in one step: a writer beside us does not make it begin again
            target.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, readable on any disk
        verified = verify(unfinished)
        finish(unfinished, to)
        return replace(verified, path=to)
    finally:
        _remove(unfinished)


def verify(path: Path) -> Verified:
    """Check every page, index and reference. Raises `StoreCorrupt` naming the first fault."""
    with closing(engine.plain(path, read_only=True)) as conn:
        (finding,) = conn.execute("PRAGMA integrity_check(1)").fetchone()
        if finding != "ok":
            raise StoreCorrupt(str(path), f"is damaged ({finding})", "put another backup in its place (db restore)")
        if orphan := conn.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreCorrupt(
                str(path), f"a row of {orphan[0]} refers to nothing", "put another backup in its place (db restore)"
            )
        (version,) = conn.execute("SELECT version_num FROM alembic_version").fetchone()
        (posts,) = conn.execute("SELECT count(*) FROM post").fetchone()
        (hits,) = conn.execute("SELECT count(*) FROM hit").fetchone()
    return Verified(path=path, version=version, size=path.stat().st_size, posts=posts, hits=hits)


def begin(path: Path) -> Path:
    """An empty file beside `path`, which only its owner may read whatever the umask; what a crash left is removed."""
    unfinished = path.with_name(f"{path.name}.new")
    _remove(unfinished)
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.fchmod(descriptor, 0o600)
    os.close(descriptor)
    return unfinished


def finish(unfinished: Path, path: Path) -> None:
    """Give the file its name, durably."""
    _sync(unfinished)
    unfinished.replace(path)
    _sync(path.parent)


def _remove(unfinished: Path) -> None:
    for file in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
        file.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
