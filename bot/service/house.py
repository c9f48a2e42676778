"""Opening the house: everything the steps work with, made from one configuration and closed in order.

In: a `Config`, a clock, where the console destination prints. Out: a `House` whose parts are open. Invariant: only this
file decides which parts a house has; `run`, `once`, the demo and the tests open the same one.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TextIO

import structlog

from bot.config import Config
from bot.config.cache import cache_folder
from bot.delivery import Destinations
from bot.http import Http, HttpSettings
from bot.http.settings import USER_AGENT
from bot.matching import load_matcher
from bot.pipeline import House, places_of
from bot.service import whereabouts
from bot.service.crash import check_after_a_crash
from bot.service.keeper import kept
from bot.service.memory import writing
from bot.service.room import Free, free_beside, short
from bot.service.samples import Samples
from bot.service.telegram import open_accounts, open_sender
from bot.slots import Clock
from bot.sources import WAITS_FOR_LOGIN, Reader, Web, bare_id
from bot.store import Store, instance_lock
from bot.stories import Memory, sketched

STOP_WITHIN = 5.0
"""Seconds that a message under way gets to arrive; the promise is 10 s for the whole stop."""
_RESKETCHED = timedelta(days=7)

log = structlog.get_logger()


@asynccontextmanager
async def open_house(
    config: Config,
    clock: Clock,
    console: TextIO = sys.stdout,
    stopping: asyncio.Event | None = None,
    on_push: Callable[[int], None] | None = None,
    free: Free | None = None,
) -> AsyncIterator[House]:
    """The open house, alone with its database: raises `AlreadyRunning` if another process has it.

    `on_push` hears the ids of Telegram's channels that changed, as far as accounts are told; `free` tells the room on
    the disk.
    """
    stopping = stopping or asyncio.Event()
    with instance_lock(config.database) as lock:
        if not lock.in_order:
            await check_after_a_crash(config)
        async with (
            kept(lock, stopping),
            writing(config, clock.now()) as store,
            open_http(config, clock) as http,
            open_reader(config, http, clock, on_push) as reader,
            open_sender(config, store, http, reader, clock) as sender,
        ):
            lock.opened()
            await _sync(store, config, clock.now())
            await store.unpark()
            for route in config.delivered:
                await store.route(route.name, clock.now())  # known before anything is read for it
            house = House(
                config=config,
                clock=clock,
                store=store,
                reader=reader,
                matcher=await load_matcher(config.watches, cache_folder()),
                memory=await _remembering(config, store, clock.now()),
                destinations=Destinations(config.delivered, clock=clock, http=http, console=console, telegram=sender),
                secret=await store.secret(),
                short_of_room=short(free or free_beside(config)),
                stopping=stopping,
            )
            await store.upkeep.sync_watches(config.watches, clock.now())
            try:
                yield house
            finally:
                await house.destinations.stop(STOP_WITHIN)


async def _sync(store: Store, config: Config, now: datetime) -> None:
    """Take over the configured sources. An `id:` that is written down accepts the channel that has this name now.

    What waited for a reader is due: since the last start somebody may have logged in.
    """
    if not await store.memories():
        _warn_of_a_new_one(store, whereabouts.other_before(config))
    whereabouts.note(config)
    await store.sync_sources(config.sources, now)
    memories = await store.memories()
    for source in config.sources:
        known = memories[source.name].cursor.channel_id
        if source.id is not None and known is not None and bare_id(source.id) != known:
            await store.accept_source(source.name, bare_id(source.id), now)
        if memories[source.name].condition.state in WAITS_FOR_LOGIN:
            await store.reviews.poll_now(source.name, now)


def _warn_of_a_new_one(store: Store, before: str | None) -> None:
    if before is None:
        do = "if there was one before: stop, and put it or a copy back"
        log.warning("this database is new", database=store.name, do=do)
    else:
        do = "if that was not meant: stop, and name the one before under `database:`, or `db move` it"
        log.warning("this database is new", database=store.name, before=before, do=do)


async def _remembering(config: Config, store: Store, now: datetime) -> Memory:
    """What grouping remembers. Sketches that a new release let go of are made again, as far as late posts reach."""
    missing = await store.unsketched(now - _RESKETCHED)
    places = await places_of(config, store, [each for each, _ in missing])
    made = [
        (each, sketched(each.post, placement, when=each.happened, places=places[each.row]))
        for each, placement in missing
    ]
    await store.save_sketches(made)
    memory = Memory(store)
    await memory.ready(now)
    return memory


def open_http(config: Config, clock: Clock) -> Http:
    agent = f"{USER_AGENT[:-1]}; {config.http.contact})" if config.http.contact else USER_AGENT
    proxy = config.http.proxy.reveal() if config.http.proxy else None
    settings = HttpSettings(allow_private_networks=config.http.allow_private_networks, proxy=proxy, user_agent=agent)
    return Http(settings, clock=clock)


@asynccontextmanager
async def open_reader(
    config: Config, http: Http, clock: Clock, on_push: Callable[[int], None] | None = None
) -> AsyncIterator[Reader]:
    web = config.telegram.web
    async with (
        open_accounts(config, clock, on_push) as accounts,
        Reader(
            http,
            web=Web(base_url=web.base_url, min_interval=web.min_interval),
            account=accounts,
            keep=Samples(cache_folder() / "samples").keep,
        ) as reader,
    ):
        yield reader
