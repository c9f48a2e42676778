"""watch suggest, import, test, prefer; and what check says of names."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.gazetteer.load import table_path
from bot.store import Store
from tests.cli.conftest import Command
from tests.gazetteer.world import RECORDS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration, and the table of a small gazetteer where the commands look for it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    table = table_path(tmp_path / "cache/placewire")
    table.parent.mkdir(parents=True)
    table.write_text("\n".join(record.line() for record in RECORDS), encoding="utf-8")
    config = tmp_path / "config"
    (config / "watchlists").mkdir(parents=True)
    files = {
        "bot.yaml": f"database: sqlite:///{tmp_path}/placewire.db\n",
        "sources.yaml": "channels: [{name: rybar, region: Сумская область}]\n",
        "routes.yaml": "routes: [{name: all, to: console, digest: {cron: '0 9 * * *'}, confidence: 0.9}]\n",
        "watchlists/kursk.yaml": "places:\n  - {name: Суджа, in: Курская область}   # the town\n",
    }
    for name, text in files.items():
        (config / name).write_text(text, encoding="utf-8")
    return config


def test_a_name_is_proposed_and_written_only_when_asked(placewire: Command, folder: Path) -> None:
    file = folder / "watchlists/kursk.yaml"
    before = file.read_text(encoding="utf-8")
    shown = placewire("--config", folder, "watch", "suggest", "Гуево", "--json")
    assert (shown.lines[0]["name"], shown.lines[0]["in"], shown.lines[0]["at"]) == (
        "Гуево",
        "Курская область",
        [51.0918, 35.2688],
    )
    assert "CC BY 4.0" in shown.err
    assert file.read_text(encoding="utf-8") == before
    written = placewire("--config", folder, "watch", "suggest", "Гуево", "--write", file, "--tag", "kursk")
    assert written.status == 0
    assert file.read_text(encoding="utf-8").startswith(before)
    assert placewire("--config", folder, "check", "--offline").status == 0


def test_a_point_and_a_region_give_their_places(placewire: Command, folder: Path) -> None:
    near = placewire("--config", folder, "watch", "suggest", "--around", "51.19,35.27", "--km", "20", "--json")
    assert [line["name"] for line in near.lines] == ["Суджа", "Гуево"]
    assert "is watched already, as sudzha" in near.lines[0]["doubts"][0]
    inside = placewire("--config", folder, "watch", "suggest", "--in", "Сумщина", "--json", "--only", "1,4")
    assert [line["name"] for line in inside.lines] == ["Лебедин", "Катеринівка"]


@pytest.mark.parametrize("given", [(), ("--in", "Нигде"), ("--around", "51"), ("Суджа", "--around", "51,35")])
def test_what_cannot_be_asked_is_wrong_usage(placewire: Command, folder: Path, given: tuple[str, ...]) -> None:
    assert placewire("--config", folder, "watch", "suggest", *given).status == 2


def test_homonyms_get_ids_of_their_own(placewire: Command, folder: Path) -> None:
    found = placewire("--config", folder, "watch", "suggest", "Михайловка", "--json")
    assert [line["id"] for line in found.lines] == ["mikhaylovka", "mikhaylovka-kursk"]


def test_a_csv_file_is_imported_unless_it_is_a_dry_run(placewire: Command, folder: Path, tmp_path: Path) -> None:
    rows, file = tmp_path / "rows.csv", folder / "watchlists/kursk.yaml"
    rows.write_text("name,in\nГуево,\nМир,Курская область\n,\n", encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    dry = placewire("--config", folder, "watch", "import", rows, "--dry-run", "--write", file, "--json")
    assert (dry.status, [line["name"] for line in dry.lines]) == (0, ["Гуево", "Мир"])
    assert "everyday word" in dry.lines[1]["doubts"][0]
    assert file.read_text(encoding="utf-8") == before
    assert placewire("--config", folder, "watch", "import", rows, "--write", file).status == 0
    assert "Гуево" in file.read_text(encoding="utf-8")


def test_a_bad_line_of_a_csv_file_is_named(placewire: Command, folder: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("name,lat,lon\nГуево,,\nБердин,x,y\n", encoding="utf-8")
    ended = placewire("--config", folder, "watch", "import", rows, "--json")
    assert ended.status == 1
    assert f"{rows}:3: has lat and lon" in ended.err


def test_a_text_is_explained_piece_by_piece(placewire: Command, folder: Path) -> None:
    ended = placewire("--config", folder, "watch", "test", "Рынок «Суджа» открыт.")
    assert "-2.7  a name in quotes" in ended.out
    assert "route all: waits for review, below 0.9" in ended.out
    (line,) = placewire("--config", folder, "watch", "test", "Бои под Суджей.", "--json").lines
    assert {"why": "preposition of place", "weight": 1.0} in line["evidence"]
    assert line["routes"] == ["route all: tells it, from 0.9 on"]


def test_check_doubts_names_regions_and_coordinates(placewire: Command, folder: Path) -> None:
    (folder / "watchlists/more.yaml").write_text(
        "places:\n  - {name: Мир}\n  - {name: Михайловка}\n  - {name: Гуево, in: Тмутаракань}\n"
        "  - {name: Плёхово, in: Курская область, at: [35.27, 51.19]}\n"
        "  - {name: Мир, id: mir-2, in: Минская область}\n",
        encoding="utf-8",
    )
    ended = placewire("--config", folder, "check", "--offline")
    assert ended.status == 0
    for said in (
        "more.yaml:2:12: places[0].name: Мир is an everyday word too",
        "more.yaml:2:12: places[0].name: is the name of another watch too",
        "more.yaml:3:12: places[1].name: 4 places of the gazetteer have the name Михайловка",
        "more.yaml:4:23: places[2].in: Тмутаракань is no region",
        "more.yaml:5:46: places[3].at: lies far from Курская область",
    ):
        assert said in ended.err, ended.err


def test_a_place_is_watched_already_under_whatever_name(placewire: Command, folder: Path) -> None:
    (folder / "watchlists/more.yaml").write_text("places: [{name: Покровск, in: Донецкая область}]\n", encoding="utf-8")
    asked = ("watch", "suggest", "Красноармейск", "--in", "Донецька область", "--json")
    assert "is watched already, as pokrovsk" in placewire("--config", folder, *asked).lines[0]["doubts"][0]


def test_check_doubts_what_finds_nothing_or_too_much(placewire: Command, folder: Path) -> None:
    (folder / "watchlists/more.yaml").write_text(
        "places:\n  - {name: с. Гуево}\n  - {name: 'Плёхово, Курская область'}\n  - {name: Спорное}\n"
        "  - {name: Rylets}\n  - {name: Bakhmut}\n  - {name: Гордеевка, forms: {drop: [Гордеевке, Гордеевчик]}}\n"
        "terms:\n  - {name: C++}\n  - {name: РЭБ}\n",
        encoding="utf-8",
    )
    told = placewire("--config", folder, "check", "--offline").err
    for said in (
        "more.yaml:2:12: places[0].name: с. Гуево is more than the name",
        "write name: Плёхово and in: Курская область",
        "places[2].name: Спорное is an everyday word too",
        "places[3].name: Rylets is in Latin letters",
        "write names: {ru: Рылец}",
        "places[5].forms: drops Гордеевчик",
        "terms[0].name: C++ is read as c",
    ):
        assert said in told, told
    assert not any(innocent in told for innocent in ("Bakhmut", "Гордеевке,", "РЭБ"))


async def begun(database: str) -> None:
    async with await Store.open(database, now=datetime.now(UTC)):
        pass


def test_a_pair_of_namesakes_is_decided_once(placewire: Command, folder: Path) -> None:
    (folder / "watchlists/more.yaml").write_text("places: [{name: Суджа, id: other}]\n", encoding="utf-8")
    decide = ("--config", folder, "watch", "prefer", "sudzha", "--over", "other")
    assert "does not exist" in placewire(*decide).err, "a decision makes no database"
    asyncio.run(begun(f"sqlite:///{folder.parent}/placewire.db"))
    assert "sudzha goes before other" in placewire(*decide).out
    assert "nothing is decided" in placewire(*decide, "--withdraw").out
    assert placewire("--config", folder, "watch", "prefer", "nowhere", "--over", "other").status == 2
    assert placewire(*decide, "--source", "nobody").status == 2


def test_the_region_of_a_source_counts_for_the_filter_too(placewire: Command, folder: Path) -> None:
    (folder / "watchlists/more.yaml").write_text(
        "places:\n  - {name: Михайловка, id: kursk, in: Курская область}\n"
        "  - {name: Михайловка, id: sumy, in: Сумська область}\n",
        encoding="utf-8",
    )
    line = '{"id": "1", "text": "Под Михайловкой бои."%s}\n'
    given = line % "" + line % ', "source": "rybar"'
    unknown, known = placewire("--config", folder, "match", given=given).lines
    assert (unknown["watch"], unknown["candidates"]) == ("kursk", ["sumy"])
    assert (known["watch"], known.get("candidates")) == ("sumy", None)
