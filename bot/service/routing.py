"""`routes test`: where a post would go, and why.

In: the id of a stored post or story, or a text. Out: steps in words: its mentions, its story, and for each route what
it decides now and whether that is urgent. Invariant: nothing is stored, and nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.config.cache import cache_folder
from bot.digests.compose import Judged, judge
from bot.errors import WrongUsage
from bot.matching import load_matcher
from bot.model import (
    ANNOUNCED,
    Post,
    Reason,
    Report,
    Route,
    Silence,
    Source,
    SourceKind,
    StoredHit,
    StoredPost,
    Story,
)
from bot.service.memory import looking
from bot.service.ringing import counting_together, urgency_of
from bot.slots import next_slot
from bot.store import Store
from bot.stories import Memory

_ID = re.compile(r"[a-z0-9_.-]+/[!-~]+|s[0-9]+")
"""A text may have a slash, too: an id has no letter beyond ASCII."""
_SEEN = frozenset({"matched", "grouped", "waits"})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation. `route` is set where a route decides."""

    step: str
    text: str
    route: str | None = None


async def explain(config: Config, given: str, source: str | None, now: datetime) -> list[Step]:
    """Explain a stored post or story by its id, else the text as if it had just been said."""
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
    steps = [Step(event.step, event.text) for event in events if event.step in _SEEN]
    story = await store.story_of(key)
    if story is None:
        return [*steps, Step("story", "it is in no story: no route is asked")]
    related = (await store.notices.related([story.row]))[story.row]
    return [*steps, *await _routes(config, store, story, sorted(related), now)]


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
    stored = StoredPost(row=0, post=post, seen=now)
    grouper, _ = await Memory(store).holding([now], now)
    placed = grouper.place(post, when=now)
    report = Report(stored=stored, source=speaker, relation=placed.relation, hits=found)
    known = await store.story_of(placed.story) if placed.story != post.key else None
    story = replace(known, reports=(*known.reports, report)) if known else Story(row=0, reports=(report,))
    name = f"{placed.relation.value} in {known.key} ({placed.story})" if known else "a new story"
    like = f"; like {', '.join(placed.related)}" if placed.related else ""
    near = [await store.story_of(key) for key in placed.related]
    rows = [each.row for each in near if each is not None]
    return [*steps, Step("grouped", f"{name}: {placed.reason}{like}"), *await _routes(config, store, story, rows, now)]


def _speaker(config: Config, name: str | None) -> Source:
    """The source that would say it; one of no side that is not configured, if none is named."""
    if name is None:
        return Source(name="somebody", kind=SourceKind.CHANNEL, address="")
    found = next((source for source in config.sources if source.name == name), None)
    if found is None:
        raise WrongUsage("--source", f"{name!r} is not in the configuration", "`sources` prints the names")
    return found


# ---------------------------------------------------------------- what the routes make of it


async def _routes(config: Config, store: Store, story: Story, related: Sequence[int], now: datetime) -> list[Step]:
    silences = await store.notices.silences(now)
    steps = []
    for route in config.routes:
        near = await counting_together(store, route.urgent, story, related) if route.urgent else []
        decided = (await store.decisions(route.name, [story.row])).get(story.row)
        explained = _Explained(config, route, story, near, silences, now)
        steps += [Step("route", f"{route.name}: {text}", route.name) for text in explained.lines(decided)]
    return steps or [Step("route", "there is no route: routes.yaml is empty")]


@dataclass(frozen=True, slots=True)
class _Explained:
    config: Config
    route: Route
    story: Story
    near: Sequence[Story]
    silences: Sequence[Silence]
    now: datetime

    def lines(self, decided: Reason | None) -> Iterator[str]:
        """What was decided, or would be now; and whether it is urgent."""
        if decided in ANNOUNCED:
            yield f"{decided.value} before"
            return
        watches = self.config.watches
        (judged,) = judge(self.route, [self.story], watches=watches, now=self.now, silences=self.silences)
        urgency = urgency_of(self.config, self.route, judged, self.near, self.now, self.silences)
        if urgency and urgency.rings and judged.decision.reason is Reason.TOLD:
            yield f"would be told at once, to {self.route.to}"
        else:
            yield self._decision(judged)
        if urgency:
            yield f"urgent: {'rings' if urgency.rings else 'does not ring'}: {urgency.text}"

    def _decision(self, judged: Judged) -> str:
        decision = judged.decision
        note = f" ({decision.note})" if decision.note else ""
        if decision.reason is not Reason.TOLD:
            return f"{decision.reason.value}{note}"
        if self.route.digest is None:
            return "fits; the route has no digest, so only what is urgent is told"
        zone = self.route.digest.timezone
        slot = next_slot(self.route.digest.cron, zone, self.now).astimezone(ZoneInfo(zone))
        return f"would be told in the digest of {slot:%d %b %H:%M} ({zone}), to {self.route.to}"
