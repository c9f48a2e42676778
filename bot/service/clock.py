"""The system's clock. Nothing below the service makes one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
