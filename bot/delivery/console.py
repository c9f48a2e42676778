"""Messages to the terminal.

In: a row. Out: its text on the given stream. A terminal keeps nothing, so a repeat cannot be recognised.
"""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

from bot.errors import DestinationClosed
from bot.model import Delivery


class Console:
    """Prints to a stream."""

    promise = "at least once: after a crash a message may be printed again"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def queue(self, delivery: Delivery) -> str:
        return str(delivery.to)

    def pause(self, delivery: Delivery, now: datetime) -> datetime | None:  # noqa: ARG002 - takes all at once
        return None

    def offset(self, delivery: Delivery) -> int | None:  # noqa: ARG002 - a terminal has no place to return to
        return None

    async def send(self, delivery: Delivery) -> str:
        try:
            print(self._printable(delivery.message.text), end="\n\n", file=self._stream, flush=True)
        except (OSError, ValueError) as error:
            raise DestinationClosed("console", f"cannot be written to ({error})", "look at standard output") from error
        return "printed"

    def _printable(self, text: str) -> str:
        """With a question mark for what the terminal's encoding does not have."""
        encoding = self._stream.encoding or "utf-8"
        return text.encode(encoding, errors="replace").decode(encoding)
