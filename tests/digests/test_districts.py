"""A district sees its villages: counted, not told twice."""

from __future__ import annotations

from typing import Any

import pytest

from bot.digests import Flavour, render, taken
from bot.digests.districts import holders
from bot.digests.words import words_of
from bot.model import Filter, Place
from tests.digests.newsdesk import composed, watch_of


def report(at: str, *places: str) -> list[dict[str, Any]]:
    hits = [{"watch": place, "text": place} for place in places]
    return [{"source": "rybar", "at": at, "text": f"Сообщают: {', '.join(places)}", "hits": hits}]


CASE: dict[str, Any] = {
    "watches": [
        {"id": "oblast", "name": "Курская область", "names": {"en": "Kursk Oblast"}},
        {"id": "raion", "name": "Суджанский район", "in": "Курская область", "names": {"en": "Sudzha district"}},
        {"id": "guevo", "name": "Гуево", "in": "суджанский район"},
        {"id": "plyokhovo", "name": "Плёхово", "in": "Sudzha district"},
        {"id": "rylsk", "name": "Рыльск", "in": "Курская область"},
        {"id": "other", "name": "Покровский район"},
    ],
    "sources": [{"name": "rybar"}],
    "stories": [report("08:00", "guevo", "plyokhovo"), report("08:10", "guevo"), report("08:20", "rylsk")],
}


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Kursk Oblast: 3 stories in 3 places", "Sudzha district: 2 stories in 2 places"]),
        ("ru", ["Курская область: 3 сюжета в 3 местах", "Суджанский район: 2 сюжета в 2 местах"]),
        ("uk", ["Курська область: 3 сюжети у 3 місцях", "Суджанський район: 2 сюжети у 2 місцях"]),
    ],
)
def test_a_district_tells_what_its_places_come_to(language: str, lines: list[str]) -> None:
    made = composed(CASE | {"route": {"language": language}})
    assert made.digest
    (message,) = render(made.digest, flavour=Flavour.PLAIN)
    assert [line for line in message.text.split("\n") if line in lines] == lines
    assert message.text.count("«Сообщают") == 3
    assert [watch.id for watch in made.digest.quiet] == ["other"]


def test_a_route_that_does_not_take_the_district_does_not_count_for_it() -> None:
    made = composed(CASE | {"route": {"watch": {"places": ["guevo"]}}})
    assert made.digest
    assert made.digest.districts == ()


def test_a_route_of_a_district_takes_its_villages_however_deep_they_lie() -> None:
    made = composed(CASE | {"route": {"watch": {"places": ["oblast"]}}})
    assert made.digest
    (message,) = render(made.digest, flavour=Flavour.PLAIN)
    assert message.text.count("«Сообщают") == 3
    assert [section.watch.id for section in made.digest.sections] == ["guevo", "rylsk"]
    assert message.text.endswith("Kursk Oblast: 3 stories in 3 places\nSudzha district: 2 stories in 2 places")
    quiet = composed(CASE | {"stories": [], "route": {"watch": {"places": ["raion"]}, "digest": {"empty": True}}})
    assert quiet.digest
    assert [watch.id for watch in quiet.digest.quiet] == ["raion"], "its villages are quiet with it"


def test_a_story_of_a_village_and_its_region_stands_under_the_village() -> None:
    story = report("08:00", "oblast", "guevo")
    story[0]["hits"][0]["confidence"], story[0]["hits"][1]["confidence"] = 1.0, 0.7
    made = composed(CASE | {"stories": [story]})
    assert made.digest
    assert [section.watch.id for section in made.digest.sections] == ["guevo"]


def test_a_tag_of_a_district_is_one_of_its_villages() -> None:
    watches = [watch_of(each | {"tags": ["south"]} if each["id"] == "raion" else each) for each in CASE["watches"]]
    assert taken(Filter(tags=("south",)), watches) == {"raion", "guevo", "plyokhovo"}
    assert taken(Filter(tags=("south",), places=("guevo",)), watches) == {"guevo"}
    assert taken(Filter(places=("raion",), alone=True), watches) == {"raion"}


@pytest.mark.parametrize(
    ("region", "within"),
    [
        ("Сумська область", "Sumy region"),
        ("Сумська область", "Sumy Oblast"),
        ("Сумська область", "Сумская область"),
        ("Сумська область", "Сумщина"),
        ("Сумська область", "Сумська"),
        ("Сумська область", "сумська обл."),
        ("Сумська область", "watched"),
        ("Sumy region", "Сумська область"),
        ("Сумщина", "Sumy Oblast"),
        ("Курская область", "Kursk Oblast"),
        ("Kursk region", "Курська область"),
        ("Київська область", "Kyiv region"),
        ("Московская область", "Moscow region"),
        ("Крим", "Крым"),
    ],
)
def test_a_region_holds_its_villages_in_whatever_language_their_in_names_it(region: str, within: str) -> None:
    watches = [Place(id="watched", name=region), Place(id="village", name="Краснопілля", within=within)]
    assert holders(watches) == {"village": ("watched",)}
    assert taken(Filter(places=("watched",)), watches) == {"watched", "village"}


@pytest.mark.parametrize(
    ("watched", "within"),
    [
        ("Сумська область", "Сумський район"),
        ("Сумська область", "Kursk Oblast"),
        ("Київ", "Kyiv region"),
        ("Київська область", "Київ"),
        ("Курск", "Курская область"),
        ("Суми", "Sumy Oblast"),
        ("Сумський район", "Сумська область"),
        ("ДНР", "Донецька область"),
    ],
)
def test_a_town_a_district_and_another_region_hold_nothing_by_a_regions_name(watched: str, within: str) -> None:
    assert holders([Place(id="watched", name=watched), Place(id="village", name="Гуево", within=within)]) == {}


def test_a_circle_is_gone_round_once() -> None:
    one, two = Place(id="a", name="A", within="B"), Place(id="b", name="B", within="A")
    assert holders([one, two]) == {"a": ("b",), "b": ("a",)}
    assert holders([Place(id="a", name="A", within="A")]) == {"a": ()}


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_plurals_are_those_of_cldr(language: str) -> None:
    from babel import Locale  # noqa: PLC0415

    from bot.digests.words import plural  # noqa: PLC0415

    rule = Locale.parse(language).plural_form
    assert [plural(language, number) for number in range(1200)] == [rule(number) for number in range(1200)]
    assert words_of(language).count("in_places", 21)
