"""Proposals: spellings, region, coordinates, other names; by rule where no register has the place."""

from __future__ import annotations

import pytest

from bot.gazetteer import around, in_region, named
from bot.gazetteer.suggest import OWN_RULES, Suggestion
from bot.language import Language
from bot.language.regions import region_of
from tests.gazetteer.world import SMALL

UKRAINIAN, RUSSIAN, ENGLISH = Language.UKRAINIAN, Language.RUSSIAN, Language.ENGLISH


def only(found: tuple[Suggestion, ...]) -> Suggestion:
    (suggestion,) = found
    return suggestion


def test_a_place_of_the_registers_is_proposed_whole() -> None:
    place = only(named("Покровск", gazetteer=SMALL))
    assert (place.name, place.within, place.at) == ("Покровск", "Донецкая область", (48.28, 37.18))
    assert place.names == {UKRAINIAN: ("Покровськ",), ENGLISH: ("Pokrovsk",)}
    assert place.other_names == ("Красноармейск",)
    assert place.origin == ("GeoNames 5", "KATOTTG UA1")


def test_every_place_of_the_name_is_proposed_with_its_namesakes() -> None:
    found = named("Михайловка", gazetteer=SMALL)
    assert [place.within for place in found] == ["Волгоградская область", "Курская область"]
    assert found[1].namesakes == ("Волгоградская область", "Сумская область")


def test_a_region_chooses_among_them() -> None:
    assert only(named("Михайловка", within="Курская область", gazetteer=SMALL)).at == (52.2317, 35.3767)


def test_in_a_region_that_is_none_nothing_is_taken_from_a_register() -> None:
    place = only(named("Гуево", within="Неведомая область", gazetteer=SMALL))
    assert (place.at, [doubt.kind.value for doubt in place.doubts]) == (None, ["region"])
    assert only(named("Гуево", within="Россия", gazetteer=SMALL)).at is not None


def test_in_a_region_namesakes_in_the_neighbours_spelling_fit_too() -> None:
    assert len(named("Михайловка", within="Сумская область", gazetteer=SMALL)) == 2


@pytest.mark.parametrize(
    ("name", "known"), [("Сужда", "Суджа"), ("Судджа", "Суджа"), ("Гево", None), ("Ольгино", None)]
)
def test_a_name_one_letter_off_a_known_one_is_doubted(name: str, known: str | None) -> None:
    place = only(named(name, gazetteer=SMALL))
    assert [doubt.kind.value for doubt in place.doubts] == (["misspelt"] if known else [])
    assert all(f"but {known} is one (Курская область)" in doubt.what for doubt in place.doubts)


def test_coordinates_choose_among_them() -> None:
    assert only(named("Михайловка", at=(50.06, 43.23), gazetteer=SMALL)).within == "Волгоградская область"


def test_a_name_that_sounds_otherwise_is_another_name_of_the_place() -> None:
    place = only(named("Рождественское", gazetteer=SMALL))
    assert (place.name, place.other_names) == ("Гуево", ("Рождественское",))


def test_without_a_register_names_are_derived() -> None:
    place = only(named("Новая Сорочина", within="Курская область"))
    assert place.names == {UKRAINIAN: ("Нова Сорочина",), ENGLISH: ("Novaya Sorochina",)}
    assert (place.by_rule, place.origin) == (frozenset(Language), (OWN_RULES,))


def test_the_region_is_named_in_the_language_of_the_name() -> None:
    assert only(named("Катеринівка", gazetteer=SMALL)).within == "Сумська область"
    assert only(named("Sudzha", gazetteer=SMALL)).within == "Kursk Oblast"


def test_a_region_and_a_point_give_all_their_places() -> None:
    sumy = region_of("Сумська область")
    assert sumy is not None
    assert [place.name for place in in_region(sumy, SMALL)] == ["Лебедин", "Михайлівка", "Михайлівка", "Катеринівка"]
    assert [place.name for place in around((51.19, 35.27), 20, SMALL)] == ["Суджа", "Гуево"]
