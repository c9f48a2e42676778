"""Corroboration: who reports a story, on which sides, and in whose words. Counts of claims; nothing here confirms.

In: a `Story` as the store gives it. Out: a `Corroboration`. Pure, and of the model alone. A copy or a forward is the
words of another; so is a short echo soon after a report, and a post that is mostly a quote or names another source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.model import Relation, Report, SideKind, Story

_ECHO_WITHIN = timedelta(minutes=5)
_ECHO_LENGTH = 120
"""A post so short, so soon after another source's, says no more than "they say"."""
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
    observers: tuple[str, ...]
    """Observers by name: they make no side."""

    @property
    def both_sides(self) -> bool:
        """Two parties report it, each at least once, in whatever words."""
        return len(self.parties) > 1


def corroborate(story: Story) -> Corroboration:
    """Count a story. Posts that were deleted still were said: they count."""
    reports = in_time(story)
    whose = {report.stored.row: words for report, words in judged(story)}
    sources = tuple(dict.fromkeys(report.source.name for report in reports))
    own = tuple(dict.fromkeys(r.source.name for r in reports if whose[r.stored.row] is Words.OWN))
    return Corroboration(
        posts=len(reports),
        sources=sources,
        own=own,
        copies=tuple(name for name in sources if name not in own),
        parties=_of_kind(reports, SideKind.PARTY),
        observers=tuple(dict.fromkeys(r.source.name for r in reports if r.source.side_kind is SideKind.OBSERVER)),
    )


def in_time(story: Story) -> tuple[Report, ...]:
    """The reports by their own time: a post read late may be the earliest."""
    return tuple(sorted(story.reports, key=lambda report: (report.when, report.stored.row)))


def judged(story: Story) -> tuple[tuple[Report, Words], ...]:
    """Each report, earliest first, with whose words it is in."""
    earlier: list[Report] = []
    found: list[tuple[Report, Words]] = []
    for report in in_time(story):
        found.append((report, words(report, tuple(earlier))))
        earlier.append(report)
    return tuple(found)


def words(report: Report, earlier: tuple[Report, ...]) -> Words:
    """Whose words a report is in, given those of its story that came before it."""
    post = report.stored.post
    if report.relation is Relation.FORWARD or post.forwarded_from is not None:
        return Words.FORWARD
    if any(other.source.name == report.source.name for other in earlier):
        return Words.SAME_SOURCE
    if report.relation is Relation.COPY and earlier:
        return Words.COPY
    if earlier and len(post.body) <= _ECHO_LENGTH and report.when - earlier[-1].when <= _ECHO_WITHIN:
        return Words.ECHO
    if _CREDIT.search(post.body):
        return Words.CREDITED
    return Words.QUOTE if _quoted(post.body) >= _QUOTED else Words.OWN


def _quoted(body: str) -> float:
    return sum(len(match) for match in _QUOTE.findall(body)) / max(1, len(body))


def _of_kind(reports: tuple[Report, ...], kind: SideKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.source.side for r in reports if r.source.side and r.source.side_kind is kind))
