"""Pure time: cron lines, zones and their jumps, quiet hours, what is due. A library parses cron.

In: a schedule and moments that are passed in. Out: moments. Nothing here reads a clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where time comes from; only the service makes the real one. Tests and the demo pass their own."""

    def now(self) -> datetime:
        """Aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return when so many of this clock's seconds have passed."""
