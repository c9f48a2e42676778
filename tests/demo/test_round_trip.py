"""What the newsroom says is what the real reader reads: every source, over real HTTP, at several hours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import load
from bot.demo.config import write_config
from bot.demo.feeds import address, identity
from bot.demo.newsroom import Form, Item, Newsroom, Outlet, load as load_newsroom
from bot.demo.pages import parts
from bot.demo.server import open_newsroom
from bot.http import Http, HttpSettings
from bot.model import Arrival, Post, Reading, SourceMemory
from bot.sources import Reader, Web, after


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return load_newsroom()


class Desk:
    """Reads sources of a newsroom, and remembers of each what the store would."""

    def __init__(self, reader: Reader, sources: dict[str, Any], clock: Any) -> None:
        self._reader = reader
        self._sources = sources
        self._clock = clock
        self._memories: dict[str, SourceMemory] = {}

    async def read(self, name: str, *, fresh: bool = False) -> Reading:
        """One poll; `fresh` as if it were the first."""
        source = self._sources[name]
        unread = SourceMemory(name=name)
        memory = unread if fresh else self._memories.get(name, unread)
        reading = await self._reader.read(source, memory, self._clock.now())
        self._memories[name] = after(source, memory, reading, self._clock.now())
        return reading


@asynccontextmanager
async def desk(newsroom: Newsroom, clock: Any, folder: Path) -> AsyncIterator[Desk]:
    async with (
        open_newsroom(newsroom, clock) as server,
        Http(HttpSettings(allow_private_networks=True), clock=clock) as http,
        Reader(http, web=Web(base_url=server.url)) as reader,
    ):
        write_config(folder, newsroom, server.url)
        config = load(folder, {})
        yield Desk(reader, {source.name: source for source in config.sources}, clock)


def expected(outlet: Outlet, item: Item) -> Post:
    """The post as a reader of the page or of the feed sees it."""
    if outlet.form is not Form.CHANNEL:
        return Post(
            source=item.source,
            id=identity(outlet, item),
            url=address(outlet, item),
            title=item.title,
            text=item.text,
            published=item.at,
        )
    question, answers = item.poll[:1], item.poll[1:]
    album = parts(item)
    return Post(
        source=item.source,
        id=item.id,
        url=f"https://t.me/{item.key}",
        text="\n".join(filter(None, (item.text, *question, *(f"– {answer}" for answer in answers)))),
        published=item.at,
        forwarded_from=item.forwarded,
        reply_to=item.reply_to.rpartition("/")[2] if item.reply_to else None,
        parts=tuple(str(part) for part in album[1:]),
        complete=not item.unsupported,
    )


def comparable(post: Post) -> Post:
    """Without what no page tells in so many words."""
    return replace(post, album=None, language=None, author=None, edited=None)


def by_id(posts: Any) -> list[Post]:
    return sorted((comparable(post) for post in posts), key=lambda post: post.id)


async def test_every_source_is_read_as_it_was_written(newsroom: Newsroom, hand: Any, tmp_path: Path) -> None:
    async with desk(newsroom, hand, tmp_path) as reader:
        for hour in (6, 9, 12):
            now = hand.kyiv(hour)
            for outlet in newsroom.outlets:
                if newsroom.status(outlet.name, now) == 200:
                    reading = await reader.read(outlet.name, fresh=True)
                    said = [expected(outlet, item) for item in newsroom.visible(outlet.name, now)]
                    assert by_id(reading.posts) == by_id(said), (outlet.name, hour)
                    assert (reading.condition.state, reading.dropped) == ("ok" if said else "empty", 0)


async def test_the_first_reading_is_a_baseline(newsroom: Newsroom, hand: Any, tmp_path: Path) -> None:
    hand.kyiv(6)
    async with desk(newsroom, hand, tmp_path) as reader:
        first = await reader.read("kursk_front_demo")
        hand.kyiv(7)
        second = await reader.read("kursk_front_demo")
        evening = await reader.read("harrow_institute")
    assert (first.arrival, second.arrival) == (Arrival.BASELINE, Arrival.LIVE)
    assert len(second.posts) > len(first.posts)
    assert len(evening.backfilled) == 1


async def test_an_unchanged_feed_costs_nothing(newsroom: Newsroom, hand: Any, tmp_path: Path) -> None:
    hand.kyiv(7)
    async with desk(newsroom, hand, tmp_path) as reader:
        states = [(await reader.read("meridian_wire")).condition.state for _ in range(2)]
    assert states == ["ok", "not_modified"]


async def test_trouble_is_named_and_passes(newsroom: Newsroom, hand: Any, tmp_path: Path) -> None:
    async with desk(newsroom, hand, tmp_path) as reader:
        states = []
        for hour, minute in ((8, 0), (8, 30), (9, 30)):
            hand.kyiv(hour, minute)
            states.append((await reader.read("polevoy_vestnik")).condition.state)
        hand.kyiv(11)
        await reader.read("karta_dnya_demo")
        hand.kyiv(11, 45)
        off = await reader.read("karta_dnya_demo")
    assert states == ["ok", "http_503", "ok"]
    assert off.condition.state in {"no_preview", "needs_reader"}
    assert off.condition.remedy


async def test_a_deletion_leaves_a_hole_in_the_window(newsroom: Newsroom, hand: Any, tmp_path: Path) -> None:
    hand.kyiv(9)
    async with desk(newsroom, hand, tmp_path) as reader:
        before = await reader.read("holos_kordonu_demo")
        hand.kyiv(9, 30)
        later = await reader.read("holos_kordonu_demo")
    gone = {post.id for post in before.posts} - {post.id for post in later.posts}
    assert gone == {"312"}
    assert later.window
    assert later.window.low <= 312 <= later.window.high


async def test_a_long_channel_is_read_back_to_where_the_watch_was(
    newsroom: Newsroom, hand: Any, tmp_path: Path
) -> None:
    items = tuple(
        Item(source="kursk_front_demo", id=str(n), at=newsroom.opens + timedelta(minutes=n), text=f"Сообщение {n}")
        for n in range(1, 71)
    )
    async with desk(replace(newsroom, items=items), hand, tmp_path) as reader:
        hand.kyiv(6, 10)
        await reader.read("kursk_front_demo")
        hand.kyiv(8)
        reading = await reader.read("kursk_front_demo")
    assert {post.id for post in reading.posts} >= {str(n) for n in range(11, 71)}
    assert reading.cursor.gaps == ()
