"""Telegram routes while no publisher is set up: every message is kept, parked, until there is one.

In: a row for a channel. Out: DestinationClosed with what is missing; nothing is lost.
"""

from __future__ import annotations

from bot.errors import DestinationClosed
from bot.model import Delivery


class NeedsPublisher:
    """Parks what would go to Telegram."""

    promise = "parked: needs publisher; kept in the outbox until one is set up"

    def queue(self, delivery: Delivery) -> str:
        return str(delivery.to)

    def offset(self, delivery: Delivery) -> int | None:  # noqa: ARG002 - a chat has no place to return to
        return None

    async def send(self, delivery: Delivery) -> str:
        raise DestinationClosed(
            str(delivery.to),
            "needs publisher: no account is set up to post to Telegram",
            "set `telegram: {publisher: ...}` in bot.yaml; the message is kept until then",
        )
