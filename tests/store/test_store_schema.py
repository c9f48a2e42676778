from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.errors import AlreadyRunning, StoreError
from bot.store import Store, backup, driver, migrate, schema, sqlite
from bot.store.lock import lock_file
from tests.store.world import NOW, RYBAR, commit, post, reading, walk

ROOT = Path(bot.__file__).parents[1]
PIPES: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
NEXT = f"{int(schema.HEAD) + 1:04}"
MORE = f"""
from alembic import op
import sqlalchemy as sa
revision = "{NEXT}"
down_revision = "{schema.HEAD}"
def upgrade() -> None:
    op.create_table("later", sa.Column("note", sa.Text()))
    with op.batch_alter_table("route") as batch:
        batch.add_column(sa.Column("note", sa.Text()))
"""


@pytest.fixture
def engine() -> str:
    return "sqlite"


def dump(path: Path) -> dict[str, list[str]]:
    """Each table and index, its parts in alphabetical order."""
    with closing(driver.sqlite3.connect(path)) as conn:
        rows = conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sorted(part.strip(" ()") for part in " ".join(sql.split()).split(", ")) for name, sql in rows}


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_the_tables_equal_what_the_migrations_make(tmp_path: Path) -> None:
    made, migrated = tmp_path / "made.db", tmp_path / "migrated.db"
    sqlite.create(made)
    migrated.touch()
    migrate.upgrade(migrated)
    assert dump(made) == dump(migrated)
    with closing(driver.sqlite3.connect(migrated)) as conn:  # without a secret, which no migration makes
        assert sqlite.version(made) == backup.version_of(conn, migrated) == schema.HEAD


def test_a_migration_that_fails_changes_nothing(path: Path, tmp_path: Path) -> None:
    sqlite.prepare(path, now=NOW, backup_folder=None)
    scripts = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, scripts)
    (scripts / "versions" / f"{NEXT}_more.py").write_text(f"{MORE}    op.execute('no sql at all')\n")
    before = dump(path)
    with pytest.raises(StoreError, match="the statement failed"):
        migrate.upgrade(path, scripts)
    assert dump(path) == before
    assert sqlite.version(path) == schema.HEAD


def test_no_migration_under_a_running_instance(path: Path) -> None:
    sqlite.prepare(path, now=NOW, backup_folder=None)
    lock = lock_file(path)
    code = "import fcntl, os, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); f.write(str(os.getpid())); f.flush()"
    with subprocess.Popen([sys.executable, "-S", "-c", f"{code}; print(); input()", lock], **PIPES) as running:
        assert running.stdout is not None
        running.stdout.readline()
        with pytest.raises(AlreadyRunning, match=f"is in use by process {running.pid}"):
            sqlite.migrate(path, "0000", now=NOW, backup_folder=None)
        running.communicate("")
    assert sorted(names(path.parent)) == ["placewire.db", "placewire.db.lock"]


async def test_the_next_version_migrates_after_putting_a_copy_aside(path: Path, tmp_path: Path) -> None:
    async with await Store.open(path, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await walk(store, post(1))
    later = tmp_path / "later"
    shutil.copytree(ROOT / "bot" / "store", later / "bot" / "store")
    for package in ("language", "model"):
        shutil.copytree(ROOT / "bot" / package, later / "bot" / package)
    for module in ("__init__", "calibration", "errors"):
        shutil.copy(ROOT / "bot" / f"{module}.py", later / "bot")
    (later / "bot" / "store" / "migrations" / "versions" / f"{NEXT}_more.py").write_text(MORE)
    assert await open_in(later, path) == "posts 1\n"
    (copy,) = path.parent.glob("*.backup")
    assert copy.name == f"placewire.db.{schema.HEAD}.20261122T120000Z.backup"
    assert mode(copy) == 0o600
    assert ((await Store.verify(copy)).version, (await Store.verify(path)).version) == (schema.HEAD, NEXT)
    assert "later" in dump(path)
    assert mode(path) == 0o600


def test_a_migration_that_fails_leaves_no_copy_beside(path: Path) -> None:
    sqlite.prepare(path, now=NOW, backup_folder=None)
    with closing(driver.sqlite3.connect(path)) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '0019'")
        conn.execute("DROP TABLE sketch")
        conn.commit()
    (path.parent / "placewire.db.0019.20261122T110000Z.backup.new").write_bytes(b"cut off by kill -9")
    with pytest.raises(StoreError, match="no such table: sketch"):
        sqlite.migrate(path, "0019", now=NOW, backup_folder=None)
    assert sorted(names(path.parent)) == ["placewire.db"]


async def open_in(folder: Path, path: Path) -> str:
    """What opening the database with the placewire in `folder` says."""
    code = (
        "import asyncio, sys; from datetime import datetime, UTC; from bot.store import Store\n"
        "from bot.errors import AlreadyRunning, StoreError\n"
        "async def main():\n"
        "    async with await Store.open(sys.argv[1], now=datetime(2026, 11, 22, 12, tzinfo=UTC)) as store:\n"
        "        print('posts', (await store.counts()).posts)\n"
        "try: asyncio.run(main())\n"
        "except StoreError as error: print(error)\n"
        "assert 'alembic' not in sys.modules\n"
    )
    command = [sys.executable, "-W", "error", "-c", code, str(path)]
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
async def test_all_files_are_their_owner_s_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    path = tmp_path / "placewire.db"
    with umask(mask):
        async with await Store.open(path, now=NOW) as store:
            await store.sync_sources([RYBAR], NOW)
            await commit(store, reading(post(1)))
            await store.backup(tmp_path / "copy.db")
            modes = {name: mode(tmp_path / name) for name in names(tmp_path)}
    assert modes == dict.fromkeys(modes, 0o600)
    assert {"placewire.db", "copy.db"} <= set(modes)


def test_a_copied_database_is_made_private(path: Path) -> None:
    sqlite.prepare(path, now=NOW, backup_folder=None)
    path.chmod(0o644)
    sqlite.prepare(path, now=NOW, backup_folder=None)
    assert mode(path) == 0o600


async def test_many_that_open_at_once_make_one_database(path: Path) -> None:
    stores = await asyncio.gather(*(Store.open(path, now=NOW) for _ in range(4)))
    assert len({await store.secret() for store in stores}) == 1
    assert sorted(file.name for file in path.parent.iterdir() if "-" not in file.name) == ["placewire.db"]
    for store in stores:
        await store.close()


async def test_a_path_may_hold_any_sign(tmp_path: Path) -> None:
    path = tmp_path / "Курск ?#%20&mode=memory" / "пр овод.db"
    async with await Store.open(f"sqlite:///{path}", now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        assert path.exists()
        assert await store.due(NOW, 1) == ["rybar"]


async def test_the_secret_is_made_once(path: Path, tmp_path: Path) -> None:
    async with await Store.open(path, now=NOW) as store:
        secret, instance = await store.secret(), await store.remembered("instance")
    async with await Store.open(path, now=NOW) as store:
        assert (await store.secret(), await store.remembered("instance")) == (secret, instance)
    async with await Store.open(tmp_path / "other.db", now=NOW) as other:
        assert await other.secret() != secret
    assert len(secret) == 32


async def test_connections_are_durable_and_check_references(store: Store) -> None:
    wanted = {"synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000, "journal_mode": driver.journal()}
    async with store._write() as conn:
        found = {name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in wanted}
    assert found == wanted


@pytest.mark.parametrize(
    ("version", "mode", "warned"),
    [
        ((3, 6, 23), "delete", False),
        ((3, 40, 1), "delete", True),
        ((3, 51, 2), "delete", True),
        ((3, 51, 3), "wal", False),
        ((4, 0, 0), "wal", False),
    ],
)
def test_the_write_ahead_log_is_used_where_it_is_sound(version: tuple[int, ...], mode: str, warned: bool) -> None:
    assert driver.journal(version) == mode
    assert bool(driver.warnings(version)) is warned


async def test_the_sqlite_of_the_system_takes_over_a_database(path: Path) -> None:
    """Without pysqlite3: in the journal mode that suits the linked SQLite."""
    async with await Store.open(path, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
    code = (
        "import sys; sys.modules['pysqlite3'] = None\n"
        "import asyncio; from bot.store import Store, driver; from tests.store.world import NOW, walk, post\n"
        "async def main():\n"
        "    async with await Store.open(sys.argv[1], now=NOW) as store:\n"
        "        await walk(store, post(1))\n"
        "        assert (await store.counts()).journal == driver.journal(), store.warnings\n"
        "        assert store.warnings == driver.warnings()\n"
        "        print((await store.counts()).hits)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-W", "error", "-c", code, str(path)]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr
    async with await Store.open(path, now=NOW) as store:
        assert (await store.counts()).journal == driver.journal()


TICKS = ("ix_post_unmatched", "ix_post_ungrouped", "ix_source_change_untold", "ix_outbox_unsent", "ix_source_due")


async def test_every_query_of_the_ticks_uses_its_index(store: Store) -> None:
    """By the statements that the store really sends."""
    sent: list[str] = []
    async with store._connections._readers.connect() as conn:
        raw = (await conn.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.set_trace_callback(sent.append)
    for ask in (store.unmatched, store.ungrouped):
        await ask(9)
    await store.untold_changes()
    await store.stuck()
    await store.due(NOW, 9)
    plans = []
    with closing(driver.sqlite3.connect(store.path)) as conn:
        for statement in (text for text in sent if text.startswith("SELECT")):
            plans.append(" | ".join(row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}")))
    for index in TICKS:
        assert any(index in plan for plan in plans), (index, plans)
