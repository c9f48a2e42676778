"""What the operator sees of a database that is not as it should be, which is left as it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StoreBusy, StoreCorrupt, StoreError, StoreTooNew
from bot.service.doctor import examine
from bot.service.findings import Finding, Verdict
from bot.service.house import open_house
from bot.service.local import Polls
from bot.service.memory import changing
from bot.store import Store, driver
from tests.fakes.installation import FRONT, WIRE, Installation
from tests.fakes.postgresql import Server, connect

sqlite3 = driver.sqlite3


def _text(path: Path) -> None:
    path.write_text("this is a text, and a long one at that\n" * 200)


def _damaged(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * (path.stat().st_size - 8192))


def _only_its_log(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}-wal"))


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()


def _nameless(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("DELETE FROM meta WHERE name = 'secret'")
        other.commit()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def files(path: Path) -> dict[str, bytes]:
    names = (path.name, f"{path.name}-wal")
    return {
        file.name: file.read_bytes() for file in path.parent.iterdir() if file.name in names and file.stat().st_size
    }


async def database_of(installed: Installation) -> Finding:
    (found,) = await findings(installed, "database")
    return found


async def findings(installed: Installation, subject: str) -> list[Finding]:
    return [each for each in await examine(installed.config) if each.subject == subject]


@pytest.mark.parametrize(
    ("spoil", "kind", "words"),
    [
        (_text, StoreCorrupt, "is not a database"),
        (_damaged, StoreCorrupt, "is damaged"),
        (_only_its_log, StoreCorrupt, "is gone, though it was here; .* remove .*-wal and .*lock"),
        (Path.unlink, StoreCorrupt, "is gone, though it was here; put it back, or a copy by `db restore`"),
        (_newer, StoreTooNew, "has schema 9999"),
        (_nameless, StoreCorrupt, r"has lost its secret \(table meta\); put a backup in its place"),
        (_empty, StoreCorrupt, "is empty"),
    ],
)
async def test_a_bad_file_is_named_with_a_remedy_and_left_alone(
    installed: Installation, spoil: Callable[[Path], None], kind: type[StoreError], words: str
) -> None:
    installed.write("Бои под Суджей.")
    await installed.once()
    path = installed.folder / "data/placewire.db"
    spoil(path)
    before, told = files(path), installed.told
    with pytest.raises(kind, match=words) as caught:
        await installed.once()
    found = await database_of(installed)
    assert (found.verdict, caught.value.remedy != "") == (Verdict.BAD, True)
    assert re.search(words, f"{found.text}; {found.remedy}")
    assert found.remedy
    assert (files(path), installed.told) == (before, told)


async def test_the_status_is_1_and_the_line_is_one(installed: Installation) -> None:
    await installed.once()
    _text(installed.folder / "data/placewire.db")
    ended = await installed.run("once")
    assert (ended.status, ended.err.count("placewire.db: is not a database")) == (1, 1)


async def test_nothing_is_said_not_to_be_there_of_a_damaged_database(installed: Installation) -> None:
    await installed.once()
    with (installed.folder / "data/placewire.db").open("r+b") as file:
        file.seek(-4096, 2)
        file.write(b"\xa5" * 4096)
    ended = await installed.run("hits")
    assert (ended.status, ended.err.count("is damaged"), ended.err.count("No hits yet")) == (1, 1, 0)


async def test_what_changes_a_database_makes_none(installed: Installation) -> None:
    with pytest.raises(StoreError, match=r"does not exist; name the right file, or start `run` or `once`"):
        async with changing(installed.config):
            pass
    assert not (installed.folder / "data").exists()


async def test_a_new_database_in_the_place_of_another_is_not_made_silently(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for _ in range(2):
        await installed.once()
        said.append(capsys.readouterr().out.count("this database is new"))
    for file in (installed.folder / "data").glob("placewire.db*"):
        file.unlink()
    await installed.once()
    out = capsys.readouterr().out
    said.append(out.count("this database is new"))
    assert said == [1, 0, 1]
    assert "before=" not in out
    before = installed.config.shown_database
    installed.database = f"sqlite:///{installed.folder}/data/other.db"
    installed.configure()
    await installed.once()
    assert f"before={before}" in capsys.readouterr().out, "where the one is that was named until now"


async def test_a_server_that_is_not_as_it_should_be_is_named_with_a_remedy(
    installed: Installation, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.postgresql.RECORDS", installed.folder / "data")
    installed.database = server.make("placewire_test_bad")
    installed.configure()
    installed.write("Бои под Суджей.")
    await installed.once()
    told = installed.told
    (size,) = await findings(installed, "size")
    assert "write-ahead" not in size.text, "it is the server's, which has all its databases in one"
    name = installed.database.rpartition("/")[2]
    with connect(installed.database) as other:
        other.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        said = (await findings(installed, "database"))[-1]
        assert (said.verdict, said.text.split(" (")[0]) == (Verdict.BAD, "may not be written")
        assert "default_transaction_read_only" in said.remedy
        other.exec_driver_sql(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        assert len(await findings(installed, "database")) == 1, "the trial left nothing"
        other.exec_driver_sql("UPDATE meta SET name = 'other' WHERE name = 'instance'")
        await fails(installed, StoreCorrupt, r"has lost its instance \(table meta\)")
        other.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        await fails(installed, StoreTooNew, "has schema 9999")
        other.exec_driver_sql("ALTER TABLE meta RENAME TO other")
        await fails(installed, StoreCorrupt, "not one of placewire")
    server.drop("placewire_test_bad")
    await fails(
        installed, StoreError, "there is no such database .*make it at the server: createdb .* placewire_test_bad"
    )
    assert installed.told == told


async def test_an_empty_database_in_the_place_of_one_that_was_here_is_refused(
    installed: Installation, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.postgresql.RECORDS", installed.folder / "data")
    installed.database = server.make(EMPTIED)
    installed.configure()
    with pytest.raises(StoreError, match="is empty; name the right one, or start `run` or `once`"):
        async with changing(installed.config):
            pass
    installed.write("Бои под Суджей.")
    await installed.once()
    async with installed.store() as store:
        await store.backup(installed.folder / "copy.dump")
    server.make(EMPTIED)
    await fails(
        installed, StoreCorrupt, r"is empty, though it was here; .*`db restore`; .* remove \S+/data/\S+\.known$"
    )
    await Store.restore(installed.folder / "copy.dump", installed.config.database, installed.clock.now())
    await installed.once()
    assert len(await installed.hits()) == 1
    server.make(EMPTIED)
    (known,) = (installed.folder / "data").glob("*.known")
    known.unlink()
    await installed.once()  # begun anew, as it was asked for


EMPTIED = "placewire_test_emptied"


async def fails(installed: Installation, kind: type[StoreError], words: str) -> None:
    with pytest.raises(kind, match=words):
        await installed.once()
    found = await database_of(installed)
    assert found.verdict is Verdict.BAD
    assert re.search(words, f"{found.text}; {found.remedy}")


async def test_what_a_locked_store_turned_away_is_due_when_it_is_free(installed: Installation) -> None:
    await installed.once()
    installed.write("Бои под Суджей.")
    installed.clock.moment += timedelta(hours=1)
    path = installed.folder / "data/placewire.db"
    with pytest.MonkeyPatch.context() as patched, closing(sqlite3.connect(path, isolation_level=None)) as other:
        patched.setattr("bot.store.engine._PRAGMAS", ("PRAGMA busy_timeout=50",))
        async with open_house(installed.config, installed.clock) as house:
            polls = Polls(house)
            other.execute("BEGIN IMMEDIATE")
            await polls.start_due()
            await asyncio.gather(*polls.running.values())
            asked = installed.feed_asked
            for _ in ("a look", "between two looks"):
                with pytest.raises(StoreBusy, match="is locked"):
                    await polls.start_due()
            assert (installed.feed_asked, polls.turned_away) == (asked, {FRONT, WIRE}), "nothing is read in vain"
            other.execute("ROLLBACK")
            patched.setattr("bot.service.local.LOOK_AGAIN", 0.0)
            await polls.start_due()
            await asyncio.gather(*polls.running.values())
            assert (polls.failed, (await house.store.counts()).posts) == ({}, 1)


async def test_a_lock_is_named_by_doctor(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads all the same, and nothing else would say that nothing can be stored."""
    await installed.once()
    monkeypatch.setattr("bot.store.engine.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(installed.folder / "data/placewire.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        well, bad = await findings(installed, "database")
        assert (well.verdict, bad.verdict) == (Verdict.OK, Verdict.BAD)
        assert "is locked by another process" in bad.text
        assert "a command is to be given again" in bad.remedy
        other.execute("ROLLBACK")
    assert (await database_of(installed)).verdict is Verdict.OK


async def test_what_was_locked_for_a_round_is_done_in_the_next(installed: Installation) -> None:
    """The wait of ten seconds is the engine's own: shortened here."""
    await installed.once()
    installed.write("Бои под Суджей.")
    path = installed.folder / "data/placewire.db"
    with pytest.MonkeyPatch.context() as patched, closing(sqlite3.connect(path, isolation_level=None)) as other:
        patched.setattr("bot.store.engine.BUSY_SECONDS", 0.05)
        patched.setattr("bot.store.engine._PRAGMAS", ("PRAGMA busy_timeout=50",))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="is locked by another process"):
            await installed.once()
        other.execute("ROLLBACK")
    await installed.once()
    assert installed.told.count(f"https://t.me/{FRONT}/1\n") == 1
