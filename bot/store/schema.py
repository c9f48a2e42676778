"""From whatever lies at the path to a database of this version: made, migrated, or refused.

In: a path. Out: a database whose schema is `HEAD`, or a `StoreError` that says why not. Alembic is heavy, so the
version is read without it, a new database is made from the tables at once (a test holds both ways equal), and a
migration runs in a child process, after a copy was put aside.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import uuid
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table

import bot.errors
from bot.errors import AlreadyRunning, StoreCorrupt, StoreError, StoreTooNew
from bot.store import backup, driver, engine
from bot.store.lock import folder_lock, holder
from bot.store.tables import meta, metadata

MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))
HEAD = VERSIONS[-1]

# As alembic makes it.
_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def prepare(path: Path, *, now: datetime, backup_folder: Path | None) -> None:
    """Make the database at `path` ready for this version: made if there is none, migrated if it is older."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with folder_lock(path.parent):
        if not path.exists():
            create(path)
        elif (found := version(path)) != HEAD:
            migrate(path, found, now=now, backup_folder=backup_folder)
    _keep_private(path)
    _choose_journal(path)


def inspect(path: Path) -> None:
    """Refuse a database that is not there, or not of this version; nothing is made or changed."""
    if not path.exists():
        raise StoreError(str(path), "does not exist", "name the right file, or start `run` or `once` to make it")
    if (found := version(path)) != HEAD:
        raise StoreError(str(path), f"has schema {found}, this is {HEAD}", "run `db upgrade` first")


def create(path: Path) -> None:
    """Make the database, whole or not at all: it gets its name when it is complete."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        raise StoreCorrupt(
            str(path), f"is gone, but {log.name} is there", f"put the database or a backup back, or remove {log.name}"
        )
    unfinished = backup.begin(path)
    build = engine.builder(unfinished)
    with build.begin() as conn:
        metadata.create_all(conn)
        _version.create(conn)
        conn.execute(_version.insert().values(version_num=HEAD))
        conn.execute(
            meta.insert(),
            [
                {"name": "secret", "value": secrets.token_hex(32)},
                {"name": "instance", "value": uuid.uuid4().hex},
            ],
        )
    build.dispose()
    backup.finish(unfinished, path)


def version(path: Path) -> str:
    """The schema's version. Raises `StoreTooNew` for an unknown one, `StoreCorrupt` for what is not our database."""
    if path.stat().st_size == 0:
        raise StoreCorrupt(str(path), "is empty", "put a backup in its place, or remove the file to begin anew")
    with closing(engine.plain(path, read_only=True)) as conn:
        table = conn.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_version.name,)).fetchone()
        found = conn.execute("SELECT version_num FROM alembic_version").fetchone() if table else None
    if found is None:
        raise StoreCorrupt(str(path), "is a database, but not one of placewire", "name another file")
    if found[0] not in VERSIONS:
        raise StoreTooNew(
            str(path),
            f"has schema {found[0]}, this placewire knows {HEAD} at most",
            "install the later placewire again",
        )
    return str(found[0])


def migrate(path: Path, found: str, *, now: datetime, backup_folder: Path | None) -> None:
    """Put a copy aside, then bring the schema to `HEAD` in a child process that ends."""
    owner = holder(path)
    if owner is not None and owner != os.getpid():
        raise AlreadyRunning(str(path), owner)
    folder = backup_folder or path.parent
    backup.copy(path, folder / f"{path.name}.{found}.{now:%Y%m%dT%H%M%SZ}.backup")
    root = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    child = subprocess.run(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", "bot.store.migrate", str(path)],
        env={**os.environ, "PYTHONPATH": search},
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        raise _failure(path, child)


def _failure(path: Path, child: subprocess.CompletedProcess[str]) -> StoreError:
    with suppress(ValueError):
        told = json.loads(child.stdout)
        kind: type[StoreError] = getattr(bot.errors, told["kind"])
        return kind(str(path), told["what"], told["remedy"])
    reason = child.stderr.strip().rpartition("\n")[2] or f"status {child.returncode}"
    return StoreError(str(path), f"could not be migrated ({reason})", "it is as it was; a copy was put aside")


def _keep_private(path: Path) -> None:
    """A copied file may have come with other rights; SQLite gives -wal and -shm those of the database."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError, PermissionError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def _choose_journal(path: Path) -> None:
    with closing(engine.plain(path)) as conn:
        wanted = driver.journal()
        if conn.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
            conn.execute(f"PRAGMA journal_mode={wanted}").fetchone()
