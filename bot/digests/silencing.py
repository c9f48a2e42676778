"""Which silence keeps a story quiet. Pure.

In: silences that last, a story as it counts on a route. Out: the silence, or None. Invariant: one silence must cover
every mention that counts; a story that also names another place, or that another source tells, is heard, but a report
that is silenced is no voice in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.digests.corroboration import places_of
from bot.model import Decision, Reason, Report, Silence, StoredHit, Story, Watch


def silenced_by(silences: Iterable[Silence], route: str, story: Story, watches: Mapping[str, Watch]) -> Silence | None:
    """The silence that ends last of those that cover the whole story."""
    fitting = [silence for silence in silences if _covers(silence, route, story, watches)]
    return max(fitting, key=lambda silence: silence.until, default=None)


def heard(silences: Sequence[Silence], route: str, story: Story, watches: Mapping[str, Watch]) -> Story:
    """The story without the mentions of those reports that are silenced."""
    reports = (
        replace(report, hits=()) if report_silenced_by(silences, route, story, report, watches) else report
        for report in story.reports
    )
    return replace(story, reports=tuple(reports)) if silences else story


def report_silenced_by(
    silences: Iterable[Silence], route: str, story: Story, report: Report, watches: Mapping[str, Watch]
) -> Silence | None:
    """The silence that keeps one report of a story quiet; none for a report that does not count."""
    return silenced_by(silences, route, replace(story, reports=(report,)), watches) if report.hits else None


def held_by(silence: Silence, story: Story) -> Decision:
    """With who silenced it, and why."""
    note = f"{silence.key} until {silence.until:%Y-%m-%d %H:%M} UTC, by {silence.author}: {silence.comment}"
    return Decision(story=story.row, reason=Reason.SILENCED, note=note, until=silence.until)


def place_silenced_by(silences: Iterable[Silence], route: str, watch: Watch) -> Silence | None:
    """The silence that keeps notices of a place quiet; one that names a source does not."""
    fitting = (
        silence
        for silence in silences
        if silence.source is None and _is_of(silence, route) and _names(silence, watch.id, {watch.id: watch})
    )
    return max(fitting, key=lambda silence: silence.until, default=None)


def _covers(silence: Silence, route: str, story: Story, watches: Mapping[str, Watch]) -> bool:
    mentions = [(report, hit) for report in story.reports for hit in report.hits]
    return _is_of(silence, route) and all(_fits(silence, report, hit, watches) for report, hit in mentions)


def _is_of(silence: Silence, route: str) -> bool:
    return silence.route is None or silence.route == route


def _fits(silence: Silence, report: Report, hit: StoredHit, watches: Mapping[str, Watch]) -> bool:
    source = silence.source is None or report.source.name == silence.source
    return source and any(_names(silence, watch, watches) for watch in places_of(hit))


def _names(silence: Silence, watch: str, watches: Mapping[str, Watch]) -> bool:
    tags = watches[watch].tags if watch in watches else ()
    placed = silence.place is None or silence.place == watch
    return placed and (silence.tag is None or silence.tag in tags)
