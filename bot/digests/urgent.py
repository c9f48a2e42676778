"""When a story is urgent, and when its card changes or rings again. Pure.

In: stories of one event as they count on a route, and what the card knew. Out: a `Rush`, or None; yes or no.
Invariants: copies, late reports and reports that were read long after they were made never ring; a card rings again
only for a side or a source that its last ring did not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.digests.corroboration import places_of
from bot.digests.own_words import began, in_own_words
from bot.digests.versions import parties_alike
from bot.model import Priority, Report, Source, Story, Urgent, Watch

FRESH = timedelta(hours=1)
"""What was read so long after it was reported is no news that rings: a feed came back, or the service did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who says it in their own words, in the order of their first reports; `sides` are parties that tell it alike."""

    sources: tuple[Source, ...] = ()
    sides: tuple[str, ...] = ()
    since: datetime | None = None
    span: timedelta = timedelta(0)
    """From the first report of the first source to that of the last."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(source.name for source in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """Enough sources in their own words, from `since` to `until`; `seen` is when we knew of it."""

    sources: int
    since: datetime
    until: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What a route told at once since its last digest: lines in words, and the watches that are not quiet then."""

    lines: tuple[str, ...] = ()
    watches: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the next revision of a card must know of the last. `shown` is a print of what readers see."""

    stories: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()
    """Stories of the same event that were told before, elsewhere."""
    places: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Who said it in their own words when it rang last, and the sides of parties among them."""
    sides: tuple[str, ...] = ()
    opened: datetime
    rung: datetime
    to: str = ""
    shown: str = ""

    @property
    def rows(self) -> tuple[int, ...]:
        return (*self.stories, *self.evidence)

    def touches(self, rows: Iterable[int]) -> bool:
        return not set(self.rows).isdisjoint(rows)

    def knows(self, heard: Voices) -> bool:
        """Whether its last ring had all of these sources and sides."""
        return set(self.sources).issuperset(heard.names) and set(self.sides).issuperset(heard.sides)

    def state(self) -> Mapping[str, Any]:
        """As the store keeps it."""
        return {
            "stories": list(self.stories),
            "evidence": list(self.evidence),
            "places": list(self.places),
            "sources": list(self.sources),
            "sides": list(self.sides),
            "opened": self.opened.isoformat(),
            "rung": self.rung.isoformat(),
            "to": self.to,
            "shown": self.shown,
        }

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Card:
        return cls(
            stories=tuple(state["stories"]),
            evidence=tuple(state["evidence"]),
            places=tuple(state["places"]),
            sources=tuple(state["sources"]),
            sides=tuple(state["sides"]),
            opened=datetime.fromisoformat(state["opened"]),
            rung=datetime.fromisoformat(state["rung"]),
            to=state["to"],
            shown=state["shown"],
        )


def voices(stories: Iterable[Story]) -> Voices:
    """Who says it in their own words."""
    firsts: dict[str, Report] = {}
    own = list(_own(stories))
    for report in own:
        firsts.setdefault(report.source.name, report)
    sources = tuple(report.source for report in firsts.values())
    times = [began(report) for report in firsts.values()]
    lasting = times[-1] - times[0] if times else timedelta(0)
    since = times[0] if times else None
    return Voices(sources=sources, sides=parties_alike(own), since=since, span=lasting)


def rush_of(urgent: Urgent, stories: Sequence[Story], watches: Mapping[str, Watch]) -> Rush | None:
    """The first time in which enough sources said it; None if there is none."""
    needed = needed_by(urgent, stories, watches)
    own = list(_own(stories))
    heard: Counter[str] = Counter()
    first = 0
    for report in own:
        heard[report.source.name] += 1
        while began(report) - began(own[first]) > urgent.within:
            heard[own[first].source.name] -= 1
            first += 1
        if sum(times > 0 for times in heard.values()) >= needed:
            seen = max(each.stored.seen for each in own if began(each) <= began(report))
            return Rush(sources=needed, since=began(own[first]), until=began(report), seen=seen)
    return None


def needed_by(urgent: Urgent, stories: Iterable[Story], watches: Mapping[str, Watch]) -> int:
    """So many sources are enough; where a watch is urgent by itself, one is."""
    named = {watch for story in stories for report in story.reports for hit in report.hits for watch in places_of(hit)}
    alone = any(watches[watch].priority is Priority.URGENT for watch in named if watch in watches)
    return 1 if alone else urgent.sources


def rings_again(urgent: Urgent, before: Card, now_heard: Voices, now: datetime) -> bool:
    """Whether a change of the card is announced."""
    return not before.knows(now_heard) and now >= before.rung + urgent.repeat


class Unheard(StrEnum):
    """Why a report is no voice, whatever its words; the value says it of its source."""

    LATE = "came with a first reading or a backfill"
    SILENCED = "is silenced"
    STALE = "was read more than an hour after it was reported"


def unheard(report: Report) -> Unheard | None:
    """Why it does not ring; None if it may."""
    if all(hit.late for hit in report.hits):
        return Unheard.LATE
    return Unheard.STALE if report.stored.seen - began(report) > FRESH else None


def _own(stories: Iterable[Story]) -> Iterable[Report]:
    return in_own_words(report for story in stories for report in story.reports if unheard(report) is None)
