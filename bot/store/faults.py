"""The one place where errors of the engine become ours.

In: whatever SQLAlchemy, an engine or the file system raised inside a `translated` block. Out: a `StoreError` with the
database's name, what is wrong and what to do. The transaction was rolled back by then.
"""

from __future__ import annotations

import errno
import os
import re
import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull
from bot.store.driver import sqlite3


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: type[StoreError]
    what: str
    remedy: str


_LOCKED = _Fault(
    StoreBusy,
    "is locked by another process",
    "the service tries again, a command is to be given again; see who uses it if this lasts",
)
_IN_USE = _Fault(
    StoreBusy, "is used by others", "end what is connected to it (pg_stat_activity names it), and try again"
)
_LOST = _Fault(StoreBusy, "the connection was lost", "the service tries again; a command is to be given again")
_FULL = _Fault(StoreFull, "no space is left on its disk", "make room; what was stored before is intact")
_READ_ONLY = _Fault(StoreFull, "may not be written", "make the file, its folder and its disk writable for this user")
_DISK_READ_ONLY = _Fault(
    StoreFull, "may not be written", "mount its disk writable; till then it can be looked at, exported and copied"
)
_BROKEN_OFF = _Fault(
    StoreFull,
    "holds a transaction that was broken off, and may not be written to take that back",
    "make the file, its folder and its disk writable for this user; or copy it, and its -journal, to where it may be "
    "written, and name that",
)
_LOG_UNREADABLE = _Fault(
    StoreError,
    "has a log that cannot be opened on a read-only disk",
    "copy it, and its -wal, to a disk that can be written, and name that",
)
_SERVER_FULL = _Fault(StoreFull, "no space is left on its server's disk", "make room there; what was stored is intact")
_SERVER_READ_ONLY = _Fault(
    StoreFull,
    "may not be written",
    "name the primary if this is a standby; else see default_transaction_read_only at the server",
)
_LIMITED = _Fault(
    StoreFull, "a limit keeps its files from growing", "raise it (ulimit -f, LimitFSIZE= of systemd), and start again"
)
_FOLDER = _Fault(StoreError, "is a folder", "name a file")
_DAMAGED = _Fault(StoreCorrupt, "is damaged", "stop, and put a backup in its place (db restore)")
_NOT_OURS = _Fault(StoreCorrupt, "is not a database", "name another file, or put a backup in its place (db restore)")
_VANISHED = _Fault(StoreCorrupt, "was deleted or replaced while in use", "stop, and put it, or a backup of it, back")
_UNREADABLE = _Fault(StoreError, "cannot be opened", "check that file and folder exist and belong to this user")
_DISK = _Fault(StoreError, "its disk does not answer as it should", "check the disk and the file system")
_AWAY = _Fault(StoreBusy, "does not answer", "check the address and the server; the service tries again")
_RIGHTS = _Fault(StoreError, "does not let this user in", "check user, password and rights at the server")
_REFUSED = _Fault(StoreError, "refused a row that breaks its rules", "report this as a fault of placewire")

_READONLY, _IOERR, _CORRUPT, _CANTOPEN, _NOTADB = 8, 10, 11, 14, 26
_UNSAID = (_IOERR, _CANTOPEN)
"""All that SQLite says of a file that may not grow, or is a folder."""
_BY_CODE: Mapping[int, _Fault] = {
    5: _LOCKED,  # SQLITE_BUSY
    6: _LOCKED,  # SQLITE_LOCKED
    _READONLY: _READ_ONLY,
    _IOERR: _DISK,
    _CORRUPT: _DAMAGED,
    13: _FULL,  # SQLITE_FULL
    _CANTOPEN: _UNREADABLE,
    19: _REFUSED,  # SQLITE_CONSTRAINT
    _NOTADB: _NOT_OURS,
}
_BY_EXTENDED_CODE: Mapping[int, _Fault] = {
    1032: _VANISHED,  # SQLITE_READONLY_DBMOVED
    522: _DAMAGED,  # SQLITE_IOERR_SHORT_READ: the file is cut off
}
_BY_STATE: Mapping[str, _Fault] = {
    "08": _LOST,
    "23": _REFUSED,
    "25006": _SERVER_READ_ONLY,  # read_only_sql_transaction
    "28": _RIGHTS,
    "3D": _VANISHED,  # invalid_catalog_name
    "40": _LOCKED,  # serialization_failure, deadlock_detected
    "42501": _RIGHTS,  # insufficient_privilege
    "42P01": _VANISHED,  # undefined_table
    "53": _AWAY,  # too many connections, out of memory
    "53100": _SERVER_FULL,  # disk_full
    "55006": _IN_USE,  # object_in_use
    "55P03": _LOCKED,  # lock_not_available
    "57014": _LOCKED,  # query_canceled
    "57P": _LOST,  # shut down
    "58": _DISK,
    "XX": _DAMAGED,  # data_corrupted, index_corrupted
}
"""By SQLSTATE, or by how it begins."""
_AT_THE_DOOR: Mapping[str, _Fault] = {
    'database "(.+)" does not exist': _Fault(
        StoreError,
        "there is no such database",
        "name the right one; put a copy there with `db restore`, if it was there before (what that put aside is called "
        "NAME.MOMENT.replaced); or make it at the server: "
        "createdb --encoding=UTF8 --template=template0{owner} {found}",
    ),
    'role "(.+)" does not exist': _Fault(
        StoreError,
        "there is no such user",
        "name the right one, or make it at the server: createuser --pwprompt {found}",
    ),
    "(authentication failed|no password supplied|no pg_hba.conf entry)": _RIGHTS,
}
"""By what a server says of a connection that it refuses: its driver knows no SQLSTATE of that. Others are `_AWAY`."""
_BY_ERRNO: Mapping[int, _Fault] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _DISK_READ_ONLY,
    errno.EACCES: _UNREADABLE,
    errno.EPERM: _UNREADABLE,
    errno.EIO: _DISK,
    errno.EFBIG: _LIMITED,
    errno.EISDIR: _FOLDER,
}


@contextmanager
def translated(name: object) -> Iterator[None]:
    """Raise what goes wrong inside as a `StoreError` about the database `name`."""
    try:
        yield
    except DBAPIError as error:
        raise _from_engine(name, error.orig, lost=error.connection_invalidated) from error
    except sqlite3.Error as error:
        raise _from_engine(name, error) from error
    except SQLAlchemyError as error:
        raise StoreError(str(name), f"the database layer failed ({error})", _REFUSED.remedy) from error
    except OSError as error:
        raise _from_system(name, error) from error


def on_read_only_disk(path: Path) -> bool:
    return path.exists() and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def refuse_read_only_disk(path: Path) -> None:
    """Raise `StoreFull`: before anything is opened there, for a log that was left tells of itself alone."""
    if on_read_only_disk(path):
        raise _from_system(path, OSError(errno.EROFS, os.strerror(errno.EROFS)))


def is_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {_CORRUPT, _NOTADB}


def vanished(name: object) -> StoreCorrupt:
    return StoreCorrupt(str(name), _VANISHED.what, _VANISHED.remedy)


def _from_engine(name: object, error: BaseException | None, *, lost: bool = False) -> StoreError:
    fault, words = _known(name, error), _words(error)
    if fault is None and lost:
        fault = _LOST
    elif fault is None:
        away = type(error).__module__.startswith("psycopg") and getattr(error, "sqlstate", "") is None
        fault = _at_the_door(str(name), words) if away else _Fault(StoreError, "the statement failed", _REFUSED.remedy)
    return fault.kind(str(name), f"{fault.what} ({words})", fault.remedy)


def _words(error: BaseException | None) -> str:
    """What a server says first; below it stands our own statement, which tells an operator nothing."""
    said = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    return " ".join(said.split())


def _known(name: object, error: Any) -> _Fault | None:
    if isinstance(error, sqlite3.Error):
        code: int = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in _UNSAID and Path(str(name)).is_dir():
            return _FOLDER
        if code & 0xFF == _READONLY and Path(f"{name}-journal").exists():
            return _BROKEN_OFF
        if code & 0xFF == _CANTOPEN and on_read_only_disk(Path(str(name))):
            return _LOG_UNREADABLE
        if code & 0xFF == _IOERR and resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:
            return _LIMITED
        return _BY_EXTENDED_CODE.get(code) or _BY_CODE.get(code & 0xFF)
    state: str = getattr(error, "sqlstate", None) or ""
    return next((_BY_STATE[state[:size]] for size in (5, 3, 2) if state[:size] in _BY_STATE), None)


def _at_the_door(name: str, words: str) -> _Fault:
    for said, fault in _AT_THE_DOOR.items():
        if match := re.search(said, words):
            user = make_url(name).username
            owner = f" --owner={quote(user)}" if user else ""
            return replace(fault, remedy=fault.remedy.format(owner=owner, found=quote(match[1])))
    return _AWAY


def _from_system(name: object, error: OSError) -> StoreError:
    fault = _BY_ERRNO.get(error.errno or 0, _UNREADABLE)
    return fault.kind(str(name), f"{fault.what} ({error.strerror or error})", fault.remedy)
