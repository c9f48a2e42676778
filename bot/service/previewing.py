"""`digest ROUTE`: what a route would tell now, for reading or for sending at once.

In: a configuration, a route's name, how far back. Out: the text as a reader of a plain destination sees it, and the
held stories by reason. Invariant: `show` changes nothing; `send` goes through the outbox like every other message, and
leaves the delivering to the service where one runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.config import Config
from bot.delivery.quiet import quiet_of
from bot.digests import Composition, Flavour, render
from bot.digests.render import plain
from bot.errors import AlreadyRunning, PlacewireError, WrongUsage
from bot.model import ANNOUNCED, HELD, Arrival, Decision, Reason, Report, Route, Story
from bot.notices import Desk, Rounds, due_corrections, plan
from bot.pipeline import Due, composed, deliver, frozen
from bot.service.house import open_house
from bot.service.memory import changing, looking
from bot.service.spans import moment
from bot.slots import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A digest as text, how many stories were left out for which reason, and what became of it if it was to be sent."""

    text: str
    held: Mapping[str, int]
    sent: str = ""
    picture: str | None = None
    """The picture as SVG; None if no place that is told has coordinates."""
    cards: tuple[str, ...] = ()
    """What is urgent and would be told at once now, each as text."""
    waiting: tuple[str, ...] = ()
    """What is held to be told later: each story with the reason in words."""


async def show(config: Config, name: str, since: str | None, clock: Clock) -> Shown:
    """What the route would tell now."""
    route, now = route_of(config, name), clock.now()
    async with looking(config) as store:
        desk = Desk(config, store, b"")
        shown = _shown(await _compose(desk, replace(route, card=True), _due(since, now)))
        plans = await plan(desk, route, Rounds(), now)
    cards = tuple(plain(each.page) for each in plans if each.page is not None)
    urgent = tuple(_waits(each) for found in plans if found.notice is None for each in found.decisions)
    if route.digest is None:
        shown = replace(shown, text="The route has no digest: only what is urgent is told.", picture=None)
    waiting = (*_quiet(route, now), *urgent, *shown.waiting)
    return replace(shown, cards=cards, waiting=tuple(dict.fromkeys(waiting)))


def _quiet(route: Route, now: datetime) -> Iterator[str]:
    """That a digest of now would wait."""
    if route.digest and (until := quiet_of(route, now)):
        yield f"the digest: {Reason.QUIET_HOURS.value}, until {until:%Y-%m-%d %H:%M} UTC"


async def send(config: Config, name: str, since: str | None, clock: Clock) -> Shown:
    """Freeze the digest into the outbox, with this moment as its slot; deliver it unless a running service does."""
    route, due = route_of(config, name), _due(since, clock.now())
    async with changing(config, due.now) as store:
        desk = Desk(config, store, await store.secret())
        made = await _compose(desk, route, due, untold=True)
        if made.digest is None:
            return _shown(made)
        new = replace(frozen(desk.secret, route, due, made), notices=(await due_corrections(desk, route, due.now))[1])
        if await store.save_digest(new, due.now) is None:
            raise PlacewireError(
                name, "one of these stories was told or forgotten just now", "look again, then send again"
            )
    try:
        async with open_house(config, clock) as house:
            done = await deliver(house)
    except AlreadyRunning as running:
        return replace(_shown(made), sent=f"queued: process {running.pid} delivers it")
    if done.failed or done.parked:
        raise PlacewireError(name, "the digest is queued and could not be delivered", "`outbox` says why")
    return replace(_shown(made), sent="sent")


def route_of(config: Config, name: str) -> Route:
    """The route of this name. Raises `WrongUsage` if there is none."""
    for route in config.routes:
        if route.name == name:
            return route
    known = ", ".join(route.name for route in config.routes) or "none"
    raise WrongUsage(name, "no route has this name", f"routes.yaml has: {known}")


def _due(since: str | None, now: datetime) -> Due:
    return Due(slot=now, since=moment(since, now) if since else now, now=now)


async def _compose(desk: Desk, route: Route, due: Due, *, untold: bool = False) -> Composition:
    store = desk.store
    mark = await store.route(route.name, due.now)
    if due.since == due.now:
        due = replace(due, since=mark.last_slot or mark.first_seen)
        return await composed(desk, route, await store.untold(route.name, since=mark.first_seen), due)
    told = await store.decisions(route.name) if untold else {}
    stories = [story for story in await store.stories_since(due.since) if told.get(story.row) not in ANNOUNCED]
    return await composed(desk, route, _announced(stories), due)


def _announced(stories: Sequence[Story]) -> list[Story]:
    """A preview of the past tells what a first reading brought, too."""
    return [replace(story, reports=tuple(map(_live, story.reports))) for story in stories]


def _live(report: Report) -> Report:
    hits = tuple(replace(hit, late=False) for hit in report.hits)
    return replace(report, stored=replace(report.stored, arrival=Arrival.LIVE), hits=hits)


def _shown(made: Composition) -> Shown:
    text = "\n\n".join(message.text for message in render(made.digest, flavour=Flavour.PLAIN)) if made.digest else ""
    held = Counter(decision.reason.value for decision in made.decisions if decision.reason is not Reason.TOLD)
    waiting = tuple(_waits(decision) for decision in made.decisions if decision.reason in HELD)
    text = text or "Nothing to tell: no digest would be sent."
    return Shown(text=text, held=held, waiting=waiting, picture=made.card)


def _waits(decision: Decision) -> str:
    note = f" ({decision.note})" if decision.note else ""
    until = f", until {decision.until:%Y-%m-%d %H:%M} UTC" if decision.until and not decision.note else ""
    return f"s{decision.story}: {decision.reason.value}{note}{until}"
