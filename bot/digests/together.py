"""Stories that a digest tells as one item: perhaps of one event, and of one place.

In: the stories that are told, which of them are related, and the watch of each. Out: by story, the earlier one with
which it stands. Invariant: every story of an item names its place, certainly; the stories stay apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.digests.authors import corrects
from bot.digests.corroboration import hits, places_of
from bot.digests.own_words import began, in_time
from bot.language.stance import correcting
from bot.model import Story

Related = Mapping[int, frozenset[int]]


def with_corrections(told: Sequence[Story], related: Related) -> Related:
    """A source's correction stands with what it corrects, the last such story before it."""
    found = dict(related)
    in_order = sorted(told, key=lambda story: in_time(story.first))
    for at, story in enumerate(in_order):
        if correcting(story.first.stored.post.body):
            earlier = next((each for each in reversed(in_order[:at]) if corrects(story.first, each.first)), None)
            found[story.row] = found.get(story.row, frozenset()) | ({earlier.row} if earlier else frozenset())
    return found


def together(told: Iterable[Story], related: Related, watch_of: Callable[[Story], str]) -> dict[int, int]:
    """The row of the story with which another is told, by row; nothing for those that begin an item."""
    near = _both_ways(related)
    firsts: dict[int, str] = {}
    found: dict[int, int] = {}
    for story in sorted(told, key=lambda story: (began(story.first), story.row)):
        known = dict.fromkeys(found.get(row, row) for row in sorted(near[story.row]))
        first = next((row for row in known if row in firsts and _is_of(story, firsts[row])), None)
        if first is not None:
            found[story.row] = first
        elif _is_of(story, watch := watch_of(story)):
            firsts[story.row] = watch
    return found


def events(related: Related) -> dict[int, frozenset[int]]:
    """By story, all those that it may stand with: the related of its related, too."""
    near = _both_ways(related)
    found: dict[int, frozenset[int]] = {}
    for row in near:
        if row not in found:
            event, further = {row}, [row]
            while further:
                new = near[further.pop()] - event
                event |= new
                further += new
            found |= dict.fromkeys(event, frozenset(event))
    return found


def parted(rows: Iterable[int], related: Related) -> list[frozenset[int]]:
    """These stories by event, in the order of the first of each; what is not among them ties nothing."""
    given = dict.fromkeys(rows)
    near = events({row: related.get(row, frozenset()) & given.keys() for row in given})
    return list(dict.fromkeys(near.get(row, frozenset((row,))) for row in given))


def _both_ways(related: Related) -> defaultdict[int, set[int]]:
    near: defaultdict[int, set[int]] = defaultdict(set)
    for row, others in related.items():
        for other in others:
            near[row].add(other)
            near[other].add(row)
    return near


def event_of(first: Story, others: Sequence[Story]) -> Story:
    """All reports of an item as one story, to count who carries it."""
    reports = sorted((report for other in others for report in other.reports), key=in_time)
    return replace(first, reports=(*first.reports, *reports))


def _is_of(story: Story, watch: str) -> bool:
    return any(places_of(hit) == (watch,) for hit in hits(story))
