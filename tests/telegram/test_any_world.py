"""Whatever happens to a channel and to the way to it, in the end the store has what the world has, word for word.

The ordinary suite takes 2,000 steps; PLACEWIRE_STEPS=100000 takes as many as that.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from bot.model import Post as Stored, Source, SourceMemory, Via
from bot.sources import BATCH, HORIZON, after
from bot.store import Store
from tests.fakes.clock import START
from tests.fakes.telegram.desk import Desk, desk
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import telegram
from tests.fakes.telegram.world import Post, albums

STEPS = int(os.environ.get("PLACEWIRE_STEPS", "2000"))
LENGTH = 100
PAGE, BURST = 25, 60
"""Small pages: a burst is more than two of them, and three bursts are more than one poll reads."""
UNKNOWN = 1
"""So many messages at a time are such that they cannot be decoded: each costs requests at every poll."""
HISTORY, RESOLVE = "GetHistoryRequest", "ResolveUsernameRequest"
WORDS = st.sampled_from(["Суджа", "Взрыв\nв  Судже", "💥", "<b>&amp;", "конец", ""])
_template: list[Path] = []


async def new_store(folder: Path) -> Store:
    """A migrated database costs more than copying one."""
    if not _template:
        made = Path(tempfile.mkdtemp()) / "placewire.db"
        await (await Store.open(made, now=START)).close()
        _template.append(made)
    return await Store.open(Path(shutil.copy(_template[0], folder)), now=START)


class AnyWorld(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.here, self.store = self.runner.run(self.opened())
        self.world, self.rybar = self.here.fake.world, self.here.rybar
        self.not_before = START
        """Until then a flood wait of this account's history runs."""
        self.restarts = False
        """Since the last poll: whatever ran before, the next one asks."""

    async def opened(self) -> tuple[Desk, Store]:
        self.stack = AsyncExitStack()
        fake = await self.stack.enter_async_context(telegram())
        here = await self.stack.enter_async_context(desk(fake, listens=True, page=PAGE))
        store = await new_store(Path(self.folder.name))
        self.stack.push_async_callback(self.closed)
        await store.sync_sources([here.source], START)
        return here, store

    # -------------------------------------------------------- the channel

    @rule(count=st.sampled_from([1, 2, 3, BURST]), text=WORDS)
    def post(self, count: int, text: str) -> None:
        for number in range(count):
            self.world.write(self.rybar, f"{text} {number}" if text else "")

    @rule(parts=st.integers(2, 10), text=WORDS)
    def album(self, parts: int, text: str) -> None:
        self.world.album(self.rybar, text, parts)

    @rule()
    def service(self) -> None:
        self.world.write(self.rybar, service=True)

    @precondition(lambda self: sum(post.unknown for post in self.rybar.posts.values()) < UNKNOWN)
    @rule()
    def unknown(self) -> None:
        """A message that the client cannot decode: a post without words."""
        self.world.write(self.rybar, unknown=True)

    @precondition(lambda self: sum(post.unknown for post in self.rybar.posts.values()) < UNKNOWN)
    @rule(parts=st.integers(3, 10), text=WORDS, data=st.data())
    def unknown_part(self, parts: int, text: str, data: Any) -> None:
        """An album with such a message between its others."""
        made = self.world.album(self.rybar, text, parts)
        made[data.draw(st.integers(1, parts - 2))].unknown = True

    @precondition(lambda self: self.rybar.posts)
    @rule(data=st.data(), text=WORDS)
    def edit(self, data: Any, text: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.rybar.posts)[-40:]))
        if not (self.rybar.posts[number].service or self.rybar.posts[number].unknown):
            self.world.edit(self.rybar, number, text)

    @precondition(lambda self: self.rybar.posts)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        newest = st.sampled_from(sorted(self.rybar.posts)[-40:])
        self.world.delete(self.rybar, *data.draw(st.sets(newest, max_size=5)))

    # -------------------------------------------------------- the way

    @rule(
        kind=st.sampled_from([Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.RESTART, Kind.ERROR]),
        after_pages=st.integers(0, 3),
    )
    def fail(self, kind: Kind, after_pages: int) -> None:
        self.here.fake.script.on(HISTORY, kind, after=after_pages, code=400, text="SOMETHING_NEW")

    @rule(seconds=st.integers(1, 600))
    def flood(self, seconds: int) -> None:
        self.here.fake.script.flood(HISTORY, seconds)

    @rule(kind=st.sampled_from([Kind.HANG, Kind.TOO_LONG]), times=st.integers(1, 9))
    def lose_pushes(self, kind: Kind, times: int) -> None:
        self.here.fake.script.on("push", kind, times=times)

    @rule()
    def hang_up(self) -> None:
        self.here.fake.mtproto.restart()

    @rule(waiting=st.booleans())
    def restart(self, waiting: bool) -> None:
        """Only the store's file remembers; a flood wait that runs is one thing that is forgotten."""
        if waiting:
            self.flood(600)
            self.poll()
        self.runner.run(self.restarted())

    # -------------------------------------------------------- reading

    @rule()
    def poll(self) -> None:
        self.runner.run(self.polled())

    @rule()
    def poll_what_is_pushed(self) -> None:
        if self.here.heard:
            self.here.heard.clear()
            self.poll()

    async def closed(self) -> None:
        await self.store.close()

    async def restarted(self) -> None:
        await self.store.close()
        await self.here.restart()
        self.here.heard.clear()
        self.store = await Store.open(Path(self.folder.name) / "placewire.db", now=self.here.clock.now())
        self.not_before, self.restarts = START, True

    async def polled(self) -> str:
        """One poll, which asks nothing while a flood wait runs, and for no name that is known."""
        now, script = self.here.clock.now(), self.here.fake.script
        memory: SourceMemory = await self.store.memory("rybar")
        script.asked.clear()
        reading = await self.here.account.read(self.source, memory, now)
        await self.store.commit_reading(reading, after(self.source, memory, reading, now), now)
        assert now >= self.not_before or script.count(HISTORY) == 0
        assert not (self.restarts and memory.cursor.access) or script.count(HISTORY) > 0
        self.restarts = False
        assert not memory.cursor.access or script.count(RESOLVE) == 0
        self.not_before = reading.condition.until or self.not_before
        self.here.clock.moment += timedelta(seconds=90)
        return reading.condition.state

    async def whole_round(self) -> None:
        """The slow round through everything that is stored, from the top."""
        now, below = self.here.clock.now(), self.rybar.last + 1
        while known := await self.store.upkeep.ids_below("rybar", below, now - HORIZON, BATCH):
            memory = await self.store.memory("rybar")
            reading = await self.here.account.reread(self.source, memory, known, now)
            assert reading is not None
            assert reading.cursor.again is not None
            below = reading.cursor.again
            await self.store.commit_reading(reading, memory, now)

    @rule()
    def in_the_end_the_store_has_what_the_world_has(self) -> None:
        self.here.fake.script.faults.clear()
        self.here.clock.moment += timedelta(hours=1)
        before = ""
        for _ in range(30):
            state = self.runner.run(self.polled())
            gaps = self.runner.run(self.store.memory("rybar")).cursor.gaps
            if not gaps and (state == "ok" or state == before == "empty"):
                break
            before = state
            self.here.clock.moment += timedelta(hours=1)
        self.runner.run(self.whole_round())
        posts = self.runner.run(self.stored())
        assert {post.id: post.text for post in posts} == self.expected()

    @property
    def source(self) -> Source:
        return replace(self.here.source, via=Via.MTPROTO, backfill=5000)

    async def stored(self) -> list[Stored]:
        return [row.post for row in await self.store.unmatched(100_000) if row.deleted is None]

    def expected(self) -> dict[str, str]:
        groups = albums(list(map(self.shown, sorted(self.rybar.posts))))
        return {str(parts[0].id): words(parts) for parts in groups if not parts[0].service}

    def shown(self, number: int) -> Post:
        """What cannot be decoded is known to be of an album only between two others of it."""
        post = self.rybar.posts[number]
        beside = [each.album for key, each in self.rybar.posts.items() if not each.unknown and key < number][-1:]
        beside += [each.album for key, each in self.rybar.posts.items() if not each.unknown and key > number][:1]
        return post if not post.unknown or beside == [post.album] * 2 else replace(post, album=None)

    def teardown(self) -> None:
        try:
            self.in_the_end_the_store_has_what_the_world_has()
        finally:
            self.runner.run(self.stack.aclose())
            self.runner.close()
            self.folder.cleanup()


def words(parts: list[Post]) -> str:
    lines = ("\n".join(line.strip() for line in part.text.split("\n")).strip() for part in parts)
    return "\n".join(dict.fromkeys(filter(None, lines)))


AnyWorld.TestCase.settings = settings(
    max_examples=max(1, STEPS // LENGTH),
    stateful_step_count=LENGTH,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=STEPS == 2000,
    phases=[Phase.generate],
)
TestAnyWorld = AnyWorld.TestCase
