"""What of a channel a poll wants to read, and has read: a span that grows downwards, and gaps that close.

In: what is remembered, and pages as they come. Out: which page to ask for next, the window without a hole, and the
gaps that the cursor must remember. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import Arrival, Gap, Source, SourceMemory
from bot.sources.page import Message, Page

PAGES = 6
"""Pages a poll may ask for; what they do not reach waits as a gap for the next one."""
FILL_PAGES = 4
"""Pages a poll may ask for to fill gaps of earlier ones."""
BACKFILL_PAGES = 500
SWEEP_EVERY = timedelta(minutes=30)
SWEEP_PAGES = 3
"""Now and then older pages are compared too: they show late edits and deletions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Ids `low` to `high` were read, `holes` excepted. `end`: the channel has nothing older."""

    low: int
    high: int
    messages: dict[int, Message] = field(default_factory=dict)
    holes: tuple[Gap, ...] = ()
    unreadable: int = 0
    end: bool = False

    @classmethod
    def of(cls, page: Page, high: int) -> Span:
        """The span of a page that shows everything up to `high`."""
        low = min((each.id for each in page.messages), default=high + 1)
        unknown = (Gap(page.last + 1, high),) if page.blocked and page.last < high else ()
        return cls(
            low=1 if page.end else low,
            high=high,
            messages={each.id: each for each in page.messages},
            holes=tuple(hole for hole in (*page.holes, *unknown) if low <= hole.low and hole.high <= high),
            unreadable=page.unreadable,
            end=page.end or low == 1,
        )

    def below(self, page: Page) -> Span:
        """Joined with the page that was asked for before `low`."""
        older = Span.of(page, self.low - 1)
        return replace(
            self,
            low=older.low,
            messages=older.messages | self.messages,
            holes=older.holes + self.holes,
            unreadable=self.unreadable + older.unreadable,
            end=older.end,
        )

    @property
    def window(self) -> Gap | None:
        """The newest stretch without a hole."""
        low = max((self.low, *(hole.high + 1 for hole in self.holes)))
        return Gap(low, self.high) if low <= self.high else None

    @property
    def posts(self) -> int:
        return sum(1 for each in self.messages.values() if not each.service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How far down a poll reads. `known` is the newest id of the cursor, 0 for a channel that was read and empty."""

    known: int
    first: bool
    backfill: int
    old_gaps: tuple[Gap, ...]
    sweep: bool

    @classmethod
    def of(cls, source: Source, memory: SourceMemory, now: datetime) -> Plan:
        cursor = memory.cursor
        first = memory.first_read is None or cursor.newest is None
        return cls(
            known=0 if first else cursor.newest or 0,
            first=first,
            backfill=source.backfill or 0,
            old_gaps=() if first else cursor.gaps,
            sweep=first or cursor.swept_at is None or now - cursor.swept_at >= SWEEP_EVERY,
        )

    def high(self, page: Page) -> int:
        """Up to which id the newest page tells: what we know beyond its last message was deleted."""
        return page.last if page.blocked else max(self.known, page.last)

    def wants_more(self, span: Span, used: int) -> bool:
        """Whether another, older page is needed and allowed after `used` pages."""
        if span.end:
            return False
        asked_for = span.posts < self.backfill and used < BACKFILL_PAGES
        if self.first or (not self.known and asked_for):  # what was empty is read as if for the first time
            return asked_for
        return used < PAGES and (span.low > self.known + 1 or (self.sweep and used < SWEEP_PAGES))

    def gaps(self, span: Span, *, broken: bool) -> tuple[Gap, ...]:
        """What the cursor must remember: old gaps less what was read, and what was newly left out.

        Below the first posts of a channel that was empty there is nothing, unless reading them was `broken` off.
        """
        left_out = (self.known or broken) and not self.first and span.low > self.known + 1
        missed = (Gap(self.known + 1, span.low - 1),) if left_out else ()
        return merged((*self.to_fill(span), *missed, *span.holes))

    def to_fill(self, span: Span) -> tuple[Gap, ...]:
        """Gaps of earlier polls that this span does not cover, the newest first."""
        return tuple(reversed(without(self.old_gaps, Gap(span.low, span.high))))

    def arrival(self, span: Span) -> Arrival:
        """A first reading is a baseline; so is one of a channel that only seemed to be empty."""
        return Arrival.BASELINE if self.first or not (self.known or span.end) else Arrival.LIVE


def without(gaps: Iterable[Gap], read: Gap) -> tuple[Gap, ...]:
    """The gaps less what was read."""
    left: list[Gap] = []
    for gap in gaps:
        if gap.low < read.low:
            left.append(Gap(gap.low, min(gap.high, read.low - 1)))
        if gap.high > read.high:
            left.append(Gap(max(gap.low, read.high + 1), gap.high))
    return tuple(left)


def merged(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """The gaps in order, those that touch made one."""
    out: list[Gap] = []
    for gap in sorted(gaps):
        if out and gap.low <= out[-1].high + 1:
            out[-1] = Gap(out[-1].low, max(out[-1].high, gap.high))
        else:
            out.append(gap)
    return tuple(out)
