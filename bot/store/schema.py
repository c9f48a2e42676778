"""The schema on either engine: built at once, or brought to this version by migrations.

In: a connection, or an address. Out: tables at `HEAD`, or a `StoreError` that says why not. Alembic is heavy, so a
version is read without it, a new database is made from the tables at once (a test holds both ways equal), and a
migration runs in a child process.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import uuid
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

import bot.errors
from bot.errors import StoreError, StoreTooNew
from bot.store.tables import meta, metadata

MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))
HEAD = VERSIONS[-1]

# As alembic makes it.
alembic_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def build(conn: Connection) -> None:
    """Make all tables in an empty database, with the secret and the instance's id."""
    metadata.create_all(conn)
    alembic_version.create(conn)
    conn.execute(alembic_version.insert().values(version_num=HEAD))
    conn.execute(
        meta.insert(),
        [
            {"name": "secret", "value": secrets.token_hex(32)},
            {"name": "instance", "value": uuid.uuid4().hex},
        ],
    )


def known(name: object, found: str) -> str:
    """The version `found`. Raises `StoreTooNew` for one that a later placewire made."""
    if found not in VERSIONS:
        raise StoreTooNew(
            str(name), f"has schema {found}, this placewire knows {HEAD} at most", "install the later placewire again"
        )
    return found


def refuse_older(name: object, found: str) -> None:
    if found != HEAD:
        raise StoreError(str(name), f"has schema {found}, this is {HEAD}", "run `db upgrade` first")


def upgrade_in_child(name: object, address: str) -> None:
    """Migrate in a process that ends. The address may hold a password, so it goes through standard input."""
    root = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    child = subprocess.run(
        [sys.executable, "-m", "bot.store.migrate"],
        env={**os.environ, "PYTHONPATH": search},
        input=address,
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        raise _failure(name, child)


def _failure(name: object, child: subprocess.CompletedProcess[str]) -> StoreError:
    with suppress(ValueError):
        told = json.loads(child.stdout)
        kind: type[StoreError] = getattr(bot.errors, told["kind"])
        return kind(str(name), told["what"], told["remedy"])
    reason = child.stderr.strip().rpartition("\n")[2] or f"status {child.returncode}"
    return StoreError(str(name), f"could not be migrated ({reason})", "it is as it was")
