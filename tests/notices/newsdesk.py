"""A desk on a real store: sources report, a route decides, and what it queued is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.model import (
    Destination,
    DestinationKind,
    Place,
    Post,
    Relation,
    Route,
    Schedule,
    Source,
    Urgent,
)
from bot.notices import Desk, Rounds, announce
from bot.store import OutboxRow, Store
from tests.store.world import DEEPSTATE, ISW, NOW, RYBAR, commit, copy_of, first, mention, reading

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEN = 10 * MINUTE
CONSOLE = Destination(DestinationKind.CONSOLE)
CHANNEL = Destination(DestinationKind.TELEGRAM, "@kursk")
SUDZHA = Place(id="sudzha", name="Суджа", tags=("kursk",))
URGENT = Urgent(sources=2, within=30 * MINUTE, repeat=4 * HOUR)
ROUTE = Route(
    name="kursk",
    title="Kursk",
    to=CHANNEL,
    urgent=URGENT,
    digest=Schedule(cron="0 18 * * *", timezone="Europe/Kyiv"),
)
DETAILS = {
    "rybar": "Подробности уточняются, жители пишут о громких звуках с самого утра; артиллерия работает по посадкам у "
    "реки, дорога на запад перекрыта, связь пропадает.",
    "deepstate": "Ворог намагається просунутися вздовж траси, наші підрозділи тримають оборону; мапу буде оновлено "
    "ввечері, коли надійдуть знімки з повітря.",
    "isw": "Geolocated footage published today indicates that positions on the outskirts changed hands at least once; "
    "neither command has commented on the losses so far.",
}
"""What each source adds to a report: nobody has the words of another."""


@dataclass
class Newsdesk:
    """Everything happens at `now`, which the test moves."""

    store: Store
    route: Route = ROUTE
    watches: tuple[Place, ...] = (SUDZHA,)
    now: datetime = NOW
    sources: tuple[Source, ...] = (RYBAR, DEEPSTATE, ISW)
    rounds: Rounds = field(default_factory=Rounds)
    number: int = 0
    secret: bytes = b"secret"

    @property
    def desk(self) -> Desk:
        config = Config(
            folder=Path(), database="", sources=self.sources, watches=self.watches, routes=(self.route,), **self.more
        )
        return Desk(config, self.store, self.secret)

    more: dict[str, Any] = field(default_factory=dict)

    async def report(
        self,
        source: str,
        text: str = "Бои за Суджу",
        *,
        like: str | None = None,
        copies: str | None = None,
        within: str | None = None,
        ago: timedelta = timedelta(0),
        at: str | Mapping[str, str] = "sudzha",
    ) -> str:
        """A source reports now; `like` is a story of the same event in other words, `within` a round-up that it is part
        of. Gives the post's key.

        Its hit is on the watch `at`, or where these watches are named. Long enough to be no echo, and no source has
        the words of another.
        """
        self.number += 1
        post = Post(
            source=source,
            id=str(self.number),
            url=f"https://t.me/{source}/{self.number}",
            text=f"{text}. {DETAILS[source]} ({self.number})",
            published=self.now - ago,
        )
        await commit(self.store, reading(post, source=source), self.now)
        named = {at: "Суджу"} if isinstance(at, str) else at
        for stored in await self.store.unmatched(9):
            hits = [mention(stored, word, watch) for watch, word in named.items() if word in post.text]
            await self.store.save_matches([(stored, hits)], self.now)
        for stored in await self.store.ungrouped(9):
            placed = copy_of(stored, copies) if copies else replace(first(stored), related=(like,) if like else ())
            if within:
                placed = replace(placed, relation=Relation.INCLUDED, within=within)
            await self.store.save_placements([(stored, placed)], self.now)
        return post.key

    async def tick(self, after: timedelta = timedelta(0)) -> int:
        self.now += after
        return await announce(self.desk, self.rounds, self.now)

    async def restart(self) -> None:
        self.rounds = Rounds()

    async def outbox(self) -> list[OutboxRow]:
        return [row async for row in self.store.outbox()]

    async def queued(self) -> list[tuple[str, str]]:
        """What each row of the outbox does, and what it says."""
        found = []
        for row in await self.store.ready(self.now + timedelta(days=99)):
            found.append((row.action.value, row.message.text))
        return found

    async def texts(self) -> list[str]:
        return [text for _, text in await self.queued()]


async def two(news: Newsdesk) -> tuple[str, str]:
    """Two sources report one event, each in its own words."""
    one = await news.report("rybar", "Бои идут за Суджу, северная окраина")
    news.now += MINUTE
    return one, await news.report("deepstate", "Сутички за Суджу тривають", like=one)
