"""Who owns a database: locks of the kernel, or of the server, freed whenever and however a process ends.

In: the database's address. Out: a held lock, or `AlreadyRunning` with the holder's pid. A lock file is never removed:
whoever removes it may remove the lock of another.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import AlreadyRunning
from bot.store.address import database_path, is_postgresql
from bot.store.faults import translated

_held: set[int] = set()


def _let_go_in_child() -> None:
    """A forked child shares our lock, and would keep it after we were killed."""
    for descriptor in _held:
        with suppress(OSError):
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


@contextmanager
def instance_lock(database: str | Path) -> Iterator[bool]:
    """Hold the database for this process; gives whether its last holder ended in order (a server sees to it itself).

    Raises `AlreadyRunning` if another holds it.
    """
    if is_postgresql(database):
        with _at_server(str(database)):
            yield True
    else:
        with _in_file(lock_file(database)) as in_order:
            yield in_order


@contextmanager
def _at_server(address: str) -> Iterator[None]:
    from bot.store import postgresql  # noqa: PLC0415 (which asks for the holder itself)

    name = postgresql.PostgreSQL(address).name
    with translated(name):
        conn = postgresql.lock_connection(address)
    descriptor = postgresql.descriptor(conn)
    _held.add(descriptor)
    try:
        if not postgresql.try_lock(conn):
            raise AlreadyRunning(name, postgresql.holder_of(conn))
        yield
    finally:
        if descriptor in _held:
            _held.remove(descriptor)
            conn.close()


@contextmanager
def _in_file(path: Path) -> Iterator[bool]:
    """The pid stands in the file while it is held, and stays there if the holder does not end in order."""
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
    _held.add(descriptor)
    try:
        _take(descriptor, path)
        in_order = _read_pid(descriptor) is None
        _write_pid(descriptor)
        yield in_order
        if descriptor in _held:
            os.ftruncate(descriptor, 0)
    finally:
        if descriptor in _held:  # not in a forked child
            _held.remove(descriptor)
            os.close(descriptor)


def holder(database: str | Path) -> int | None:
    """The pid of the process that holds the instance lock; 0 if it did not write one; None if nobody holds it."""
    if is_postgresql(database):
        from bot.store import postgresql  # noqa: PLC0415

        return postgresql.lock_holder(str(database))
    try:
        descriptor = os.open(lock_file(database), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_pid(descriptor) or 0
    else:
        return None
    finally:
        os.close(descriptor)


def ended_in_order(database: str | Path) -> bool:
    """Whether whoever held the instance lock last, and does not hold it now, let it go in order."""
    if is_postgresql(database):
        return True
    try:
        return not lock_file(database).read_text().strip()
    except FileNotFoundError:
        return True


def lock_file(database: str | Path) -> Path:
    path = database_path(database)
    return path.with_name(f"{path.name}.lock")


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Wait for our turn to create or migrate a database in `folder`. The lock is on the folder: no file is left."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyRunning(str(path.with_suffix("")), _read_pid(descriptor)) from None


def _write_pid(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    os.fsync(descriptor)  # it must be there after a power cut


def _read_pid(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else None
