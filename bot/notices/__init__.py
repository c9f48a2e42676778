"""What routes send outside of their digests: urgent cards, spikes, lulls, corrections, the operator's news, pins.

In: what the store holds, and `now`. Out: notices, each saved with its messages and decisions in one transaction.
Invariant: whatever is sent here was first frozen in the outbox, under a key of destination, subject and revision; a
step that is run twice, or killed in the middle, sends nothing twice.
"""

from bot.notices.announcing import announce
from bot.notices.cards import Plan
from bot.notices.corrections import due_corrections
from bot.notices.desk import Desk, Rounds
from bot.notices.pin import pin_text, pinned
from bot.notices.urgent import plan, told_at_once

__all__ = [
    "Desk",
    "Plan",
    "Rounds",
    "announce",
    "due_corrections",
    "pin_text",
    "pinned",
    "plan",
    "told_at_once",
]
