"""Copies of a database, made while others write, and the check that a copy is whole.

In: a path. Out: a file that only its owner may read, complete under its name or not there at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import StoreCorrupt
from bot.store import engine, schema
from bot.store.driver import sqlite3
from bot.store.faults import is_damage, translated

Shown = Callable[[float], None]
AT_ONCE = 4096
"""So many pages are copied in one step: 16 MB."""
STEPS = 100_000
"""Instructions of SQLite between two questions whether to go on."""


def _unseen(_share: float) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a whole database holds."""

    path: Path
    version: str
    size: int
    """In bytes."""
    posts: int
    hits: int


class BrokenOff(Exception):
    """Whoever asked for a copy does not wait for it any more."""


@contextmanager
def while_wanted(shown: Shown) -> Iterator[Shown]:
    """`shown` for a copy that a thread makes: it raises `BrokenOff` there as soon as the block was left.

    A thread cannot be cancelled with its task: it is asked to end.
    """
    left = False

    def still(share: float) -> None:
        if left:
            raise BrokenOff
        shown(share)

    try:
        yield still
    finally:
        left = True


def copy(path: Path, to: Path, shown: Shown = _unseen) -> Verified:
    """Copy the database at `path` as it is at one moment, by SQLite's own backup; the copy is verified.

    `shown` is told how far it is, from 0 to 1, and may raise `BrokenOff`; then there is no copy.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = begin(to)

    def copied(_status: int, left: int, pages: int) -> None:
        shown((pages - left) / max(pages, 1) / 2)

    try:
        with closing(engine.plain(path, read_only=True)) as source, closing(engine.plain(unfinished)) as target:
            # Held by a transaction of the source, no step sees what a writer does meanwhile: it would begin again.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with _blaming(path):
                source.backup(target, pages=AT_ONCE, progress=copied)
            target.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, readable on any disk
        verified = _verified(unfinished, path, to, shown)
        finish(unfinished, to)
        return replace(verified, path=to)
    finally:
        _remove(unfinished)


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Damage that is met while a copy is made is that of the database, and not of the copy."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            with translated(path):
                raise
        raise


def _verified(copied: Path, path: Path, to: Path, shown: Shown) -> Verified:
    try:
        with translated(to):
            return verify(copied, shown)
    except StoreCorrupt as error:
        with translated(path):
            verify(path, shown)  # says so itself, if it is that
        raise StoreCorrupt(str(to), error.what, "the database is whole: check this disk, and copy again") from error


def verify(path: Path, shown: Shown = _unseen) -> Verified:
    """Check every page, index and reference. Raises `StoreCorrupt` naming the first fault; `shown` as for `copy`."""
    with closing(engine.plain(path, read_only=True)) as conn:
        conn.set_progress_handler(lambda: _still(shown), STEPS)
        (finding,) = conn.execute("PRAGMA integrity_check(1)").fetchone()
        if finding != "ok":
            what = f"is damaged ({' '.join(finding.split())})"
            raise StoreCorrupt(str(path), what, "put another backup in its place (db restore)")
        if orphan := conn.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreCorrupt(
                str(path), f"a row of {orphan[0]} refers to nothing", "put another backup in its place (db restore)"
            )
        version = version_of(conn, path)
        (posts,) = conn.execute("SELECT count(*) FROM post").fetchone()
        (hits,) = conn.execute("SELECT count(*) FROM hit").fetchone()
    return Verified(path=path, version=version, size=path.stat().st_size, posts=posts, hits=hits)


def version_of(conn: sqlite3.Connection, path: Path) -> str:
    """The schema's version. Raises `StoreCorrupt` for a file that is not a database of ours."""
    if path.stat().st_size == 0:
        raise StoreCorrupt(
            str(path), "is empty", "put a backup in its place (db restore), or remove the file to begin anew"
        )
    table = conn.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (schema.alembic_version.name,)).fetchone()
    found = conn.execute("SELECT version_num FROM alembic_version").fetchone() if table else None
    if found is None:
        raise StoreCorrupt(str(path), "is a database, but not one of placewire", "name another file")
    return str(found[0])


def check(path: Path, in_time: Callable[[], bool]) -> bool:
    """Look through the database once, as after a power cut; whether that came to its end `in_time`.

    Raises `StoreCorrupt` for damage.
    """
    late = False

    def goes_on() -> bool:
        nonlocal late
        late = not in_time()
        return late

    with closing(engine.plain(path, read_only=True)) as conn:
        conn.set_progress_handler(goes_on, STEPS)
        try:
            (finding,) = conn.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError:
            if late:
                return False
            raise
    if finding != "ok":
        what = f"is damaged ({' '.join(finding.split())})"
        raise StoreCorrupt(str(path), what, "stop, and put a backup in its place (db restore)")
    return True


def _still(shown: Shown) -> bool:
    """Half of the work is the copying; how far the check of the copy is, SQLite does not say."""
    try:
        shown(0.5)
    except BrokenOff:
        return True
    return False


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
