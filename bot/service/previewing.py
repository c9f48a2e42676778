"""`digest ROUTE`: what a route would tell now, for reading or for sending at once.

In: a configuration, a route's name, how far back. Out: the text as a reader of a plain destination sees it, and the
held stories by reason. Invariant: `show` changes nothing; `send` goes through the outbox like every other message, and
leaves the delivering to the service where one runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.config import Config
from bot.digests import Composition, Flavour, render
from bot.errors import AlreadyRunning, PlacewireError, WrongUsage
from bot.model import Arrival, Reason, Report, Route, Story
from bot.pipeline import Due, composed, deliver, frozen
from bot.service.house import open_house
from bot.service.memory import looking, writing
from bot.service.spans import length
from bot.slots import Clock
from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A digest as text, how many stories were left out for which reason, and what became of it if it was to be sent."""

    text: str
    held: Mapping[str, int]
    sent: str = ""
    card: str | None = None
    """The picture as SVG; None if no place that is told has coordinates."""


async def show(config: Config, name: str, since: str | None, clock: Clock) -> Shown:
    """What the route would tell now."""
    route, now = _route(config, name), clock.now()
    async with looking(config) as store:
        return _shown(await _compose(config, store, replace(route, card=True), _due(since, now)))


async def send(config: Config, name: str, since: str | None, clock: Clock) -> Shown:
    """Freeze the digest into the outbox, with this moment as its slot; deliver it unless a running service does."""
    route, due = _route(config, name), _due(since, clock.now())
    async with writing(config, due.now) as store:
        made = await _compose(config, store, route, due, untold=True)
        if made.digest is None:
            return _shown(made)
        if await store.save_digest(frozen(await store.secret(), route, due, made), due.now) is None:
            raise PlacewireError(
                name, "another digest told one of these stories just now", "look again, then send again"
            )
    try:
        async with open_house(config, clock) as house:
            done = await deliver(house)
    except AlreadyRunning as running:
        return replace(_shown(made), sent=f"queued: process {running.pid} delivers it")
    if done.failed or done.parked:
        raise PlacewireError(name, "the digest is queued and could not be delivered", "`outbox` says why")
    return replace(_shown(made), sent="sent")


def _route(config: Config, name: str) -> Route:
    for route in config.routes:
        if route.name == name:
            return route
    known = ", ".join(route.name for route in config.routes) or "none"
    raise WrongUsage(name, "no route has this name", f"routes.yaml has: {known}")


def _due(since: str | None, now: datetime) -> Due:
    return Due(slot=now, since=now - length(since) if since else now, now=now)


async def _compose(config: Config, store: Store, route: Route, due: Due, *, untold: bool = False) -> Composition:
    mark = await store.route(route.name, due.now)
    if due.since == due.now:
        due = replace(due, since=mark.last_slot or mark.first_seen)
        return await composed(config, store, route, await store.untold(route.name, since=mark.first_seen), due)
    told = await store.decisions(route.name) if untold else {}
    stories = [story for story in await store.stories_since(due.since) if told.get(story.row) is not Reason.TOLD]
    return await composed(config, store, route, _announced(stories), due)


def _announced(stories: Sequence[Story]) -> list[Story]:
    """A preview of the past tells what a first reading brought, too."""
    return [replace(story, reports=tuple(map(_live, story.reports))) for story in stories]


def _live(report: Report) -> Report:
    hits = tuple(replace(hit, late=False) for hit in report.hits)
    return replace(report, stored=replace(report.stored, arrival=Arrival.LIVE), hits=hits)


def _shown(made: Composition) -> Shown:
    text = "\n\n".join(message.text for message in render(made.digest, flavour=Flavour.PLAIN)) if made.digest else ""
    held = Counter(decision.reason.value for decision in made.decisions if decision.reason is not Reason.TOLD)
    return Shown(text=text or "Nothing to tell: no digest would be sent.", held=held, card=made.card)
