"""What routes send outside of their digests: urgent cards, spikes, lulls, corrections, the operator's news, pins.

In: what the store holds, and `now`. Out: notices, each saved with its messages and decisions in one transaction.
Invariant: whatever is sent here was first frozen in the outbox, under a key of destination, subject and revision; a
step that is run twice, or killed in the middle, sends nothing twice.
"""

from bot.notices.announcing import announce
from bot.notices.cards import Plan
from bot.notices.corrections import due_corrections
from bot.notices.desk import Desk, Rounds, can_edit, follows
from bot.notices.holding import hold_digest, in_quiet_hours, quiet_hold
from bot.notices.ops import report
from bot.notices.pin import pin_text, pinned
from bot.notices.situation import OpenCard, with_their_like
from bot.notices.urgent import joined_card, plan, told_at_once

__all__ = [
    "Desk",
    "OpenCard",
    "Plan",
    "Rounds",
    "announce",
    "can_edit",
    "due_corrections",
    "follows",
    "hold_digest",
    "in_quiet_hours",
    "joined_card",
    "pin_text",
    "pinned",
    "plan",
    "quiet_hold",
    "report",
    "told_at_once",
    "with_their_like",
]
