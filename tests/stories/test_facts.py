"""Names inside equal words: which exchange makes other news, and which is the same name in another dress."""

import pytest
from hypothesis import given, settings, strategies as st

from bot.stories.compare import View, compare
from bot.stories.essence import essence

PLACES = [
    "Гуево",
    "Судже",
    "Мартыновке",
    "Михайловке",
    "Рыльске",
    "Сумах",
    "Горналь",
    "Шостці",
    "Юнаковке",
    "Glushkovo",
    "Korenevo",
    "Сеймицах",
]
WORDS = [
    "ночью",
    "утром",
    "жители",
    "слышали",
    "взрывы",
    "элеватора",
    "пострадавших",
    "сообщает",
    "глава",
    "работают",
    "спасатели",
    "медики",
    "повреждены",
    "крыши",
    "домов",
    "линия",
    "окна",
    "школы",
    "восстановят",
    "вечеру",
    "бригады",
    "энергетики",
    "соседних",
    "областей",
    "приехали",
    "раздают",
    "воду",
]


def view(words: list[str]) -> View:
    return View(essence(" ".join(words)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), min_size=12, max_size=40),
    st.permutations(PLACES),
    st.tuples(st.integers(1, 8), st.integers(1, 8)),
    st.sampled_from(("", "#", "в ")),
)
def test_an_exchanged_place_is_other_news(words: list[str], places: list[str], slots: tuple[int, int], by: str) -> None:
    def with_places(one: str, two: str) -> View:
        first, second = slots[0], sum(slots)  # names that touch are one longer name
        return view([*words[:first], by + one, *words[first:second], by + two, *words[second:]])

    one, two, other = places[:3]
    told = with_places(one, two)
    assert not compare(told, with_places(other, two)).verdict.same
    assert not compare(with_places(one, other), told).verdict.same


FRAME = "жители слышали взрывы у {} и глава района сообщает что спасатели раздают воду у школы а бригады чинят линию"


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Суджа", "Sudzha", True),
        ("Суджа", "Суджей", True),
        ("Шостка", "Шостці", True),
        ("Тёткино", "Теткине", True),
        ("Глухів", "Hlukhiv", True),
        ("Михайловка", "Михаловка", True),
        ("Малой Локни", "Малая Локня", True),
        ("Михайловка", "Михайловское", False),
        ("Гордеевка", "Гордеево", False),
        ("Льгов", "Льговка", False),
        ("Суджа", "Sumy", False),
        ("Малой Локни", "Большого Солдатского", False),
        ("#гуево", "#суджа", False),
    ],
)
def test_which_names_are_one(one: str, two: str, same: bool) -> None:
    text = f"{FRAME} {FRAME}"
    found = compare(View(essence(text.format(one, one))), View(essence(text.format(two, two))))
    assert found.verdict.same is same
