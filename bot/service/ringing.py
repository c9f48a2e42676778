"""Whether a story rings on a route and, if it does not, why: for `routes test` and `trace`.

In: a story and those that may count together with it. Out: words. Invariant: the answer comes from the same rules as
the cards: who is heard, within which time, and which reports have the words of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.config import Config
from bot.digests import notice_words
from bot.digests.corroboration import named_by
from bot.digests.judging import Judged, judge
from bot.digests.notices import span
from bot.digests.own_words import Whose, attributed, began
from bot.digests.silencing import Silencing
from bot.digests.together import parted
from bot.digests.urgent import Unheard, is_watched_as_urgent, most_within, rush_of, unheard, voices
from bot.model import ANNOUNCED, Grouping, Reason, Report, Route, Silence, Source, Story, Urgent
from bot.notices import Desk, OpenCard, can_edit, follows, joined_card, with_their_like
from bot.store import Event, Store

STANDS = frozenset({Reason.TOLD, Reason.DELAYED, Reason.SILENCED})
_LOOKS_BACK = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Urgency:
    """Whether it rings, and who is heard, in words."""

    rings: bool
    text: str


async def counting_together(store: Store, route: Route, story: Story, like: Sequence[int]) -> list[Story]:
    """Stories that are perhaps of one event with this one, in order of time; `like` are those it is like itself."""
    begun = began(story.first)
    around = await store.notices.stories(like)
    if route.urgent and route.urgent.group is not Grouping.STORY:
        later = await store.stories_since(begun - route.urgent.within)
        around += [each for each in later if abs(began(each.first) - begun) <= _LOOKS_BACK]
    known, related = await with_their_like(store, [*around, story], begun - _LOOKS_BACK)
    related[story.row] = frozenset(like)
    (event,) = (event for event in parted(known, related) if story.row in event)
    return sorted((known[row] for row in event - {story.row}), key=lambda each: began(each.first))


def urgency_of(
    config: Config,
    route: Route,
    story: Judged,
    near: Sequence[Story],
    now: datetime,
    silences: Sequence[Silence] = (),
    told: Collection[int] = (),
) -> Urgency | None:
    """What the route makes of it; None if it is not urgent at all, or the story is not for it.

    `near` are stories of the same event; of them those in `told` were told before: by themselves they ring no more.
    """
    urgent = route.urgent
    if urgent is None or story.decision.reason not in STANDS:
        return None
    others = judge(route, near, watches=config.watches, now=now, silences=silences)
    own = [story.own, *(each.own for each in others if each.decision.reason in STANDS and _counts(urgent, story, each))]
    own.sort(key=lambda each: began(each.first))
    watches = {watch.id: watch for watch in config.watches}
    audible = list(map(Silencing.of(silences, route.name, config.watches).heard, own))
    heard, most = voices(audible).sources, most_within(urgent, audible)
    needed = 1 if is_watched_as_urgent(audible, watches) else urgent.sources
    within = span(notice_words("en"), urgent.within)
    said = f"{len(most)} of {needed} in their own words within {within} ({_names(most)})"
    if rush_of(urgent, audible, watches, {each.row for each in audible} - {*told}):
        return Urgency(rings=True, text=said)
    apart = [source for source in heard if source not in most]
    why = [f"{_names(apart)} not within {within} of them"] if apart else []
    why += ["nothing new in it is a voice"] if len(most) >= needed else []
    return Urgency(rings=False, text="; ".join([said, *why, *not_heard(own, audible)]))


def _names(sources: Sequence[Source]) -> str:
    return ", ".join(source.shown for source in sources) or "none"


def not_heard(stories: Sequence[Story], audible: Sequence[Story]) -> Iterator[str]:
    """Of each report that is no voice of its own, why: "DeepState repeats the words of another"."""
    reports = [report for story in stories for report in story.reports if report.hits]
    quiet = {report.stored.row for story in audible for report in story.reports if not report.hits}
    unfit = {row: Unheard.SILENCED for report in reports if (row := report.stored.row) in quiet}
    unfit = {row: reason for each in reports if (reason := unheard(each)) and (row := each.stored.row)} | unfit
    yield from (f"{each.source.shown} {unfit[each.stored.row].value}" for each in reports if each.stored.row in unfit)
    heard: list[Report] = [report for report in reports if report.stored.row not in unfit]
    yield from (each.words for each in attributed(heard) if each.whose is not Whose.OWN)


def _counts(urgent: Urgent, story: Judged, other: Judged) -> bool:
    """Where a place has a card of its own, a story that names one of its places; else all of the event."""
    return urgent.group is not Grouping.PLACE or not {*named_by(other.own)}.isdisjoint(named_by(story.own))


async def unrung(config: Config, store: Store, key: str, now: datetime) -> list[Event]:
    """For each route with cards on which a story did not ring, why; nothing where what holds it is written down."""
    story = await store.story_of(key)
    if story is None:
        return []
    found = [(route, await why_unrung(config, store, route, story, now)) for route in config.routes]
    return [
        Event(at=None, step="urgent", text=f"route {route.name}: did not ring: {why}") for route, why in found if why
    ]


async def why_unrung(config: Config, store: Store, route: Route, story: Story, now: datetime) -> str:
    """Why the route did not ring for it; empty where it did, where it has no cards, and where a decision says why."""
    decided = (await store.decisions(route.name, [story.row])).get(story.row)
    if route.urgent is None or decided is Reason.URGENT:
        return ""
    if decided is Reason.AGAIN:
        return "a round-up of what was told, or a part of one, rings for nothing"
    told = await _told_at(store, route, story) if decided in ANNOUNCED else None
    then = told or now
    story = _as_of(story, then)
    if late := _all_late(config, route, story, then):
        return late
    # Where a silence holds it, the decision says so.
    silences = () if decided is Reason.SILENCED else await store.notices.silences(then)
    like = sorted((await store.notices.related([story.row]))[story.row])
    near = await counting_together(store, route, story, like)
    near = [_as_of(each, then) for each in near if each.first.stored.seen <= then]
    (judged,) = judge(route, [story], watches=config.watches, now=now, silences=silences)
    before = await told_of(store, route, near)
    urgency = urgency_of(config, route, judged, near, now, silences, before)
    arrived = max(report.stored.seen for report in story.reports) if told else now
    if card := await joined_card(Desk(config, store, b""), route, story, arrived):
        return joins(route, card, story, told, urgency)
    if urgency is None or not urgency.rings:
        return urgency.text if urgency else ""
    return f"a digest told it first; {urgency.text}" if told else ""


async def told_of(store: Store, route: Route, stories: Sequence[Story]) -> frozenset[int]:
    """Which of them the route told."""
    decided = await store.decisions(route.name, [each.row for each in stories])
    return frozenset(row for row, reason in decided.items() if reason in ANNOUNCED)


def _all_late(config: Config, route: Route, story: Story, now: datetime) -> str:
    """Why none of its reports may ring, whatever card there is; empty where one may."""
    (judged,) = judge(route, [story], watches=config.watches, now=now)
    reports = [report for report in judged.own.reports if report.hits]
    why = [f"{each.source.shown} {reason.value}" for each in reports if (reason := unheard(each))]
    return "; ".join(why) if judged.decision.reason in STANDS and len(why) == len(reports) else ""


def joins(
    route: Route, card: OpenCard, story: Story, told: datetime | None = None, urgency: Urgency | None = None
) -> str:
    """What becomes of a story that joins a living card which does not change now; `told` is when a digest told it."""
    again = card.card.rung + (route.urgent or Urgent()).repeat
    verb = "joined" if told else "joins"
    end = "the digest came first" if told else "if the digest comes first, it is told there"
    fixed = "" if can_edit(route) or follows(route) else f"; a {route.to.kind} cannot be edited"
    if {report.source.name for report in story.reports} <= {*card.card.sources}:
        which = "which had its source already and sounds again only for a new side or source"
    elif told and again <= told and urgency and not urgency.rings:
        return f"it {verb} the card {card.notice.key} until {again:{_MINUTE}} UTC{fixed}; then {urgency.text}"
    else:
        which = f"which sounds again for a new side or source, not before {again:{_MINUTE}} UTC"
    return f"it {verb} the card {card.notice.key}, {which}{fixed}; {end}"


_MINUTE = "%Y-%m-%d %H:%M"


async def _told_at(store: Store, route: Route, story: Story) -> datetime | None:
    """When the route decided on it."""
    events = await store.trace(story.key)
    decided = (each.at for each in events if each.step == "decided" and each.text.startswith(f"route {route.name}: "))
    return next(decided, None)


def _as_of(story: Story, moment: datetime) -> Story:
    """The story without what was read later."""
    return replace(story, reports=tuple(each for each in story.reports if each.stored.seen <= moment) or story.reports)
