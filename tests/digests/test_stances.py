"""Who only asks says nothing: a question is no voice, makes no side, and nobody has its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.digests.corroboration import Sides, carriers
from bot.digests.own_words import Whose, attributed
from bot.digests.stances import stance_of
from bot.digests.urgent import rush_of
from bot.language.stance import Stance
from bot.model import Relation, Report, Story, Urgent
from tests.digests.reports import mention
from tests.digests.test_own_words import report

PLACES = ("Судж", "Sudzha")


def naming(made: Report) -> Report:
    """The report with a mention of every place that it names."""
    body = made.stored.post.body
    found = ((at, place) for place in PLACES for at in range(len(body)) if body.startswith(place, at))
    return replace(made, hits=tuple(mention(place, "sudzha", at, made.stored.seen) for at, place in found))


@pytest.mark.parametrize(
    "text",
    [
        "Взята ли Суджа?",
        "Суджа взята?",
        "СРОЧНО\nСуджа взята?!\nподробностей пока нет, связь с городом пропала с утра",
        "Суджа взята?? 🤔",
        "Пишут: «Суджа взята?»",
        "Суджа взята (?)",
        "Взята ли Суджа",
        "Вряд ли Суджа взята.",
        "Неужели взята Суджа",
        "Чи взято Суджу",
        "Хіба Суджу взято?",
        "Суджу взято?",
        "Has Sudzha been taken?",
        "Взята ли Суджа? Суджа взята?",
    ],
)
def test_who_asks_says_nothing(text: str) -> None:
    assert stance_of(naming(report(1, "a", text))) is Stance.ASKS


@pytest.mark.parametrize(
    "text",
    [
        "Суджа взята.",
        "Суджа взята",
        "Взята ли Суджа? Да: Суджа взята, пишут военкоры.",
        "Что дальше? Суджа взята.",
        "Суджа взята. Что дальше?",
        "Чистка: Суджа взята.",
        "Sudzha has been taken. What next?",
        "Ничего не названо?",
    ],
)
def test_who_says_it_too_says_it(text: str) -> None:
    assert stance_of(naming(report(1, "a", text))) is Stance.SAYS


ASKED = naming(report(1, "rybar", "Взята ли Суджа российскими войсками?", side="ru"))
SAID = naming(report(2, "sumy", "Суджа взята российскими войсками.", minute=2, side="ua"))
AGAIN = naming(report(3, "isw", "Sudzha has been taken, residents say.", minute=20, side="think-tank"))


def test_a_question_is_no_voice_and_makes_no_side() -> None:
    found = carriers(Story(row=1, reports=(ASKED, SAID, AGAIN)))
    assert (len(found.sources), found.own, found.sides, found.side) == (3, 2, Sides.ONE, "ua")
    assert carriers(Story(row=1, reports=(ASKED,))).sides is Sides.NONE


def test_nobody_has_the_words_of_a_question() -> None:
    told = [(each.report.source.name, each.whose) for each in attributed([SAID, ASKED])]
    assert told == [("rybar", Whose.ASKS), ("sumy", Whose.OWN)]
    part = replace(SAID, relation=Relation.INCLUDED)
    assert [each.whose for each in attributed([ASKED, part])] == [Whose.ASKS, Whose.OWN], "it is the first to say it"


def test_a_question_does_not_ring() -> None:
    assert [each.words for each in attributed([ASKED])] == ["rybar only asks"]
    fresh = [replace(each, stored=replace(each.stored, seen=each.stored.happened)) for each in (ASKED, SAID, AGAIN)]
    assert rush_of(Urgent(sources=2), [Story(row=1, reports=tuple(fresh[:2]))], {}) is None
    assert rush_of(Urgent(sources=1), [Story(row=1, reports=tuple(fresh[:1]))], {}) is None
    assert rush_of(Urgent(sources=2), [Story(row=1, reports=tuple(fresh))], {}) is not None


DENIED = naming(report(4, "governor", "Информация о взятии Суджи — ложь.", minute=30, side="ru"))
DOUBTED = naming(report(5, "map", "Пишут, что Суджа взята. Подтверждения нет.", minute=32, side="ru"))


def test_who_denies_or_doubts_is_no_voice_for_what_others_say() -> None:
    found = carriers(Story(row=1, reports=(SAID, DENIED, DOUBTED)))
    assert (len(found.sources), found.own, found.sides, found.side) == (3, 1, Sides.ONE, "ua")
    told = [each.words for each in attributed([SAID, DENIED, DOUBTED])]
    assert told == ["sumy says it in its own words", "governor denies it", "map tells it as unconfirmed"]
    fresh = [replace(each, stored=replace(each.stored, seen=each.stored.happened)) for each in (SAID, DENIED, DOUBTED)]
    assert rush_of(Urgent(sources=2), [Story(row=1, reports=tuple(fresh))], {}) is None


def test_a_denial_that_stands_alone_is_told_by_who_denies() -> None:
    assert [each.whose for each in attributed([DENIED])] == [Whose.OWN]
    assert [each.whose for each in attributed([DOUBTED])] == [Whose.DOUBTS]
    assert carriers(Story(row=1, reports=(DENIED,))).side == "ru"
