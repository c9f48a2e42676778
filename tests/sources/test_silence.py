"""Which channels are silent while their neighbours speak."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sources.silence import LEAST, rhythm, silent

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(minutes: int, *, ended: timedelta = timedelta(0), count: int = 30) -> list[datetime]:
    """Newest first, the last one so long ago."""
    return [NOW - ended - number * timedelta(minutes=minutes) for number in range(count)]


def world(**more: list[datetime]) -> dict[str, list[datetime]]:
    return {f"n{number}": every(20) for number in range(4)} | more


def test_a_channel_that_stopped_is_silent() -> None:
    found = silent(world(rybar=every(20, ended=9 * HOUR)), NOW)
    assert {name: str(silence) for name, silence in found.items()} == {
        "rybar": "no post for 9 h, usually one in 20 min"
    }


@pytest.mark.parametrize(
    "times",
    [
        every(20, ended=2 * HOUR),  # three hours are nothing
        every(600, ended=19 * HOUR),  # less than two of its usual pauses
        every(20, ended=9 * HOUR, count=LEAST - 1),  # too few posts to know
        [*every(20, ended=9 * HOUR, count=15), *every(20, ended=24 * HOUR, count=15)],  # it sleeps at night
    ],
)
def test_others_are_not(times: list[datetime]) -> None:
    assert silent(world(rybar=times), NOW) == {}


def test_where_all_are_silent_nobody_is_suspected() -> None:
    assert silent({f"n{number}": every(20, ended=9 * HOUR) for number in range(9)}, NOW) == {}
    assert silent({"alone": every(20, ended=9 * HOUR)}, NOW) == {}


def test_a_rhythm_does_not_depend_on_the_order() -> None:
    times = every(7)
    assert rhythm(times) == rhythm(times[::-1])
