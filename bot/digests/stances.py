"""How a report stands to what it is found for: it says it, only asks («Взята ли Суджа?»), doubts or denies it.

In: a report with the mentions that count. Out: a `Stance`. A mention is asked about, doubted or denied where its
sentence does so, or the one behind takes it back; a report that also says something of a watched place says it, unless
its author has changed since what he said of each.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.digests.quote import bare, span_of
from bot.language.stance import Stance, stance
from bot.language.turned import taken_back, turned
from bot.model import Report

_OUTSPOKEN = (Stance.SAYS, Stance.DENIES, Stance.DOUBTS, Stance.ASKS)


def stance_of(report: Report) -> Stance:
    """The most outspoken stance among those to each mention that is found in the text."""
    body = report.stored.post.body
    spans = {span for hit in report.hits if (span := span_of(body, hit))}
    found = {stance(*bare(body, span)) for span in spans}
    said = next((each for each in _OUTSPOKEN if each in found), Stance.SAYS)
    changed = said is Stance.SAYS and report.before and report.hits and all(turns(report, report.before))
    return Stance.CHANGED if changed else said


def turns(report: Report, before: str) -> Iterator[bool]:
    """For each mention whether the report says otherwise of it than in the words `before`."""
    body = report.stored.post.body
    back = taken_back(before, body)
    for hit in report.hits:
        span = span_of(body, hit) or _OPENING
        yield back or turned(bare(before, span_of(before, hit) or _OPENING), bare(body, span))


_OPENING = (0, 0)
"""Where a mention stands in no other place, the first sentence is asked."""
