"""What a round-up says again: sentences that readers have from the reports it gathers, or the other way round.

In: stories, told or about to be. Out: a story without the mentions whose sentence was shown. Invariant:
a sentence counts as told only where it was quoted, with the same numbers: that a told post has it too is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.digests.pairs import Pair, pairs
from bot.digests.telling import sentence_of, shown_of
from bot.model import Relation, Report, Story

_TOLD = 0.75
"""Share of a sentence's pairs of words that one sentence which was shown holds."""


def is_included(story: Story) -> bool:
    """Whether it is a round-up of other reports, or a part of one."""
    return story.first.relation is Relation.INCLUDED


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences that readers of a route have seen."""

    sentences: list[frozenset[Pair]] = field(default_factory=list)

    def add(self, story: Story, watch: str) -> None:
        """It is told under this watch: by one sentence, whatever else its posts say."""
        self.sentences.append(pairs(shown_of(story, watch)))

    def without(self, story: Story) -> Story:
        """What of the story is new to readers; without hits, if nothing is."""
        return replace(story, reports=tuple(map(self._without, story.reports)))

    def _without(self, report: Report) -> Report:
        return replace(report, hits=tuple(hit for hit in report.hits if not self._has(sentence_of(report, hit))))

    def _has(self, sentence: str) -> bool:
        said = pairs(sentence)
        return bool(said) and any(len(said & shown) >= _TOLD * len(said) for shown in self.sentences)
