"""One world, read by the preview and by an account, each into a store of its own: the same posts and revisions."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import Source, Via
from bot.sources import BATCH, HORIZON, Reader, after
from bot.store import Store
from tests.fakes.telegram.desk import Desk, desk
from tests.fakes.telegram.server import telegram

WAYS = (Via.WEB, Via.MTPROTO)
NEWEST = 15
"""Between slow rounds edits and deletions are in the newest messages, which both ways compare at each sweep."""
SAID, MENDED = 25, 6
"""Messages, and edits or deletions, between two polls: with NEWEST less than a sweep's 60 blocks of the preview."""
BURST = 250
"""More messages than a poll of the preview reaches."""
STEPS, ROUND = 24, 8
"""Polls; before every so many-th there is a burst, and after it a slow round for what has changed anywhere."""
REVISIONS = """
SELECT post.ident, post.url, post.published, post.author, post.forwarded_from, post.reply_to, post.album, post.parts,
    post.arrival, post.deleted, revision.number, revision.text, revision.complete
FROM revision JOIN post ON post.row = revision.post ORDER BY post.number, revision.number
"""


@pytest.fixture
async def here() -> AsyncIterator[Desk]:
    async with telegram() as fake, desk(fake) as made:
        yield made


async def polled(here: Desk, store: Store, via: Via) -> int:
    """How many gaps are left."""
    reader, source = way(here, via)
    now, memory = here.clock.now(), await store.memory("rybar")
    reading = await reader.read(source, memory, now)
    assert reading.condition.state in {"ok", "empty"}
    await store.commit_reading(reading, after(source, memory, reading, now), now)
    return len(reading.cursor.gaps)


async def whole_round(here: Desk, store: Store, via: Via) -> int:
    """The slow round through everything that is stored; its steps."""
    reader, source = way(here, via)
    now, below, steps = here.clock.now(), here.rybar.last + 1, 0
    while known := await store.upkeep.ids_below("rybar", below, now - HORIZON, BATCH):
        memory = await store.memory("rybar")
        reading = await reader.reread(source, memory, known, now)
        assert reading is not None
        assert reading.cursor.again is not None
        below, steps = reading.cursor.again, steps + 1
        await store.commit_reading(reading, memory, now)
    return steps


def way(here: Desk, via: Via) -> tuple[Reader, Source]:
    return here.web if via is Via.WEB else here.account, replace(here.source, via=via, backfill=100)


async def each_way(
    here: Desk, stores: Mapping[Via, Store], act: Callable[[Desk, Store, Via], Awaitable[int]]
) -> dict[Via, int]:
    at, found = here.clock.moment, {}
    for via, store in stores.items():
        here.clock.moment = at  # what the preview waits between its pages is no part of the world
        found[via] = await act(here, store, via)
    here.clock.moment = at + timedelta(minutes=31)
    return found


def revisions(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(REVISIONS).fetchall()


async def test_posts_and_revisions_are_equal(here: Desk, tmp_path: Path) -> None:
    chance = random.Random(5)
    here.fake.world.write(here.fake.world.channel("DeepState_UA"), "оригинал")
    paths = {via: tmp_path / f"{via}.db" for via in WAYS}
    async with AsyncExitStack() as stack:
        stores = {
            via: await stack.enter_async_context(await Store.open(path, now=here.clock.now()))
            for via, path in paths.items()
        }
        for store in stores.values():
            await store.sync_sources([here.source], here.clock.now())
        for step in range(1, STEPS + 1):
            burst = step % ROUND == 0
            say(chance, here, BURST if burst else chance.choice([5, 10, SAID]))
            if not burst:
                mend(chance, here, MENDED, among=NEWEST)
            gaps = await each_way(here, stores, polled)
            assert gaps == {Via.WEB: int(burst), Via.MTPROTO: 0}
            while any(gaps.values()):
                gaps = await each_way(here, stores, polled)
            if burst:
                mend(chance, here, 10 * MENDED, among=here.rybar.last)
                await each_way(here, stores, whole_round)
    web, account = (revisions(path) for path in paths.values())
    assert web == account
    assert len({row[0] for row in web}) > 500
    assert sum(row[10] > 1 for row in web) > 60, "edits"
    assert sum(row[9] is not None for row in web) > 40, "deletions"
    assert sum(len(json.loads(row[7] or "[]")) > 0 for row in web) > 60, "albums"
    assert sum(row[4] is not None for row in web) > 60, "forwards"
    assert sum(not row[12] for row in web) > 60, "what cannot be shown in full"


def say(chance: random.Random, here: Desk, count: int) -> None:
    """At least so many new messages."""
    world, rybar, last = here.fake.world, here.rybar, here.rybar.last
    while rybar.last < last + count:
        words = f"Суджа {chance.randrange(1000)}\nвторая  строка <b>&amp;"
        match chance.randrange(8):
            case 0:
                world.album(rybar, words, chance.randrange(2, 8))
            case 1:
                world.write(rybar, words, forward=("DeepState_UA", chance.randrange(1, 99)))
            case 2:
                world.write(rybar, poll=("Кто?", "а", "б"))
            case 3:
                world.write(rybar, words, author="И. Иванов", photo=True, reply_to=rybar.last or None)
            case 4:
                world.write(rybar, service=True)
            case 5:
                world.write(rybar, words, unsupported=True)
            case _:
                world.write(rybar, words)


def mend(chance: random.Random, here: Desk, count: int, *, among: int) -> None:
    """So many edits and deletions among the newest messages."""
    world, rybar = here.fake.world, here.rybar
    for _ in range(count):
        number = chance.choice(sorted(rybar.posts)[-among:])
        if chance.randrange(3) == 0:
            world.delete(rybar, number)
        elif rybar.posts[number].text:
            world.edit(rybar, number, f"исправлено {chance.randrange(1000)}")
