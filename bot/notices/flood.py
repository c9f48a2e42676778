"""So many events at once that none of them rings by itself.

In: the situation, and the events beyond an hour's cards. Out: one plan: their stories are held for the digest, and one
summary line is sent, at most once an hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.digests import flavour_of
from bot.digests.notices import Slip, flood_page, write
from bot.model import Decision, NoticeKind, Reason
from bot.notices.cards import Plan
from bot.notices.desk import Desk, Keys
from bot.notices.situation import FLOOD, Situation
from bot.store import OUR_OWN, NewNotice

CARDS_AN_HOUR = 10
"""New cards of one route; what is beyond rings together, once an hour."""


def flood(desk: Desk, situation: Situation, rows: Sequence[int]) -> Plan:
    """Hold these stories, and say so once."""
    route, now = situation.route, situation.now
    note = f"{len(rows)} stories, more than {CARDS_AN_HOUR} cards an hour"
    held = tuple(Decision(story=row, reason=Reason.FLOOD, note=note) for row in rows)
    subject = f"{FLOOD}{now.isoformat(timespec='seconds')}"
    if situation.flooded:
        return Plan(route=route, subject=subject, reason=Reason.FLOOD, decisions=held)
    page = flood_page(route, len(rows), Counter(map(situation.place, rows)), situation.watches)
    slip = Slip(route=route, kind=NoticeKind.URGENT, subject=subject, opened=now, now=now)
    message = write(page, slip, flavour_of(route.to))
    notice = NewNotice(
        route=route.name,
        kind=NoticeKind.URGENT,
        subject=subject,
        text=note,
        messages=(Keys(desk.secret, route, NoticeKind.URGENT, subject).send(message, 1, OUR_OWN),),
        decisions=held,
    )
    return Plan(route=route, subject=subject, reason=Reason.FLOOD, decisions=held, notice=notice, page=page)
