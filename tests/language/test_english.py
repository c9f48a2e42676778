"""What English calls a place: by its region, by the shipped table, by the spelling of its own country."""

from __future__ import annotations

import pytest

from bot.language.english import english_name


@pytest.mark.parametrize(
    ("name", "within", "english"),
    [
        ("Суми", None, "Sumy"),
        ("Сумы", None, "Sumy"),
        ("Ромни", None, "Romny"),
        ("Лубни", None, "Lubny"),
        ("Прилуки", None, "Pryluky"),
        ("Прилуки", "Вологодская область", "Priluki"),
        ("Прилуки", "Чернігівська область", "Pryluky"),
        ("Ромны", "Sumy region", "Romny"),
        ("Калинка", "Сумщина", "Kalynka"),
        ("Калинка", "Ukraine", "Kalynka"),
        ("Калинка", "Шосткинський район", "Kalynka"),
        ("Калинка", "Курская область", "Kalinka"),
        ("Великая Писаревка", "Сумская область", "Velyka Pysarivka"),
        ("Бахмут", None, "Bakhmut"),
        ("Херсон", None, "Kherson"),
        ("Черкаси", None, "Cherkasy"),
        ("Дніпро", None, "Dnipro"),
        ("Одесса", None, "Odesa"),
        ("Чернігівська область", None, "Chernihiv Oblast"),
        ("Черниговская область", None, "Chernihiv Oblast"),
        ("Крым", None, "Crimea"),
        ("Москва", None, "Moscow"),
        ("Волгоград", None, "Volgograd"),
        ("Воронеж", None, "Voronezh"),
        ("Варшава", None, "Warsaw"),
        ("Суджа", None, "Sudzha"),
        ("Суджа", "Курская область", "Sudzha"),
        ("Рыльск", "Kursk Oblast", "Rylsk"),
        ("Гуєво", "Курська область", "Guyevo"),
        ("Гуево", None, "Guyevo"),
        ("Berdin", "Курская область", "Berdin"),
    ],
)
def test_a_place_has_the_name_that_english_gives_it(name: str, within: str | None, english: str) -> None:
    assert english_name(name, within=within) == english


def test_what_the_operator_says_of_a_name_decides() -> None:
    assert english_name("Калинка", "uk") == "Kalynka"
    assert english_name("Калинка", "ru") == "Kalinka"
    assert english_name("Красное", "ru", "Сумская область", (("uk", "Червоне"),)) == "Chervone"
