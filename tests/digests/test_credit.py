"""In whose words a report is, by whom it credits: cases in three languages."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.digests.own_words import Attribution, Whose, attributed
from bot.model import Hit, Origin, Report, SideKind, StoredHit
from tests.digests.test_own_words import START, report

CASES = Path(__file__).parents[1] / "cases" / "digests" / "text" / "credits.yaml"
PLACES = re.compile(r"Рыльск\w*|Рильськ\w*|Rylsk|Сумы|Сум(?:ах|и)\b|Sumy|Купянск")


@cache
def cases() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(CASES.read_text("utf-8")))


def made(row: int, name: str, text: str, *, minute: int) -> Report:
    """A report of one of the cast, with a mention of every place that it names."""
    title, side = cases()["cast"][name]
    plain = report(row, name, text, minute=minute, side=side)
    kind = SideKind.OBSERVER if side == "press" else SideKind.PARTY
    hits = tuple(
        StoredHit(
            row=found.start(),
            hit=Hit(
                watch=found.group()[:3],
                start=found.start(),
                end=found.end(),
                text=found.group(),
                form=found.group(),
                origin=Origin.BASE,
                confidence=0.9,
            ),
            found=START,
        )
        for found in PLACES.finditer(text)
    )
    return replace(plain, source=replace(plain.source, title=title, side_kind=kind), hits=hits)


def last(reports: list[Report]) -> Attribution:
    return list(attributed(reports))[-1]


@pytest.mark.parametrize(
    "case", [*cases()["cases"], *cases()["held"], *cases()["later"]], ids=lambda case: case[2][:40]
)
def test_whom_a_report_credits(case: tuple[str, list[str], str, str]) -> None:
    name, beside, text, whom = case
    others = [
        made(row, other, f"Рыльск, Сумы, Купянск: {row} своими словами о том же.", minute=row)
        for row, other in enumerate(beside, 1)
    ]
    found = last([*others, made(9, name, text, minute=40)])
    assert found.whose is (Whose.OWN if whom == "own" else Whose.CREDITED)
    assert (found.other.source.name if found.other else None) == (whom if whom in beside else None)


@pytest.mark.parametrize("case", [*cases()["pairs"], *cases()["held_pairs"]], ids=lambda case: case[3][:40])
def test_two_reports_of_one_body_are_one_witness(case: tuple[str, str, str, str, bool]) -> None:
    first, told, second, again, one = case
    found = list(attributed([made(1, first, told, minute=0), made(2, second, again, minute=40)]))
    assert [each.whose is Whose.OWN for each in found] == [True, not one]


@pytest.mark.parametrize("case", cases()["sentences"], ids=lambda case: case[1][:40])
def test_a_whole_sentence_of_another_is_no_own_word(case: tuple[str, str, bool]) -> None:
    told, again, copied = case
    found = last([made(1, "haven", told, minute=0), made(2, "demin", again, minute=40)])
    assert (found.whose is not Whose.OWN) is copied
