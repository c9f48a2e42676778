"""A clock that stands still until it is told; sleeping moves it, and takes no time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


@dataclass
class StepClock:
    """A `slots.Clock`; `slept` has every wait in seconds."""

    moment: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
