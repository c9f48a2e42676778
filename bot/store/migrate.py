"""Brings a database to the newest schema: `python -m bot.store.migrate PATH`, in a process of its own.

Alembic is imported here and nowhere else in the running house. The whole migration is one transaction: it is done, or
the database is as it was. A failure is told as one JSON object on standard output, with status 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.errors import StoreCorrupt, StoreError
from bot.store import engine
from bot.store.faults import translated
from bot.store.schema import MIGRATIONS


def upgrade(path: Path, scripts: Path = MIGRATIONS) -> None:
    """Migrate the database at `path`, all or nothing; an empty file gets the whole schema."""
    build = engine.builder(path)
    with translated(path), build.begin() as conn:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
        if conn.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise StoreCorrupt(str(path), "rows refer to rows that are not there", "put a backup in its place")
    build.dispose()


def main(arguments: list[str]) -> int:
    try:
        upgrade(Path(arguments[0]))
    except StoreError as error:
        told = {"kind": type(error).__name__, "what": error.what, "remedy": error.remedy}
        sys.stdout.write(json.dumps(told))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
