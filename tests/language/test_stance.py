"""How a sentence stands to what it names, in three languages."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.language.stance import Stance, stance

CASES = tomllib.loads((Path(__file__).parent.parent / "cases/language/stances.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [(text, each) for each in Stance if each is not Stance.CHANGED for text in CASES[each.name.lower()]],
)
def test_a_sentence_says_asks_doubts_or_denies(sentence: str, expected: Stance) -> None:
    assert stance(sentence) is expected


@pytest.mark.parametrize("case", CASES["behind"], ids=lambda case: case["after"])
def test_a_sentence_may_take_back_the_one_before(case: dict[str, str]) -> None:
    assert stance(case["sentence"], case["after"]) is Stance[case["stance"]]
