"""What a route tells at one slot, and what it decided on every story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.routes import Route
from bot.model.stories import Story
from bot.model.watches import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One watch of a digest with its stories, in the order they are told."""

    watch: Watch
    stories: tuple[Story, ...]
    items: tuple[Story, ...] = ()
    """Of lists that are told under other watches, what they say of this one."""


@dataclass(frozen=True, slots=True)
class District:
    """A watch that is the `in:` of others: how many of the stories told name so many of its places."""

    watch: Watch
    stories: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one route tells at one slot: every story exactly once, under one watch."""

    route: Route
    slot: datetime
    since: datetime
    sections: tuple[Section, ...] = ()
    earlier: tuple[Section, ...] = ()
    """Stories that only a backfill brought: told in a section of their own, marked late."""
    again: tuple[Story, ...] = ()
    """Round-ups of what was told, and parts of them: named, and not told a second time."""
    districts: tuple[District, ...] = ()
    """Watches of the route whose places are named."""
    quiet: tuple[Watch, ...] = ()
    """Watches of the route that nobody reported on, nor on a place of theirs."""
    working: int = 0
    sources: int = 0
    troubles: tuple[str, ...] = ()
    """Sources that do not work, each in words: "DeepState: no answer for 40 min"."""
    waiting: int = 0
    """Stories beyond `max_stories`, left for the next digest."""
    settled: tuple[tuple[Watch, int], ...] = ()
    """Stories of a flood that are told by their number alone, for each watch; most first."""
    ends: datetime | None = None
    """When it was composed, where that was long after its slot: it holds what came until then."""
    missed: tuple[datetime, ...] = ()
    """Earlier slots that passed without a digest; this one covers them."""
    watches: tuple[Watch, ...] = ()
    """Every watch that a hit of these stories names: for "also", and for names shared by several places."""
    translations: Mapping[int, str] = field(default_factory=dict)
    """By story row, what a machine made of its quote."""
    together: Mapping[int, int] = field(default_factory=dict)
    """By story row, the earlier story of its section with which it is told, directly below it: perhaps of one event."""
    retold: frozenset[int] = frozenset()
    """Rows of stories that were told before, under a place that their author took out: their addresses stand there."""
    remarks: tuple[str, ...] = ()
    """Corrections of what was told before, and what was told at once, each in words."""
    review: str | None = None
    """Where readers find every report of these stories, and why each was found: our page, if it is public."""

    @property
    def words_of(self) -> frozenset[int]:
        """Rows of the posts whose words it may hold; those that have lost them by now give none."""
        told = (story for section in (*self.sections, *self.earlier) for story in section.stories)
        reports = (report.stored for story in (*told, *self.again) for report in story.reports)
        return frozenset(stored.row for stored in reports if stored.post.body)


class Reason(StrEnum):
    """Why a story was told on a route, or held."""

    TOLD = "told"
    URGENT = "told at once, as urgent"
    WAITS = "held for the route's `wait`: further reports may come"
    QUIET_HOURS = "held until the quiet hours end"
    SILENCED = "held while it is silenced"
    FLOOD = "held for the digest: too many at once to ring for each"
    DELAYED = "held until the route's delay has passed"
    AMENDED = "to be told again: its author changed it since it was told"
    UNSENT = "to be told anew: what told it was not sent, and held words that are gone"
    FULL = "held for the next digest: this one has max_stories"
    SETTLED = "told by number alone: too many came at once; it is in the archive"
    BASELINE = "not announced: read before the watch began (first reading)"
    UNSURE = "not announced: below the route's confidence"
    OTHER_WATCH = "not for this route: it watches other places"
    OTHER_SIDE = "not for this route: it takes other sides"
    AGAIN = "not told again: a round-up of what was told, or a part of one"
    RESTORED = "not announced: it may have been told before the store was restored from a copy"
    WITHDRAWN = "not announced: deleted or edited out before the digest"
    EXPIRED = "not announced: its words were removed before the digest"
    REJECTED = "not announced: a person rejected every hit of it"


ANNOUNCED = frozenset({Reason.TOLD, Reason.URGENT, Reason.SETTLED, Reason.AGAIN})
"""The reader knows of it, if only by number or by another report: it is never told again as new."""
IN_WORDS = frozenset({Reason.TOLD, Reason.URGENT})
"""The reader saw what it says, so that it can be corrected."""
HELD = frozenset(
    {
        Reason.DELAYED,
        Reason.FULL,
        Reason.WAITS,
        Reason.QUIET_HOURS,
        Reason.SILENCED,
        Reason.FLOOD,
        Reason.AMENDED,
        Reason.UNSENT,
    }
)
"""Taken up again by itself, changed or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a route decided on one story (`story` is its row), stored beside the digest or the notice."""

    story: int
    reason: Reason
    note: str = ""
    """What the reason leaves open: by whom it is silenced, and why."""
    until: datetime | None = None
    """When what is held is looked at again, without waiting for a digest."""
