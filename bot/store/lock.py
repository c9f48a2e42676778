"""Who owns a database: locks of the kernel, or of the server, freed whenever and however a process ends.

In: the database's address. Out: a held lock, or `AlreadyRunning` with the holder's pid. A lock file is never removed:
whoever removes it may remove the lock of another. It remembers, too, that its database was there.
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
_KEPT = "its database was there\n"


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
    opened: Callable[[], None] = lambda: None
    """To be called once the database is there: should it be gone at a later start, it is missed."""
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
            yield Held(opened=lock.database.opened, keep=lock.keep)
        finally:
            lock.let_go()
    else:
        with _in_file(lock_file(database)) as held:
            yield held


class _AtServer:
    """The lock of one connection to a server: lost with it, whoever ends it."""

    def __init__(self, address: str) -> None:
        from bot.store import postgresql  # noqa: PLC0415 (which asks for the holder itself)

        self._at = postgresql
        self._address = address
        self.database = postgresql.PostgreSQL(address)
        self._name = self.database.name
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
def _in_file(path: Path) -> Iterator[Held]:
    """The pid stands in the file while it is held, and stays there if the holder does not end in order."""
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
    _held.add(descriptor)
    pid = f"{os.getpid()}\n"
    try:
        _take(descriptor, path)
        before = _read(descriptor)
        was_kept = _KEPT if _KEPT in before else ""
        _write(descriptor, pid + was_kept)
        yield Held(_pid(before) is None, opened=lambda: _write(descriptor, pid + _KEPT))
        if descriptor in _held:
            _write(descriptor, _read(descriptor).removeprefix(pid))
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
        return _pid(_read(descriptor)) or 0
    else:
        return None
    finally:
        os.close(descriptor)


def ended_in_order(database: str | Path) -> bool:
    """Whether whoever held the instance lock last, and does not hold it now, let it go in order."""
    return _pid(_left_by(database)) is None


def was_kept(database: str | Path) -> bool:
    """Whether a service that held the lock had this database, so that it is missed if it is not there."""
    return _KEPT in _left_by(database)


def _left_by(database: str | Path) -> str:
    """What the last holder left in the lock file; a server keeps such things itself."""
    if is_postgresql(database):
        return ""
    try:
        return lock_file(database).read_text()
    except FileNotFoundError:
        return ""


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
        raise AlreadyRunning(str(path.with_suffix("")), _pid(_read(descriptor))) from None


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)
    os.fsync(descriptor)  # it must be there after a power cut


def _read(descriptor: int) -> str:
    return os.pread(descriptor, 64, 0).decode(errors="replace")


def _pid(text: str) -> int | None:
    first = text.partition("\n")[0].strip()
    return int(first) if first.isdigit() else None
