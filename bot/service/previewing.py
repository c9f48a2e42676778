"""`digest ROUTE`: what a route would tell now, for reading or for sending at once.

In: a configuration, a route's name, how far back. Out: the text as a reader of a plain destination sees it, and the
held stories by reason. Invariant: `show` changes nothing; `send` goes through the outbox like every other message.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.config import Config
from bot.delivery import idempotency_key
from bot.digests import Composition, Flavour, compose, flavour_of, render
from bot.errors import PlacewireError
from bot.model import Arrival, Reason, Report, Route, Story
from bot.pipeline import deliver, health, think
from bot.service.house import open_house
from bot.service.memory import looking
from bot.slots import Clock
from bot.store import DigestState, NewDigest, Outgoing, Store

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A digest as text, and how many stories were left out for which reason."""

    text: str
    held: Mapping[str, int]


async def show(config: Config, name: str, since: str | None, clock: Clock) -> Shown:
    route, now = _route(config, name), clock.now()
    async with looking(config) as store:
        return _shown(await _compose(config, store, route, now, since))


async def send(config: Config, name: str, since: str | None, clock: Clock) -> Shown:
    """Freeze the digest into the outbox under this moment as its slot, and deliver it."""
    route = _route(config, name)
    async with open_house(config, clock) as house:
        await think(house)  # a slot that is due by now goes first, and stays a slot of its own
        now = clock.now()
        made = await _compose(config, house.store, route, now, since, untold=True)
        if made.digest:
            messages = render(made.digest, flavour=flavour_of(route.to))
            queued = tuple(
                Outgoing(
                    idempotency=idempotency_key(house.secret, route.name, now, message.part),
                    to=route.to,
                    message=message,
                    thread=route.thread,
                )
                for message in messages
            )
            new = NewDigest(
                route=route.name,
                slot=now,
                since=made.digest.since,
                state=DigestState.COMPOSED,
                messages=queued,
                decisions=made.decisions,
            )
            await house.store.save_digest(new, now)
        await deliver(house)
    return _shown(made)


def _route(config: Config, name: str) -> Route:
    for route in config.routes:
        if route.name == name:
            return route
    known = ", ".join(route.name for route in config.routes) or "none"
    raise PlacewireError(name, "no route has this name", f"routes.yaml has: {known}")


async def _compose(
    config: Config, store: Store, route: Route, now: datetime, since: str | None, *, untold: bool = False
) -> Composition:
    start = now - _length(since) if since else None
    stories = _announced(await store.stories_since(start)) if start else await store.untold(route.name)
    if untold:
        decisions = await store.decisions(route.name)
        stories = [story for story in stories if decisions.get(story.row) is not Reason.TOLD]
    memories = await store.memories()
    return compose(
        route,
        stories,
        slot=now,
        since=start or now,
        now=now,
        watches=config.watches,
        health=health(config.sources, memories, now),
    )


def _announced(stories: Sequence[Story]) -> list[Story]:
    """A preview of the past tells what a first reading brought, too."""
    return [replace(story, reports=tuple(map(_live, story.reports))) for story in stories]


def _live(report: Report) -> Report:
    hits = tuple(replace(hit, late=False) for hit in report.hits)
    return replace(report, stored=replace(report.stored, arrival=Arrival.LIVE), hits=hits)


def _length(text: str) -> timedelta:
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text)
    if not found:
        raise PlacewireError("--since", f"{text!r} is no duration", "write a whole number with s, m, h or d, as in 24h")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _shown(made: Composition) -> Shown:
    text = "\n\n".join(message.text for message in render(made.digest, flavour=Flavour.PLAIN)) if made.digest else ""
    held = Counter(decision.reason.value for decision in made.decisions if decision.reason is not Reason.TOLD)
    return Shown(text or "Nothing to tell: no digest would be sent.", held)
