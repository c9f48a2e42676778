"""A source that puts itself right: its correction keeps that word, and stands with what it corrects."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.digests import compose, render
from bot.digests.own_words import Whose, attributed
from bot.digests.render import Flavour
from bot.digests.urgent import rush_of
from bot.language.stance import correcting
from bot.model import Report, Source, SourceKind, Story, Urgent
from tests.digests.reports import naming
from tests.digests.test_authors import GLUSHKOVO, NOON, ROUTE, RYLSK

GOVERNOR, AGENCY = (
    Source(name=name, kind=SourceKind.CHANNEL, address=f"https://t.me/{name}", title=title)
    for name, title in (("kovalev", "Губернатор Ковалёв"), ("trv", "Агентство ТРВ"))
)
KILLED, ALIVE = "В Глушково под обстрелом погибла женщина.", "Уточняю: женщина в Глушково жива, она в реанимации."


def said(source: Source, row: int, text: str, minute: int) -> Report:
    return naming(source, row, text, NOON + timedelta(minutes=minute), {"Глушково": "glushkovo"})


def told(*reports: Report) -> str:
    later = NOON + timedelta(hours=2)
    stories = [Story(row=each.stored.row, reports=(each,)) for each in reports]
    made = compose(ROUTE, stories, slot=later, since=NOON, now=later, watches=(RYLSK, GLUSHKOVO))
    assert made.digest is not None
    return render(made.digest, flavour=Flavour.PLAIN)[0].text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Уточнение: склад загорелся в Глушково", "Уточнение"),
        ("❗️Поправка. Бои за Суджу", "Поправка"),
        ("CORRECTED: Russian forces approach Myrnohrad", "CORRECTED"),
        ("Уточнення — Суджа", "Уточнення"),
        ("Исправление\nСуджа", "Исправление"),
        ("Исправление ошибок в школах Суджи", ""),
        ("Суджа: уточнение данных", ""),
        ("", ""),
    ],
)
def test_a_report_that_corrects_begins_with_that_word(text: str, word: str) -> None:
    assert correcting(text) == word


def test_a_correction_stands_with_what_its_source_said() -> None:
    text = told(
        said(GOVERNOR, 1, KILLED, 0), said(AGENCY, 2, "В Глушково отменили занятия.", 5), said(GOVERNOR, 3, ALIVE, 9)
    )
    rest = text.partition(f"«{KILLED}»")[2]
    assert f"  – «{ALIVE}» · corrects its own report · Губернатор Ковалёв 12:09" in rest.split("•")[0]
    assert text.count("corrects") == 1


@pytest.mark.parametrize(
    "other",
    [
        "Уточняю: занятия в школах Глушково отменены до понедельника.",
        "Женщина в Глушково жива, она в реанимации.",
    ],
)
def test_what_is_of_something_else_or_no_correction_stands_alone(other: str) -> None:
    assert "corrects" not in told(said(GOVERNOR, 1, KILLED, 0), said(GOVERNOR, 2, other, 9))
    assert "corrects" not in told(said(GOVERNOR, 1, KILLED, 0), said(AGENCY, 2, ALIVE, 9))


def test_the_word_is_kept_where_another_sentence_is_quoted() -> None:
    text = told(
        said(AGENCY, 1, "CORRECTED: no forces entered the town\nRussian forces approach the village Глушково.", 0)
    )
    assert "«CORRECTED: …Russian forces approach the village Глушково.»" in text


def test_who_puts_himself_right_is_no_voice_for_what_he_said() -> None:
    """A correction does not ring as corroboration of what it corrects."""
    reports = (
        said(GOVERNOR, 1, KILLED, 0),
        said(AGENCY, 2, "Женщина погибла при обстреле Глушково.", 20),
        said(GOVERNOR, 3, ALIVE, 25),
    )
    assert [each.whose for each in attributed(reports)] == [Whose.CHANGED, Whose.OWN, Whose.CHANGED]
    stories = [Story(row=each.stored.row, reports=(each,)) for each in reports]
    watches = {watch.id: watch for watch in (RYLSK, GLUSHKOVO)}
    assert rush_of(Urgent(sources=2), stories, watches) is None
    assert rush_of(Urgent(sources=2), stories[:2], watches) is not None
    alone = [each.whose for each in attributed((reports[0], reports[2]))]
    assert alone == [Whose.OWN, Whose.OWN], "where nobody else says it, he is the one who tells it"
