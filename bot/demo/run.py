"""The demonstration from start to end: the newsroom opens, the house watches it, the last page is printed.

In: where to print. Out: the digests of one morning as a subscriber reads them, then what was found, grouped and left
out, and why. Everything it writes lies in a temporary folder that goes with it; nothing leaves loopback.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.config import Config, load, load_watchlists
from bot.demo.config import write_config
from bot.demo.findings import Findings, gather
from bot.demo.newsroom import Newsroom, load as load_newsroom
from bot.demo.progress import Screen, Standing, screen
from bot.demo.report import compose_report
from bot.demo.server import open_newsroom
from bot.demo.troubles import Troubles
from bot.matching import load_matcher
from bot.pipeline import House, deliver, think
from bot.service.clock import FastClock
from bot.service.house import cache_folder, open_house
from bot.service.local import run as run_ticks
from bot.slots import Clock

SECONDS = 20.0
"""Real seconds in which the morning passes."""
TICK = 0.15
LOOK = 0.25
"""Real seconds between two looks at how far it is."""
_UNUSED = "http://127.0.0.1"


async def run_demo(out: TextIO, seconds: float = SECONDS) -> None:
    """Let the morning pass in `seconds`, and print it to `out`."""
    newsroom = load_newsroom()
    with TemporaryDirectory(prefix="placewire-demo-") as folder, screen(out) as shown:
        await _warm(newsroom, Path(folder))
        clock = FastClock(newsroom.opens, (newsroom.closes - newsroom.opens).total_seconds() / seconds)
        async with open_newsroom(newsroom, clock) as server:
            write_config(Path(folder), newsroom, server.url)
            findings = await _morning(load(Path(folder), {}), newsroom, clock, shown)
        print(compose_report(findings), file=shown.stream, flush=True)


async def _warm(newsroom: Newsroom, folder: Path) -> None:
    """Expand the names before the clock starts: with dictionaries it takes seconds, and seconds are hours here."""
    write_config(folder, newsroom, _UNUSED)
    await load_matcher(load_watchlists([folder / "watchlists" / "kursk.yaml"]), cache_folder())


async def _morning(config: Config, newsroom: Newsroom, clock: Clock, shown: Screen) -> Findings:
    """The service as it always runs, until the newsroom closes; then whatever is still under way is finished."""
    stop = asyncio.Event()
    troubles = Troubles()
    async with open_house(config, clock, shown.stream) as house:
        service = asyncio.create_task(run_ticks(house, stop, tick=TICK))
        try:
            while clock.now() < newsroom.closes and not service.done():
                await _look(house, newsroom, troubles, shown)
                await asyncio.sleep(LOOK)
        finally:
            stop.set()
            await service
        await think(house)
        await deliver(house)
        (route,) = config.routes
        findings = await gather(house.store, newsroom, config.sources, config.watches, route)
    return replace(findings, episodes=troubles.episodes)


async def _look(house: House, newsroom: Newsroom, troubles: Troubles, shown: Screen) -> None:
    now = house.clock.now()
    troubles.look((await house.store.memories()).values(), now)
    counts = await house.store.counts()
    shown.show(
        Standing(
            hour=now.astimezone(ZoneInfo(newsroom.zone)),
            share=(now - newsroom.opens) / (newsroom.closes - newsroom.opens),
            posts=counts.posts,
            hits=counts.hits,
            stories=counts.stories,
            digests=counts.digests,
            troubles=tuple(house.sources[episode.source].shown for episode in troubles.now),
        )
    )
