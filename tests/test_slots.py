"""Cron slots and quiet hours over zones and their jumps; the tables are in tests/cases/slots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from ruamel.yaml import YAML

from bot.model import Quiet
from bot.slots import check_cron, due_slots, next_slot, quiet_until

CASES = Path(__file__).parent / "cases" / "slots"


def table(name: str) -> list[Any]:
    rows: list[dict[str, Any]] = YAML(typ="safe").load(CASES / name)
    return [pytest.param(row, id=row["name"]) for row in rows]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("case", table("due.yaml"))
def test_each_slot_is_due_once(case: dict[str, Any]) -> None:
    due = due_slots(case["cron"], case["zone"], utc(case["after"]), utc(case["until"]), case.get("limit", 100))
    assert due == tuple(utc(slot) for slot in case["slots"])


@pytest.mark.parametrize("case", table("due.yaml"))
def test_waking_up_slot_by_slot_gives_the_same(case: dict[str, Any]) -> None:
    """A service that never slept tells exactly the slots that one downtime would have made up for."""
    moment, until, seen = utc(case["after"]), utc(case["until"]), []
    while "limit" not in case and (moment := next_slot(case["cron"], case["zone"], moment)) <= until:
        seen.append(moment)
    if "limit" not in case:
        assert seen == [utc(slot) for slot in case["slots"]]


@pytest.mark.parametrize("case", table("quiet.yaml"))
def test_quiet_hours_end(case: dict[str, Any]) -> None:
    until = quiet_until(Quiet(*case["quiet"]), case["zone"], utc(case["now"]))
    assert until == (utc(case["until"]) if case["until"] else None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("61 * * * *", "minute"),
        ("0 24 * * *", "hour"),
        ("0 0 30 2 *", "day-of-month"),
        ("0 0 * 13 *", "month"),
        ("0 0 * * 8", "day-of-week"),
        ("*/0 * * * *", "minute"),
        ("60 * * * * *", "second"),
        ("@daily", "five fields"),
        ("", "five fields"),
        ("* * */20 * 1L", "50 years"),
        ("9" * 5000, "at most"),
    ],
)
def test_a_wrong_line_is_refused_in_words(line: str, words: str) -> None:
    assert words in (check_cron(line) or "")
    with pytest.raises(ValueError, match=words):
        next_slot(line, "UTC", utc("2026-01-06"))


@pytest.mark.parametrize("line", ["0 9,18 * * *", "*/5 * * * *", "*/20 * * * * *", "0 0 L * *", "0 8 * * MON-FRI"])
def test_a_right_line_is_accepted(line: str) -> None:
    assert check_cron(line) is None


@given(st.text(alphabet="0123456789*/-,L#WMON ²٣", max_size=24))
def test_any_line_is_answered_in_words(line: str) -> None:
    assert check_cron(line) is None or isinstance(check_cron(line), str)


ZONES = ["Europe/Kyiv", "Europe/Moscow", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Africa/Casablanca"]
LINES = ["30 3 * * *", "*/20 0-3 * * *", "0 * * * *", "15 */2 * * *", "0 23 * * *", "0 0 * * *", "0 * * * MON"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(LINES),
    st.integers(int(utc("2014-01-01").timestamp()), int(utc("2030-01-01").timestamp())),
    st.lists(st.integers(1, 300_000), min_size=1, max_size=8),
)
def test_however_often_we_wake_the_slots_are_the_same(zone: str, line: str, start: int, steps: list[int]) -> None:
    first = moment = datetime.fromtimestamp(start, UTC)
    told: list[datetime] = []
    for step in steps:
        told += due_slots(line, zone, moment, moment + timedelta(seconds=step), limit=10_000)
        moment += timedelta(seconds=step)
    assert tuple(told) == due_slots(line, zone, first, moment, limit=10_000)
    assert all(earlier < later for earlier, later in pairwise(told))
    for earlier, later in pairwise([first, *told]):
        assert next_slot(line, zone, earlier) == later
