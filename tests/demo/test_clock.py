"""The morning's clock: it changes its pace and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.demo.clock import Morning

SIX = datetime(2025, 1, 6, 4, tzinfo=UTC)


def test_it_begins_unhurried() -> None:
    assert SIX <= Morning(SIX).now() < SIX + timedelta(minutes=1)


async def test_it_hurries_from_the_moment_it_is_told() -> None:
    clock = Morning(SIX)
    before = clock.now()
    clock.hurry(1_000_000)
    await clock.sleep(3600)
    passed = clock.now() - before
    assert passed >= timedelta(hours=1)
