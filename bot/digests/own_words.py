"""In whose words a report is: its source's own, or another's.

In: the reports of a story. Out: those in own words. A copy, a forward or a round-up is the words of another; so is a
short echo soon after another's report, the same text with another number, and a post that is mostly a quote or credits
another channel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.model import Relation, Report

Run = tuple[str, str, str]

ECHO_WITHIN = timedelta(minutes=5)
ECHO_LENGTH = 120
"""A post so short, so soon after another source's, says no more than "they say"."""
_QUOTED = 0.6
"""Share of a text between quotation marks from which the words are another's."""
_REPEATED = {Relation.COPY, Relation.FORWARD, Relation.INCLUDED}
_VERBATIM = 0.6
"""Share of the shorter text's runs of three words, numbers left out, that makes it the other's text with a change."""
_FEWEST_RUNS = 4
_LOOKED_AT = 4000
_WORD = re.compile(r"[^\W\d]+")
_QUOTE = re.compile(r"«[^«»]{20,}»|“[^“”]{20,}”|„[^„“”]{20,}[“”]|\"[^\"\n]{20,}\"|^>.*$", re.MULTILINE)
_CREDIT = re.compile(
    r"\b(?:сообща(?:ет|ют)|пиш(?:ет|ут)|передаёт|передает|по данным|повідомля(?:є|ють)|пиш(?:е|уть)|за даними|джерело|"
    r"источник|source|via|reports?|according to)\b[^.\n]{0,40}(?:@\w{4,}|t\.me/\w+)"
    r"|(?:@\w{4,}|t\.me/\w+)[^.\n]{0,20}\b(?:сообща(?:ет|ют)|пиш(?:ет|ут|е|уть)|повідомля(?:є|ють)|reports?)\b",
    re.IGNORECASE,
)


def in_own_words(reports: Iterable[Report]) -> Iterator[Report]:
    """The reports that their sources wrote themselves, in order of their time: one read late may be the earliest."""
    in_time = sorted(reports, key=lambda each: (began(each), each.stored.row))
    forwarded = {report.stored.post.forwarded_from for report in in_time}
    earlier: list[Report] = []
    told: list[tuple[str, frozenset[Run]]] = []
    for report in in_time:
        # What was read after its own forward is placed as a copy, and is the original all the same; so is a part of a
        # round-up that nobody told before.
        original = not earlier and (
            report.relation is Relation.INCLUDED
            or (report.relation is Relation.COPY and report.stored.post.key in forwarded)
        )
        if not ((not original and _repeats(report)) or _echoes(report, earlier) or _cites(report.stored.post.body)):
            runs = _runs(report.stored.post.body)
            if not any(source != report.source.name and _verbatim(runs, theirs) for source, theirs in told):
                told.append((report.source.name, runs))
                yield report
        earlier.append(report)


def began(report: Report) -> datetime:
    return report.stored.happened


def _repeats(report: Report) -> bool:
    return report.relation in _REPEATED or report.stored.post.forwarded_from is not None


def _runs(body: str) -> frozenset[Run]:
    words = _WORD.findall(body[:_LOOKED_AT].casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _verbatim(one: frozenset[Run], two: frozenset[Run]) -> bool:
    fewer = min(len(one), len(two))
    return fewer >= _FEWEST_RUNS and len(one & two) >= _VERBATIM * fewer


def _echoes(report: Report, earlier: Sequence[Report]) -> bool:
    if len(report.stored.post.body) > ECHO_LENGTH:
        return False
    others = (other for other in reversed(earlier) if other.source.name != report.source.name)
    before = next(others, None)
    return before is not None and began(report) - began(before) <= ECHO_WITHIN


def _cites(body: str) -> bool:
    return bool(_CREDIT.search(body)) or _quoted(body) >= _QUOTED


def _quoted(body: str) -> float:
    return sum(len(match) for match in _QUOTE.findall(body)) / max(1, len(body))
