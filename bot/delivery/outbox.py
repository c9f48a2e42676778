"""What delivery asks of the store; the store fits by structure.

Invariant: a row is WAITING, then SENDING (committed before anything leaves), then settled. A row that stays SENDING was
interrupted; each kind of destination knows how to repeat it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Delivery, Outcome


class Outbox(Protocol):
    """The queue of messages, one line for each destination."""

    async def ready(self, now: datetime) -> Sequence[Delivery]:
        """Rows to be sent now, in order of `row`: WAITING, their `not_before` passed.

        Rows behind one of the same destination that must still wait, or is parked, are not ready: nothing overtakes.
        """

    async def stuck(self) -> Sequence[Delivery]:
        """Rows found SENDING although nobody sends them: their process ended, or could not write down the end."""

    async def begin(self, delivery: Delivery, now: datetime, offset: int | None = None) -> Delivery:
        """Mark the row SENDING, count the attempt, keep `offset`; committed when it returns the row as it now is."""

    async def settle(
        self,
        delivery: Delivery,
        outcome: Outcome,
        *,
        now: datetime,
        reason: str = "",
        receipt: str | None = None,
        not_before: datetime | None = None,
        lost: bool = False,
    ) -> None:
        """What came of it: SENT with a receipt, PARKED or UNKNOWN with a reason, WAITING with a reason and a time.

        `lost`: a try had no answer and may have arrived; `Delivery.tried` then says since when.
        """
