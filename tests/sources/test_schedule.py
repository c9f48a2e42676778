"""When a source is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from bot.model import Condition, Cursor, Post, Reading, Source, SourceKind, SourceMemory, Via
from bot.sources import after
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
FEED = Source(name="gazeta", kind=SourceKind.FEED, address="https://example.org/feed", poll=10 * MINUTE)
NEW = SourceMemory(name="gazeta")
POST = Post(source="gazeta", id="1")


def reading(state: str, *, hash_: str = "", until: timedelta | None = None) -> Reading:
    condition = Condition(state=state, until=None if until is None else START + until)
    posts = (POST,) if hash_ else ()
    return Reading(source="gazeta", condition=condition, cursor=Cursor(body_hash=hash_ or "a"), posts=posts)


def wait(memory: SourceMemory) -> timedelta:
    assert memory.due
    return memory.due - START


def test_news_is_asked_for_at_the_sources_own_pace() -> None:
    memory = after(FEED, NEW, reading("ok", hash_="a"), START)
    assert FEED.poll <= wait(memory) <= FEED.poll * 1.1
    assert (memory.first_read, memory.last_ok, memory.failures) == (START, START, 0)


def test_a_quiet_source_is_asked_less_often_up_to_a_bound_and_news_ends_that() -> None:
    memory = after(FEED, NEW, reading("ok", hash_="a"), START)
    waits = []
    for _ in range(20):
        memory = after(FEED, memory, reading("not_modified"), START)
        waits.append(memory.interval)
    assert waits[0] == FEED.poll * 1.25
    assert waits[-1] == FEED.poll * 4
    memory = after(FEED, memory, reading("ok", hash_="b"), START)
    assert memory.interval == FEED.poll


def test_failures_are_asked_ever_more_rarely_and_never_not_at_all() -> None:
    memory = NEW
    waits = []
    for _ in range(40):
        memory = after(FEED, memory, reading("http_500"), START)
        waits.append(wait(memory))
    assert FEED.poll <= waits[0] <= FEED.poll * 1.1
    assert waits[1] > waits[0] * 1.9
    assert timedelta(hours=6) <= waits[-1] <= timedelta(hours=6.6)
    assert (memory.failures, memory.first_read, memory.last_ok) == (40, None, None)
    assert after(FEED, memory, reading("ok", hash_="a"), START).failures == 0


@pytest.mark.parametrize("state", ["gone", "refused", "needs_reader"])
def test_what_only_a_person_can_mend_is_asked_daily(state: str) -> None:
    source = replace(FEED, via=Via.MTPROTO)
    assert timedelta(hours=24) <= wait(after(source, NEW, reading(state), START)) <= timedelta(hours=26.4)


def test_a_preview_that_may_come_back_is_asked_for_as_any_failing_source() -> None:
    channel = replace(FEED, kind=SourceKind.CHANNEL)
    memory = after(channel, NEW, reading("needs_reader"), START)
    assert channel.poll <= wait(memory) <= channel.poll * 1.1
    assert wait(after(channel, memory, reading("needs_reader"), START)) > channel.poll * 1.9


@given(st.integers(0, 86400), st.integers(0, 9), st.sampled_from(["rate_limited", "http_503"]))
def test_patience_is_kept_to_the_second(seconds: int, failures: int, state: str) -> None:
    memory = replace(NEW, failures=failures)
    asked = timedelta(seconds=seconds)
    assert wait(after(FEED, memory, reading(state, until=asked), START)) >= asked
    if seconds > 21600 * 1.1:
        assert wait(after(FEED, memory, reading(state, until=asked), START)) == asked


def test_posts_read_in_spite_of_a_fault_are_a_first_reading_at_the_usual_pace() -> None:
    memory = after(FEED, replace(NEW, failures=7), reading("truncated", hash_="a"), START)
    assert (memory.first_read, memory.last_ok, memory.failures) == (START, None, 8)
    assert wait(memory) <= FEED.poll * 1.1


def test_since_stays_while_the_word_stays() -> None:
    memory = after(FEED, NEW, reading("dns"), START)
    memory = after(FEED, memory, reading("dns"), START + MINUTE)
    assert memory.condition.since == START
    memory = after(FEED, memory, reading("tls"), START + 2 * MINUTE)
    assert memory.condition.since == START + 2 * MINUTE


def test_sources_of_one_interval_do_not_all_come_at_once() -> None:
    dues = {wait(after(replace(FEED, name=f"s{n}"), NEW, reading("ok", hash_="a"), START)) for n in range(100)}
    assert len(dues) == 100


@given(st.sampled_from(["ok", "not_modified", "empty", "dns", "gone"]), st.integers(1, 10**6), st.integers(0, 10**6))
def test_never_faster_than_poll(state: str, poll: int, failures: int) -> None:
    source = replace(FEED, poll=timedelta(seconds=poll))
    memory = after(source, replace(NEW, failures=failures, interval=MINUTE), reading(state), START)
    assert wait(memory) >= min(source.poll, timedelta(hours=24))
