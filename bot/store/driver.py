"""The SQLite library itself: the one that is linked, and whether its write-ahead log can be trusted.

Import this before aiosqlite: `pysqlite3` brings a newer SQLite and takes the place of `sqlite3` where it is installed.
SQLite 3.7.0 to 3.51.2 can damage a database when two connections write and checkpoint at once (the WAL-reset bug);
with one of those the rollback journal is used instead, and `warnings` says so.
"""

from __future__ import annotations

import sys
from contextlib import suppress

# The swap stands at import, because aiosqlite and SQLAlchemy bind `sqlite3` at theirs.
with suppress(ImportError):
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

import sqlite3

__all__ = ["VERSION", "journal", "sqlite3", "warnings"]

VERSION: tuple[int, ...] = tuple(sqlite3.sqlite_version_info)

_FIRST_WITH_WAL = (3, 7, 0)
_FIRST_REPAIRED = (3, 51, 3)


def journal(version: tuple[int, ...] = VERSION) -> str:
    """The journal mode that is safe with this version of SQLite: "wal" or "delete"."""
    return "delete" if version < _FIRST_REPAIRED else "wal"


def warnings(version: tuple[int, ...] = VERSION) -> tuple[str, ...]:
    """What the operator should know of the linked SQLite, in words; empty if all is well."""
    if not _FIRST_WITH_WAL <= version < _FIRST_REPAIRED:
        return ()
    number = ".".join(map(str, version))
    warning = (
        f"SQLite {number} has the WAL-reset bug (3.7.0 to 3.51.2): the rollback journal is used, readers and the "
        "writer wait for each other; install pysqlite3, or a Python with SQLite 3.51.3 or later"
    )
    return (warning,)
