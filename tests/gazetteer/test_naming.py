"""Doubts: what an operator should know of a name, a region and coordinates, and what to write."""

from __future__ import annotations

from typing import Any

import pytest

from bot.gazetteer import doubts
from tests.gazetteer.world import SMALL


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        ({"name": "Суджа"}, []),
        ({"name": "Мир"}, ["common"]),
        ({"name": "Мир", "near": True}, []),
        ({"name": "Днепр"}, ["doubtful"]),
        ({"name": "Днепр", "within": "Днепропетровская область"}, []),
        ({"name": "Бахмут"}, []),
        ({"name": "Спорное"}, ["common"]),
        ({"name": "Рівне"}, ["common"]),
        ({"name": "с. Гуево"}, ["whole"]),
        ({"name": "г. Суджа"}, ["whole"]),
        ({"name": "село Гуево"}, ["whole"]),
        ({"name": "Гуево, Курская область"}, ["whole"]),
        ({"name": "Суджа (Курская область)"}, ["whole"]),
        ({"name": "Ростов-на-Дону"}, []),
        ({"name": "Бердин"}, ["surname"]),
        ({"name": "Жуков"}, ["surname"]),
        ({"name": "Саратов"}, []),
        ({"name": "Е"}, ["short"]),
        ({"name": "Михайловка"}, ["shared"]),
        ({"name": "Михайловка", "within": "Курская область", "at": (52.23, 35.38)}, []),
        ({"name": "Суджа", "within": "Курсккая губерния"}, ["region"]),
        ({"name": "Суджа", "within": "Украина"}, []),
        ({"name": "Суджа", "within": "Курская область", "at": (51.19, 35.27)}, []),
        ({"name": "Суджа", "within": "Курская область", "at": (35.27, 51.19)}, ["swapped"]),
        ({"name": "Суджа", "within": "Курская область", "at": (48.28, 37.18)}, ["outside"]),
    ],
)
def test_each_doubt_is_told(place: dict[str, Any], kinds: list[str]) -> None:
    found = doubts(**place, gazetteer=SMALL)
    assert [doubt.kind.value for doubt in found] == kinds
    assert all(doubt.remedy for doubt in found)


def test_a_region_may_be_a_place_that_is_known() -> None:
    assert doubts("Гуево", within="Суджанский район", is_place=lambda name: name == "Суджанский район") == ()


def test_swapped_coordinates_are_shown_the_right_way_round() -> None:
    (doubt,) = doubts("Суджа", within="Курская область", at=(35.27, 51.19))
    assert "[51.19, 35.27]" in doubt.remedy
