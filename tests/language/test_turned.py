"""An edit that takes back or exchanges what was said, and one that only corrects, adds or shortens."""

from __future__ import annotations

import pytest

from bot.language.turned import taken_back, turned

SHELLED = "В Махновке при обстреле погиб мирный житель."


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SHELLED, "В Махновке при обстреле ранен мирный житель, сообщение о гибели не подтвердилось."),
        (SHELLED, "В Махновке при обстреле ранен мирный житель."),
        ("Ворог захопив терикон біля Гродівки.", "Ворог намагався захопити терикон біля Гродівки, атаку відбито."),
        ("Дрон атаковал грузовик у Рыльска.", "Дрон атаковал автобус у Рыльска."),
        ("A civilian was killed when Makhnovka was shelled.", "A civilian was injured when Makhnovka was shelled."),
        ("Над Курском сбит дрон, горит склад.", "Над Курском сбит дрон, горит школа."),
        ("Суджа взята нашими силами.", "Сообщения о том, что Суджа взята, не соответствуют действительности."),
    ],
)
def test_what_is_denied_or_exchanged_is_turned(before: str, now: str) -> None:
    assert turned((before, ""), (now, ""))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SHELLED, SHELLED),
        (SHELLED, "В Махновке при обстреле посёлка погиб мирный житель, 54 года."),
        (SHELLED, "Погиб мирный житель при обстреле в Махновке."),
        (SHELLED, "В Махновке при артобстреле погиб мирный житель, ещё двое ранены."),
        ("В Махновке ранены трое.", "В Махновке ранены пятеро."),
        ("Бои идут в центре Суджи.", "Столкновения идут в центре Суджи."),
        ("Взрыв в Курске.", "В Курске прилёт по заводу, погиб один человек."),
        ("Сутички біля Гродівки, є поранені.", "Сутички біля Гродівки."),
        ("Взята ли Суджа?", "Суджа не взята."),
    ],
)
def test_what_is_said_in_other_words_with_more_or_with_less_is_not(before: str, now: str) -> None:
    assert not turned((before, ""), (now, ""))


def test_a_sentence_that_is_added_may_take_it_back() -> None:
    assert taken_back(SHELLED, f"{SHELLED} Подробности уточняются.\n\nОбновлено: сообщение не подтвердилось.")
    assert not taken_back(SHELLED, f"{SHELLED} Пострадавших нет. Других сообщений не поступало.")
    denied = f"{SHELLED} Это ложь."
    assert not taken_back(denied, denied)
