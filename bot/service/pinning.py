"""`routes pin`: the message that tells subscribers what a channel is.

In: a configuration and a route's name. Out: the text, or the message sent and pinned through the outbox. Invariant: the
same text is pinned once; another one changes what is pinned.
"""

from __future__ import annotations

from bot.config import Config
from bot.errors import AlreadyRunning, PlacewireError, WrongUsage
from bot.notices import Desk, pin_text, pinned
from bot.pipeline import deliver
from bot.service.house import open_house
from bot.service.memory import changing
from bot.service.previewing import route_of
from bot.slots import Clock
from bot.store import Store


async def shown(config: Config, name: str, clock: Clock) -> str:
    """The message as text; no database is needed."""
    return pin_text(config, route_of(config, name), clock.now())


async def pin(config: Config, name: str, clock: Clock) -> str:
    """Send and pin it, or change it. Says what was done."""
    route = route_of(config, name)
    if not route.to.kind.can_change:
        raise WrongUsage(name, f"delivers to a {route.to.kind}, where nothing can be pinned", "use --show")
    async with changing(config, clock.now()) as store:
        if not await _queue(config, store, name, clock):
            return f"{name}: the message is pinned, and says what it should"
    try:
        async with open_house(config, clock) as house:
            done = await deliver(house)
    except AlreadyRunning as running:
        return f"queued: process {running.pid} delivers it"
    if done.failed or done.parked:
        raise PlacewireError(name, "the message is queued and could not be delivered", "`outbox` says why")
    return f"{name}: pinned"


async def _queue(config: Config, store: Store, name: str, clock: Clock) -> bool:
    desk = Desk(config, store, await store.secret())
    notice = await pinned(desk, route_of(config, name), clock.now())
    return notice is not None and await store.notices.save(notice, clock.now()) is not None
