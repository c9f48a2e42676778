"""Copies of a database on a server, made and read by its own programs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import AlreadyRunning, StoreCorrupt, StoreError
from bot.model import Arrival, Outcome, Reason
from bot.store import Store, instance_lock
from tests.fakes.postgresql import Server, connect
from tests.store.test_store_restore import LATER, copied
from tests.store.world import MINUTE, NOW, RYBAR, commit, group, match, post, reading

NAME = "placewire_test_dump"


@pytest.fixture
def home(server: Server) -> Iterator[str]:
    """A database of its own, which may be put aside and replaced."""
    yield server.make(NAME)
    found = server.admin.execute(
        text("SELECT datname FROM pg_database WHERE starts_with(datname, :name)"), {"name": NAME}
    )
    for name in found.scalars().all():
        if f"_{os.getpid()}" in name:
            server.admin.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


async def test_a_restore_two_days_old_sends_nothing_twice_and_loses_nothing(
    home: str, server: Server, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.dump"
    await copied(home, copy)
    async with await Store.open(home, now=LATER) as store:
        await store.forget("rybar/1", "its author asked", LATER)
        await store.forget("rybar/3", "its author asked", LATER)
    with instance_lock(home), pytest.raises(AlreadyRunning):
        await Store.restore(copy, home, LATER)
    restored = await Store.restore(copy, home, LATER)
    assert restored.posts == 2
    async with await Store.open(home, now=LATER) as store:
        await store.unpark()
        assert await store.ready(LATER) == []
        assert {row.outcome async for row in store.outbox()} <= {Outcome.UNKNOWN, Outcome.PARKED}
        assert await store.untold("kursk") == []
        assert (await store.decisions("kursk"))[2] is Reason.RESTORED
        assert [row.id for row in await store.search("суджа")] == ["rybar/2"]
        assert (await commit(store, reading(post(1), post(2), post(3), post(4)), LATER + MINUTE)).new == ("rybar/4",)
        await match(store)
        await group(store)
        (again,) = await store.untold("kursk")
        assert again.first.stored.arrival == Arrival.BASELINE
    aside = f"{NAME}_{os.getpid()}.20261124T120000Z.replaced"
    with connect(server.address(NAME).replace(f"{NAME}_{os.getpid()}", aside)) as old:
        assert old.execute(text("SELECT count(*) FROM post")).scalar_one() == 3


async def test_what_was_forgotten_stays_so_although_the_database_is_lost(
    home: str, server: Server, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.dump"
    await copied(home, copy)
    async with await Store.open(home, now=LATER) as store:
        await store.forget("rybar/1", "its author asked", LATER)
    server.drop(NAME)
    await Store.restore(copy, home, LATER)
    async with await Store.open(home, now=LATER) as store:
        assert [row.id for row in await store.search("суджа")] == ["rybar/2"]


async def test_a_copy_made_at_full_speed_is_of_one_moment(home: str, tmp_path: Path) -> None:
    async with await Store.open(home, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        stop, counts = asyncio.Event(), {0}

        async def write() -> None:
            first = 1
            while not stop.is_set():
                await commit(store, reading(*(post(number) for number in range(first, first + 50))))
                first += 50
                counts.add(first - 1)

        writing = asyncio.create_task(write())
        shares: list[float] = []
        copy = await store.backup(tmp_path / "copy.dump", shares.append)
        stop.set()
        await writing
        assert copy.posts in counts
        assert copy.posts < max(counts)
        assert shares == sorted(shares)
        assert await Store.verify(copy.path) == copy
        assert (await Store.verify(home)).posts == max(counts)
        assert (tmp_path / "copy.dump").stat().st_mode & 0o077 == 0


async def test_damage_and_other_files_are_told_from_copies(home: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.dump"
    await copied(home, copy)
    whole = copy.read_bytes()
    (tmp_path / "cut.dump").write_bytes(whole[: len(whole) * 2 // 3])
    for name in ("cut.dump", "absent.dump"):
        with pytest.raises(StoreError):
            await Store.restore(tmp_path / name, home, LATER)
    with pytest.raises(StoreCorrupt, match="is damaged"):
        await Store.verify(tmp_path / "cut.dump")
    assert (await Store.verify(home)).posts == 3


async def test_without_the_programs_of_the_server_it_is_said_what_to_do(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with await Store.open(home, now=NOW) as store:
        with pytest.raises(StoreError, match=r"pg_dump is not installed here.*postgresql-client"):
            await store.backup(tmp_path / "copy.dump")
    assert not (tmp_path / "copy.dump").exists()
