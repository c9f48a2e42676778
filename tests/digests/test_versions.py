"""Both sides tell it only where they tell the same; observers are named beside them."""

from __future__ import annotations

import pytest

from bot.digests import Flavour, compose, render
from bot.digests.corroboration import Sides, carriers
from bot.digests.urgent import voices
from bot.digests.versions import parties_alike
from bot.model import Destination, DestinationKind, Place, Report, Route, Story
from tests.digests.test_own_words import START, report
from tests.digests.test_stances import naming

SUDZHA = Place(id="sudzha", name="Суджа")


def told(*texts: tuple[str, str]) -> list[Report]:
    """Reports of a source each, by side, ten minutes apart."""
    return [
        naming(report(row, f"{side}{row}", text, minute=10 * row, side=side))
        for row, (side, text) in enumerate(texts, 1)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Наши зашли в Суджу, противник бежит.", "Наші зайшли в Суджу, ворог тікає."),
        ("Наши взяли Суджу", "Our troops have entered Sudzha"),
        ("Противник вошёл в Суджу", "Ворог увійшов у Суджу"),
        ("The enemy hit a depot in Sudzha", "Ворог ударив по складу в Суджі"),
        ("Под Суджей поражён пункт дислокации ВСУ", "Ворог вдарив по лікарні в Суджі: троє поранених"),
        ("Удар по Судже: поражён пункт дислокации", "Sudzha: a strike on the hospital, three wounded"),
    ],
)
def test_each_side_tells_something_else(one: str, other: str) -> None:
    reports = told(("ru", one), ("ua", other))
    assert carriers(Story(row=1, reports=tuple(reports))).sides is Sides.DIFFER
    assert voices([Story(row=1, reports=tuple(reports))]).sides == ("ru",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Наши зашли в Суджу", "Ворог зайшов у Суджу"),
        ("Наши отошли из Суджи", "Our troops have entered Sudzha, the enemy withdrew"),
        ("Противник ударил по нашим у Суджи", "Наші вдарили по ворогу біля Суджі"),
        ("Наши ведут бои за Суджу", "Наші ведуть бої за Суджу"),
        ("Суджа под обстрелом", "Суджа під обстрілом"),
        ("Удар по больнице в Судже", "Ворог влучив у лікарню в Суджі"),
        ("Drones hit an oil depot in Sudzha", "Дроны поразили нефтебазу и вокзал в Судже"),
        ("Бои за завод в Судже", "Бої в Суджі"),
        ("Наши вошли в Суджу", "Суджа: росіяни в місті"),
    ],
)
def test_both_sides_tell_it(one: str, other: str) -> None:
    reports = told(("ru", one), ("ua", other))
    assert carriers(Story(row=1, reports=tuple(reports))).sides is Sides.BOTH
    assert voices([Story(row=1, reports=tuple(reports))]).sides == ("ru", "ua")


def test_two_that_tell_it_alike_are_enough() -> None:
    reports = told(
        ("ru", "Наши зашли в Суджу"), ("ua", "Наші зайшли в Суджу"), ("ua", "Суджу втрачено, ворог зайшов у центр")
    )
    assert parties_alike(reports[:2]) == ("ru",)
    assert parties_alike(reports) == ("ru", "ua")


@pytest.mark.parametrize(
    ("language", "sides", "observer"),
    [
        ("en", "the sides tell it differently", "an observer (think-tank)"),
        ("ru", "стороны сообщают по-разному", "наблюдатель (think-tank)"),
        ("uk", "сторони повідомляють по-різному", "спостерігач (think-tank)"),
    ],
)
def test_a_digest_says_that_they_differ_and_who_only_looks_on(language: str, sides: str, observer: str) -> None:
    differing = told(("ru", "Наши зашли в Суджу"), ("ua", "Наші зайшли в Суджу"), ("think-tank", "Footage of Sudzha"))
    assert f"  {sides} · {observer} · 3 " in standing(language, differing)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "one side (ru) · 2 observers (think-tank) · 3 channels, 3 in their own words"),
        ("ru", "одна сторона (ru) · 2 наблюдателя (think-tank) · 3 канала, 3 своими словами"),
        ("uk", "одна сторона (ru) · 2 спостерігачі (think-tank) · 3 канали, 3 своїми словами"),
    ],
)
def test_observers_are_no_sources_of_the_one_side(language: str, said: str) -> None:
    reports = told(("ru", "Бои в Судже"), ("think-tank", "Footage of Sudzha"), ("think-tank", "Sudzha is contested"))
    assert f"  {said}\n" in standing(language, reports)


def standing(language: str, reports: list[Report]) -> str:
    route = Route(name="kursk", to=Destination(DestinationKind.CONSOLE), language=language)
    slot = max(each.stored.seen for each in reports)
    made = compose(route, [Story(row=1, reports=tuple(reports))], slot=slot, since=START, now=slot, watches=[SUDZHA])
    assert made.digest is not None
    (message,) = render(made.digest, flavour=Flavour.PLAIN)
    return message.text
