"""Reading for tests: one world, read by web and by account, each with a memory of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from bot.http import Http, HttpSettings
from bot.model import Reading, Source, SourceKind, SourceMemory, Via
from bot.sources import AccountChannels, Reader, Web, after
from bot.telegram import Account, History
from bot.telegram.history import PAGE
from tests.fakes.clock import StepClock
from tests.fakes.telegram.office import keys
from tests.fakes.telegram.server import Telegram
from tests.fakes.telegram.world import Account as Person, Channel


@dataclass
class Desk:
    """`rybar` is a public channel. `account` and `web` read it; their memories stand in `memories`."""

    fake: Telegram
    clock: StepClock
    http: Http
    person: Person
    rybar: Channel
    account: Reader
    web: Reader
    accounts: list[Account]
    heard: list[int]
    """Ids of channels that pushes spoke of."""
    opened: Callable[[], tuple[list[Account], Reader]]
    """Makes the accounts, and who reads with them."""
    memories: dict[Via, SourceMemory] = field(default_factory=dict)
    source: Source = field(
        default_factory=lambda: Source(
            name="rybar", kind=SourceKind.CHANNEL, address="https://t.me/rybar", poll=timedelta(seconds=90)
        )
    )

    async def poll(self, via: Via = Via.MTPROTO) -> Reading:
        """One poll, remembered; AUTO reads as the service with an account would."""
        reader = self.web if via is Via.WEB else self.account
        source = replace(self.source, via=via)
        memory = self.memories.get(via, SourceMemory(name=source.name))
        reading = await reader.read(source, memory, self.clock.now())
        self.memories[via] = after(source, memory, reading, self.clock.now())
        self.clock.moment += timedelta(seconds=90)
        return reading

    async def restart(self) -> None:
        """What accounts and their histories knew is gone, as after a restart of the service."""
        await self.close()
        self.accounts, self.account = self.opened()

    async def close(self) -> None:
        for account in self.accounts:
            await account.close()


def _itself(history: History) -> History:
    return history


@asynccontextmanager
async def desk(
    fake: Telegram, *, readers: int = 1, patience: float = 5.0, listens: bool = False, page: int = PAGE
) -> AsyncIterator[Desk]:
    """With `listens` the accounts have joined the channel, and hear what is pushed. `page` is in messages."""
    clock = StepClock()
    fake.world.now = clock.now
    people = [fake.world.account(f"reader{number}", phone=f"+99900{number}") for number in range(readers)]
    rybar = fake.world.channel("rybar")
    heard: list[int] = []
    on_push = heard.append if listens else None
    rybar.members = {each.id for each in people} if listens else set()
    async with Http(HttpSettings(allow_private_networks=True), clock=clock) as http:
        site = Web(base_url=fake.web)

        def opened() -> tuple[list[Account], Reader]:
            accounts = [Account(keys(fake), fake.session(each), on_push=on_push, patience=patience) for each in people]
            histories = [History(each, clock.now, page=page) for each in accounts]
            named = {each.name: partial(_itself, history) for each, history in zip(people, histories, strict=True)}
            return accounts, Reader(http, web=site, account=AccountChannels(named))

        accounts, reader = opened()
        made = Desk(fake, clock, http, people[0], rybar, reader, Reader(http, web=site), accounts, heard, opened)
        yield made
        await made.close()
