"""What one route tells at one slot, and why it leaves the rest out.

In: a route, the stories it has not decided on, and the moment. Out: a `Digest` and one `Decision` for each story.
Invariant: a story stands under exactly one watch, and its hits in the digest are those that count on this route.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.digests.again import News
from bot.digests.card import card
from bot.digests.corroboration import hits, places_of
from bot.digests.districts import districts
from bot.digests.judging import Judged, View, only_backfill
from bot.digests.taking import fits, with_holders
from bot.digests.together import Related, together, with_corrections
from bot.digests.urgent import AtOnce
from bot.model import (
    Decision,
    Digest,
    Reason,
    Route,
    Schedule,
    Section,
    Silence,
    Story,
    Watch,
)


@dataclass(frozen=True, slots=True)
class Health:
    """How many of the sources work; `troubles` has one line in words for each that does not."""

    working: int = 0
    sources: int = 0
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Composition:
    """A digest, or None when there is nothing to tell, and what was decided on every story given."""

    digest: Digest | None
    decisions: tuple[Decision, ...]
    card: str | None = None
    """The digest as a picture in SVG, where the route asks for it and a place that is told has coordinates."""


def compose(  # noqa: PLR0913 - a digest depends on no less
    route: Route,
    stories: Sequence[Story],
    *,
    slot: datetime,
    since: datetime,
    now: datetime,
    missed: tuple[datetime, ...] = (),
    watches: Sequence[Watch] = (),
    health: Health | None = None,
    silences: Sequence[Silence] = (),
    corrections: tuple[str, ...] = (),
    at_once: AtOnce | None = None,
    told_before: Sequence[Story] = (),
    retold: Collection[int] = (),
    review: str | None = None,
    related: Related | None = None,
    settles: bool = False,
) -> Composition:
    """Decide on every story, and put those that are told into one digest.

    `slot` is the digest's own time, `since` the end of the last one, `now` the moment of composing; `missed` are
    slots before `slot` that were not told. Stories whose decision is one of HELD want to be given again next time.
    `corrections` are lines that must be told, `at_once` goes with a digest; what a round-up says of `told_before` is
    not told again; `retold` are stories that were told under a place that their author took out; `review` is the page
    that the digest leads to. With `settles` a flood is told by its strongest stories and one line of numbers; else all
    wait. `related` are stories of perhaps one event, by row: those of one place are told together.
    """
    view = View.of(route, watches, now, silences, related)
    chosen = _choose(view, stories, told_before, settles=settles)
    decisions = chosen.decisions(retold)
    heard = _heard(each.own for each in chosen.judged if each.decision.reason in _HEARD)
    told, beyond = chosen.told, chosen.beyond
    counts = tuple(each for each in districts(watches, told) if view.takes(each.watch))
    health, at_once = health or Health(), at_once or AtOnce()
    named = with_holders(heard | at_once.watches, watches)
    live, earlier = ([story for story in told if only_backfill(story) is backfilled] for backfilled in (False, True))
    beside = together(live, with_corrections(live, related or {}), view.watch_of)
    digest = Digest(
        route=route,
        slot=slot,
        since=since,
        sections=view.sections(live, beside),
        earlier=view.sections(earlier),
        together=beside,
        again=chosen.again,
        districts=counts,
        quiet=tuple(watch for watch in watches if fits(route.watch, watch) and watch.id not in named),
        working=health.working,
        sources=health.sources,
        troubles=health.troubles,
        waiting=0 if chosen.flood else len(beyond),
        settled=view.numbers(beyond) if chosen.flood else (),
        missed=missed,
        ends=now if now - slot > LATE else None,
        watches=tuple(watch for watch in watches if watch.id in heard),
        retold=frozenset(retold),
        remarks=(*corrections, *at_once.lines),
        review=review,
    )
    decisions = tuple(_placed(decisions, (*digest.sections, *digest.earlier)))
    if not (told or corrections or _schedule(route).empty):
        return Composition(None, decisions)
    around = [watch for watch in watches if view.takes(watch) or watch.id in heard]
    return Composition(digest, decisions, card(digest, around) if route.card else None)


def _placed(decisions: Iterable[Decision], sections: Iterable[Section]) -> Iterator[Decision]:
    """What is told, with the watch under which it stands: a correction names it."""
    under = {story.row: section.watch.id for section in sections for story in section.stories}
    for each in decisions:
        told = each.reason is Reason.TOLD and each.story in under
        yield replace(each, note=f"{UNDER}{under[each.story]}") if told else each


UNDER = "under "
FLOOD = 5
"""Where more than so many digests would be filled, nobody waits for the last of them: months, for a feed of 10,000."""
LATE = timedelta(minutes=5)
"""A digest that is composed so long after its slot says until when it goes."""
_HEARD = {Reason.TOLD, Reason.AGAIN, Reason.FULL, Reason.DELAYED, Reason.SILENCED}


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is told now, at most `most` items, and what stays `beyond`: in a `flood` that is settled by numbers."""

    judged: Sequence[Judged]
    told: Sequence[Story]
    beyond: Sequence[Story]
    most: int
    flood: bool

    def decisions(self, retold: Collection[int]) -> tuple[Decision, ...]:
        """One for each story; of those beyond, the ones that are told once more keep their own reason."""
        left = dict.fromkeys((story.row for story in self.beyond), Reason.SETTLED if self.flood else Reason.FULL)
        left |= {} if self.flood else dict.fromkeys(left.keys() & {*retold}, Reason.AMENDED)
        return tuple(
            Decision(story=each.own.row, reason=left[each.own.row]) if each.own.row in left else each.decision
            for each in self.judged
        )

    @property
    def again(self) -> tuple[Story, ...]:
        """Round-ups that say nothing new."""
        return tuple(each.own for each in self.judged if each.decision.reason is Reason.AGAIN)[: self.most]


def _choose(view: View, stories: Sequence[Story], told_before: Sequence[Story], *, settles: bool) -> _Chosen:
    """Judge all of them, and choose those that are told now, without what readers have."""
    judged = [view.judged(story) for story in stories]
    candidates = [each.own for each in judged if each.decision.reason is Reason.TOLD]
    most = _schedule(view.route).max_stories
    candidates.sort(key=view.rank)
    new = view.news(candidates, view.fitting(candidates, most), told_before)
    flood = settles and len(candidates) - sum(not any(hits(news.left)) for news in new.values()) > FLOOD * most
    if flood:
        candidates.sort(key=view.loudness)
        new = view.news(candidates, view.fitting(candidates, most), told_before)
    judged = [_only_new(each, new[each.own.row]) if each.own.row in new else each for each in judged]
    candidates = [own for story in candidates if any(hits(own := new.get(story.row, News(story)).left))]
    room = view.fitting(candidates, most)
    return _Chosen(judged, candidates[:room], candidates[room:], most, flood)


def _only_new(judged: Judged, new: News) -> Judged:
    """Of a list, or of a part of one, what is new; where nothing is, it is not told again."""
    if any(hits(new.left)):
        return replace(judged, own=new.left)
    note = f"readers have it from {', '.join(new.repeats)}"
    return replace(judged, decision=Decision(story=judged.own.row, reason=Reason.AGAIN, note=note))


def _schedule(route: Route) -> Schedule:
    return route.digest or Schedule(cron="")


def _heard(stories: Iterable[Story]) -> frozenset[str]:
    return frozenset(watch for story in stories for hit in hits(story) for watch in places_of(hit))
