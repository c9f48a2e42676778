"""Fifth room: from digests to deliveries.

In: rows of the outbox, each a frozen message with its idempotency key. Out: rows settled as sent, parked or held, each
with its reason in words. Nothing is sent that was not in the outbox first, and one destination's trouble stays there.
"""

from bot.delivery.destinations import Delivered, Destinations
from bot.delivery.idempotency import idempotency_key
from bot.delivery.outbox import Outbox

__all__ = ["Delivered", "Destinations", "Outbox", "idempotency_key"]
