"""kill -9 while writing: what was said to be stored is stored, and the whole of it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreFull
from bot.store import Store, driver, engine, instance_lock
from bot.store.faults import translated
from tests.store.world import MINUTE, NOW, RYBAR, commit, group, match, post, reading, walk

WRITE = """
import asyncio, sys
from bot.model import Cursor
from bot.store import Store, instance_lock
from tests.store.world import *

async def main(path, number):
    async with await Store.open(path, now=NOW) as store:
        while True:
            number += 1
            news = post(number, f"Бои за Суджу {number}"), post(number - 1, f"Бои за Суджу, правка {number}")
            await commit(store, reading(*news, cursor=Cursor(newest=number)))
            await match(store)
            await group(store)
            await store.save_digest(digest(*[s.row for s in await store.untold("kursk")],
                                           slot=NOW + number * MINUTE, messages=[outgoing(f"k{number}")]), NOW)
            print(number, flush=True)

with instance_lock(sys.argv[1]):
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def write_until_killed(path: Path, begin: int, lines: int) -> int:
    """Let a child write, kill it in the middle; the last number it said was stored."""
    last = begin
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, str(path), str(begin)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as child:
        assert child.stdout is not None
        for _ in range(lines):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        return int(([str(last), *child.stdout.read().split()])[-1])


async def survive(path: Path, kills: int) -> None:
    async with await Store.open(path, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
    said = 0
    for kill in range(kills):
        said = write_until_killed(path, said, 3 + 2 * kill)
        with instance_lock(path):
            await Store.verify(path)
            said = await check(path, said)


async def check(path: Path, said: int) -> int:
    async with await Store.open(path, now=NOW) as store:
        newest = (await store.memories())["rybar"].cursor.newest
        assert newest in {said, said + 1}, "a transaction is whole, and what was confirmed is there"
        counts = await store.counts()
        assert counts.posts == newest + 1, "posts and cursor move together (post 0 is the first one's edit)"
        await match(store)
        await group(store)
        assert {hit.story async for hit in store.hits()} == {f"s{row}" for row in range(1, counts.posts + 1)}
        keys = [row.id async for row in store.outbox()]
        assert len(keys) in {said, said + 1}
        await commit(store, reading(post(newest, "Бои за Суджу"), cursor=(await store.memories())["rybar"].cursor))
        await match(store)
        return newest


async def test_a_killed_writer_leaves_a_consistent_database(path: Path) -> None:
    await survive(path, 1)


@pytest.mark.slow
async def test_ten_killed_writers_leave_a_consistent_database(path: Path) -> None:
    await survive(path, 10)


def as_killed(path: Path, to: Path) -> Path:
    """The database and its log or journal as kill -9 would leave them now."""
    shutil.copytree(path.parent, to)
    return to / path.name


@pytest.fixture
def broken_off(database: Path, tmp_path: Path) -> Path:
    """A database in rollback mode whose writer was killed in the middle of a transaction."""
    with closing(engine.plain(database)) as conn:
        conn.execute("PRAGMA journal_mode=DELETE").fetchone()
        conn.execute("PRAGMA cache_size=1")
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("DELETE FROM meta")
        conn.execute("INSERT INTO meta VALUES ('half', ?)", ("x" * 1_000_000,))
        left = as_killed(database, tmp_path / "left")
    assert engine.beside(left, "-journal").stat().st_size
    return left


async def _look(path: Path) -> None:
    async with await Store.open(path, now=NOW, read_only=True) as store:
        await store.counts()


async def _write(path: Path) -> None:
    async with await Store.open(path, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)


async def _check(path: Path) -> None:
    assert await Store.check(path, lambda: True)


@pytest.mark.parametrize("command", [_look, _write, _check, Store.verify, Store.ahead])
async def test_what_a_killed_transaction_left_is_taken_back_by_whatever_comes_first(
    broken_off: Path, command: Callable[[Path], Awaitable[object]]
) -> None:
    await command(broken_off)
    assert not engine.beside(broken_off, "-journal").exists()
    await Store.verify(broken_off)
    await _write(broken_off)


def test_a_copy_that_takes_its_place_is_not_rolled_back_by_its_journal(broken_off: Path, fresh: bytes) -> None:
    copy = broken_off.with_name("copy.db")
    copy.write_bytes(fresh)
    broken_off.write_bytes(b"no database at all" * 1000)
    asyncio.run(Store.restore(copy, broken_off, NOW))
    asyncio.run(Store.verify(broken_off))


def test_where_nobody_may_write_it_is_said_that_it_has_to_be_taken_back(broken_off: Path) -> None:
    unwritable = f"file:{broken_off}?mode=ro"
    with (
        pytest.raises(StoreFull, match="a transaction that was broken off, and may not be written to take that back"),
        translated(broken_off),
        closing(driver.sqlite3.connect(unwritable, uri=True)) as conn,
    ):
        conn.execute("SELECT * FROM meta")


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.store import Store
from tests.store.world import *

_, action, one, other, count = sys.argv
left = int(count)

def kill(event, _arguments):
    global left
    if event == "os.rename":
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
asyncio.run(Store.restore(Path(one), other, NOW + MINUTE) if action == "restore" else Store.move(one, other))
"""


def kill_at_name(count: int, action: str, one: Path, other: Path) -> None:
    """Do it in a child that is killed where it would give a file its name, the `count`th time."""
    command = [sys.executable, "-c", KILLED, action, str(one), str(other), str(count)]
    assert subprocess.run(command, check=False, cwd=Path.cwd()).returncode == -signal.SIGKILL
    assert not other.exists()


def restore_killed(copy: Path, path: Path) -> Path:
    """Restore, and be killed when the database is put aside, and nothing else has its name yet; what is put aside."""
    kill_at_name(2, "restore", copy, path)
    return path.with_name(f"{path.name}.20261122T120100Z.replaced")


async def test_a_restore_that_is_killed_does_not_part_a_database_from_its_log(database: Path, tmp_path: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await store.backup(tmp_path / "copy.db")
        await walk(store, post(1), post(2))
        left = as_killed(database, tmp_path / "left")
    aside = restore_killed(tmp_path / "copy.db", left)
    assert (await Store.verify(aside)).posts == 2
    restored = await Store.restore(tmp_path / "copy.db", left, NOW + 2 * MINUTE)
    assert restored.aside == str(aside)
    assert (await Store.verify(aside)).posts == 2


async def test_a_move_that_is_killed_has_taken_over_first_what_was_forgotten(database: Path, tmp_path: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await walk(store, post(1))
        await store.forget("rybar/1", reason="its author asked", now=NOW)
    moved = tmp_path / "moved.db"
    kill_at_name(1, "move", database, moved)
    assert moved.with_name("moved.db.forgotten").read_text() == database.with_name("placewire.db.forgotten").read_text()
