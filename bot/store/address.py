"""From the `database:` line of the configuration to the file, or to the server, that it names."""

from __future__ import annotations

from pathlib import Path

from bot.errors import StoreError

_SQLITE = "sqlite:///"
_POSTGRESQL = "postgresql://"


def is_postgresql(database: str | Path) -> bool:
    return isinstance(database, str) and database.startswith(_POSTGRESQL)


def database_path(database: str | Path) -> Path:
    """The absolute path of a `sqlite:///PATH` address, or of a plain path. Relative paths start at the working folder.

    Raises `StoreError` for every other address.
    """
    if isinstance(database, Path):
        return database.absolute()
    scheme, mark, _ = database.partition(":/")
    if mark and not database.startswith(_SQLITE):
        raise StoreError(scheme, "is not an address of a file", f"write {_SQLITE}PATH or {_POSTGRESQL}USER@HOST/NAME")
    path = database.removeprefix(_SQLITE)
    if path in {"", ":memory:"}:
        raise StoreError(
            database, "names no file: what it stores would not outlive the process", f"write {_SQLITE}PATH"
        )
    return Path(path).absolute()
