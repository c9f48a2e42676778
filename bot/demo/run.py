"""The demonstration from start to end: the newsroom opens, the house watches it, the last page is printed.

In: where to print. Out: the digests of one morning as a subscriber reads them, then what was found, grouped and left
out, and why; the same at every run. Everything it writes lies in a temporary folder that goes with it, or in one that
is kept for asking; nothing leaves loopback.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.config import load
from bot.delivery.picture import draw, drawer
from bot.demo.clock import Morning
from bot.demo.config import write_config
from bot.demo.findings import Findings, gather
from bot.demo.newsroom import Newsroom, load as load_newsroom
from bot.demo.progress import Screen, Standing, screen
from bot.demo.report import compose_report
from bot.demo.server import open_newsroom
from bot.demo.troubles import Troubles
from bot.errors import WrongUsage
from bot.model import Reason, Schedule, Silence
from bot.pipeline import Due, House, composed, deliver, poll, think
from bot.service.house import open_house

SILENCED = "pokrovsk"
SECONDS = 20.0
"""Real seconds in which the morning passes, once everything is open."""
MINUTE = timedelta(minutes=1)


async def run_demo(out: TextIO, seconds: float = SECONDS, card: Path | None = None, keep: Path | None = None) -> None:
    """Let the morning pass in `seconds`, and print it to `out`; `card` is where a picture of it is drawn.

    Its configuration and database stay in the folder `keep`. Raises `WrongUsage` if that is not empty, and before the
    morning begins `CardNotDrawn` if resvg is not installed.
    """
    if card is not None:
        drawer()
    newsroom = load_newsroom()
    clock = Morning(newsroom.opens)
    with _folder(keep) as folder, screen(out) as shown:
        async with open_newsroom(newsroom, clock) as server:
            write_config(folder, newsroom, server.url)
            async with open_house(load(folder, {}), clock, shown.stream) as house:
                await house.store.notices.add_silence(silence(newsroom))
                findings = await _Watch(newsroom, clock, house, shown).through(seconds)
                print(compose_report(findings), file=shown.stream, flush=True)
                if card is not None:
                    await _draw(house, newsroom, card)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory(prefix="placewire-demo-") as folder:
            yield Path(folder)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise WrongUsage("--keep", f"{keep} is not an empty folder", "name a new one")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep.resolve()


def silence(newsroom: Newsroom) -> Silence:
    """What the night editor left behind: one place is not to be told this morning."""
    return Silence(
        since=newsroom.opens,
        until=newsroom.closes,
        author="night editor",
        comment="told in full yesterday",
        place=SILENCED,
    )


async def _draw(house: House, newsroom: Newsroom, path: Path) -> None:
    """The whole morning as one card: all that its digests tell, where one digest alone would leave some waiting."""
    decided = await house.store.decisions(house.config.routes[0].name)
    stories = [
        story
        for story in await house.store.stories_since(newsroom.opens)
        if decided.get(story.row) is not Reason.SILENCED
    ]
    first = house.config.routes[0]
    schedule = replace(first.digest or Schedule(cron=""), max_stories=max(1, len(stories)))
    route = replace(first, card=True, digest=schedule)
    due = Due(slot=newsroom.closes, since=newsroom.opens, now=newsroom.closes)
    made = await composed(house.desk, route, stories, due)
    if made.card is not None:
        await asyncio.to_thread(draw, made.card, path)


@dataclass(frozen=True, slots=True)
class _Watch:
    """The steps of the service, minute by minute on the newsroom's clock, and somebody who looks on."""

    newsroom: Newsroom
    clock: Morning
    house: House
    shown: Screen

    async def through(self, seconds: float) -> Findings:
        """Until the newsroom closes, in `seconds` or as fast as the machine can."""
        troubles = Troubles()
        loop, opens = asyncio.get_running_loop(), self.newsroom.opens
        begun, minutes = loop.time(), (self.newsroom.closes - opens) // MINUTE
        for minute in range(minutes + 1):
            self.clock.go_on(opens + minute * MINUTE)
            await self._round()
            await self._look(troubles)
            await asyncio.sleep(max(0.0, begun + seconds * minute / minutes - loop.time()))
        config = self.house.config
        findings = await gather(self.house.store, self.newsroom, config.sources, config.watches, config.routes[0])
        return replace(findings, episodes=troubles.episodes)

    async def _round(self) -> None:
        """One source after another: of two that are read at once, either may be stored first."""
        for name in await self.house.store.due(self.clock.now(), len(self.house.sources)):
            await poll(self.house, name)
        await think(self.house)
        await deliver(self.house)

    async def _look(self, troubles: Troubles) -> None:
        now = self.clock.now()
        troubles.look((await self.house.store.memories()).values(), now)
        if not self.shown.live:
            return
        counts = await self.house.store.counts()
        self.shown.show(
            Standing(
                hour=now.astimezone(ZoneInfo(self.newsroom.zone)),
                share=(now - self.newsroom.opens) / (self.newsroom.closes - self.newsroom.opens),
                posts=counts.posts,
                hits=counts.hits,
                stories=counts.stories,
                digests=counts.digests,
                troubles=tuple(self.house.sources[episode.source].shown for episode in troubles.now),
            )
        )
