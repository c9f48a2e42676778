"""A copy two days old takes the place of the database: nothing is sent twice, what comes then is sent once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.http.serving import Answer, Request, serve
from bot.model import Destination, DestinationKind, Message, Outcome
from bot.service.memory import changing
from bot.store import OUR_OWN, Act, ActKind, How, Outgoing, Store
from tests.fakes.installation import FRONT, Installation, stop
from tests.fakes.postgresql import Server
from tests.fakes.telegram.office import TOKEN
from tests.fakes.telegram.server import telegram
from tests.fakes.telegram.world import Channel, World
from tests.service.test_run import until


@dataclass
class Desk:
    """Takes what is sent: a file, a webhook, and a channel of the fake Telegram."""

    installed: Installation
    world: World
    channel: Channel
    bodies: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def answer(self, request: Request) -> Answer:
        self.bodies.append(json.dumps(json.loads(request.body), ensure_ascii=False))
        self.keys.append(request.headers["Idempotency-Key"])
        return Answer(200)

    @property
    def chat(self) -> list[str]:
        """The messages, each with the addresses behind its words."""
        sent = [each for each in self.world.sent if each.channel == self.channel.id]
        return [f"{each.text} {' '.join(getattr(one, 'url', '') for one in each.entities)} " for each in sent]

    def told(self, number: int) -> tuple[int, int, int]:
        """How often the file, the webhook and the channel were told of a post."""
        address = f"https://t.me/{FRONT}/{number}"
        return (
            self.installed.told.count(f"{address}\n"),
            sum(f'{address}"' in body for body in self.bodies),
            sum(f"{address} " in text for text in self.chat),
        )

    def found(self, text: str) -> bool:
        return any(text in each for each in self.chat)

    @property
    def all(self) -> tuple[str, int, int]:
        return self.installed.told, len(self.bodies), len(self.chat)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(
    installed: Installation, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    if request.param == "sqlite":
        yield installed
        return
    monkeypatch.setattr("bot.store.postgresql.RECORDS", installed.folder / "data")
    server: Server = request.getfixturevalue("server")
    installed.database = server.make(DATABASE)
    installed.configure()
    yield installed
    server.drop_all(DATABASE)


DATABASE = "placewire_test_restored"


@pytest.fixture
async def desk(engine: Installation) -> AsyncIterator[Desk]:
    folder, world = engine.folder, World()
    channel = world.channel("kursk", posters={world.bot(TOKEN).id})
    made = Desk(engine, world, channel)
    async with telegram(world) as fake, serve(made.answer) as server:
        for name, secret in (("hook", f"{server.url}/hook\n"), ("token", TOKEN), ("hash", "0" * 32)):
            (folder / name).write_text(secret, encoding="utf-8")
            (folder / name).chmod(0o600)
        publisher = f"{{bot_token_file: '{folder}/token', api_id: 1, api_hash_file: '{folder}/hash'}}"
        file = folder / "config/bot.yaml"
        before, added = "min_interval: 1s}", f", publisher: {publisher}, server: {fake.settings(folder)}"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(before, before + added), encoding="utf-8")
        targets = (f"to: 'file:{folder}/out.txt'", f"to: webhook, url_file: '{folder}/hook'", "to: 'telegram:@kursk'")
        routes = [f"{{name: r{n}, {to}, digest: {{cron: '* * * * * *'}}}}" for n, to in enumerate(targets)]
        (folder / "config/routes.yaml").write_text(f"routes: [{', '.join(routes)}]\n", encoding="utf-8")
        yield made


async def message_lost(installed: Installation) -> str:
    """A message to the channel of which nobody knows whether it arrived; gives its id."""
    now = installed.clock.now()
    message = Outgoing(
        idempotency="5e77",
        to=Destination(DestinationKind.TELEGRAM, "@kursk"),
        message=Message(text="без ответа"),
        words_of=OUR_OWN,
    )
    async with changing(installed.config) as store:
        await store.queue("r2", [message], now)
        (row,) = [each for each in await store.ready(now) if each.idempotency == "5e77"]
        await store.settle(await store.begin(row, now), Outcome.UNKNOWN, now=now)
    return row.key


async def test_nothing_is_sent_twice_after_a_restore_of_a_copy_two_days_old(desk: Desk) -> None:
    installed = desk.installed
    installed.clock.moment -= timedelta(days=2)
    await installed.once()
    installed.write("Бои под Суджей.")
    await installed.once()
    async with installed.store() as store:
        await store.backup(installed.folder / "copy.db")
    installed.clock.moment += timedelta(days=1)
    for text in ("Колонна вошла в Бердин.", "Из Суджи вывозят жителей."):
        installed.write(text)
        await installed.once()
    assert [desk.told(number) for number in (1, 2, 3)] == [(1, 1, 1)] * 3
    told = desk.all

    restored_at = datetime.now(UTC) - timedelta(minutes=5)
    await Store.restore(installed.folder / "copy.db", installed.config.database, restored_at)
    installed.clock.moment = restored_at
    for _ in range(2):
        done = await installed.once()
        assert not done.failed
    assert desk.all == told
    assert {hit.post: hit.late for hit in await installed.hits()} == {
        f"{FRONT}/1": False,
        f"{FRONT}/2": True,
        f"{FRONT}/3": True,
    }

    installed.clock.moment = datetime.now(UTC)
    lost = await message_lost(installed)
    asked = installed.feed_asked
    process = await installed.start("run", "--quiet")
    await until(lambda: installed.feed_asked > asked)
    installed.write("У Бердина слышны взрывы.")
    await until(lambda: desk.told(4) == (1, 1, 1))
    assert not desk.found("без ответа"), "it is not sent again by itself"
    async with changing(installed.config) as store:
        await store.reviews.perform(
            Act(kind=ActKind.AGAIN, targets=(lost,), who="anna", how=How.CLI), datetime.now(UTC)
        )
    await until(lambda: desk.found("без ответа"))
    assert await stop(process) == 0
    assert [desk.told(number) for number in (1, 2, 3, 4)] == [(1, 1, 1)] * 4
    assert max(Counter(desk.keys).values()) == 1


async def test_what_is_edited_long_after_a_restore_is_corrected_and_told(engine: Installation) -> None:
    """The preview of a channel shows no time of an edit."""
    await engine.once()
    engine.write("Бои под Суджей.")
    await engine.once()
    async with engine.store() as store:
        await store.backup(engine.folder / "copy.db")
    await engine.once()
    await Store.restore(engine.folder / "copy.db", engine.config.database, engine.clock.now() + timedelta(seconds=1))
    await engine.once()
    told = engine.told
    engine.channel.posts[1] = replace(engine.channel.posts[1], html="Колонна вошла в Бердин.")
    for _ in range(2):
        await engine.once()
    new = engine.told.removeprefix(told)
    assert "no longer names Sudzha" in new
    assert "Колонна вошла в Бердин." in new
