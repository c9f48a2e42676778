"""A channel that was read while it was empty: what a reading that broke off left out is a gap."""

from datetime import UTC, datetime

from bot.model import Cursor, Gap, Source, SourceKind, SourceMemory
from bot.sources.window import Plan, Span

NOW = datetime(2026, 1, 6, tzinfo=UTC)
SOURCE = Source(name="rybar", kind=SourceKind.CHANNEL, address="https://t.me/rybar")


def plan(first_read: datetime | None) -> Plan:
    memory = SourceMemory(name="rybar", cursor=Cursor(newest=0), first_read=first_read)
    return Plan.of(SOURCE, memory, NOW)


def span(low: int, high: int) -> Span:
    return Span(low=low, high=high, messages={}, holes=(), end=False)


def test_what_a_broken_reading_left_out_is_a_gap() -> None:
    assert plan(NOW).gaps(span(4, 23), broken=True) == (Gap(1, 3),)


def test_below_what_was_read_whole_there_is_nothing() -> None:
    assert plan(NOW).gaps(span(4, 23), broken=False) == ()
    assert plan(None).gaps(span(4, 23), broken=True) == ()
