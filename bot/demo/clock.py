"""The newsroom's clock: unhurried while the house opens and reads each source for the first time, then fast.

In: a moment to begin at. Out: a `Clock` that never goes back. Were it fast at once, the seconds of starting up would be
an hour of the morning, and all of that hour's posts a baseline that nobody announces.
"""

from __future__ import annotations

from datetime import datetime

from bot.service.clock import FastClock

UNHURRIED = 10.0


class Morning:
    """Begins at `start`, ten times as fast as real time; from `hurry` on as fast as it is told."""

    def __init__(self, start: datetime) -> None:
        self._clock = FastClock(start, UNHURRIED)

    def now(self) -> datetime:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    def hurry(self, factor: float) -> None:
        """Go on from this moment, `factor` times as fast as real time."""
        self._clock = FastClock(self.now(), factor)
