"""The morning's clock: it stands still until it is told, and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.demo.clock import Morning

SIX = datetime(2025, 1, 6, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_it_stands_still_and_a_wait_moves_it() -> None:
    clock = Morning(SIX)
    assert clock.now() == clock.now() == SIX
    await clock.sleep(60)
    assert clock.now() == SIX + MINUTE


def test_it_goes_on_when_it_is_told_and_never_back() -> None:
    clock = Morning(SIX)
    clock.go_on(SIX + MINUTE)
    clock.go_on(SIX)
    assert clock.now() == SIX + MINUTE
