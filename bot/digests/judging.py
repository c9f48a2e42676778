"""What one route makes of each story by itself: which of its hits count, what is decided, where it stands. Pure.

In: a route, the watches, stories, the moment. Out: a `Judged` for each. Invariant: the hits of an `own` story are
exactly those that count on the route: live, of a watched place, at or above the route's confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate, takewhile
from types import MappingProxyType

from bot.digests.again import News, Shown
from bot.digests.authors import as_their_authors_have_it
from bot.digests.corroboration import hits, places_meant, places_of
from bot.digests.districts import holders
from bot.digests.lists import gathers, parts
from bot.digests.own_words import began, in_own_words
from bot.digests.quoting import shown_of
from bot.digests.silencing import Silencing, held_by
from bot.digests.taking import taken
from bot.digests.together import Related, events
from bot.model import (
    Arrival,
    Decision,
    HitState,
    Priority,
    Reason,
    Report,
    Route,
    Section,
    Silence,
    StoredHit,
    Story,
    Verdict,
    Watch,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A story, what of it counts on the route, and what the route decides on it."""

    whole: Story
    own: Story
    decision: Decision


def judge(
    route: Route, stories: Sequence[Story], *, watches: Sequence[Watch], now: datetime, silences: Sequence[Silence] = ()
) -> list[Judged]:
    """What the route decides on each story by itself, whatever else there is to tell."""
    return list(map(judging(route, watches=watches, now=now, silences=silences), stories))


def judging(
    route: Route, *, watches: Sequence[Watch], now: datetime, silences: Sequence[Silence] = ()
) -> Callable[[Story], Judged]:
    """What judges one story after the other."""
    return View.of(route, watches, now, silences).judged


def shown_before(
    route: Route, told_before: Iterable[Story], *, watches: Sequence[Watch], now: datetime, related: Related
) -> Shown:
    """What readers of the route saw of the stories that it told, in the order of the telling."""
    return View.of(route, watches, now, related=related).shown(told_before)


@dataclass(frozen=True, slots=True)
class View:
    """One route's view of stories. Stories called `own` hold only the hits that count on the route."""

    route: Route
    watches: Mapping[str, Watch]
    taken: frozenset[str]
    now: datetime
    silencing: Silencing = field(default_factory=Silencing)
    events: Related = field(default_factory=dict)
    """By row the stories that one may be told beside."""
    above: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By watch those in which it lies."""

    @classmethod
    def of(
        cls,
        route: Route,
        watches: Sequence[Watch],
        now: datetime,
        silences: Sequence[Silence] = (),
        related: Related | None = None,
    ) -> View:
        known = {watch.id: watch for watch in watches}
        silencing = Silencing.of(silences, route.name, watches)
        above = holders(watches)
        return cls(route, known, taken(route.watch, watches), now, silencing, events(related or {}), above)

    def judged(self, story: Story) -> Judged:
        story = as_their_authors_have_it(story)
        own = self.counted(story)
        return Judged(whole=story, own=own, decision=self._decision(own, self.reason(story, own)))

    def _decision(self, own: Story, reason: Reason) -> Decision:
        """A delay ends by itself."""
        if reason is Reason.DELAYED:
            return Decision(story=own.row, reason=reason, until=began(own.first) + self.route.delay)
        silence = self._silence(own) if reason is Reason.SILENCED else None
        return held_by(silence, own) if silence else Decision(story=own.row, reason=reason)

    def _silence(self, own: Story) -> Silence | None:
        return self.silencing.of_story(own)

    def takes(self, watch: Watch) -> bool:
        return watch.id in self.taken

    def counted(self, story: Story) -> Story:
        return _keep(as_their_authors_have_it(story), self._counts)

    def reason(self, story: Story, own: Story) -> Reason:
        if not any(self._is_watched(hit) for hit in hits(story)):
            return Reason.OTHER_WATCH
        if not any(self._is_watched(hit) and is_live(report, hit) for report in story.reports for hit in report.hits):
            return _why_dead(story)
        if not any(hits(own)):
            return Reason.UNSURE
        return self._reason_of_sure(own)

    def _reason_of_sure(self, own: Story) -> Reason:
        if not self._side_fits(own):
            return Reason.OTHER_SIDE
        if all(hit.late for hit in hits(own)) and not only_backfill(own):
            return Reason.BASELINE
        if self._silence(own):
            return Reason.SILENCED
        return Reason.DELAYED if self._is_early(own) else Reason.TOLD

    def _is_watched(self, hit: StoredHit) -> bool:
        return not self.taken.isdisjoint(places_of(hit))

    def _counts(self, report: Report, hit: StoredHit) -> bool:
        sure = hit.hit.confidence >= self.route.confidence
        return sure and is_live(report, hit) and self._is_watched(hit)

    def _side_fits(self, own: Story) -> bool:
        wanted = self.route.watch.sides
        return not wanted or any(report.source.side in wanted for report in own.reports if report.hits)

    def _is_early(self, own: Story) -> bool:
        return began(own.first) + self.route.delay > self.now

    def rank(self, own: Story) -> tuple[bool, bool, datetime, int]:
        """Urgent first, what only a backfill brought last, else the oldest first: nothing waits for ever."""
        return not self._is_urgent(own), only_backfill(own), began(own.first), own.row

    def loudness(self, own: Story) -> tuple[bool, bool, int, float, int]:
        """Urgent first, then what most sources say in their own words, then the newest: for a flood."""
        voices = len({report.source.name for report in in_own_words(own.reports)})
        newest = -began(own.first).timestamp()
        return not self._is_urgent(own), only_backfill(own), -voices, newest, -own.row

    def news(self, candidates: Sequence[Story], most: int, told_before: Iterable[Story]) -> dict[int, News]:
        """By row the lists among `candidates`, without what readers were shown, or are by this digest.

        Only the first `most` are sure to be told now, and only they keep another from being told.
        """
        rows = {story.row for story in candidates}
        told = [story for story in told_before if story.row not in rows]
        shown, under = self.shown(told), self._under([*candidates, *map(self.counted, told)])
        now = {story.row for story in candidates[:most]}
        for story in candidates[:most]:
            if not gathers(story):
                self._note(story, shown, under, now=True)
        new = {}
        for story in sorted(filter(gathers, candidates), key=_in_time):
            new[story.row] = news = shown.news_of(story)
            if story.row in now and any(hits(news.left)):
                self._note(news.left, shown, under, now=True)
        return new

    def shown(self, told_before: Iterable[Story]) -> Shown:
        """What was quoted of stories in the order in which they were told; nothing where that is not sure."""
        shown, told = Shown(), list(told_before)
        under = self._under(map(self.counted, told))
        for story in told:
            own = self.counted(story)
            own = shown.news_of(own).left if gathers(own) else own
            first = replace(own, reports=own.reports[:1])
            # A report that came later may be quoted now: it was not when the story was told.
            if any(hits(first)) and self.watch_of(first) == self.watch_of(own):
                self._note(first, shown, under, now=False)
        return shown

    def _note(self, own: Story, shown: Shown, under: Mapping[int, str], *, now: bool) -> None:
        """It is quoted; where it may stand under several watches, only if it says the same under each."""
        first = self.watch_of(own)
        others = {under[row] for row in self.events.get(own.row, ()) if row in under} - {first}
        if all(self._quotes(own, other) == self._quotes(own, first) for other in others):
            for watch, part in self.parts(own, first).items():
                shown.add(part, watch, now=now)

    def _quotes(self, own: Story, watch: str) -> set[str]:
        return {quote for under, part in self.parts(own, watch).items() for quote in shown_of(part, under)}

    def _under(self, stories: Iterable[Story]) -> dict[int, str]:
        return {story.row: self.watch_of(story) for story in stories if any(hits(story))}

    def numbers(self, stories: Iterable[Story]) -> tuple[tuple[Watch, int], ...]:
        """How many stories stand under each watch, most first."""
        counts = Counter(self.watch_of(story) for story in stories)
        return tuple((self.watches[watch], number) for watch, number in counts.most_common())

    def _is_urgent(self, own: Story) -> bool:
        named = (self.watches.get(watch) for hit in hits(own) for watch in places_of(hit))
        return any(watch is not None and watch.priority is Priority.URGENT for watch in named)

    def sections(self, told: Sequence[Story], beside: Mapping[int, int] = MappingProxyType({})) -> tuple[Section, ...]:
        """Each story under its strongest watch, those of an uncertain place apart; in order of prominence.

        What a list says of other watches stands under those.
        One that is told `beside` another follows it, under the watch of that one.
        """
        groups: dict[tuple[str, bool], tuple[list[Story], list[Story]]] = {}
        rows = {story.row: story for story in told}
        heads = {story.row: rows[beside.get(story.row, story.row)] for story in told}
        for story in sorted(told, key=lambda story: (*_in_time(heads[story.row]), *_in_time(story))):
            first = self.watch_of(heads[story.row])
            for watch, part in self.parts(story, first).items():
                stories, items = groups.setdefault((watch, places_meant(part, watch) > 1), ([], []))
                (stories if watch == first else items).append(part)
        sections = [
            Section(watch=self.watches[watch], stories=tuple(stories), items=tuple(items))
            for (watch, _), (stories, items) in groups.items()
        ]
        return tuple(sorted(sections, key=_prominence))

    def fitting(self, told: Sequence[Story], most: int) -> int:
        """How many of the stories, one at least, come to `most` items: a list is one for each place of it."""
        items = accumulate(len(self.parts(story, self.watch_of(story))) for story in told)
        return max(1, sum(1 for _ in takewhile(lambda number: number <= most, items)))

    def parts(self, own: Story, watch: str) -> Mapping[str, Story]:
        """The story by the watches under which it is told, that of `watch` first."""
        return parts(own, watch, self._named)

    def watch_of(self, own: Story) -> str:
        """The watch of the strongest hit, of equal ones the first told; no region's, where a place in it is named."""
        named = {place for hit in hits(own) if len(places_of(hit)) == 1 for place in places_of(hit)}
        above = {holder for place in named for holder in self.above.get(place, ())}
        nearest = [hit for hit in hits(own) if self._named(hit) not in above]
        return self._named(max(nearest or hits(own), key=lambda hit: hit.hit.confidence))

    def _named(self, hit: StoredHit) -> str:
        return next(watch for watch in places_of(hit) if watch in self.taken)


def _in_time(story: Story) -> tuple[datetime, int]:
    return began(story.first), story.row


def _keep(story: Story, counts: Callable[[Report, StoredHit], bool]) -> Story:
    reports = tuple(
        replace(report, hits=tuple(hit for hit in report.hits if counts(report, hit))) for report in story.reports
    )
    return replace(story, reports=reports)


def is_live(report: Report, hit: StoredHit) -> bool:
    """Whether the mention stands: not deleted, edited out or rejected."""
    return hit.state is HitState.LIVE and report.stored.deleted is None and hit.verdict is not Verdict.REJECTED


def _why_dead(story: Story) -> Reason:
    """Why no mention in it stands any more."""
    if all(hit.verdict is Verdict.REJECTED for hit in hits(story)):
        return Reason.REJECTED
    there = [report for report in story.reports if report.stored.deleted is None]
    aged = any(hit.state is HitState.EXPIRED for report in there for hit in report.hits)
    return Reason.EXPIRED if aged else Reason.WITHDRAWN


def only_backfill(own: Story) -> bool:
    """Whether nothing of it arrived live, and some of it because the operator asked for older posts."""
    arrivals = {report.stored.arrival for report in own.reports if report.hits}
    return all(hit.late for hit in hits(own)) and Arrival.BACKFILL in arrivals


def _prominence(section: Section) -> tuple[bool, int, str]:
    """Urgent watches first, then those with most posts, then by name."""
    posts = sum(len(story.reports) for story in (*section.stories, *section.items))
    return section.watch.priority is not Priority.URGENT, -posts, section.watch.name
