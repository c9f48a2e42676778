"""What a round-up says again: sentences that readers have from the reports it gathers, or the other way round.

In: stories, told or about to be. Out: a story without the mentions whose sentence was shown. Invariant:
a sentence counts as told only where it was quoted, with the same numbers: that a told post has it too is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.digests.pairs import Pair, pairs
from bot.digests.quoting import sentence_of, shown_of
from bot.model import Relation, Story

_TOLD = 0.75
"""Share of a sentence's pairs of words that one sentence which was shown holds."""


def is_included(story: Story) -> bool:
    """Whether it is a round-up of other reports, or a part of one."""
    return story.first.relation is Relation.INCLUDED


@dataclass(frozen=True, slots=True)
class News:
    """What of a story is new to readers, and the keys of the stories that showed them the rest."""

    left: Story
    repeats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences that readers of a route have seen, each with the key of its story."""

    sentences: list[tuple[str, frozenset[Pair]]] = field(default_factory=list)

    def add(self, story: Story, watch: str) -> None:
        """It is told under this watch: by what is quoted of it, whatever else its posts say."""
        self.sentences.extend((story.key, pairs(quote)) for quote in shown_of(story, watch))

    def news_of(self, story: Story) -> News:
        """Without hits, if nothing is new."""
        by = {hit.row: self._by(sentence_of(report, hit), story) for report in story.reports for hit in report.hits}
        reports = (
            replace(report, hits=tuple(hit for hit in report.hits if by[hit.row] is None)) for report in story.reports
        )
        return News(replace(story, reports=tuple(reports)), tuple(dict.fromkeys(key for key in by.values() if key)))

    def _by(self, sentence: str, story: Story) -> str | None:
        """The other story that showed it."""
        said = pairs(sentence)
        shown = (key for key, seen in self.sentences if said and len(said & seen) >= _TOLD * len(said))
        return next((key for key in shown if key != story.key), None)
