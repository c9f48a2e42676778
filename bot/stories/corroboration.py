"""Corroboration: who reports a story, on which sides, and in whose words. Counts of claims; nothing here confirms.

In: a `Story` as the store gives it. Out: a `Corroboration`. A copy or a forward is the
words of another; so is a short echo soon after a report, and a post that is mostly a quote or names another source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.model import Post, Relation, Report, SideKind, Story
from bot.stories.compare import View
from bot.stories.essence import essence

_ECHO_WITHIN = timedelta(minutes=5)
_ECHO_LENGTH = 120
"""A post so short, so soon after another source's, says no more than "they say"."""
_REPEATED = 0.5
_QUOTED = 0.6
"""Share of a text between quotation marks from which the words are another's."""
_QUOTE = re.compile(r"«[^«»]{20,}»|“[^“”]{20,}”|„[^„“”]{20,}[“”]|\"[^\"\n]{20,}\"|^>.*$", re.MULTILINE)
_CREDIT = re.compile(
    r"\b(?:сообща(?:ет|ют)|пиш(?:ет|ут)|передаёт|передает|по данным|повідомля(?:є|ють)|пиш(?:е|уть)|за даними|джерело|"
    r"источник|source|via|reports?|according to)\b[^.\n]{0,40}(?:@\w{4,}|t\.me/\w+)"
    r"|(?:@\w{4,}|t\.me/\w+)[^.\n]{0,20}\b(?:сообща(?:ет|ют)|пиш(?:ет|ут|е|уть)|повідомля(?:є|ють)|reports?)\b",
    re.IGNORECASE,
)


class Words(StrEnum):
    """Whose words a report is in."""

    OWN = "own words"
    FORWARD = "forward"
    COPY = "copy"
    ECHO = "short and soon after another"
    QUOTE = "mostly a quotation"
    CREDITED = "credited to another source"
    SAME_SOURCE = "said before by the same source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """Numbers and names of a story; sources by name, in the order of their first report."""

    posts: int
    sources: tuple[str, ...]
    own: tuple[str, ...]
    """Sources that say it in their own words."""
    copies: tuple[str, ...]
    """Sources that only repeat others."""
    parties: tuple[str, ...]
    """Sides of which a party says it in its own words."""
    repeating: tuple[str, ...]
    """Sides of which parties only repeat it: often to mock or to deny it."""
    observers: tuple[str, ...]
    """Observers by name: they make no side."""

    @property
    def both_sides(self) -> bool:
        """Two parties report it, each in words of its own."""
        return len(self.parties) > 1


def corroborate(story: Story, *related: Story) -> Corroboration:
    """Count a story, together with stories of the same event in other words if they are given.

    Posts that were deleted since were said all the same: they count.
    """
    told = judged(story, *related)
    reports = [report for report, _ in told]
    sources = _names(reports)
    independent = [report for report, words in told if words is Words.OWN]
    own, parties = _names(independent), _sides(independent)
    return Corroboration(
        posts=len(reports),
        sources=sources,
        own=own,
        copies=tuple(name for name in sources if name not in own),
        parties=parties,
        repeating=tuple(side for side in _sides(reports) if side not in parties),
        observers=_names([report for report in reports if report.source.side_kind is SideKind.OBSERVER]),
    )


def judged(*stories: Story) -> tuple[tuple[Report, Words], ...]:
    """Each report with whose words it is in, in order of their own time: a post read late may be the earliest."""
    reports = [report for story in stories for report in story.reports]
    reports.sort(key=lambda report: (report.when, report.stored.row))
    return tuple((report, words(report, reports[:at])) for at, report in enumerate(reports))


def words(report: Report, earlier: Sequence[Report]) -> Words:
    """Whose words a report is in, given those that came before it."""
    post = report.stored.post
    if report.relation is Relation.FORWARD or post.forwarded_from is not None:
        return Words.FORWARD
    if any(other.source.name == report.source.name for other in earlier):
        return Words.SAME_SOURCE
    if report.relation is Relation.COPY and _repeats(post, earlier):
        return Words.COPY
    if earlier and len(post.body) <= _ECHO_LENGTH and report.when - earlier[-1].when <= _ECHO_WITHIN:
        return Words.ECHO
    if _CREDIT.search(post.body):
        return Words.CREDITED
    return Words.QUOTE if _quoted(post.body) >= _QUOTED else Words.OWN


def _repeats(post: Post, earlier: Sequence[Report]) -> bool:
    """Whether half of the words stand in an earlier post; two posts may belong together by their link alone."""
    ours = View(essence(post.body)).unique
    return any(len(ours & View(essence(r.stored.post.body)).unique) >= _REPEATED * len(ours) for r in earlier)


def _quoted(body: str) -> float:
    return sum(len(match) for match in _QUOTE.findall(body)) / max(1, len(body))


def _sides(reports: Iterable[Report]) -> tuple[str, ...]:
    parties = (r.source.side for r in reports if r.source.side_kind is SideKind.PARTY)
    return tuple(dict.fromkeys(side for side in parties if side))


def _names(reports: Iterable[Report]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(report.source.name for report in reports))
