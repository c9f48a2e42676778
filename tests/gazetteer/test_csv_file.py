"""A CSV file of places: columns, completion, doubts, and lines that cannot be read."""

from __future__ import annotations

import pytest

from bot.errors import WrongUsage
from bot.gazetteer import csv_file
from bot.language import Language
from tests.gazetteer.world import SMALL


def test_a_row_is_completed_where_only_one_place_fits() -> None:
    (row,), bad = csv_file.read("name,tags\nГуево,kursk|front\n", SMALL)
    assert (row.place.within, row.place.at, row.tags) == ("Курская область", (51.0918, 35.2688), ("kursk", "front"))
    assert bad == []


def test_of_several_none_is_chosen() -> None:
    (row,), _ = csv_file.read("name\nМихайловка\n", SMALL)
    assert (row.place.within, row.place.at) == (None, None)
    assert row.place.namesakes
    assert [doubt.kind.value for doubt in row.place.doubts] == ["shared"]


def test_what_the_file_says_goes_first() -> None:
    text = "name;in;lat;lon;uk\nСуджа;Курская область;51,2;35,3;Суджа Перша\n"
    (row,), _ = csv_file.read(text, SMALL)
    assert row.place.at == (51.2, 35.3)
    assert row.place.names[Language.UKRAINIAN] == ("Суджа Перша",)
    assert Language.UKRAINIAN not in row.place.by_rule


def test_a_line_that_cannot_be_read_is_named_and_the_rest_goes_through() -> None:
    text = "name,lat,lon\nСуджа,,\n,1,1\nГуево,a,b\nГуево,95,1\nБердин,1,2,3\nБердин,,\n"
    rows, bad = csv_file.read(text, None)
    assert [row.place.name for row in rows] == ["Суджа", "Бердин"]
    assert [line.line for line in bad] == [3, 4, 5, 6]


def test_a_place_that_stands_twice_is_doubted() -> None:
    rows, _ = csv_file.read("name\nСуджа\nБердин\nсуджа\n", None)
    assert [[doubt.kind.value for doubt in row.place.doubts] for row in rows] == [[], ["surname"], ["twice"]]


@pytest.mark.parametrize("text", ["", "place\nСуджа\n", "name,colour\nСуджа,red\n"])
def test_a_first_line_that_names_no_columns_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match="write a first line of these: name, in, lat"):
        csv_file.read(text, None)


def test_three_hundred_villages_in_one_sitting() -> None:
    text = "name,in\n" + "".join(
        f"Село{chr(1072 + at % 30)}{chr(1072 + at // 30)}о,Курская область\n" for at in range(300)
    )
    rows, bad = csv_file.read(text, SMALL)
    assert (len(rows), bad) == (300, [])
