"""How often channels are really read: arithmetic that an operator can check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Access, Cursor, Source, SourceKind, SourceMemory, Via
from bot.sources.pace import PREVIEW, Door, account_of, doors, told

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def channels(count: int, via: Via = Via.MTPROTO, poll: int = 90) -> list[Source]:
    return [
        Source(name=f"c{n}", kind=SourceKind.CHANNEL, address=f"https://t.me/c{n}", via=via, poll=poll * SECOND)
        for n in range(count)
    ]


def only(sources: Sequence[Source], readers: Sequence[str] = ("main",), apart: timedelta = SECOND) -> Door:
    (door,) = doors(sources, readers, {}, min_interval=apart)
    return door


def test_what_can_be_kept_is_kept() -> None:
    door = only(channels(60))
    assert door.asked == pytest.approx(60 / 90 + 60 * 3 / 1800)
    assert {door.interval(channel) for channel in door.channels} == {90 * SECOND}


@pytest.mark.parametrize(("count", "seconds", "enough"), [(200, 300, 301), (2000, 8000, 8000)])
def test_what_cannot_is_shared_out_in_proportion(count: int, seconds: int, enough: int) -> None:
    door = only(channels(count))
    assert door.interval(door.channels[0]).total_seconds() == pytest.approx(seconds, rel=0.005)
    assert door.enough.total_seconds() == pytest.approx(enough, rel=0.005)
    mixed = only(
        [
            *channels(200, poll=60),
            Source(name="slow", kind=SourceKind.CHANNEL, address="", poll=600 * SECOND, via=Via.MTPROTO),
        ]
    )
    assert mixed.interval(mixed.channels[-1]) / mixed.interval(mixed.channels[0]) == pytest.approx(10)


@pytest.mark.parametrize("count", [200, 2000])
def test_a_poll_of_the_length_that_is_told_can_be_kept(count: int) -> None:
    door = only(channels(count))
    assert only(channels(count, poll=int(door.enough.total_seconds()))).stretch == 1


@pytest.mark.parametrize(
    ("count", "hours"), [(0, 0), (1, 0), (160, 0), (161, 18), (200, 18), (320, 18), (321, 36), (2000, 216)]
)
def test_the_day_when_all_names_are_resolved(count: int, hours: int) -> None:
    door = Door(name="reader main", channels=(), capacity=1, unresolved=count)
    assert door.resolved_at(NOW) == NOW + timedelta(hours=hours)


def test_each_channel_has_one_door() -> None:
    kept = SourceMemory(name="c1", cursor=Cursor(access=(Access("b", 7),)))
    sources = [*channels(3, Via.AUTO), *channels(40)[3:]]
    found = {door.name: door for door in doors(sources, ["a", "b"], {"c1": kept}, min_interval=SECOND)}
    assert [channel.name for channel in found[PREVIEW].channels] == ["c0", "c2"]
    by_name = {channel.name: name for name, door in found.items() for channel in door.channels}
    assert len(by_name) == sum(len(door.channels) for door in found.values()) == 40
    assert by_name["c1"] == "reader b"
    assert all(by_name[f"c{n}"] == f"reader {account_of(f'c{n}', ['a', 'b'])}" for n in range(3, 40))
    assert found["reader a"].unresolved + found["reader b"].unresolved == 37


def test_the_preview_takes_a_request_each_interval() -> None:
    door = only(channels(200, Via.WEB), (), apart=2 * SECOND)
    assert (door.name, door.capacity, door.unresolved) == (PREVIEW, 0.5, 0)
    assert door.interval(door.channels[0]) > 400 * SECOND


def test_it_is_told_in_words() -> None:
    assert told([only(channels(2, Via.WEB), ())], NOW) == [
        "the preview: 2 channels, 0.03 requests a second of 1.00",
        "  read every 90s: c0, c1",
    ]
    lines = told([only(channels(200))], NOW)
    assert lines[0].startswith("reader main: 200 channels, 2.56 requests a second of 1.00")
    assert lines[1].endswith("c0, c1, c2 and 197 more")
    assert "cannot be kept: write `poll: 301s`" in lines[2]
    assert "read every 134m" in told([only(channels(2000))], NOW)[1]
    assert "write `poll: 134m` or longer" in told([only(channels(2000))], NOW)[2]
    assert "write `poll: 12h`" in told([only(channels(10_300))], NOW)[2]
    assert lines[3] == "  names to resolve: 200, all of them by 07 Jan 2026"
