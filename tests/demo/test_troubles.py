"""Episodes: begun once, ended once, whatever happens between two looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.demo.troubles import Episode, Troubles
from bot.model import Condition, SourceMemory

EIGHT = datetime(2025, 1, 6, 8, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


def seen(*states: str) -> tuple[Episode, ...]:
    """The episodes of a source that was in these states, ten minutes apart."""
    troubles = Troubles()
    for number, state in enumerate(states):
        memory = SourceMemory(name="a", condition=Condition(state=state, remedy="wait"))
        troubles.look([memory], EIGHT + number * TEN_MINUTES)
    return troubles.episodes


def test_a_source_that_works_has_no_episode() -> None:
    assert seen("new", "ok", "not_modified", "empty", "slow") == ()


def test_an_episode_lasts_until_the_source_works_again() -> None:
    (episode,) = seen("ok", "http_503", "http_503", "ok")
    assert episode == Episode(
        source="a", state="http_503", since=EIGHT + TEN_MINUTES, remedy="wait", until=EIGHT + 3 * TEN_MINUTES
    )


def test_another_trouble_is_another_episode() -> None:
    first, second = seen("dns", "tls")
    assert (first.state, first.until) == ("dns", EIGHT + TEN_MINUTES)
    assert (second.state, second.until) == ("tls", None)


def test_what_is_over_is_not_now() -> None:
    troubles = Troubles()
    for state in ("dns", "ok"):
        troubles.look([SourceMemory(name="a", condition=Condition(state=state))], EIGHT)
    assert troubles.now == ()
