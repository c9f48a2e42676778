"""A morning of the demo's newsroom, stored, matched and grouped without its network, and the page that shows it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Config, load
from bot.config.cache import cache_folder
from bot.demo.config import write_config
from bot.demo.newsroom import Item, Newsroom, load as load_newsroom
from bot.matching import load_matcher
from bot.model import (
    Condition,
    Cursor,
    Decision,
    Destination,
    DestinationKind,
    Gap,
    Message,
    Outcome,
    Post,
    Reading,
    Reason,
    SourceMemory,
)
from bot.review import Page
from bot.store import OUR_OWN, NewDigest, Outgoing, Store
from bot.stories import Grouper
from tests.fakes.clock import StepClock
from tests.review.browser import free_port


async def fill(store: Store, config: Config, newsroom: Newsroom) -> None:
    """Everything that the newsroom says, read at two moments, so that edits and deletions are seen."""
    await store.sync_sources(config.sources, newsroom.opens)
    middle = newsroom.opens + timedelta(hours=3)  # before the first edit
    matcher, grouper = await load_matcher(config.watches, cache_folder()), Grouper()
    for moment in (middle, newsroom.closes):
        for source in config.sources:
            posts = tuple(_post(item) for item in newsroom.visible(source.name, moment))
            reading = Reading(
                source=source.name,
                condition=Condition(state="ok", since=newsroom.opens),
                cursor=Cursor(newest=len(posts), gaps=(Gap(3, 4),) if source.name.endswith("front_demo") else ()),
                posts=posts,
                window=Gap(1, 100_000),
            )
            due = moment + timedelta(minutes=5)
            memory = SourceMemory(
                name=source.name, condition=reading.condition, cursor=reading.cursor, first_read=newsroom.opens,
                last_ok=moment, interval=source.poll, due=due,
            )  # fmt: skip
            await store.commit_reading(reading, memory, moment)
        found = await store.unmatched(1_000)
        await store.save_matches([(each, matcher.match(each.post.body)) for each in found], moment)
        grouped = await store.ungrouped(1_000)
        placed = [(each, grouper.place(each.post, when=each.happened)) for each in grouped]
        await store.save_placements(placed, moment)
    await deliver(store, newsroom.closes)


async def deliver(store: Store, now: datetime) -> None:
    """A digest of two parts, one that arrived and one that the destination refused; some stories held."""
    await store.route("kursk", now - timedelta(days=1))
    to = Destination(DestinationKind.FILE, "kursk.txt")
    messages = [
        Outgoing(idempotency=f"d{part}", to=to, message=Message(text="…", part=part, parts=2), words_of=OUR_OWN)
        for part in (1, 2)
    ]
    reasons = (Reason.TOLD, Reason.TOLD, Reason.UNSURE, Reason.DELAYED, Reason.OTHER_WATCH)
    decisions = [Decision(story=row, reason=reason) for row, reason in enumerate(reasons, 1)]
    digest = NewDigest(route="kursk", slot=now, since=now - timedelta(hours=9), messages=tuple(messages),
                       decisions=tuple(decisions))  # fmt: skip
    await store.save_digest(digest, now)
    for outcome, reason in ((Outcome.SENT, ""), (Outcome.PARKED, "No space left on device")):
        delivery, *_ = await store.ready(now)
        begun = await store.begin(delivery, now)
        await store.settle(begun, outcome, now=now, reason=reason, receipt="1" if outcome is Outcome.SENT else None)


def _post(item: Item) -> Post:
    return Post(
        source=item.source,
        id=item.id,
        url=f"https://t.me/{item.source}/{item.id}",
        title=item.title,
        text=item.text,
        published=item.at,
        edited=item.edited,
    )


@dataclass(frozen=True, slots=True)
class Served:
    address: str
    folder: Path
    """Of the configuration."""


@contextmanager
def in_a_thread(
    config: Config, opens: datetime, now: datetime, filled: Callable[[Store], Awaitable[None]]
) -> Iterator[Served]:
    """The page over a store, filled, in a thread with a loop of its own: the browser's driver needs this one."""
    port = free_port()
    config = replace(config, review=replace(config.review, port=port))
    ready, stopping, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with await Store.open(config.database, now=opens) as store:
            await filled(store)
            async with Page(store, lambda: config, StepClock(now)) as page:
                await page.ready()
                ready.set()
                await stopping.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(60)
        yield Served(f"http://127.0.0.1:{port}", config.folder)
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(20)
        loop.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The page over the newsroom's morning."""
    newsroom = load_newsroom()
    write_config(folder, newsroom, "http://127.0.0.1:9")
    config = load(folder, {})
    config = replace(config, review=replace(config.review, write_config=True))
    with in_a_thread(config, newsroom.opens, newsroom.closes, lambda store: fill(store, config, newsroom)) as desk:
        yield desk
