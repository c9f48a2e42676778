"""The newsroom's clock: it stands still while the house works, so that every morning is the same.

In: a moment to begin at, and where to go on to. Out: a `Clock` that never goes back. A wait of the house's takes no
time and moves it: were it to run by itself, the machine's load would say at which minute a post is read.
"""

from __future__ import annotations

from datetime import datetime, timedelta


class Morning:
    """Begins at `start`, and goes on when it is told."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.go_on(self._now + timedelta(seconds=seconds))

    def go_on(self, until: datetime) -> None:
        self._now = max(self._now, until)
