"""A disk that is nearly full, and a stop that was not in order."""

from pathlib import Path

import pytest

from bot.errors import StoreCorrupt
from bot.pipeline import poll
from bot.service.doctor import examine
from bot.service.house import open_house
from bot.service.room import LEAST_FREE
from bot.service.telling import tell
from bot.store import Store, ended_in_order
from bot.store.lock import lock_file
from tests.fakes.installation import FRONT, WIRE, Installation
from tests.store.world import RYBAR, commit, post, reading


async def states(installed: Installation) -> set[str]:
    async with installed.store() as store:
        return {row.state for row in await store.sources()}


async def test_a_disk_that_is_nearly_full_stops_reading_before_sending(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    await installed.once()
    installed.configure(cron="0 0 1 1 *")
    installed.write("Бои под Суджей.")
    await installed.once()
    installed.configure()
    installed.write("Бои у Бердина.")
    installed.free, asked = LEAST_FREE - 1, installed.feed_asked
    capsys.readouterr()
    async with open_house(installed.config, installed.clock, free=lambda: installed.free) as house:
        for name in (FRONT, WIRE):  # as `run` does: each in its own time
            await poll(house, name)
            await tell(house)
    done = await installed.once()
    assert (done.polled, done.new, done.failed) == (0, 0, False)
    assert installed.feed_asked == asked
    assert await states(installed) == {"disk_full"}
    assert f"https://t.me/{FRONT}/1\n" in installed.told
    assert capsys.readouterr().out.count("the disk is nearly full") == 1
    installed.free = LEAST_FREE
    await installed.once()
    assert await states(installed) == {"ok", "not_modified"}
    assert capsys.readouterr().out.count("there is room again") == 1
    await installed.once()
    assert installed.told.count(f"https://t.me/{FRONT}/2\n") == 1
    async with installed.store() as store:
        assert (await store.memory(FRONT)).failures == 0


async def test_after_a_kill_the_database_is_checked_and_after_a_stop_it_is_not(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    database = installed.folder / "data/placewire.db"
    await installed.once()
    lock_file(database).write_text("1\n")  # as a process leaves it that is killed; test_store_lock.py kills one
    assert not ended_in_order(database)
    (found,) = [each for each in await examine(installed.config) if each.subject == "service"]
    assert "did not end in order" in found.text
    await installed.once()
    assert "the database is whole" in capsys.readouterr().out
    assert ended_in_order(database)
    await installed.once()
    assert "checked" not in capsys.readouterr().out


def damage(database: Path) -> None:
    """Pages in the middle are overwritten, as by a disk that fails."""
    content = bytearray(database.read_bytes())
    for start in range(8 * 4096, len(content), 4096):
        content[start : start + 64] = b"\xff" * 64
    database.write_bytes(content)


async def test_a_damaged_database_is_refused_and_the_copy_named(installed: Installation) -> None:
    copies = installed.folder / "copies"
    file = installed.folder / "config/bot.yaml"
    file.write_text(file.read_text(encoding="utf-8") + f"backup: {{folder: '{copies}'}}\n", encoding="utf-8")
    installed.write("Бои под Суджей.")
    await installed.once()
    (copy,) = copies.iterdir()
    database = installed.folder / "data/placewire.db"
    damage(database)
    lock_file(database).write_text("1\n")
    for _ in range(2):
        with pytest.raises(StoreCorrupt, match=f"is damaged .*; run: placewire db restore {copy}"):
            await installed.once()
    await Store.restore(copy, installed.config.database, installed.clock.now())
    await installed.once()


async def test_a_check_that_takes_too_long_is_broken_off(installed: Installation) -> None:
    await installed.once()
    database = installed.folder / "data/placewire.db"
    async with await Store.open(database, now=installed.clock.now()) as store:
        await store.sync_sources([RYBAR], installed.clock.now())
        await commit(store, reading(*(post(number, f"Сводка {number} " * 30) for number in range(2000))))
    assert await Store.check(database, lambda: True)
    assert not await Store.check(database, lambda: False)
