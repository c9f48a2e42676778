"""The table of places: what it keeps of the registers, and what it answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import PlacewireError
from bot.gazetteer import Record, geonames, known_gazetteer, open_gazetteer
from bot.language.regions import region_of, regions
from tests.gazetteer.world import FIRST, RECORDS, SMALL


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.ids[0])
def test_a_record_comes_back_from_its_line(record: Record) -> None:
    assert Record.of_line(record.line()) == record


def test_both_registers_speak_of_one_place_where_only_one_has_the_name() -> None:
    (pokrovsk,) = SMALL.named("Покровськ")
    assert pokrovsk.ids == ("GeoNames 5", "KATOTTG UA1")
    assert (pokrovsk.kind, pokrovsk.at) == ("city", (48.28, 37.18))


def test_places_of_one_name_in_one_region_stay_apart() -> None:
    assert [record.ids for record in SMALL.named("Михайлівка")] == [("KATOTTG UA2",), ("KATOTTG UA3",)]


def test_a_name_is_found_in_any_spelling_the_largest_first() -> None:
    assert [record.ids[0] for record in SMALL.named("МИХАЙЛОВКА")] == ["GeoNames 4", "GeoNames 3"]
    assert SMALL.named("Soudja") == SMALL.named("Суджа") == [FIRST[0]]


def test_around_a_point_the_nearest_comes_first() -> None:
    assert [record.names[0] for record in SMALL.around((51.1, 35.27), 15)] == ["Guyevo", "Sudzha"]


def test_a_region_gives_all_its_places() -> None:
    region = region_of("Сумщина")
    assert region is not None
    assert [record.names[0] for record in SMALL.in_region(region)] == [
        "Lebedyn",
        "Михайлівка",
        "Михайлівка",
        "Катеринівка",
    ]


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(geonames, "PACKAGE", "no-such-package")
    with pytest.raises(PlacewireError, match=r"pip install 'placewire\[gazetteer\]'"):
        open_gazetteer(tmp_path)
    assert known_gazetteer(tmp_path) is None


def test_it_is_not_read_for_those_who_never_asked(tmp_path: Path) -> None:
    assert known_gazetteer(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Курская область", "RU41"),
        ("Курская обл.", "RU41"),
        ("Kursk region", "RU41"),
        ("Сумщина", "UA21"),
        ("Минск", "BY04"),
        ("Минская область", "BY05"),
        ("Крым", "UA11"),
        ("Якутия", "RU63"),
        ("Суджанский район", None),
        ("", None),
    ],
)
def test_a_region_is_known_however_it_is_written(written: str, code: str | None) -> None:
    region = region_of(written)
    assert (region.code if region else None) == code


def test_every_region_is_known_by_each_of_its_names() -> None:
    assert [region for region in regions() for name in region.names if region_of(name) != region] == []


@pytest.mark.slow
def test_the_packages_hold_what_is_promised(tmp_path: Path) -> None:
    found = open_gazetteer(tmp_path)
    (sudzha,) = found.named("Суджа")
    assert (sudzha.region, sudzha.ids) == (region_of("Курская область"), ("GeoNames 486816",))
    assert len(found.named("Михайлівка")) > 100
    sumy = region_of("Сумська область")
    assert sumy is not None
    assert len(found.in_region(sumy)) > 1000
    assert known_gazetteer(tmp_path) is not None
