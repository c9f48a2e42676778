"""What a round-up says again: sentences that readers have from the reports it gathers, or the other way round.

In: stories, and those that were told before. Out: the stories without the mentions whose sentence was told. Invariant:
only an included report (`Relation.INCLUDED`) loses a mention, and only to a text that is told with the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.digests.own_words import began
from bot.digests.pairs import Pair, pairs
from bot.digests.telling import sentence_of
from bot.model import Relation, Report, Story

_TOLD = 0.75
"""Share of a sentence's pairs of words that one told text holds."""


def is_included(story: Story) -> bool:
    """Whether it is a round-up of other reports, or a part of one."""
    return story.first.relation is Relation.INCLUDED


def without_told(stories: Iterable[Story], told_before: Iterable[Story]) -> Iterator[Story]:
    """The included ones among `stories`, in order of time, each without the mentions that readers have already.

    What the others among `stories` say counts as told: if not now, then in the next digest.
    """
    given = sorted(stories, key=lambda story: (began(story.first), story.row))
    included = [story for story in given if is_included(story)]
    if not included:
        return
    told = [_text(story) for story in (*told_before, *(each for each in given if not is_included(each)))]
    for story in included:
        left = replace(story, reports=tuple(_without(report, told) for report in story.reports))
        if any(report.hits for report in left.reports):
            told.append(_text(story))
        yield left


def _text(story: Story) -> frozenset[Pair]:
    return pairs(story.first.stored.post.body)


def _without(report: Report, told: list[frozenset[Pair]]) -> Report:
    return replace(report, hits=tuple(hit for hit in report.hits if not _is_told(sentence_of(report, hit), told)))


def _is_told(sentence: str, told: list[frozenset[Pair]]) -> bool:
    said = pairs(sentence)
    return bool(said) and any(len(said & text) >= _TOLD * len(said) for text in told)
