"""Live configuration: files that change while the service runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import StoreBusy
from bot.pipeline import House
from bot.service.house import open_house
from bot.service.live import Orders, Watched
from bot.service.rematching import config_diff
from bot.service.running import patiently
from tests.fakes.installation import FRONT, Installation
from tests.service.test_run import until


@pytest.fixture
def orders(installed: Installation) -> Orders:
    return Orders(lambda: installed.config, Watched(installed.folder / "config"))


@pytest.fixture
async def house(installed: Installation, orders: Orders) -> AsyncIterator[House]:
    async with open_house(orders.config, installed.clock, stopping=orders.stopping) as opened:
        yield opened


def write(installed: Installation, name: str, text: str) -> None:
    (installed.folder / "config" / name).write_text(text, encoding="utf-8")


async def look(orders: Orders, house: House, times: int = 3) -> None:
    for _ in range(times):
        await orders.look(house)


def test_a_change_counts_when_nobody_writes_any_more(tmp_path: Path) -> None:
    file = tmp_path / "watchlists" / "a.yaml"
    file.parent.mkdir()
    file.write_text("places: []")
    watched = Watched(tmp_path)
    assert not watched.changed()
    file.write_text("places: [")
    assert not watched.changed()
    file.write_text("places: [{name: Суджа}]")
    assert not watched.changed()
    assert watched.changed()
    assert not watched.changed()
    os.utime(file, (1, 1))
    assert [watched.changed() for _ in range(3)] == [False, True, False]
    (tmp_path / "watchlists" / "b.yaml").touch()
    assert [watched.changed() for _ in range(3)] == [False, True, False]
    (tmp_path / "watchlists" / "notes.txt").touch()
    assert [watched.changed() for _ in range(3)] == [False, False, False]


async def test_other_places_are_watched_without_opening_anything_anew(
    installed: Installation, orders: Orders, house: House
) -> None:
    write(installed, "watchlists/kursk.yaml", "places: [{name: Рыльск, id: rylsk}]\n")
    await look(orders, house)
    assert not orders.stopping.is_set()
    assert [watch.id for watch in house.config.watches] == ["rylsk"]
    assert [hit.watch for hit in house.matcher.match("Бои под Рыльском и Суджей")] == ["rylsk"]
    assert [watch.id for watch in await house.store.upkeep.watches()] == ["rylsk"]


async def test_any_other_change_opens_the_house_anew(installed: Installation, orders: Orders, house: House) -> None:
    installed.configure(poll="9s")
    await look(orders, house)
    assert orders.stopping.is_set()
    assert {source.poll.seconds for source in orders.config.sources} == {9}
    assert orders.go_back()
    assert {source.poll.seconds for source in orders.config.sources} == {1}


async def test_a_broken_file_is_told_once_until_it_changes_again(
    installed: Installation, orders: Orders, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for text in ("places: [{nmae: Рыльск}]\n", "places: [{nmae: Рыльск}, 7]\n", "places: [{name: Рыльск}]\n"):
        write(installed, "watchlists/kursk.yaml", text)
        await look(orders, house, 5)
        told.append(capsys.readouterr().out.count("configuration refused"))
        if text.endswith("7]\n"):
            assert [watch.id for watch in house.config.watches] == ["sudzha", "berdin"]
    assert told == [1, 1, 0]
    assert [watch.name for watch in house.config.watches] == ["Рыльск"]


async def test_a_signal_says_so_again(
    installed: Installation, orders: Orders, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    write(installed, "routes.yaml", "routes: [")
    await look(orders, house)
    orders.read_again()
    await look(orders, house)
    said = capsys.readouterr().out
    assert (said.count("configuration refused"), said.count("same faults as before")) == (1, 1)


async def test_a_folder_that_is_gone_for_a_moment_changes_nothing(
    installed: Installation, orders: Orders, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = installed.folder / "config"
    folder.rename(installed.folder / "away")
    await look(orders, house)
    (installed.folder / "away").rename(folder)
    await look(orders, house)
    assert capsys.readouterr().out == ""


async def test_a_file_that_is_gone_is_told_once_and_the_running_configuration_stays(
    installed: Installation, orders: Orders, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    file = installed.folder / "config/sources.yaml"
    before = file.read_text(encoding="utf-8")
    file.unlink()
    await look(orders, house, 5)
    assert (capsys.readouterr().out.count("sources.yaml: is gone; put it back"), orders.stopping.is_set()) == (1, False)
    file.write_text(before, encoding="utf-8")
    await look(orders, house, 5)
    assert (orders.stopping.is_set(), orders.refused) == (False, None)


async def test_run_takes_over_what_changes_and_keeps_its_database(installed: Installation) -> None:
    installed.write("Колонна вошла в Рыльск.")
    process = await installed.start("run")
    await until(lambda: installed.feed_asked >= 2)
    write(installed, "watchlists/kursk.yaml", "places: [{name: Рыльск, id: rylsk}]\n")
    await until_found(installed, "rylsk")
    changed = await config_diff(installed.config, None, installed.clock.now(), lambda _share: None)
    assert changed.adopted, "the file was taken over, and what it changed can be seen nevertheless"
    assert [f"{change} {watch.id}" for change, watch in changed.watches] == [
        "added rylsk",
        "removed berdin",
        "removed sudzha",
    ]
    assert [f"{each.change} {each.watch} {each.post}" for each in changed.mentions] == [f"gained rylsk {FRONT}/1"]
    bot = installed.folder / "config/bot.yaml"
    before = bot.read_text(encoding="utf-8")
    write(installed, "bot.yaml", before.replace("/data/placewire.db", "/data/other.db"))
    asked = installed.feed_asked
    await until(lambda: installed.feed_asked >= asked + 3)
    installed.write("В Рыльске тихо.")
    await until(lambda: f"https://t.me/{FRONT}/2\n" in installed.told)
    process.terminate()
    _, err = await process.communicate()
    assert process.returncode == 0
    assert err.decode().count("another database takes effect at the next start") == 1
    assert not (installed.folder / "data/other.db").exists()
    write(installed, "bot.yaml", before)
    assert [(hit.watch, hit.post, hit.late) for hit in await installed.hits()] == [
        ("rylsk", f"{FRONT}/1", True),
        ("rylsk", f"{FRONT}/2", False),
    ]


async def test_whoever_asks_again_hears_that_the_faults_are_the_same(
    installed: Installation, orders: Orders, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    write(installed, "watchlists/kursk.yaml", "places: [{nmae: Рыльск}]\n")
    orders.read_again()
    await look(orders, house, 5)
    assert capsys.readouterr().out.count("configuration refused") == 1
    orders.read_again()
    await look(orders, house)
    told = capsys.readouterr().out
    assert (told.count("configuration refused"), told.count("the same faults as before")) == (0, 1)


async def test_a_database_in_use_is_waited_for_and_told_once(
    orders: Orders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.service.running.WAITS", (0.01,) * 3)
    tries = 0

    async def live(_: Orders) -> None:
        nonlocal tries
        tries += 1
        if tries != 3:
            raise StoreBusy("placewire.db", "is locked", "it is tried again")

    await patiently(orders, live)
    assert (tries, capsys.readouterr().out.count("cannot be opened yet")) == (3, 1)
    with pytest.raises(StoreBusy):
        await patiently(orders, live)
    assert tries == 7
    monkeypatch.setattr("bot.service.running.WAITS", (60.0,))
    asyncio.get_running_loop().call_later(0.01, orders.end)
    await patiently(orders, live)
    assert tries == 8


async def until_found(installed: Installation, watch: str) -> None:
    async with installed.store() as store:
        for _ in range(200):
            if watch in [hit.watch async for hit in store.hits()]:
                return
            await asyncio.sleep(0.1)
    pytest.fail("not found in time")
