"""Who carries a story: sources and sides, their own words apart from copies.

In: a story. Out: a `Carriers`. Counts of claims; nothing here confirms. A copy is no second witness: only sources in
their own words (`own_words`) make "both sides", and only where they tell it alike (`versions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.digests.own_words import NOT_TOLD, Whose, attributed
from bot.digests.versions import parties, parties_alike
from bot.model import HitState, Relation, Report, SideKind, Source, SourceKind, StoredHit, Story


class Sides(StrEnum):
    """What the parties among the sources make of a story; the value names its words."""

    NONE = ""
    ONE = "one_side"
    CARRIED = "carried"
    BOTH = "both_sides"
    DIFFER = "sides_differ"


@dataclass(frozen=True, slots=True)
class Carriers:
    """The sources of a story, in the order of their first report."""

    first: Report
    others: tuple[Report, ...]
    """The first report of each further source that did more than forward."""
    sources: tuple[Source, ...]
    own: int
    """How many sources say it in their own words."""
    added: int
    """How many further ones add words of their own to the words of another."""
    reposts: int
    """How many posts only forward it."""
    sides: Sides
    side: str = ""
    """The one side, where there is one."""
    observers: tuple[Source, ...] = ()
    """Those of no party that say it in their own words."""


def carriers(story: Story) -> Carriers:
    """Deleted posts and those whose mention was edited out no longer count, the first report excepted."""
    standing = [story.first, *(report for report in story.reports[1:] if _stands(report))]
    sources = {report.source.name: report.source for report in standing}
    found = list(attributed(standing))
    own = [each.report for each in found if each.whose is Whose.OWN]
    names = {report.source.name for report in own}
    adding = {each.report.source.name for each in found if each.whose is Whose.ADDED}
    # Who has the text of another with little changed may say the contrary.
    agreeing = [each.report for each in found if each.whose not in {Whose.ALTERED, *NOT_TOLD}]
    sides, side = _sides(agreeing, own)
    return Carriers(
        first=story.first,
        others=tuple(_others(standing)),
        sources=tuple(sources.values()),
        own=len(names),
        added=len(adding - names),
        reposts=sum(report.relation is Relation.FORWARD for report in standing[1:]),
        sides=sides,
        side=side,
        observers=tuple(_observers(own)),
    )


def hits(story: Story) -> Iterable[StoredHit]:
    """All hits of a story, in the order of its reports."""
    return (hit for report in story.reports for hit in report.hits)


def places_of(hit: StoredHit) -> tuple[str, ...]:
    """The watch a hit names, and those of the same name that it may mean instead."""
    return (hit.hit.watch, *hit.hit.candidates)


def named_by(own: Story) -> tuple[str, ...]:
    """The watches that it names, that of its strongest mention first: it counts for each of them."""
    strongest = sorted((hit.hit for hit in hits(own)), key=lambda hit: -hit.confidence)
    return tuple(dict.fromkeys(hit.watch for hit in strongest))


def places_meant(story: Story, watch: str) -> int:
    """How many places the mentions of `watch` may mean: 1 as soon as one of them is certain."""
    return min((len(places_of(hit)) for hit in hits(story) if watch in places_of(hit)), default=1)


def kind_of(sources: Iterable[Source]) -> str:
    """The noun that counts these sources."""
    kinds = {source.kind for source in sources}
    if kinds == {SourceKind.CHANNEL}:
        return "channels"
    return "feeds" if kinds == {SourceKind.FEED} else "sources"


def _stands(report: Report) -> bool:
    edited_out = report.hits and all(hit.state is not HitState.LIVE for hit in report.hits)
    return report.stored.deleted is None and not edited_out


def _others(standing: list[Report]) -> Iterable[Report]:
    named = {standing[0].source.name}
    for report in standing[1:]:
        if report.relation is not Relation.FORWARD and report.source.name not in named:
            named.add(report.source.name)
            yield report


def _sides(reports: list[Report], own: list[Report]) -> tuple[Sides, str]:
    saying, repeating = parties(own), parties(reports)
    if len(saying) > 1:
        return (Sides.BOTH if len(parties_alike(own)) > 1 else Sides.DIFFER), ""
    if len(repeating) > 1:
        return Sides.CARRIED, ""
    return (Sides.ONE, repeating[0]) if repeating else (Sides.NONE, "")


def _observers(reports: Iterable[Report]) -> Iterable[Source]:
    sources = {report.source.name: report.source for report in reports}
    return (source for source in sources.values() if source.side_kind is SideKind.OBSERVER)
