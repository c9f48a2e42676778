"""One world, read by the preview and by an account, each into a store of its own: the same posts and revisions."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import Via
from bot.sources import after
from bot.store import Store
from tests.fakes.telegram.desk import Desk, desk
from tests.fakes.telegram.server import telegram
from tests.fakes.telegram.world import World

WAYS = (Via.WEB, Via.MTPROTO)
NEWEST = 15
"""Edits and deletions are in the newest messages, which both ways compare at each sweep."""
BURST = 25
"""Messages between two polls: with NEWEST less than the 60 blocks that the preview shows in a sweep."""
REVISIONS = """
SELECT post.ident, post.url, post.published, post.author, post.forwarded_from, post.reply_to, post.album, post.parts,
    post.arrival, post.deleted, revision.number, revision.text, revision.complete
FROM revision JOIN post ON post.row = revision.post ORDER BY post.number, revision.number
"""


@pytest.fixture
async def here() -> AsyncIterator[Desk]:
    async with telegram() as fake, desk(fake) as made:
        yield made


async def polled(here: Desk, store: Store, via: Via) -> None:
    reader = here.web if via is Via.WEB else here.account
    now, memory = here.clock.now(), await store.memory("rybar")
    source = replace(here.source, via=via, backfill=100)
    reading = await reader.read(source, memory, now)
    assert reading.condition.state in {"ok", "empty"}
    await store.commit_reading(reading, after(source, memory, reading, now), now)


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
        while here.rybar.last < 500:
            last = here.rybar.last
            for _ in range(chance.choice([5, 10, 20])):
                happen(chance, here.fake.world, here)
                if here.rybar.last > last + BURST:
                    break
            at = here.clock.moment
            for via, store in stores.items():
                here.clock.moment = at  # what the preview waits between its pages is no part of the world
                await polled(here, store, via)
            here.clock.moment = at + timedelta(minutes=31)
    web, account = (revisions(path) for path in paths.values())
    assert web == account
    assert len({row[0] for row in web}) > 200
    assert sum(row[10] > 1 for row in web) > 15, "edits"
    assert sum(row[9] is not None for row in web) > 15, "deletions"
    assert sum(len(json.loads(row[7] or "[]")) > 0 for row in web) > 20, "albums"


def happen(chance: random.Random, world: World, here: Desk) -> None:
    rybar, words = here.rybar, f"Суджа {chance.randrange(1000)}\nвторая  строка <b>&amp;"
    newest = sorted(rybar.posts)[-NEWEST:]
    match chance.randrange(9):
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
        case 5 if newest:
            world.delete(rybar, chance.choice(newest))
        case 6 | 7 if newest and rybar.posts[number := chance.choice(newest)].text:
            world.edit(rybar, number, f"исправлено {chance.randrange(1000)}")
        case _:
            world.write(rybar, words)
