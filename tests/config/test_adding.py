"""Adding places: every byte that was there stays, and what would not load is not written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load_watchlists
from bot.config.adding import Value, add_places, flow
from bot.errors import ConfigError

NEW: list[tuple[dict[str, Value], str]] = [
    ({"name": "Гуево", "at": [51.09, 35.27]}, "GeoNames 2"),
    ({"name": "Плёхово"}, ""),
]


@pytest.mark.parametrize(
    "before",
    [
        "places:\n  - name: Суджа   # town\n    in: Курская область\n\n# terms next\nterms:\n  - {name: РЭБ}\n",
        "places:\n- {name: Суджа}",
        "terms: [{name: РЭБ}]\n",
        "# nothing yet\n",
        "terms:\n  - name: РЭБ\nplaces:\n  - {name: Суджа}\n  # - {name: Бердин}\n",
    ],
)
def test_lines_are_added_behind_the_last_place(tmp_path: Path, before: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(before, encoding="utf-8")
    old = [watch.name for watch in load_watchlists([file])]
    add_places(file, NEW)
    after = file.read_text(encoding="utf-8")
    assert sorted(watch.name for watch in load_watchlists([file])) == sorted([*old, "Гуево", "Плёхово"])
    assert [line for line in after.splitlines() if line in before.splitlines()] == before.splitlines()
    assert "# GeoNames 2" in after


def test_a_new_file_is_made(tmp_path: Path) -> None:
    file = tmp_path / "watchlists/new.yaml"
    add_places(file, NEW)
    assert [watch.name for watch in load_watchlists([file])] == ["Гуево", "Плёхово"]
    assert "schema" not in file.read_text(encoding="utf-8"), "there is none near it"


def test_a_new_file_names_the_schema_that_init_has_laid_beside_it(tmp_path: Path) -> None:
    schema = tmp_path / "schema/watchlist.json"
    schema.parent.mkdir()
    schema.write_text("{}")
    file = tmp_path / "watchlists/new.yaml"
    add_places(file, NEW)
    said = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert (file.parent / said).resolve() == schema


@pytest.mark.parametrize(
    "before", ["places: [{name: Суджа}]\n", "places: []\n", "places: [\n", "places:\n  - {name: \n"]
)
def test_a_file_that_takes_no_line_is_left_as_it_was(tmp_path: Path, before: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(before, encoding="utf-8")
    with pytest.raises(ConfigError):
        add_places(file, NEW)
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    "name", ["Суджа", "Ростов-на-Дону", "null", "Пункт: 5", "# x", "a, b", "'", "О'Хара", "123", "—"]
)
def test_any_name_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    file = tmp_path / "mine.yaml"
    add_places(file, [({"name": name, "id": "x"}, "a # comment\nin two lines")])
    assert [watch.name for watch in load_watchlists([file])] == [name]
    assert flow([True, 1.5, {"a": name}])
