"""A clock that stands still until it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest


@dataclass
class Hand:
    """A `slots.Clock` moved by hand; sleeping moves it too, and takes no time."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def kyiv(self, hour: int, minute: int = 0) -> datetime:
        """Set it to an hour of the morning; Kyiv is two hours ahead of UTC in January."""
        self.moment = datetime(2025, 1, 6, hour - 2, minute, tzinfo=UTC)
        return self.moment


@pytest.fixture
def hand() -> Hand:
    return Hand(datetime(2025, 1, 6, 4, tzinfo=UTC))
