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
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, func, select

import bot.errors
from bot.errors import StoreCorrupt, StoreError, StoreTooNew
from bot.store.tables import meta, metadata, revision

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


@dataclass(frozen=True, slots=True)
class Ahead:
    """The migration that the next opening of a database begins with; `seconds` is about how long it takes."""

    found: str
    wordings: int
    seconds: int
    to: str = HEAD


def ahead(conn: Connection, found: str) -> Ahead | None:
    """What lies ahead of a database of the version `found`; None if nothing does."""
    if found == HEAD:
        return None
    wordings = conn.execute(select(func.count()).select_from(revision)).scalar_one()
    indexed, each = _INDEXED[conn.dialect.name]
    return Ahead(found, wordings, round(wordings * (each if found < indexed else _READ)))


_INDEXED = {"sqlite": ("0002", 0.3e-3), "postgresql": ("0019", 1e-3)}
"""The last version that made the index of words anew, and the seconds that it takes for a wording on a busy machine."""
_READ = 0.02e-3
"""Seconds for a wording in a migration that leaves the index as it is: the copy before it."""


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
    """Migrate in a process that ends, at the latest with this one.

    The address may hold a password, so it goes through standard input, which then stays open: its end is ours.
    """
    root = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(
        [sys.executable, "-m", "bot.store.migrate"],
        env={**os.environ, "PYTHONPATH": search},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(f"{address}\n")
        child.stdin.flush()
        errors, told = child.stderr.read(), child.stdout.read()
    if child.returncode:
        raise _failure(name, told, errors)


def _failure(name: object, output: str, errors: str) -> StoreError:
    with suppress(ValueError):
        told = json.loads(output)
        kind: type[StoreError] = getattr(bot.errors, told["kind"])
        return kind(str(name), told["what"], told["remedy"])
    reason = errors.strip().rpartition("\n")[2] or "its process was ended"
    return StoreError(str(name), f"could not be migrated ({reason})", "it is as it was")
