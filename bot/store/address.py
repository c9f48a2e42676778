"""From the `database:` line of the configuration to the file it names."""

from __future__ import annotations

from pathlib import Path

from bot.errors import StoreError

_SQLITE = "sqlite:///"


def database_path(database: str | Path) -> Path:
    """The absolute path of a `sqlite:///PATH` address, or of a plain path. Relative paths start at the working folder.

    Raises `StoreError` for every other address.
    """
    if isinstance(database, Path):
        return database.absolute()
    if database.startswith("postgresql:"):
        raise StoreError("postgresql", "is not supported yet", f"use {_SQLITE}PATH for now; PostgreSQL follows next")
    scheme, mark, _ = database.partition(":/")
    if mark and not database.startswith(_SQLITE):
        raise StoreError(scheme, "is not an address of a database", f"write {_SQLITE}PATH")
    path = database.removeprefix(_SQLITE)
    if path in {"", ":memory:"}:
        raise StoreError(
            database, "names no file: what it stores would not outlive the process", f"write {_SQLITE}PATH"
        )
    return Path(path).absolute()
