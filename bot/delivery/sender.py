"""What each kind of destination offers; one small file for each kind implements it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.model import Delivery


class Sender(Protocol):
    """Sends rows to destinations of one kind."""

    @property
    def promise(self) -> str:
        """What a reader of the destination may rely on, in one sentence."""

    def queue(self, delivery: Delivery) -> str:
        """Rows of the same queue go one after the other; two spellings of one destination are one queue."""

    def pause(self, delivery: Delivery, now: datetime) -> datetime | None:
        """Until when the destination's pace holds the row; None if it may go now."""

    def offset(self, delivery: Delivery) -> int | None:
        """Where writing will begin, to be kept before it begins; None for kinds that do not write to a place."""

    async def send(self, delivery: Delivery) -> str:
        """Send or repeat the row; give back the receipt.

        Raises DestinationBusy, DestinationClosed, NotArrived, DeliveryUnknown.

        Where `DestinationKind.can_change`, the row may be an edit or a pin of the message whose receipt is `target`:
        both may be repeated freely, and raise MessageGone where that message was deleted.
        """
