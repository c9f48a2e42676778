"""Every fault of a server, made for real, under every method."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text

from bot.errors import AlreadyRunning, StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreTooNew
from bot.service.keeper import kept
from bot.store import Held, Store, holder, instance_lock, schema
from tests.fakes.postgresql import Server, connect
from tests.store.methods import READS, UNCHANGED, WRITES, filled
from tests.store.world import NOW, commit, post, reading, walk


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
async def full(store: Store) -> Store:
    return await filled(store)


@pytest.fixture
def other(shared: tuple[str, Connection]) -> Connection:
    return shared[1]


def end_connections(other: Connection, role: str) -> None:
    mine = "datname = current_database() AND application_name LIKE :name"
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"
    other.execute(text(ended), {"name": f"placewire % {role}"})


async def test_a_lost_connection_is_a_temporary_fault_of_every_method(full: Store, other: Connection) -> None:
    for name, method in (WRITES | READS).items():
        await (full.unpark() if name in WRITES else full.counts())
        end_connections(other, "writer" if name in WRITES else "reader")
        with pytest.raises(StoreBusy, match=r"connection was lost.*the service tries again") as caught:
            await method(full)
        assert caught.value.temporary
    assert (await full.counts()).posts == 2


async def delete_until_cut_off(store: Store, other: Connection) -> None:
    async with store._write() as conn:
        await conn.exec_driver_sql("DELETE FROM outbox")
        end_connections(other, "writer")
        await conn.exec_driver_sql("DELETE FROM decision")


async def test_a_connection_lost_in_the_middle_of_a_transaction_leaves_nothing_of_it(
    full: Store, other: Connection
) -> None:
    before = await full.counts()
    with pytest.raises(StoreBusy, match="connection was lost"):
        await delete_until_cut_off(full, other)
    assert await full.counts() == before


async def test_a_locked_database_is_a_temporary_fault(full: Store, other: Connection) -> None:
    async with full._write() as conn:
        await conn.exec_driver_sql("SET SESSION lock_timeout = '20ms'")
    other.execute(text("SELECT pg_advisory_lock(1886151011, 2)"))
    try:
        for method in WRITES.values():
            with pytest.raises(StoreBusy, match="is locked by another process"):
                await method(full)
    finally:
        other.execute(text("SELECT pg_advisory_unlock(1886151011, 2)"))
    for method in WRITES.values():
        await method(full)


async def test_a_read_only_server_is_a_temporary_fault(full: Store) -> None:
    async with full._write() as conn:
        await conn.exec_driver_sql("SET SESSION default_transaction_read_only = on")
    for name in set(WRITES) - UNCHANGED:
        with pytest.raises(StoreFull, match=r"may not be written .*; name the primary if"):
            await WRITES[name](full)


async def test_no_statement_of_ours_stands_in_a_message(full: Store, other: Connection) -> None:
    other.execute(text("ALTER TABLE hit RENAME TO gone"))
    try:
        with pytest.raises(StoreCorrupt) as caught:
            [each async for each in full.hits()]
    finally:
        other.execute(text("ALTER TABLE gone RENAME TO hit"))
    what = 'was deleted or replaced while in use (relation "hit" does not exist)'
    assert str(caught.value) == f"{full.name}: {what}; stop, and put it, or a backup of it, back"


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("53100", StoreFull, "no space is left on its server's disk"),
        ("XX001", StoreCorrupt, "is damaged"),
        ("57014", StoreBusy, "is locked"),
    ],
)
async def test_what_a_server_says_in_the_middle_of_a_reading_undoes_it_whole(
    full: Store, other: Connection, state: str, kind: type[StoreError], words: str
) -> None:
    """Raised by the server itself at the second row, as it would be by a full disk or a damaged page."""
    before = (await full.counts()).posts
    other.execute(text(_FAILING.format(state=state)))
    try:
        with pytest.raises(kind, match=words):
            await commit(full, reading(post(7), post(8)))
    finally:
        other.execute(text("DROP FUNCTION fails CASCADE"))
    assert (await full.counts()).posts == before
    assert (await commit(full, reading(post(7), post(8)))).new == ("rybar/7", "rybar/8")


_FAILING = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN IF NEW.text <> '' AND NEW.row % 2 = 0 THEN RAISE SQLSTATE '{state}'; END IF; RETURN NEW; END$$;
CREATE TRIGGER fails BEFORE INSERT ON revision FOR EACH ROW EXECUTE FUNCTION fails()
"""


async def test_a_closed_store_says_so(full: Store) -> None:
    await full.close()
    for method in (WRITES | READS).values():
        with pytest.raises(StoreError, match="is closed"):
            await method(full)


async def test_a_database_dropped_underneath_is_reported_and_never_made_again(server: Server) -> None:
    address = server.make("placewire_test_dropped")
    async with await Store.open(address, now=NOW) as store:
        await store.unpark()
        server.drop("placewire_test_dropped")
        for kind in (StoreBusy, StoreError):  # its connection ended, and there is no other
            with pytest.raises(kind):
                await store.unpark()
        server.make("placewire_test_dropped")
        with pytest.raises(StoreCorrupt, match="deleted or replaced while in use"):
            await store.unpark()
        with connect(address) as conn:
            conn.execute(text("CREATE TABLE meta (name text, value text)"))
            conn.execute(text("INSERT INTO meta VALUES ('instance', 'another')"))
            with pytest.raises(StoreCorrupt, match="deleted or replaced while in use"):
                await store.counts()
        server.drop("placewire_test_dropped")


async def test_what_is_not_our_database_is_left_alone(server: Server) -> None:
    address = server.make("placewire_test_foreign")
    for look in (Store.open(address, now=NOW, read_only=True), Store.verify(address)):
        with pytest.raises(StoreError, match="is empty; name the right one"):
            await look
    with connect(address) as conn:
        conn.execute(text("CREATE TABLE bookmarks (url text)"))
        with pytest.raises(StoreCorrupt, match="is a database, but not one of placewire"):
            await Store.open(address, now=NOW)
    server.drop("placewire_test_foreign")


async def test_a_database_of_a_later_version_is_refused(address: str, other: Connection) -> None:
    other.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        for read_only in (True, False):
            with pytest.raises(StoreTooNew, match="has schema 9999"):
                await Store.open(address, now=NOW, read_only=read_only)
    finally:
        other.execute(text(f"UPDATE alembic_version SET version_num = '{schema.HEAD}'"))


@pytest.mark.parametrize(
    ("address_", "words"),
    [
        ("postgresql://wire:secret@127.0.0.1:9/wire", "postgresql://wire@127.0.0.1:9/wire: does not answer"),
        ("postgresql://wire:secret@:x/wire", "is not an address"),
    ],
)
async def test_a_server_that_does_not_answer_is_named_without_the_password(
    address: str, address_: str, words: str
) -> None:
    for look in (Store.open(address_, now=NOW), Store.verify(address_)):
        with pytest.raises(StoreError, match=words) as caught:
            await look
        assert "secret" not in str(caught.value)


def test_the_driver_says_nothing_beside_what_is_raised() -> None:
    """It would say of some statements that a full disk has undone that their pipeline was aborted."""
    assert not logging.getLogger("psycopg").isEnabledFor(logging.ERROR)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"database": "no such"}, "no such database .* createdb --encoding=UTF8 --template=template0.* 'no such'$"),
        ({"username": "nobody"}, "no such user .* createuser --pwprompt nobody$"),
    ],
)
async def test_what_is_missing_at_a_server_is_named_with_the_command_that_makes_it(
    address: str, other: dict[str, str], words: str
) -> None:
    wrong = make_url(address).set(**other).render_as_string(hide_password=False)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=words) as caught:
        await Store.open(wrong, now=NOW)
    assert not caught.value.temporary


def test_a_second_holder_of_the_lock_is_refused_with_the_pid_of_the_first(address: str) -> None:
    assert holder(address) is None
    code = (
        "import os, sys; from bot.store import instance_lock\n"
        "with instance_lock(sys.argv[1]): print(os.getpid(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        with pytest.raises(AlreadyRunning, match=f"is in use by process {pid}"), instance_lock(address):
            pass
        assert holder(address) == pid
        process.kill()
    while holder(address) is not None:
        pass  # until its server has seen the end of the connection
    with instance_lock(address):
        assert holder(address) is not None


def test_a_lock_lost_with_its_connection_is_taken_again(address: str, other: Connection) -> None:
    with instance_lock(address) as lock:
        assert lock.keep is not None
        assert not lock.keep()
        end_connections(other, "lock")
        while True:
            try:
                assert lock.keep()
                break
            except StoreBusy:  # the server has not let go of the ended connection yet
                continue
        assert holder(address) == os.getpid()
        assert not lock.keep()
        with pytest.raises(AlreadyRunning), instance_lock(address):
            pass
    assert holder(address) is None


async def test_whoever_lost_the_lock_to_another_stops(
    address: str, other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.keeper.EVERY", 0.05)
    stopping = asyncio.Event()
    with instance_lock(address) as lock, pytest.raises(AlreadyRunning, match=f"in use by process {os.getpid()}"):
        await lose(lock, stopping, address, other)
    assert stopping.is_set()


async def lose(lock: Held, stopping: asyncio.Event, address: str, other: Connection) -> None:
    """Let another have the lock as soon as the connection that held it is gone."""
    with ExitStack() as stack:
        async with kept(lock, stopping):
            end_connections(other, "lock")
            while holder(address) is not None:
                pass
            stack.enter_context(instance_lock(address))
            await asyncio.wait_for(stopping.wait(), 10)


async def test_what_was_written_is_read_by_a_store_opened_read_only(store: Store, address: str) -> None:
    await walk(store, post(1))
    async with await Store.open(address, now=NOW, read_only=True) as reader:
        assert [row async for row in reader.hits()] == [row async for row in store.hits()]
        with pytest.raises(StoreError, match="read only"):
            await commit(reader, reading(post(2)))
