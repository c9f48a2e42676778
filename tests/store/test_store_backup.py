from __future__ import annotations

import asyncio
import os
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreCorrupt, StoreError, StoreFull
from bot.store import Store, backup, engine, faults
from bot.store.driver import sqlite3
from tests.store.world import NOW, post, walk


@pytest.fixture(name="engine")
def sqlite_only() -> str:
    return "sqlite"


async def test_a_backup_opens_as_a_store(store: Store, tmp_path: Path) -> None:
    await walk(store, post(1))
    await store.backup(tmp_path / "copy.db")
    async with await Store.open(tmp_path / "copy.db", now=NOW) as copy:
        assert [row async for row in copy.hits()] == [row async for row in store.hits()]
        assert await copy.secret() == await store.secret()


async def test_a_later_backup_replaces_the_former_as_a_whole(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    await store.backup(target)
    await walk(store, post(1))
    assert (await store.backup(target)).posts == 1
    assert not (tmp_path / "copy.db.new").exists()


async def test_a_backup_that_cannot_be_made_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/copy\.db: cannot be opened"):
        await store.backup(tmp_path / "file" / "copy.db")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "copy.db").mkdir()
    with pytest.raises(StoreError, match=r"copy\.db: is a folder"):
        await store.backup(tmp_path / "folder" / "copy.db")
    assert not (tmp_path / "folder" / "copy.db.new").exists()
    assert (await store.backup(tmp_path / "made" / "copy.db")).posts == 0


async def test_verify_names_the_damage(store: Store, tmp_path: Path) -> None:
    await walk(store, *(post(number) for number in range(1, 40)))
    copy = (await store.backup(tmp_path / "copy.db")).path
    data = bytearray(copy.read_bytes())
    data[4096 * 5 : 4096 * 6] = b"\x5a" * 4096
    copy.write_bytes(data)
    with pytest.raises(StoreCorrupt, match=r"copy\.db: is damaged"):
        await Store.verify(copy)
    with pytest.raises(StoreError, match="cannot be opened"):
        await Store.verify(tmp_path / "nothing.db")


async def test_damage_of_the_database_is_not_said_of_its_copy(store: Store, tmp_path: Path) -> None:
    await walk(store, *(post(number) for number in range(1, 40)))
    await store.close()
    with store.path.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\x5a" * 4096)
    async with await Store.open(store.path, now=NOW, read_only=True) as damaged:
        with pytest.raises(StoreCorrupt) as caught:
            await damaged.backup(tmp_path / "copy.db")
    assert str(caught.value).startswith(f"{store.path}: is damaged (")
    assert "\n" not in str(caught.value)
    assert not {"copy.db", "copy.db.new"} & {file.name for file in await asyncio.to_thread(os.scandir, tmp_path)}


async def test_a_database_on_a_read_only_disk_is_read_and_copied_and_nothing_is_made_beside_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is made to look so: mounting one is not for every user."""
    monkeypatch.setattr(engine, "on_read_only_disk", lambda path: path.parent == store.path.parent)
    await walk(store, post(1))
    assert "immutable" not in engine.uri(store.path, "ro"), "its log is there"
    await store.close()
    there = sorted(store.path.parent.iterdir())
    assert engine.uri(store.path, "ro").endswith("immutable=1")
    async with await Store.open(store.path, now=NOW, read_only=True) as still:
        assert [row.id for row in await still.search("суджа")] == ["rybar/1"]
        assert (await still.backup(tmp_path / "copy.db")).posts == 1
    assert sorted(store.path.parent.iterdir()) == there


async def test_whoever_wants_to_write_on_a_read_only_disk_is_told_of_the_disk(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of the log that a process which was killed has left there."""
    monkeypatch.setattr(faults, "on_read_only_disk", lambda path: path == database)
    database.with_name(f"{database.name}-wal").write_bytes(b"left")
    with pytest.raises(StoreFull, match=r"may not be written .*mount its disk writable"):
        await Store.open(database, now=NOW)


async def test_what_is_no_copy_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreCorrupt, match="is empty; put a backup in its place"):
        await Store.verify(tmp_path / "empty.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE other (id)")
    with pytest.raises(StoreCorrupt, match="not one of placewire"):
        await Store.verify(tmp_path / "other.db")


async def test_a_copy_is_of_one_moment_and_is_not_begun_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "AT_ONCE", 1)
    await walk(store, *(post(number) for number in range(1, 40)))
    shares: list[float] = []

    def meanwhile(share: float) -> None:
        shares.append(share)
        if len(shares) % 10 == 1:
            with closing(engine.plain(store.path)) as conn:
                conn.execute("UPDATE post SET author = 'somebody else'")

    copy = await store.backup(tmp_path / "copy.db", meanwhile)
    assert (copy.posts, shares) == (39, sorted(shares))
    with closing(engine.plain(copy.path)) as conn:
        assert conn.execute("SELECT count(*) FROM post WHERE author IS NOT NULL").fetchone() == (0,)


async def test_a_copy_that_nobody_waits_for_is_broken_off(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "AT_ONCE", 1)
    await walk(store, *(post(number) for number in range(1, 40)))
    began, left, shares = threading.Event(), threading.Event(), []

    def wait(share: float) -> None:
        shares.append(share)
        began.set()
        left.wait(10)

    task = asyncio.create_task(store.backup(tmp_path / "copy.db", wait))
    await asyncio.to_thread(began.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    left.set()
    for _ in range(100):
        if not left_behind(tmp_path):
            break
        await asyncio.sleep(0.02)
    assert (left_behind(tmp_path), len(shares)) == ([], 1)


def left_behind(folder: Path) -> list[Path]:
    return list(folder.glob("copy.db*"))
