"""A list of reports told item by item: each under the place that it names.

In: a story, and the watch under which it stands. Out: the story in parts by watch, each with the mentions of its own
sentences. Invariant: every mention stands in exactly one part; a post that is no list stays whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.digests.corroboration import places_of
from bot.digests.quote import LIST_MARK, Span, around, span_of
from bot.model import Relation, Report, StoredHit, Story

MOST = 12
"""Places under which the items of one list are told; what it says of further ones is named with its first item."""
_LOOKED_AT = 20_000
_LINE = re.compile(r"[^\r\n\u2028\u2029]*\S[^\r\n\u2028\u2029]*")


def is_list(report: Report) -> bool:
    """Whether its lines are items: marked ones that name several watches, or mostly lines that name each another."""
    named: defaultdict[str, set[int]] = defaultdict(set)
    watches = {hit.hit.watch for hit in report.hits}
    if len(watches) < 2:
        return False
    body = report.stored.post.body[:_LOOKED_AT]
    lines = [match.start() for match in _LINE.finditer(body)]
    for hit in report.hits:
        span = span_of(body, hit)
        if span is not None:
            named[hit.hit.watch].add(max((line for line in lines if line <= span[0]), default=0))
    if any(LIST_MARK.match(body, line) for naming in named.values() for line in naming):
        return len(set().union(*named.values())) > 1
    own = {line for naming in named.values() if len(naming) == 1 for line in naming}
    return len(own) > 1 and 2 * len(own) >= len(lines)


def gathers(story: Story) -> bool:
    """Whether it tells several reports: a round-up of known ones, a part of one, or a list."""
    return story.first.relation is Relation.INCLUDED or is_list(story.first)


def parts(story: Story, watch: str, watch_of: Callable[[StoredHit], str]) -> Mapping[str, Story]:
    """The story by the watches under which it is told, that of `watch` first."""
    if not gathers(story):
        return {watch: story}
    under: dict[int, str] = {}
    for sentence in _sentences(story.first):
        named = any(watch in places_of(hit) for hit in sentence)
        place = watch if named else watch_of(max(sentence, key=lambda hit: hit.hit.confidence))
        under |= dict.fromkeys((hit.row for hit in sentence), place)
    places = [watch, *(place for place in dict.fromkeys(under.values()) if place != watch)][:MOST]
    for report in story.reports[1:]:
        under |= {hit.row: next((place for place in places if place in places_of(hit)), watch) for hit in report.hits}
    under = {row: place if place in places else watch for row, place in under.items()}
    if watch not in under.values():
        return {watch: story}
    return {place: _keep(story, under, place) for place in places}


def _sentences(report: Report) -> list[list[StoredHit]]:
    """The mentions of a report by the sentence in which they stand, in order."""
    body = report.stored.post.body
    found: dict[Span, list[StoredHit]] = {}
    for hit in report.hits:
        span = span_of(body, hit)
        found.setdefault(around(body, span) if span else (0, 0), []).append(hit)
    return [found[span] for span in sorted(found)]


def _keep(story: Story, under: Mapping[int, str], place: str) -> Story:
    reports = (
        replace(report, hits=tuple(hit for hit in report.hits if under[hit.row] == place)) for report in story.reports
    )
    return replace(story, reports=tuple(reports))
