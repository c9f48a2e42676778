"""A post office for tests: the fake Telegram, a bot that posts there, and an outbox that it drains."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.delivery import Destinations
from bot.delivery.telegram import Poster, Telegram
from bot.delivery.telegram_bot_api import BotApi
from bot.http import Http, HttpSettings
from bot.model import Destination, DestinationKind, Route
from bot.service.telegram import _preview
from bot.sources import Reader, Web
from bot.store import Store
from bot.telegram import Account, Keys, Publisher, Server
from tests.fakes.clock import StepClock
from tests.fakes.telegram.keys import DC, public_pem
from tests.fakes.telegram.server import Telegram as Fake
from tests.fakes.telegram.world import Account as Bot, Channel

TOKEN = "7000:fake-token"


def keys(fake: Fake) -> Keys:
    server = Server(dc_id=DC, host="127.0.0.1", port=fake.port, public_key=public_pem())
    return Keys(api_id=1, api_hash="hash", server=server)


@dataclass
class Office:
    """`kursk` is a channel where the bot may post. `accounts` are closed with the office."""

    fake: Fake
    store: Store
    clock: StepClock
    http: Http
    reader: Reader
    bot: Bot
    kursk: Channel
    accounts: list[Account] = field(default_factory=list)

    def publisher(self, *, patience: float = 5.0, session: str | None = None) -> Publisher:
        given = self.fake.session(self.bot) if session is None else session
        self.accounts.append(Account(keys(self.fake), given, bot_token=TOKEN, patience=patience))
        return Publisher(self.accounts[-1], self.clock)

    def bot_api(self) -> BotApi:
        return BotApi(self.http, TOKEN, base=self.fake.bot_api)

    def sender(self, poster: Poster, *routes: Route) -> Telegram:
        seen = _preview(self.reader, self.clock)
        return Telegram(poster, self.store, clock=self.clock, routes=routes, seen=seen)

    def destinations(self, poster: Poster, *routes: Route) -> Destinations:
        return Destinations(routes, clock=self.clock, telegram=self.sender(poster, *routes))

    def to(self, address: str = "@kursk") -> Destination:
        return Destination(DestinationKind.TELEGRAM, address)

    @property
    def texts(self) -> list[str]:
        return self.fake.world.texts(self.kursk)


@asynccontextmanager
async def office(fake: Fake, store: Store, clock: Any) -> AsyncIterator[Office]:
    bot = fake.world.bot(TOKEN)
    kursk = fake.world.channel("kursk", posters={bot.id})
    fake.world.now = clock.now
    async with (
        Http(HttpSettings(allow_private_networks=True), clock=clock) as http,
        Reader(http, web=Web(base_url=fake.web)) as reader,
    ):
        made = Office(fake, store, clock, http, reader, bot, kursk)
        yield made
        for account in made.accounts:
            await account.close()
