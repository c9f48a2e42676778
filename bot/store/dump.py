"""Copies of a database on a server, by its own programs: pg_dump and pg_restore, run as processes that end.

In: the database's address and a file. Out: a copy in PostgreSQL's custom format that only its owner may read, complete
under its name or not there at all; what a copy holds, read to its end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import URL, Connection, func, make_url, select

from bot.errors import StoreCorrupt, StoreError
from bot.store import backup, schema
from bot.store.backup import Shown, Verified
from bot.store.tables import hit, metadata, post

MAGIC, _FILE = b"PGDMP", b"SQLite format 3\x00"
"""How dumps and database files begin."""
_INSTALL = "install PostgreSQL's client programs (postgresql-client), of the server's version or later"
_MISTAKE = "error: "
"""Before what the programs say first of a failure; behind it stand hints and statements."""
_PRIVATE = ("--no-owner", "--no-privileges")


def is_dump(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def refuse_other(path: Path, *, at_server: bool) -> None:
    """Raise `StoreError` for a copy of the other engine than the database that is to be restored."""
    with path.open("rb") as file:
        head = file.read(len(_FILE))
    if head.startswith(MAGIC) and not at_server:
        what, where = "is the copy of a server's database, and this one is a file", "postgresql://USER@HOST/NAME"
    elif head == _FILE and at_server:
        what, where = "is the copy of a database file, and this one is on a server", "sqlite:///FILE"
    else:
        return
    raise StoreError(str(path), what, f"restore it with `database: {where}`, then `db move` it here")


def copy(address: str, name: str, to: Path, shown: Shown) -> Verified:
    """Dump the database as it is at one moment, while others write, and verify the dump. `shown` as for SQLite."""
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = backup.begin(to)
    try:
        dump(address, name, unfinished, shown)
        verified = verify(unfinished, shown)
        backup.finish(unfinished, to)
        return replace(verified, path=to)
    finally:
        unfinished.unlink(missing_ok=True)


def dump(address: str, name: str, to: Path, shown: Shown = lambda _share: None) -> None:
    """Read every row into `to`. Raises `StoreError` for one that cannot be read."""
    where, environment = _connection(address)
    told = ["pg_dump", "--format=custom", "--no-sync", *_PRIVATE, "--verbose", f"--file={to}", f"--dbname={where}"]
    tables, last = len(metadata.tables) + 1, ""
    with _running(told, name, environment) as process:
        for at, line in _counted(process.stderr or (), b"dumping contents of table"):
            shown(min(at / tables, 1) / 2)
            last = last if _MISTAKE in last else line.decode(errors="replace").strip()
    if process.returncode:
        raise StoreError(name, f"could not be copied ({last.rpartition(_MISTAKE)[2]})", "see what the server says")


def verify(path: Path, shown: Shown = lambda _share: None) -> Verified:
    """Read a dump to its end and count what is in it. Raises `StoreCorrupt` for one that is cut off or damaged."""
    counts: Counter[bytes] = Counter()
    version, table = "", b""
    with _running(
        ["pg_restore", *_PRIVATE, "--file=-", str(path)],
        str(path),
        stdout=subprocess.PIPE,
    ) as process:
        for line in process.stdout or ():
            if line.startswith(b"COPY public."):
                table = line.split(b".", 1)[1].split(b" ", 1)[0]
                shown(0.5)
            elif line == b"\\.\n":
                table = b""
            elif table:
                counts[table] += 1
                version = line.decode().strip() if table == b"alembic_version" else version
        said = (process.stderr.read() if process.stderr else b"").decode(errors="replace").strip()
    if process.returncode:
        raise StoreCorrupt(str(path), f"is damaged ({said.rpartition(chr(10))[2]})", "put another backup in its place")
    if not version:
        raise StoreCorrupt(str(path), "is a dump, but not one of placewire", "name another file")
    found = schema.known(path, version)
    return Verified(path=path, version=found, size=path.stat().st_size, posts=counts[b"post"], hits=counts[b"hit"])


def look(conn: Connection, name: str) -> Verified:
    """What a database on a server holds."""
    version = conn.execute(select(schema.alembic_version.c.version_num)).scalar_one()
    size = conn.execute(select(func.pg_database_size(func.current_database()))).scalar_one()
    posts, hits = (conn.execute(select(func.count()).select_from(each)).scalar_one() for each in (post, hit))
    return Verified(path=Path(name), version=version, size=size, posts=posts, hits=hits)


def read_into(url: URL, file: Path) -> None:
    address = url.render_as_string(hide_password=False)
    where, environment = _connection(address)
    told = ["pg_restore", *_PRIVATE, "--exit-on-error", "--single-transaction", f"--dbname={where}", str(file)]
    with _running(told, str(file), environment) as process:
        said = (process.stderr.read() if process.stderr else b"").decode(errors="replace").strip()
    if process.returncode:
        words = next((line for line in said.splitlines() if _MISTAKE in line), said.rpartition("\n")[2])
        what = f"could not be read in ({words.rpartition(_MISTAKE)[2]})"
        raise StoreError(str(file), what, "see what the server says; the database is as it was")


def _connection(address: str) -> tuple[str, dict[str, str]]:
    """The address as a program may be told it in view of all users, and the password apart."""
    url = make_url(address)
    secret = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return shown.render_as_string(), {**os.environ, **secret, "LC_ALL": "C"}


@contextmanager
def _running(
    told: Sequence[str], name: str, environment: dict[str, str] | None = None, *, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The program, which has ended when the block has. Raises `StoreError` if it is not installed."""
    if shutil.which(told[0]) is None:
        raise StoreError(name, f"{told[0]} is not installed here", f"{_INSTALL}, or run {told[0]} at the server")
    # Fixed programs and arguments; no shell reads them.
    with subprocess.Popen(told, env=environment, stdout=stdout, stderr=subprocess.PIPE) as process:  # noqa: S603
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _counted(lines: Iterator[bytes] | Sequence[bytes], mark: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for line in lines:
        at += mark in line
        yield at, line
