"""When a story is urgent, and when its card changes or rings again. Pure.

In: stories of one event as they count on a route, and what the card knew. Out: a `Rush`, or None; yes or no.
Invariants: copies, late reports and reports that were read long after they were made never ring; a card rings again
only for a side or a source that its last ring did not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.digests.corroboration import places_of
from bot.digests.own_words import began, in_own_words
from bot.digests.together import Related, parted
from bot.digests.versions import parties_alike
from bot.model import Grouping, Priority, Report, Source, Story, Urgent, Watch

FRESH = timedelta(hours=1)
"""What was read so long after it was reported is no news that rings: a feed came back, or the service did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who says it in their own words, in the order of their first reports; `sides` are parties that tell it alike."""

    sources: tuple[Source, ...] = ()
    times: tuple[datetime, ...] = ()
    """When each of the sources said it first."""
    sides: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(source.name for source in self.sources)

    @property
    def since(self) -> datetime | None:
        return self.times[0] if self.times else None

    @property
    def span(self) -> timedelta:
        """From the first report of the first source to that of the last."""
        return self.times[-1] - self.times[0] if self.times else timedelta(0)

    @property
    def both_since(self) -> datetime | None:
        """When the second party said it; None where there is none."""
        firsts: dict[str, datetime] = {}
        for source, time in zip(self.sources, self.times, strict=True):
            if source.side in self.sides:
                firsts.setdefault(source.side, time)
        return next(iter([*firsts.values()][1:2]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """Enough sources in their own words from `since` on; `seen` is when we knew of it.

    `watched`: one was enough, for a place is watched as urgent.
    """

    since: datetime
    seen: datetime
    watched: bool = False


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
    """Stories of the same event that were told before, elsewhere, and are shown beside."""
    places: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Who said it in their own words when it rang last, and the sides of parties among them."""
    sides: tuple[str, ...] = ()
    since: datetime | None = None
    """From when on reports count for it; None for all."""
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
            "since": self.since.isoformat() if self.since else None,
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
            # Cards of releases before this key count all of their reports.
            since=datetime.fromisoformat(since) if (since := state.get("since")) else None,
            opened=datetime.fromisoformat(state["opened"]),
            rung=datetime.fromisoformat(state["rung"]),
            to=state["to"],
            shown=state["shown"],
        )


def voices(stories: Iterable[Story], since: datetime | None = None) -> Voices:
    """Who says it in their own words, of one event; reports before `since` do not count."""
    firsts: dict[str, Report] = {}
    own = [report for report in _own(stories) if since is None or began(report) >= since]
    for report in own:
        firsts.setdefault(report.source.name, report)
    sources = tuple(report.source for report in firsts.values())
    times = tuple(began(report) for report in firsts.values())
    return Voices(sources=sources, times=times, sides=parties_alike(own))


def voices_of_events(events: Iterable[Voices]) -> Voices:
    """Those of several events; the sides are those of one of them, of the one that most sides report."""
    heard = list(events)
    said = sorted(
        (pair for each in heard for pair in zip(each.times, each.sources, strict=True)), key=lambda pair: pair[0]
    )
    firsts: dict[str, tuple[datetime, Source]] = {}
    for pair in said:
        firsts.setdefault(pair[1].name, pair)
    return Voices(
        sources=tuple(source for _, source in firsts.values()),
        times=tuple(time for time, _ in firsts.values()),
        sides=max((each.sides for each in heard), key=len, default=()),
    )


def heard_on_card(
    urgent: Urgent,
    stories: Sequence[Story],
    watches: Mapping[str, Watch],
    related: Related,
    since: datetime | None = None,
) -> Voices:
    """Who says in their own words what a card tells; of several events those that are urgent count."""
    rows = {story.row: story for story in stories}
    events = [rows.keys()] if urgent.group is Grouping.STORY else parted(rows, related)
    told = [[story for row, story in rows.items() if row in event] for event in events]
    rushing = [event for event in told if rush_of(urgent, event, watches)]
    return voices_of_events(voices(event, since) for event in rushing or told)


def telling(stories: Iterable[Story], since: datetime) -> frozenset[int]:
    """The stories in which somebody says it in their own words since then."""
    told = list(stories)
    own = {report.stored.row for report in _own(told) if began(report) >= since}
    return frozenset(story.row for story in told if not own.isdisjoint(report.stored.row for report in story.reports))


def rush_of(
    urgent: Urgent, stories: Sequence[Story], watches: Mapping[str, Watch], new: Collection[int] | None = None
) -> Rush | None:
    """The first time in which enough sources said it, one of them in a story of `new`; None if there is none."""
    watched = is_watched_as_urgent(stories, watches)
    needed = 1 if watched else urgent.sources
    untold = {report.stored.row for story in stories if new is None or story.row in new for report in story.reports}
    own = list(_own(stories))
    heard: Counter[str] = Counter()
    first = news = 0
    for number, report in enumerate(own):
        heard[report.source.name] += 1
        news += report.stored.row in untold
        while began(report) - began(own[first]) > urgent.within:
            heard[own[first].source.name] -= 1
            news -= own[first].stored.row in untold
            first += 1
        if news and sum(times > 0 for times in heard.values()) >= needed:
            seen = max(each.stored.seen for each in own[: number + 1])
            return Rush(since=began(own[first]), seen=seen, watched=watched)
    return None


def most_within(urgent: Urgent, stories: Iterable[Story]) -> tuple[Source, ...]:
    """The most sources that say it in their own words within `within`; of equally many the first."""
    own = list(_own(stories))
    most: tuple[Source, ...] = ()
    first = 0
    for number, report in enumerate(own):
        while began(report) - began(own[first]) > urgent.within:
            first += 1
        heard = {each.source.name: each.source for each in own[first : number + 1]}
        most = max(most, tuple(heard.values()), key=len)
    return most


def is_watched_as_urgent(stories: Iterable[Story], watches: Mapping[str, Watch]) -> bool:
    """Whether one source is enough: a watch that they name is urgent by itself."""
    named = {watch for story in stories for report in story.reports for hit in report.hits for watch in places_of(hit)}
    return any(watches[watch].priority is Priority.URGENT for watch in named if watch in watches)


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
