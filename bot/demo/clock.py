"""The newsroom's clock: a real clock, sped up.

In: a real `Clock`, a moment to begin at and a pace. Out: a `Clock` on which a morning passes in seconds.
"""

from __future__ import annotations

from datetime import datetime

from bot.slots import Clock


class SpedUp:
    """Begins at `start` when it is made, and runs `pace` times as fast as `real`."""

    def __init__(self, real: Clock, start: datetime, pace: float) -> None:
        self._real = real
        self._began = real.now()
        self._start = start
        self._pace = pace

    def now(self) -> datetime:
        return self._start + (self._real.now() - self._began) * self._pace

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds / self._pace)
