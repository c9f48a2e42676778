"""Copies of a database on a server, made and read by its own programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import AlreadyRunning, StoreCorrupt, StoreError
from bot.model import Arrival, Outcome, Reason
from bot.store import Store, instance_lock
from tests.fakes.postgresql import Server, connect
from tests.store.conftest import HOME
from tests.store.test_store_restore import LATER, copied
from tests.store.world import MINUTE, NOW, commit, group, match, post, reading


async def test_a_restore_two_days_old_sends_nothing_twice_and_loses_nothing(
    home: str, server: Server, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.dump"
    await copied(home, copy)
    async with await Store.open(home, now=LATER) as store:
        await store.forget("rybar/1", reason="its author asked", now=LATER)
        await store.forget("rybar/3", reason="its author asked", now=LATER)
    with instance_lock(home), pytest.raises(AlreadyRunning):
        await Store.restore(copy, home, LATER)
    restored = await Store.restore(copy, home, LATER)
    assert restored.copy.posts == 2
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
        assert await store.untold("kursk") == []
        again = await store.story_of("rybar/4")
        assert again is not None
        assert again.first.stored.arrival == Arrival.BASELINE
    aside = f"{HOME}_{os.getpid()}.20261124T120000Z.replaced"
    assert await Store.replaced(home) == [aside]
    with connect(server.address(HOME).replace(f"{HOME}_{os.getpid()}", aside)) as old:
        assert old.execute(text("SELECT count(*) FROM post")).scalar_one() == 3
    unfinished = f"{HOME}_{os.getpid()}.new"
    server.admin.execute(text(f'ALTER DATABASE "{aside}" RENAME TO "{unfinished}"'))
    assert await Store.replaced(home) == [unfinished], "what a killed restore leaves is named, too"


async def test_an_empty_database_and_one_that_says_nothing_are_restored_into(
    home: str, server: Server, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.dump"
    await copied(home, copy)
    server.make(HOME)
    await Store.restore(copy, home, LATER)
    with connect(home) as old:
        old.execute(text(_DAMAGED))
    with pytest.raises(StoreCorrupt, match=r"does not say what it has forgotten.*; rename it at the server"):
        await Store.restore(copy, home, LATER + MINUTE)


_DAMAGED = """
DROP TABLE forgotten;
CREATE FUNCTION damaged() RETURNS bytea LANGUAGE plpgsql AS $$BEGIN RAISE SQLSTATE 'XX001'; END$$;
CREATE VIEW forgotten AS SELECT damaged() AS fingerprint, 'x' AS reason, now() AS at
"""


async def test_what_was_forgotten_stays_so_although_the_database_is_lost(
    home: str, server: Server, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.dump"
    await copied(home, copy)
    async with await Store.open(home, now=LATER) as store:
        await store.forget("rybar/1", reason="its author asked", now=LATER)
    server.drop(HOME)
    await Store.restore(copy, home, LATER)
    async with await Store.open(home, now=LATER) as store:
        assert [row.id for row in await store.search("суджа")] == ["rybar/2"]


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
