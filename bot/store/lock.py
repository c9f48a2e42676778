"""Who owns a database: locks of the kernel, or of the server, freed whenever and however a process ends.

In: the database's address. Out: a held lock, or `AlreadyRunning` with the holder's pid. A lock file is never removed:
whoever removes it may remove the lock of another.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from bot.errors import AlreadyRunning, StoreBusy
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


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that is held. `in_order`: whether its last holder ended in order (a server sees to it itself)."""

    in_order: bool = True
    keep: Callable[[], bool] | None = None
    """For a lock that may be lost: take it again if it was; gives whether so.

    Raises `AlreadyRunning` if another has it now, `StoreBusy` while it cannot be told.
    """


@contextmanager
def instance_lock(database: str | Path) -> Iterator[Held]:
    """Hold the database for this process. Raises `AlreadyRunning` if another holds it."""
    if is_postgresql(database):
        lock = _AtServer(str(database))
        try:
            yield Held(keep=lock.keep)
        finally:
            lock.let_go()
    else:
        with _in_file(lock_file(database)) as in_order:
            yield Held(in_order)


class _AtServer:
    """The lock of one connection to a server: lost with it, whoever ends it."""

    def __init__(self, address: str) -> None:
        from bot.store import postgresql  # noqa: PLC0415 (which asks for the holder itself)

        self._at = postgresql
        self._address = address
        self._name = postgresql.PostgreSQL(address).name
        self._conn: Connection | None = None
        self._backend = 0
        self._take()

    def keep(self) -> bool:
        if self._conn is not None and self._at.alive(self._conn):
            return False
        self.let_go()
        self._take()
        return True

    def _take(self) -> None:
        with translated(self._name):
            conn = self._at.lock_connection(self._address)
            try:
                self._try(conn)
            except BaseException:
                conn.close()
                raise
            self._backend = self._at.backend(conn)
        self._conn, self._descriptor = conn, self._at.descriptor(conn)
        _held.add(self._descriptor)

    def _try(self, conn: Connection) -> None:
        if self._at.try_lock(conn):
            return
        if self._at.end(conn, self._backend):  # our own lost connection, of which the server does not know yet
            raise StoreBusy(self._name, "still holds the lock of a lost connection", "it is tried again")
        raise AlreadyRunning(self._name, self._at.holder_of(conn))

    def let_go(self) -> None:
        if self._conn is not None and self._descriptor in _held:  # not in a forked child
            _held.remove(self._descriptor)
            self._conn.close()
        self._conn = None


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
