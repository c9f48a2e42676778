"""Whom a report calls its own troops, and what it tells of them and of the enemy."""

from __future__ import annotations

import pytest

from bot.language.actors import Actor, acts

OURS, ENEMY = Actor.OURS, Actor.ENEMY


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Махновка: наши зашли в село, противник бежит.", {(OURS, "advance")}),
        ("Махнівка: наші зайшли в село, ворог тікає.", {(OURS, "advance")}),
        ("Our troops entered Makhnovka, the enemy is on the run.", {(OURS, "advance")}),
        ("Наши отошли, противник занял Бердин.", {(OURS, "retreat"), (ENEMY, "advance")}),
        ("Вражеские войска вошли в Суджу", {(ENEMY, "advance")}),
        ("Окупанти просунулися біля Бердіна", {(ENEMY, "advance")}),
        ("Удар по нашим позициям у Суджи", {(ENEMY, "strike")}),
        ("Наші вдарили по противнику біля Суджі", {(OURS, "strike")}),
        ("A strike on our troops near Sudzha", {(ENEMY, "strike")}),
        ("Наши ведут бои у Бердина", set()),
        ("Наши источники сообщают об ударе по Курску", set()),
        ("Наші кореспонденти повідомляють про удар", set()),
        ("Our correspondent reports a strike on Kursk", set()),
        ("We have entered a new week of shelling", set()),
        ("Они нашли укрытие и взяли паузу", set()),
        ("Наши парни передают привет землякам и просят не верить слухам о взятии Суджи", set()),
        ("", set()),
    ],
)
def test_a_deed_is_of_the_nearest_who_acts(sentence: str, told: set[tuple[Actor, str]]) -> None:
    assert acts(sentence) == told
