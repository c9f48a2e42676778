"""A poll's outcome in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import SourceBusy, SourceDown
from bot.sources import condition
from tests.fakes.clock import START


@pytest.mark.parametrize(
    ("state", "seconds", "word"), [("ok", 0.2, "ok"), ("ok", 12.0, "slow"), ("not_modified", 12.0, "not_modified")]
)
def test_an_answer_that_took_long_is_slow(state: str, seconds: float, word: str) -> None:
    assert condition.working(state, "", seconds).state == word


def test_a_slow_answer_keeps_what_else_there_is_to_tell() -> None:
    assert condition.working("ok", "2 items could not be read", 12.0).detail == (
        "it took 12 s to answer; 2 items could not be read"
    )


def test_an_error_keeps_its_word_its_remedy_and_its_patience() -> None:
    down = condition.of(SourceDown("x", "no name", "wait", state="dns"), START)
    assert (down.state, down.detail, down.remedy, down.until) == ("dns", "no name", "wait", None)
    busy = condition.of(SourceBusy("x", "later", delay=timedelta(minutes=7)), START)
    assert (busy.state, busy.until) == ("rate_limited", START + timedelta(minutes=7))
