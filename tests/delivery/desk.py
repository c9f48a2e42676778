"""A real outbox in a SQLite file, filled with messages, and a clock that only the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.delivery import idempotency_key
from bot.model import Destination, Message
from bot.store import OUR_OWN, NewDigest, OutboxRow, Outgoing, Store

NOW = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A `slots.Clock` that stands still; sleeping moves it, and takes no time."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Queue:
    """Puts messages into the store as composing would, one digest each."""

    store: Store
    count: int = field(default=0)

    async def put(self, to: Destination, *texts: str, route: str = "kursk", title: str = "", card: str = "") -> None:
        for text in texts:
            self.count += 1
            slot = NOW - timedelta(days=30) + timedelta(minutes=self.count)
            message = Message(text=text, title=title, when=slot, card=card)
            new = NewDigest(
                route=route,
                slot=slot,
                since=slot,
                messages=(
                    Outgoing(
                        idempotency=idempotency_key(b"s", route, slot, 1), to=to, message=message, words_of=OUR_OWN
                    ),
                ),
            )
            assert await self.store.save_digest(new, NOW)

    async def rows(self) -> list[OutboxRow]:
        return [row async for row in self.store.outbox()]

    async def outcomes(self) -> list[str]:
        return [row.outcome for row in await self.rows()]
