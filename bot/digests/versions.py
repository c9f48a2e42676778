"""Whether parties tell one thing: "наши зашли" of one side and "наші зайшли" of the other are two claims.

In: reports. Out: the parties that tell it alike. Two reports are alike unless both tell the same of their own troops,
or of the enemy, or of a strike but one names what was hit. That they tell of one event, grouping has found.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.digests.quote import bare, span_of
from bot.language.actors import Act, acts
from bot.language.events import sense
from bot.language.fold import fold
from bot.model import Report, SideKind

_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True)
class _Version:
    """What a report tells of whom and, if it is of a strike, what was hit."""

    acts: frozenset[Act]
    strikes: bool
    hit: frozenset[str]

    def is_like(self, other: _Version) -> bool:
        if self.acts & other.acts and not any((actor.other, what) in other.acts for actor, what in self.acts):
            return False
        if not (self.strikes and other.strikes):
            return True
        return self.hit == other.hit or not self.hit.isdisjoint(other.hit)


def parties(reports: Iterable[Report]) -> tuple[str, ...]:
    """The sides of parties among the sources, in the order of the reports."""
    sources = (report.source for report in reports)
    return tuple(dict.fromkeys(source.side for source in sources if source.side and source.side_kind is SideKind.PARTY))


def parties_alike(reports: Iterable[Report]) -> tuple[str, ...]:
    """The parties that tell it alike, in the order of the reports; where no two do, the first of them."""
    told = list(reports)
    sides = parties(told)
    if len(sides) < 2:
        return sides
    versions = dict.fromkeys((report.source.side, _version(report)) for report in told if parties([report]))
    alike = {
        side for side, version in versions for other, another in versions if side != other and version.is_like(another)
    }
    return tuple(side for side in sides if side in alike) or sides[:1]


def _version(report: Report) -> _Version:
    """Of the sentences that hold its mentions, each with the one behind it."""
    body = report.stored.post.body
    spans = {span for hit in report.hits if (span := span_of(body, hit))}
    sentences = dict.fromkeys(sentence for span in spans for sentence in bare(body, span))
    found = [each for word in _WORD.findall(fold(" ".join(sentences)).text) if (each := sense(word))]
    return _Version(
        acts=frozenset(act for sentence in sentences for act in acts(sentence)),
        strikes=any("strike" in each.kinds for each in found),
        hit=frozenset(each.name for each in found if each.is_object),
    )
