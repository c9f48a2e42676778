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
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

import bot.errors
from bot.errors import StoreCorrupt, StoreError, StoreTooNew
from bot.store.tables import meta, metadata

MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))
HEAD = VERSIONS[-1]
ONCE = ("secret", "instance")
"""What is made once with a database, and never again."""

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
    made = (secrets.token_hex(32), uuid.uuid4().hex)
    conn.execute(meta.insert(), [{"name": name, "value": value} for name, value in zip(ONCE, made, strict=True)])


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


def refuse_nameless(name: object, known: Collection[str]) -> None:
    """`known`: what `meta` holds. Without the secret everything would be sent under new keys, and so once more."""
    if missing := [each for each in ONCE if each not in known]:
        lost = " and ".join(missing)
        raise StoreCorrupt(str(name), f"has lost its {lost} (table meta)", "put a backup in its place (db restore)")


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
