"""The one place where errors of the engine become ours.

In: whatever SQLAlchemy, SQLite or the file system raised inside a `translated` block. Out: a `StoreError` with the
database's name, what is wrong and what to do. The transaction was rolled back by then.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull
from bot.store.driver import sqlite3


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: type[StoreError]
    what: str
    remedy: str


_LOCKED = _Fault(StoreBusy, "is locked by another process", "it is tried again; see who uses it if this lasts")
_LOST = _Fault(StoreBusy, "the connection was lost", "it is tried again")
_FULL = _Fault(StoreFull, "no space is left on its disk", "make room; what was stored before is intact")
_READ_ONLY = _Fault(StoreFull, "may not be written", "make the file, its folder and its disk writable for this user")
_DAMAGED = _Fault(StoreCorrupt, "is damaged", "stop, and put a backup in its place")
_NOT_OURS = _Fault(StoreCorrupt, "is not a database", "name another file, or put a backup in its place")
_VANISHED = _Fault(StoreCorrupt, "was deleted or replaced while in use", "stop, and put the file or a backup back")
_UNREADABLE = _Fault(StoreError, "cannot be opened", "check that file and folder exist and belong to this user")
_DISK = _Fault(StoreError, "its disk does not answer as it should", "check the disk and the file system")
_REFUSED = _Fault(StoreError, "refused a row that breaks its rules", "report this as a fault of placewire")

_BY_CODE: Mapping[int, _Fault] = {
    5: _LOCKED,  # SQLITE_BUSY
    6: _LOCKED,  # SQLITE_LOCKED
    8: _READ_ONLY,  # SQLITE_READONLY
    10: _DISK,  # SQLITE_IOERR
    11: _DAMAGED,  # SQLITE_CORRUPT
    13: _FULL,  # SQLITE_FULL
    14: _UNREADABLE,  # SQLITE_CANTOPEN
    19: _REFUSED,  # SQLITE_CONSTRAINT
    26: _NOT_OURS,  # SQLITE_NOTADB
}
_BY_EXTENDED_CODE: Mapping[int, _Fault] = {
    1032: _VANISHED,  # SQLITE_READONLY_DBMOVED
    522: _DAMAGED,  # SQLITE_IOERR_SHORT_READ: the file is cut off
}
_BY_ERRNO: Mapping[int, _Fault] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _UNREADABLE,
    errno.EPERM: _UNREADABLE,
    errno.EIO: _DISK,
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise what goes wrong inside as a `StoreError` about `path`."""
    try:
        yield
    except DBAPIError as error:
        raise _from_engine(path, error.orig, lost=error.connection_invalidated) from error
    except sqlite3.Error as error:
        raise _from_engine(path, error) from error
    except SQLAlchemyError as error:
        raise StoreError(str(path), f"the database layer failed ({error})", _REFUSED.remedy) from error
    except OSError as error:
        raise _from_system(path, error) from error


def vanished(path: Path) -> StoreCorrupt:
    return StoreCorrupt(str(path), _VANISHED.what, _VANISHED.remedy)


def _from_engine(path: Path, error: BaseException | None, *, lost: bool = False) -> StoreError:
    code: int = getattr(error, "sqlite_errorcode", 0)
    fault = _BY_EXTENDED_CODE.get(code) or _BY_CODE.get(code & 0xFF)
    if fault is None:
        fault = _LOST if lost else _Fault(StoreError, "the statement failed", _REFUSED.remedy)
    return fault.kind(str(path), f"{fault.what} ({error})", fault.remedy)


def _from_system(path: Path, error: OSError) -> StoreError:
    fault = _BY_ERRNO.get(error.errno or 0, _UNREADABLE)
    return fault.kind(str(path), f"{fault.what} ({error.strerror or error})", fault.remedy)
