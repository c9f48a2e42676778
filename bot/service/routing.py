"""`routes test`: where a post would go, and why.

In: the id of a stored post, hit or story, or a text. Out: steps in words: its mentions, its story, and for each route
what it decides now and whether that is urgent. Invariant: nothing is stored, and nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.config.cache import cache_folder
from bot.digests.judging import Judged, judge
from bot.errors import WrongUsage
from bot.matching import load_matcher
from bot.model import (
    ANNOUNCED,
    Decision,
    NoticeKind,
    Placement,
    Post,
    Reason,
    Report,
    Route,
    Source,
    SourceKind,
    StoredHit,
    StoredPost,
    Story,
)
from bot.notices import Desk, Rounds, in_quiet_hours, joined_card, plan
from bot.pipeline import Due, composed, place_ids
from bot.service.memory import looking
from bot.service.ringing import Urgency, counting_together, joins, told_of, urgency_of, why_unrung
from bot.slots import next_slot
from bot.store import Store
from bot.stories import Memory, certain

_ID = re.compile(r"[a-z0-9_.-]+/[!-~]+|[a-z][0-9]{1,18}")
"""A text may have a slash, too: an id has no letter beyond ASCII."""
_REPORTED = re.compile(r".+/.+|[hs][0-9]+")
"""The ids of what was reported: of a post, a hit, a story."""
ASKED = 0
"""The row of a text that is only asked about: no plan of the service's has it."""
_SEEN = frozenset({"matched", "grouped", "waits"})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation. `route` is set where a route decides."""

    step: str
    text: str
    route: str | None = None


async def explain(config: Config, given: str, source: str | None, now: datetime) -> list[Step]:
    """Explain a stored post, hit or story by its id, else the text as if it had just been said.

    Raises `StoreError` for what looks like an id and is none.
    """
    text = given.strip()
    if not text:
        raise WrongUsage("routes test", "was given nothing", "name a post, or write a text")
    async with looking(config) as store:
        if _ID.fullmatch(text):
            return await _stored(config, store, text, now)
        return await _said(config, store, text, source, now)


async def _stored(config: Config, store: Store, key: str, now: datetime) -> list[Step]:
    """What is known of it, and what the routes make of it. Raises `StoreError` if nothing has this id."""
    events = await store.trace(key)
    if not _REPORTED.fullmatch(key):
        raise WrongUsage(key, "is the id of no post, hit or story", "`hits`, `stories` and `search` print theirs")
    steps = [Step(event.step, event.text) for event in events if event.step in _SEEN]
    story = await store.story_of(key)
    if story is None:
        return [*steps, Step("story", "it is in no story: no route is asked")]
    related = (await store.notices.related([story.row]))[story.row]
    return [*steps, *await routes_of(config, store, story, sorted(related), now)]


async def _said(config: Config, store: Store, text: str, source: str | None, now: datetime) -> list[Step]:
    speaker = _speaker(config, source)
    post = Post(source=speaker.name, id="test", text=text, published=now)
    hits = (await load_matcher(config.watches, cache_folder())).match(text, source_region=speaker.region)
    found = tuple(StoredHit(row=-number, hit=hit, found=now) for number, hit in enumerate(hits, 1))
    steps = [
        Step(
            "matched",
            f"{hit.watch} at {hit.start}-{hit.end}, “{hit.text}”: {', '.join(hit.why)}; "
            f"confidence {hit.confidence:.2f}",
        )
        for hit in hits
    ]
    if not hits:
        return [Step("matched", "no watched place or term: it is stored, and goes no further")]
    grouper, _ = await Memory(store).holding([now], now)
    placed = grouper.place(post, when=now, places=certain(found, place_ids(config)))
    stored = StoredPost(row=ASKED, post=post, seen=now)
    report = Report(stored=stored, source=speaker, relation=placed.relation, hits=found)
    return [*steps, *await _grouped(config, store, placed, report, now)]


async def _grouped(config: Config, store: Store, placed: Placement, report: Report, now: datetime) -> list[Step]:
    """The story that a report would join or begin, and what the routes make of it."""
    known = await store.story_of(placed.story) if placed.story != report.stored.post.key else None
    story = replace(known, reports=(*known.reports, report)) if known else Story(row=0, reports=(report,))
    name = f"{placed.relation.value} in {known.key} ({placed.story})" if known else "a new story"
    like = f"; like {', '.join(placed.related)}" if placed.related else ""
    near = [await store.story_of(key) for key in placed.related]
    rows = [each.row for each in near if each is not None]
    steps = await routes_of(config, store, story, rows, now)
    return [Step("grouped", f"{name}: {placed.reason}{like}"), *steps]


def _speaker(config: Config, name: str | None) -> Source:
    """The source that would say it; one of no side that is not configured, if none is named."""
    if name is None:
        return Source(name="somebody", kind=SourceKind.CHANNEL, address="")
    found = next((source for source in config.sources if source.name == name), None)
    if found is None:
        raise WrongUsage("--source", f"{name!r} is not in the configuration", "`sources` prints the names")
    return found


# ---------------------------------------------------------------- what the routes make of it


async def routes_of(config: Config, store: Store, story: Story, related: Sequence[int], now: datetime) -> list[Step]:
    """What each route decided on the story, or would do with it now; `related` are the rows of its like."""
    desk, silences = Desk(config, store, b""), await store.notices.silences(now)
    steps = []
    for route in config.routes:
        decided = (await store.decisions(route.name, [story.row])).get(story.row)
        if decided in ANNOUNCED:
            lines = await _told(desk, route, story, now)
        else:
            near = await counting_together(store, route, story, related) if route.urgent else []
            (judged,) = judge(route, [story], watches=config.watches, now=now, silences=silences)
            told = await told_of(store, route, near)
            urgency = urgency_of(config, route, judged, near, now, silences, told)
            lines = [line async for line in _would_be(desk, route, judged, urgency, now)]
        steps += [Step("route", f"{route.name}: {text}", route.name) for text in lines]
    return steps or [Step("route", "there is no route: routes.yaml is empty")]


async def _told(desk: Desk, route: Route, story: Story, now: datetime) -> list[str]:
    """What was decided, in which digest or card; and what rang, or why nothing did."""
    named = f"route {route.name}"
    events = await desk.store.trace(story.key)
    lines = [
        each.text.removeprefix(f"{named}: ")
        for each in events
        if each.step == "decided" and each.text.startswith(f"{named}: ")
    ]
    lines += [
        f"urgent: rang: {each.text}" for each in events if each.step == NoticeKind.URGENT and f"{named}, " in each.text
    ]
    why = await why_unrung(desk.config, desk.store, route, story, now)
    return [*lines, *([f"urgent: did not ring: {why}"] if why else [])]


async def _would_be(
    desk: Desk, route: Route, judged: Judged, urgency: Urgency | None, now: datetime
) -> AsyncIterator[str]:
    """What the route would do now, and whether it is urgent: by the same plan and the same digest as the service."""
    planned = await _planned(desk, route, judged, urgency, now)
    if planned is None:
        yield _words(route, await _in_digest(desk, route, judged, now), now)
    elif planned.reason is Reason.URGENT:
        yield f"would be told at once, to {route.to}"
    else:
        yield _words(route, planned, now)
    card = await joined_card(desk, route, judged.whole, now) if judged.whole.row else None
    if card and (planned is None or planned.reason is not Reason.URGENT):
        yield f"urgent: {joins(route, card, judged.whole)}"
    elif urgency and not card:
        yield f"urgent: {'rings' if urgency.rings else 'does not ring'}: {urgency.text}"


async def _planned(desk: Desk, route: Route, judged: Judged, urgency: Urgency | None, now: datetime) -> Decision | None:
    """What is told or held at once; None if it is left for the digest."""
    row = judged.own.row
    for each in await plan(desk, route, Rounds(), now):
        if found := next((decision for decision in each.decisions if decision.story == row), None):
            return found
    asked = any(report.stored.row == ASKED for report in judged.whole.reports)
    if not asked or urgency is None or not urgency.rings or judged.decision.reason is not Reason.TOLD:
        return None
    if hold := in_quiet_hours(route, now):
        reason, until, note = hold
        return Decision(story=row, reason=reason, note=note, until=until)
    return Decision(story=row, reason=Reason.URGENT)


async def _in_digest(desk: Desk, route: Route, judged: Judged, now: datetime) -> Decision:
    """What a digest of now would decide on it, among all that it has to tell."""
    if route.digest is None:
        return judged.decision
    mark = await desk.store.route(route.name, now)
    others = await desk.store.untold(route.name, since=mark.first_seen)
    stories = [*(each for each in others if each.row != judged.whole.row), judged.whole]
    due = Due(slot=now, since=mark.last_slot or mark.first_seen, now=now)
    made = await composed(desk, replace(route, translate=None, card=False), stories, due)
    return next(each for each in made.decisions if each.story == judged.whole.row)


def _words(route: Route, decision: Decision, now: datetime) -> str:
    note = f" ({decision.note})" if decision.note else ""
    if decision.reason is not Reason.TOLD:
        return f"{decision.reason.value}{note}"
    if route.digest is None:
        return "fits; the route has no digest, so only what is urgent is told"
    zone = route.digest.timezone
    slot = next_slot(route.digest.cron, zone, now).astimezone(ZoneInfo(zone))
    return f"would be told in the digest of {slot:%d %b %H:%M} ({zone}), to {route.to}"
