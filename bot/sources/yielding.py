"""A canary for the preview's markup: how much of a page we can read, beside how much we could before.

In: a page, and what is remembered of its channel. Out: words of doubt, or None. Pure. Invariant: a doubtful page never
empties a post that was stored: what has no words on it counts as unreadable, and is read again later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Gap, SourceMemory
from bot.sources.page import Page

FEW = 8
"""A page of fewer blocks proves nothing."""
FALL = 4
"""So many times less than before is a fall."""
HALF = 0.5
BELIEVED_AFTER = timedelta(days=1)
"""A channel may really have turned to pictures without words."""
CHANGED = "page_changed"


def worded(page: Page) -> float | None:
    """The share of blocks that could be read and have words; None for too few."""
    posts = [each for each in page.messages if not each.service]
    blocks = len(posts) + page.unreadable
    return sum(bool(each.text) for each in posts) / blocks if blocks >= FEW else None


def doubt(memory: SourceMemory, page: Page, now: datetime) -> str | None:
    """Why the page's markup may have changed."""
    if page.unreadable >= FEW and page.unreadable >= HALF * (len(page.messages) + page.unreadable):
        return f"{page.unreadable} of {len(page.messages) + page.unreadable} blocks could not be read"
    before, share = memory.cursor.worded, worded(page)
    if before is None or share is None or share * FALL >= before or _believed(memory, now):
        return None
    return f"{share:.0%} of its blocks have words, before it were {before:.0%}"


def _believed(memory: SourceMemory, now: datetime) -> bool:
    known = memory.condition
    return known.state == CHANGED and known.since is not None and now - known.since >= BELIEVED_AFTER


def withheld(page: Page) -> Page:
    """The page with all blocks without words as holes."""
    kept = tuple(each for each in page.messages if each.text or each.service)
    lost = [each for each in page.messages if not each.text and not each.service]
    return replace(
        page,
        messages=kept,
        holes=(*page.holes, *(Gap(each.id, each.last) for each in lost)),
        unreadable=page.unreadable + len(lost),
        blocked=page.blocked or (bool(lost) and lost[-1] is page.messages[-1]),
    )
