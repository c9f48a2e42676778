"""The last page of the demonstration: what was found, grouped and left out, and why.

In: what the store holds when the morning is over. Out: plain text. Every line comes from a stored row; what the
newsroom meant to show is not asked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo.findings import Findings
from bot.model import (
    ANNOUNCED,
    Arrival,
    HitState,
    Placement,
    Reason,
    Relation,
    Report,
    SourceKind,
    StoredHit,
    StoredPost,
    Story,
)

QUOTE = 64
"""Characters of a post that are quoted to recognise it by."""
SPELLINGS = 9
_RULE = "─" * 78


def compose_report(findings: Findings) -> str:
    """The whole page, ending with a line break."""
    page = _Page(findings)
    sections = (page.read(), page.found(), page.grouped(), page.left_out(), page.troubles())
    return f"\n{_RULE}\n" + "\n".join(line for section in sections for line in (*section, "")) + f"{_RULE}\n"


class _Page:
    def __init__(self, findings: Findings) -> None:
        self._all = findings
        self._names = {source.name: source.shown for source in findings.sources}
        self._zone = ZoneInfo(findings.zone)

    def read(self) -> Iterator[str]:
        kinds = [source.kind for source in self._all.sources]
        counts = self._all.counts
        yield (
            f"READ  {_count(counts.posts, 'post')} from {_count(kinds.count(SourceKind.FEED), 'feed')} and "
            f"{_count(kinds.count(SourceKind.CHANNEL), 'channel')}; "
            f"{counts.posts - counts.arrivals.get(Arrival.LIVE, 0)} older than the watch, "
            f"{_count(counts.revisions - counts.posts, 'edit')}."
        )

    def found(self) -> Iterator[str]:
        sure = [hit for hit in self._hits() if hit.hit.confidence >= self._all.confidence]
        yield f"FOUND  {_count(len(sure), 'mention')} of {len({hit.hit.watch for hit in sure})} watched places, written"
        width = max((len(watch.name) for watch in self._all.watches), default=0)
        for watch in self._all.watches:
            own = [hit.hit.text for hit in sure if hit.hit.watch == watch.id]
            yield f"  {watch.name:<{width}} {len(own):>3}   {_spellings(own)}".rstrip()

    def grouped(self) -> Iterator[str]:
        many = [story for story in self._all.stories if len(story.reports) > 1]
        posts = sum(len(story.reports) for story in self._all.stories)
        stories = _count(len(self._all.stories), "story", "stories")
        yield f"GROUPED  {_count(posts, 'post')} into {stories}; told more than once:"
        for story in many:
            first, *others = story.reports
            yield f"  {self._line(first.stored)}"
            yield from (f"    {self._joined(report)}" for report in others)
        yield from self._round_ups()
        yield from self._related()

    def left_out(self) -> Iterator[str]:
        yield "LEFT OUT"
        for reason, stories in self._held():
            yield f"  {reason}:"
            yield from (f"    {self._line(story.first.stored)}" for story in stories)
        yield from self._unsure()
        yield from self._unwatched()

    def troubles(self) -> Iterator[str]:
        yield "SOURCES IN TROUBLE" if self._all.episodes else "SOURCES  all worked, all the time."
        for episode in self._all.episodes:
            until = f"until {self._hour(episode.until)}" if episode.until else "still"
            remedy = f"; {episode.remedy}" if episode.remedy and not episode.until else ""
            name = self._names.get(episode.source, episode.source)
            yield f"  {name}: {episode.state}, from {self._hour(episode.since)} {until}{remedy}"

    def _reports(self) -> Iterator[Report]:
        return (report for story in self._all.stories for report in story.reports)

    def _hits(self) -> Iterator[StoredHit]:
        return (hit for report in self._reports() for hit in report.hits)

    def _joined(self, report: Report) -> str:
        placement = self._all.placements.get(report.stored.post.key)
        why = f" ({placement.reason})" if placement and placement.reason else ""
        source = self._names.get(report.stored.post.source, report.stored.post.source)
        return f"{_relation(report).value:<8} {self._hour(report.when)}  {source}{why}"

    def _round_ups(self) -> Iterator[str]:
        """Posts that contain others, or are contained: they keep their own story."""
        yield from self._beside(
            "round-ups, each with a story of its own, and what they gather:",
            ((key, (each.within, *each.related)) for key, each in self._placed(Relation.INCLUDED)),
        )

    def _related(self) -> Iterator[str]:
        """The same event in other words, as far as words can tell."""
        yield from self._beside(
            "perhaps the same in other words, related and never merged:",
            ((key, each.related) for key, each in self._placed(Relation.FIRST)),
        )

    def _placed(self, relation: Relation) -> Iterator[tuple[str, Placement]]:
        return ((key, each) for key, each in self._all.placements.items() if each.relation is relation)

    def _beside(self, heading: str, pairs: Iterable[tuple[str, Iterable[str | None]]]) -> Iterator[str]:
        """First posts of stories, each with those of the stories that it has to do with."""
        firsts = {story.first.stored.post.key: story.first.stored for story in self._all.stories}
        shown = [
            (firsts[key], [firsts[other] for other in others if other in firsts])
            for key, others in pairs
            if key in firsts
        ]
        if any(others for _, others in shown):
            yield f"  {heading}"
        for stored, others in shown:
            if others:
                yield f"    {self._line(stored)}"
                yield from (f"      {self._line(other)}" for other in others)

    def _held(self) -> Iterator[tuple[str, list[Story]]]:
        for reason in Reason:
            stories = [story for story in self._all.stories if self._all.decisions.get(story.row) is reason]
            if stories and reason not in {*ANNOUNCED, Reason.UNSURE}:
                yield reason.value, stories

    def _unsure(self) -> Iterator[str]:
        unsure = [
            (report.stored, hits) for report in self._reports() if (hits := tuple(filter(self._is_unsure, report.hits)))
        ]
        if unsure:
            yield f"  {Reason.UNSURE.value} ({self._all.confidence:.2f}), kept for review:"
        for stored, hits in unsure:
            yield f"    {self._line(stored)}"
            whys = (f"{hit.hit.text}: {hit.hit.confidence:.2f} ({', '.join(hit.hit.why)})" for hit in hits)
            yield from (f"      {why}" for why in dict.fromkeys(whys))

    def _is_unsure(self, hit: StoredHit) -> bool:
        return hit.hit.confidence < self._all.confidence and hit.state is HitState.LIVE

    def _unwatched(self) -> Iterator[str]:
        """The reason first, then the posts that it holds for."""
        for why in sorted({traced.why for traced in self._all.unwatched}):
            yield f"  {why}:"
            for traced in self._all.unwatched:
                if traced.why == why:
                    yield f"    {self._told(traced.when, traced.source, traced.text)}"

    def _line(self, stored: StoredPost) -> str:
        return self._told(_when(stored), stored.post.source, stored.post.body)

    def _told(self, when: datetime, source: str, text: str) -> str:
        return f"{self._hour(when)}  {self._names.get(source, source)}: {_quote(text)}"

    def _hour(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%H:%M}"


def _relation(report: Report) -> Relation:
    """How it belongs to the report above it: what was read before that one was placed as the first."""
    if report.relation is Relation.FIRST:
        return Relation.FORWARD if report.stored.post.forwarded_from else Relation.COPY
    return report.relation


def _when(stored: StoredPost) -> datetime:
    return stored.post.published or stored.seen


def _quote(body: str) -> str:
    words = " ".join(body.split())
    return words if len(words) <= QUOTE else f"{words[: QUOTE - 1].rstrip()}…"


def _spellings(texts: Iterable[str]) -> str:
    """How a place was written, each spelling once, the shortest list that still shows the variety."""
    seen = list(dict.fromkeys(_spelling(text) for text in texts))
    more = f" and {len(seen) - SPELLINGS} more" if len(seen) > SPELLINGS else ""
    return " · ".join(seen[:SPELLINGS]) + more


def _spelling(text: str) -> str:
    """As it was written, with a word on what the eye cannot see."""
    plain = "".join(char for char in text if unicodedata.category(char) != "Cf")
    words = " ".join(plain.split())
    notes = ["hidden characters"] if plain != text else []
    if len({unicodedata.name(char, "").split()[0] for char in words if char.isalpha()}) > 1:
        notes.append("look-alike letters")
    return f"{words} ({', '.join(notes)})" if notes else words


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
