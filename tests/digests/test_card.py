"""The card: valid SVG in the digest's language, labels that do not cover each other, a PNG that is not empty."""

from __future__ import annotations

import struct
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings, strategies as st

from bot.delivery.picture import png
from bot.digests.card import WIDTH
from bot.digests.map import Box, Sheet, placed, together, width
from tests.digests.newsdesk import composed

SVG = "{http://www.w3.org/2000/svg}"
FRAME = Box(40, 190, 1040, 900)


def case(**route: Any) -> dict[str, Any]:
    hit = {"watch": "sudzha", "text": "Судже"}
    return {
        "watches": [
            {"id": "sudzha", "name": "Суджа", "at": [51.19, 35.27]},
            {"id": "berdin", "name": "Бердин <&>", "at": [51.25, 35.43]},
            {"id": "guevo", "name": "Гуево", "at": [51.21, 35.34]},
            {"id": "far", "name": "Курск", "at": [53.0, 39.0]},
            {"id": "plyokhovo", "name": "Плёхово"},
        ],
        "sources": [{"name": "rybar", "title": "Рыбарь"}],
        "route": route,
        "health": {"working": 1, "sources": 2},
        "stories": [
            [{"source": "rybar", "at": "08:00", "text": "Бои в Судже и Плёхово", "hits": [hit, PLYOKHOVO]}],
            [{"source": "rybar", "at": "09:59", "text": "Бердин", "hits": [{"watch": "berdin", "text": "Бердин"}]}],
        ],
    }


PLYOKHOVO = {"watch": "plyokhovo", "text": "Плёхово"}


def words(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {"2 stories · 2 posts", "not on the map: Plyokhovo", "2 km", "When it was reported", "Sudzha"}),
        ("ru", {"2 сюжета · 2 сообщения", "нет на карте: Плёхово", "2 км", "Когда сообщали", "Суджа"}),
        ("uk", {"2 сюжети · 2 дописи", "немає на мапі: Плёхово", "2 км", "Коли повідомляли", "Суджа"}),
    ],
)
def test_a_card_speaks_the_language_of_its_digest(language: str, expected: set[str]) -> None:
    svg = composed(case(language=language, card=True)).card
    assert svg
    found = words(svg)
    assert expected <= set(found)
    assert any(text in {"Бердин <&>", "Berdin <&>"} for text in found)
    # A neighbour within the frame is context, one far away is not.
    assert any(text in {"Guyevo", "Гуево", "Гуєве"} for text in found)
    assert not any(text in {"Kursk", "Курск", "Курськ"} for text in found)


@pytest.mark.parametrize(
    ("language", "stories", "said"),
    [
        ("en", 21, "20 of 21 stories · 20 posts"),
        ("ru", 21, "20 из 21 сюжета · 20 сообщений"),
        ("ru", 57, "20 из 57 сюжетов · 20 сообщений"),
        ("uk", 57, "20 із 57 сюжетів · 20 дописів"),
    ],
)
def test_a_card_says_of_how_many_stories_it_shows_some(language: str, stories: int, said: str) -> None:
    one = case(card=True, language=language, digest={"max_stories": 20})
    svg = composed({**one, "stories": [one["stories"][1]] * stories}).card
    assert svg
    assert said in words(svg)


@pytest.mark.parametrize(
    "title",
    ["Курск", "Курская область", "Зведення штабу оперативного угруповання Курськ", "СВОДКА ШТАБА " * 4, "Ш" * 60],
)
@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_nothing_stands_beside_a_title_and_it_ends_before_the_edge(title: str, language: str) -> None:
    svg = composed(case(card=True, language=language, title=title)).card
    assert svg
    lines = [(float(text.attrib["y"]), text) for text in ET.fromstring(svg).iter(f"{SVG}text")]
    head = [(low, text) for low, text in lines if low < FRAME.top]
    assert [low for low, _ in head] == sorted({low for low, _ in lines if low < FRAME.top})
    for _, text in head:
        bold = text.attrib["font-weight"] == "bold"
        assert 48 + width(text.text or "", float(text.attrib["font-size"]), bold=bold) <= WIDTH - 48
    assert (head[0][1].text or "").rstrip("…").strip() in title


def test_a_place_that_is_told_alone_has_its_neighbours_around_it() -> None:
    alone = case(card=True, language="ru")
    alone["stories"] = alone["stories"][1:]
    svg = composed(alone).card
    assert svg
    assert {"Суджа", "Гуево", "Бердин <&>"} <= set(words(svg))
    assert "Курск" not in words(svg)


def test_names_that_have_no_room_below_the_map_are_counted() -> None:
    many = case(card=True, language="ru")
    names = [f"Большая Слобода {number}" for number in range(1, 9)]
    many["watches"] += [{"id": f"b{number}", "name": name} for number, name in enumerate(names)]
    hits = [{"watch": f"b{number}", "text": name} for number, name in enumerate(names)]
    many["stories"].append([{"source": "rybar", "at": "09:00", "text": ", ".join(names), "hits": hits}])
    svg = composed(many).card
    assert svg
    line = next(text for text in words(svg) if text.startswith("нет на карте"))
    named = sum(name in line for name in [*names, "Плёхово"])
    assert line.endswith(f" и ещё {9 - named}")
    assert 0 < named < 9


def test_names_are_as_large_as_all_have_room() -> None:
    front = {
        "Суджа": [51.19, 35.27],
        "Мартыновка": [51.24, 35.30],
        "Бердин": [51.27, 35.42],
        "Ямская Степь": [51.30, 35.55],
        "Новосотницкий": [51.32, 35.46],
        "Черкасское Поречное": [51.34, 35.30],
    }
    near = case(card=True, language="ru")
    near["watches"] = [{"id": f"w{number}", "name": name, "at": at} for number, (name, at) in enumerate(front.items())]
    near["stories"] = [
        [{"source": "rybar", "at": "09:00", "text": name, "hits": [{"watch": f"w{number}", "text": name}]}]
        for number, name in enumerate(front)
    ]
    svg = composed(near).card
    assert svg
    heights = {text.text: text.attrib["font-size"] for text in ET.fromstring(svg).iter(f"{SVG}text")}
    assert len({heights[name] for name in front}) == 1


def test_a_neighbour_without_room_for_its_name_is_left_out() -> None:
    crowd = case(card=True)
    crowd["watches"] += [
        {"id": f"n{number}", "name": f"Neighbour {number}", "at": [51.2, 35.3 + number / 10_000]} for number in range(9)
    ]
    svg = composed(crowd).card
    assert svg
    named = sum(text.startswith("Neighbour") or text == "Guyevo" for text in words(svg))
    assert svg.count('fill="#aab3be"') == named < 10


def test_only_a_route_that_asks_for_it_has_a_card_and_only_of_places_with_coordinates() -> None:
    assert composed(case()).card is None
    without = case(card=True)
    for watch in without["watches"]:
        watch.pop("at", None)
    assert composed(without).card is None


def test_an_uncertain_place_is_hollow_wherever_it_may_be() -> None:
    unsure = case(card=True)
    unsure["stories"][0][0]["hits"] = [{"watch": "sudzha", "text": "Судже", "candidates": ["guevo"]}]
    svg = composed(unsure).card
    assert svg
    assert words(svg).count("?") == 2
    assert svg.count("stroke-dasharray") == 2


def test_the_picture_is_drawn() -> None:
    svg = composed(case(card=True)).card
    assert svg
    picture = png(svg)
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1080, 1350)
    assert len(picture) > 20_000


def test_one_place_far_away_does_not_make_a_dot_of_all_the_others() -> None:
    near = [((51.19, 35.27), 6), ((51.25, 35.43), 9), ((51.33, 35.19), 1)]
    assert together([*near, ((48.28, 37.18), 2)]) == [at for at, _ in near]
    assert together([((48.28, 37.18), 2)]) == [(48.28, 37.18)]
    assert together([]) == []


DEGREES = st.tuples(st.floats(-80, 80), st.floats(-170, 170))


@settings(max_examples=100, deadline=None)
@given(st.lists(DEGREES, min_size=1, max_size=9))
def test_every_place_lies_on_the_sheet(places: list[tuple[float, float]]) -> None:
    sheet = Sheet.around(places, FRAME, 100)
    kilometres, length = sheet.bar(220)
    assert all(sheet.shows(at, 99.9) for at in places)
    assert kilometres >= 1
    assert length > 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(100, 980), st.floats(250, 850)), min_size=1, max_size=30))
def test_labels_cover_neither_each_other_nor_a_dot(points: list[tuple[float, float]]) -> None:
    dots = [Box(x - 20, y - 20, x + 20, y + 20) for x, y in points]
    taken: list[Box] = []
    for point in points:
        if box := placed(point, 20, "Мартыновка", 34, (*dots, *taken), FRAME):
            taken.append(box)
    assert all(FRAME.holds(box) for box in taken)
    assert not any(one.meets(other) for one, other in combinations(taken, 2))
    assert not any(box.meets(dot) for box in taken for dot in dots)
