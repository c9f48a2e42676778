"""What a list says again: sentences that readers have from the reports it gathers, or the other way round.

In: stories, told or about to be. Out: a story without the mentions whose sentence was shown. Invariant:
a sentence counts as told only where it was quoted, with the same numbers: that a told post has it too is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.digests.corroboration import named_by
from bot.digests.own_words import began
from bot.digests.pairs import Pair, pairs
from bot.digests.quoting import sentence_of, shown_of
from bot.model import Report, StoredHit, Story

_TOLD = 0.75
"""Share of a sentence's pairs of words that one sentence which was shown holds."""


@dataclass(frozen=True, slots=True)
class News:
    """What of a story is new to readers, and the keys of the stories that showed them the rest."""

    left: Story
    repeats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What readers have seen: of which story, on which watches, and when that began if it is told only now."""

    story: Story
    watches: frozenset[str]
    said: frozenset[Pair]
    now: bool

    def holds(self, said: frozenset[Pair], hit: StoredHit, of: Story) -> bool:
        """Whether readers have this sentence of another story from it; not where that one came later."""
        later = self.now and began(self.story.first) > began(of.first)
        other = self.story.row != of.row and hit.hit.watch in self.watches
        return other and not later and len(said & self.said) >= _TOLD * len(said)


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences that readers of a route have seen."""

    sentences: list[_Sentence] = field(default_factory=list)

    def add(self, story: Story, watch: str, *, now: bool) -> None:
        """It is told under this watch, by this digest if `now`: what is quoted of it, whatever else its posts say."""
        watches = frozenset(named_by(story))
        self.sentences.extend(_Sentence(story, watches, pairs(quote), now) for quote in shown_of(story, watch))

    def news_of(self, story: Story) -> News:
        """Without hits, if nothing is new."""
        by = {hit.row: self._by(report, hit, story) for report in story.reports for hit in report.hits}
        reports = (
            replace(report, hits=tuple(hit for hit in report.hits if by[hit.row] is None)) for report in story.reports
        )
        return News(replace(story, reports=tuple(reports)), tuple(dict.fromkeys(key for key in by.values() if key)))

    def _by(self, report: Report, hit: StoredHit, story: Story) -> str | None:
        """The other story that showed the sentence of this mention."""
        said = pairs(sentence_of(report, hit))
        shown = (each.story.key for each in self.sentences if said and each.holds(said, hit, story))
        return next(shown, None)
