"""Every fault of the engine and of the disk, made for real, under every method."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreTooNew
from bot.store import Store, driver
from bot.store.faults import translated
from bot.store.notices import Notices
from bot.store.reviews import Reviews
from bot.store.upkeep import Upkeep
from tests.store.methods import READS, UNCHANGED, WRITES, filled
from tests.store.world import (
    NOW,
    commit,
    group,
    match,
    post,
    reading,
)

sqlite3 = driver.sqlite3
FILES: dict[str, Callable[[Store], Awaitable[Any]]] = {
    "backup": lambda store: store.backup(store.path.with_name("copy.db")),
}


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
async def full(store: Store) -> Store:
    return await filled(store)


async def fill(store: Store) -> None:
    for number in range(1, 100):
        await commit(store, reading(post(number, "Бои за Суджу " * 200)))


async def on_writer(store: Store, pragma: str) -> None:
    assert store._connections._writer is not None
    async with store._connections._writer.connect() as conn:
        await conn.exec_driver_sql(pragma)


def test_every_method_is_tried() -> None:
    parts = {"notices": Notices, "reviews": Reviews, "upkeep": Upkeep}
    methods = public(Store) | {f"{part}.{name}" for part, kind in parts.items() for name in public(kind)}
    assert {*WRITES, *READS, *FILES} == methods - {
        "close",
        "open",
        "verify",
        "restore",
        "move",
        "look_beside",
        "check",
        "replaced",
        "there",
        "ahead",
        "try_room",
    }


def public(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


async def test_a_database_deleted_underneath_is_reported_and_never_made_again(full: Store) -> None:
    full.path.unlink()
    for method in (WRITES | READS | FILES).values():
        with pytest.raises(StoreCorrupt, match="deleted or replaced while in use; stop, and put"):
            await method(full)
    assert not full.path.exists()


async def test_a_closed_store_says_so(full: Store) -> None:
    await full.close()
    for method in (WRITES | READS | FILES).values():
        with pytest.raises(StoreError, match="is closed"):
            await method(full)


async def test_a_locked_database_is_a_temporary_fault(full: Store) -> None:
    await on_writer(full, "PRAGMA busy_timeout=1")
    with closing(sqlite3.connect(full.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for method in WRITES.values():
            with pytest.raises(StoreBusy, match="is locked by another process") as caught:
                await method(full)
            assert caught.value.temporary
    for method in WRITES.values():
        await method(full)


async def test_a_read_only_database_is_a_temporary_fault(full: Store) -> None:
    await on_writer(full, "PRAGMA query_only=ON")
    for name in set(WRITES) - UNCHANGED:
        with pytest.raises(StoreFull, match="may not be written"):
            await WRITES[name](full)


async def test_a_replaced_file_is_not_written_to(full: Store) -> None:
    other = full.path.with_name("other.db")
    await full.backup(other)
    other.replace(full.path)
    with pytest.raises(StoreCorrupt, match="deleted or replaced"):
        await commit(full, reading(post(2)))


async def test_a_full_disk_loses_nothing_and_is_got_over(store: Store) -> None:
    await on_writer(store, "PRAGMA max_page_count=60")
    with pytest.raises(StoreFull, match=r"no space is left on its disk.*make room"):
        await fill(store)
    stored = (await store.counts()).posts
    assert [item.post.id for item in await store.unmatched(99)] == [str(number) for number in range(1, stored + 1)]
    await on_writer(store, "PRAGMA max_page_count=100000")
    await commit(store, reading(post(stored + 1)))
    await match(store)
    await group(store)
    assert (await store.counts()).posts == stored + 1


async def test_a_store_opened_read_only_reads_and_refuses_to_write(full: Store) -> None:
    async with await Store.open(full.path, now=NOW, read_only=True) as reader:
        assert len(await reader.untold("other")) == 1
        assert await reader.secret() == await full.secret()
        with pytest.raises(StoreError, match="read only"):
            await commit(reader, reading(post(2)))
    await full.close()
    async with await Store.open(full.path, now=NOW, read_only=True) as reader:
        assert len(await reader.untold("other")) == 1


def _junk(path: Path) -> None:
    path.write_bytes(b"this is a text, and a long one at that\n" * 200)


def _empty(path: Path) -> None:
    path.touch()


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url)")
        other.commit()


def _only_its_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").write_bytes(b"x" * 100)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_junk, "is not a database"),
        (_empty, "is empty; put a backup in its place"),
        (_foreign, "is a database, but not one of placewire"),
        (_only_its_log, r"is gone, though it was here; put it back.*remove \S+placewire\.db-wal$"),
    ],
)
async def test_what_is_not_our_database_is_left_alone(path: Path, make: Callable[[Path], None], words: str) -> None:
    path.parent.mkdir()
    make(path)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(StoreCorrupt, match=words):
        await Store.open(path, now=NOW)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


async def test_a_damaged_page_is_named_as_damage(full: Store) -> None:
    await commit(full, reading(*(post(number, "Суджа " * 300) for number in range(10, 40))))
    await full.close()
    size = full.path.stat().st_size
    with full.path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * (size - 8192))
    with pytest.raises(StoreCorrupt):
        async with await Store.open(full.path, now=NOW) as damaged:
            await damaged.unmatched(100)
    with pytest.raises(StoreCorrupt):
        await Store.verify(full.path)


async def test_a_database_of_a_later_version_is_refused_and_left_alone(full: Store) -> None:
    await full.close()
    with closing(sqlite3.connect(full.path)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    before = full.path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(StoreTooNew, match="has schema 9999"):
            await Store.open(full.path, now=NOW, read_only=read_only)
    assert full.path.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://db/wire", "mysql: is not an address of a file"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
async def test_other_addresses_are_refused_without_showing_a_password(address: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        await Store.open(address, now=NOW)
    assert "secret" not in str(caught.value)


async def test_a_folder_in_its_place_is_named(path: Path) -> None:
    path.parent.mkdir()
    await asyncio.to_thread(path.mkdir)
    for read_only in (True, False):
        with pytest.raises(StoreError, match=r"is a folder .*; name a file"):
            await Store.open(path, now=NOW, read_only=read_only)
    with pytest.raises(StoreError, match=r"is a folder .*; name a file"):
        await Store.verify(path)


async def test_a_limit_of_the_size_of_files_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What SQLite says of it is "disk I/O error"; the limit itself would hold for the whole test run."""
    monkeypatch.setattr("bot.store.faults.resource.getrlimit", lambda _: (400 * 1024, -1))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = 10
    with pytest.raises(StoreFull, match=r"a limit keeps its files from growing.*ulimit -f"), translated(store.name):
        raise error


async def test_reading_a_database_that_is_not_there_makes_none(path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        await Store.open(path, now=NOW, read_only=True)
    assert not path.parent.exists()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match=r"placewire\.db: cannot be opened"):
        await Store.open(tmp_path / "data" / "placewire.db", now=NOW)
