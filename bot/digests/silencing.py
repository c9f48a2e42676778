"""Which silence keeps a story quiet. Pure.

In: silences that last, a story as it counts on a route. Out: the silence, or None. Invariants: one silence must cover
every mention that counts; a story that also names another place, or that another source tells, is heard, but a report
that is silenced is no voice in it. A place is silenced with all that lies in it, as a route takes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digests.corroboration import places_of
from bot.digests.districts import holders
from bot.model import Decision, Reason, Report, Silence, StoredHit, Story, Watch


@dataclass(frozen=True, slots=True)
class Cover:
    """A silence, and the watches that it covers; none where it names neither a place nor a tag: then it covers all."""

    silence: Silence
    watches: frozenset[str] | None

    def covers(self, watches: Iterable[str]) -> bool:
        return self.watches is None or not self.watches.isdisjoint(watches)

    def fits(self, report: Report, hit: StoredHit) -> bool:
        return self.silence.source in {None, report.source.name} and self.covers(places_of(hit))


@dataclass(frozen=True, slots=True)
class Silencing:
    """The silences that last on one route."""

    given: tuple[Cover, ...] = ()

    @classmethod
    def of(cls, silences: Iterable[Silence], route: str, watches: Sequence[Watch]) -> Silencing:
        ours = [silence for silence in silences if silence.route in {None, route}]
        return cls(tuple(Cover(each, covered(each, watches)) for each in ours))

    def since(self, opened: datetime, report: Report) -> Silencing:
        """Those that keep a report quiet on a card opened then: not those set later than both were there."""
        return Silencing(
            tuple(each for each in self.given if not max(opened, report.stored.seen) <= each.silence.since)
        )

    def of_story(self, story: Story) -> Silence | None:
        """The silence that ends last of those that cover the whole story."""
        mentions = [(report, hit) for report in story.reports for hit in report.hits]
        return _last(each.silence for each in self.given if all(each.fits(*mention) for mention in mentions))

    def of_report(self, story: Story, report: Report) -> Silence | None:
        """The silence that keeps one report of a story quiet; none for a report that does not count."""
        return self.of_story(replace(story, reports=(report,))) if report.hits else None

    def of_place(self, watch: str) -> Silence | None:
        """The silence that keeps notices of a place quiet; one that names a source does not."""
        return _last(each.silence for each in self.given if each.silence.source is None and each.covers({watch}))

    def heard(self, story: Story, opened: datetime | None = None) -> Story:
        """The story without the mentions of those reports that are silenced; `opened` is when a card told it."""
        if not self.given:
            return story
        reports = (
            replace(each, hits=()) if (self.since(opened, each) if opened else self).of_report(story, each) else each
            for each in story.reports
        )
        return replace(story, reports=tuple(reports))


def covered(silence: Silence, watches: Sequence[Watch]) -> frozenset[str] | None:
    """The watches that it covers, with those that lie in them; None where it names neither a place nor a tag."""
    if silence.place is None and silence.tag is None:
        return None
    tags, above = {watch.id: watch.tags for watch in watches}, holders(watches)
    chains = {watch.id: (watch.id, *above.get(watch.id, ())) for watch in watches}
    return frozenset(
        name
        for name, chain in chains.items()
        if silence.place in {None, *chain} and (silence.tag is None or any(silence.tag in tags[each] for each in chain))
    )


def held_by(silence: Silence, story: Story) -> Decision:
    """With who silenced it, and why."""
    note = f"{silence.key} until {silence.until:%Y-%m-%d %H:%M} UTC, by {silence.author}: {silence.comment}"
    return Decision(story=story.row, reason=Reason.SILENCED, note=note, until=silence.until)


def _last(silences: Iterable[Silence]) -> Silence | None:
    return max(silences, key=lambda silence: silence.until, default=None)
