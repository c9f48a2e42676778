"""How soon posts of Telegram are stored, against our own Telegram on loopback.

    python -m benchmarks.telegram [--posts 2000] [--pushes 20]

History: so many posts of one channel, read by an account and stored in SQLite in one poll; the best of three.
Pushes: so many channels that are not due for an hour each say one thing; from writing it to the stored hit, and to the
digest in the outbox of a route with a slot each second (which alone costs half a second on average). Server, account
and service share one process, so all times have the server's work in them. The run fails beyond the targets.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.model import SourceMemory, Via
from bot.sources import after
from bot.store import Store
from tests.fakes.clock import START
from tests.fakes.telegram.desk import desk
from tests.fakes.telegram.installed import configure
from tests.fakes.telegram.server import telegram
from tests.telegram.test_pushes import running, until

TARGETS = {"history": 2.0, "hit": 1.0, "outbox": 1.0}
"""Seconds."""


async def history(posts: int) -> float:
    """Seconds from the question to the stored posts; the account has connected and resolved the name before."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fake = await stack.enter_async_context(telegram())
        here = await stack.enter_async_context(desk(fake))
        store = await stack.enter_async_context(await Store.open(folder / "x.db", now=START))
        for number in range(posts):
            fake.world.write(here.rybar, f"Пост {number}: бои у Суджи продолжаются третий день, под Покровском тихо.")
        source = replace(here.source, via=Via.MTPROTO, backfill=posts)
        await store.sync_sources([source], START)
        await here.account.read(replace(source, backfill=0), SourceMemory(name=source.name), START)
        began = time.perf_counter()
        memory = await store.memory(source.name)
        reading = await here.account.read(source, memory, START)
        committed = await store.commit_reading(reading, after(source, memory, reading, START), START)
        took = time.perf_counter() - began
        assert len(committed.new) == posts
        return took


async def pushes(count: int) -> tuple[float, float]:
    """Medians of the seconds from a post to its hit, and to the outbox."""
    hits, queued = [], []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fake = await stack.enter_async_context(telegram())
        person = fake.world.account("reader", phone="+1")
        channels = [fake.world.channel(f"wire_{number}", members={person.id}) for number in range(count)]
        configure(folder, fake, person, [f"{{name: {each.name}, via: mtproto, poll: 1h}}" for each in channels])
        house = await stack.enter_async_context(running(folder))
        for done, channel in enumerate(channels, 1):

            async def hit(done: int = done) -> bool:
                return (await house.store.counts()).hits >= done

            async def out(done: int = done) -> bool:
                return len([row async for row in house.store.outbox()]) >= done

            began = time.perf_counter()
            fake.world.write(channel, f"Взрыв в Судже, {done} раненых")
            await until(hit)
            hits.append(time.perf_counter() - began)
            await until(out)
            queued.append(time.perf_counter() - began)
            await asyncio.sleep(timedelta(seconds=0.37 * (done % 3)).total_seconds())  # at any place between two slots
    return statistics.median(hits), statistics.median(queued)


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--pushes", type=int, default=20)
    asked = parser.parse_args()
    stored = min([await history(asked.posts) for _ in range(3)])
    print(f"history   {asked.posts} posts stored in {stored:.2f} s")
    hit, out = await pushes(asked.pushes)
    print(f"pushes    a hit after {hit:.3f} s, in the outbox after {out:.3f} s; medians")
    late = beyond({"history": stored, "hit": hit, "outbox": out})
    print("\n".join(late) or f"targets   kept: {TARGETS}")
    return int(bool(late))


def beyond(seconds: Mapping[str, float]) -> list[str]:
    """Each measure that missed its target."""
    return [
        f"{name}: {seconds[name]:.3f} s, target {limit} s" for name, limit in TARGETS.items() if seconds[name] > limit
    ]


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
