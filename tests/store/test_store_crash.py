"""kill -9 while writing: what was said to be stored is stored, and the whole of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import Store, instance_lock
from tests.store.world import NOW, RYBAR, commit, group, match, post, reading

WRITE = """
import asyncio, sys
from bot.model import Cursor
from bot.store import Store, instance_lock
from tests.store.world import *

async def main(path, number):
    async with await Store.open(path, now=NOW) as store:
        while True:
            number += 1
            news = post(number, f"Бои за Суджу {number}"), post(number - 1, f"Бои за Суджу, правка {number}")
            await commit(store, reading(*news, cursor=Cursor(newest=number)))
            await match(store)
            await group(store)
            await store.save_digest(digest(*[s.row for s in await store.untold("kursk")],
                                           slot=NOW + number * MINUTE, messages=[outgoing(f"k{number}")]), NOW)
            print(number, flush=True)

with instance_lock(sys.argv[1]):
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def write_until_killed(path: Path, begin: int, lines: int) -> int:
    """Let a child write, kill it in the middle; the last number it said was stored."""
    last = begin
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, str(path), str(begin)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as child:
        assert child.stdout is not None
        for _ in range(lines):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        return int(([str(last), *child.stdout.read().split()])[-1])


async def survive(path: Path, kills: int) -> None:
    async with await Store.open(path, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
    said = 0
    for kill in range(kills):
        said = write_until_killed(path, said, 3 + 2 * kill)
        with instance_lock(path):
            await Store.verify(path)
            said = await check(path, said)


async def check(path: Path, said: int) -> int:
    async with await Store.open(path, now=NOW) as store:
        newest = (await store.memories())["rybar"].cursor.newest
        assert newest in {said, said + 1}, "a transaction is whole, and what was confirmed is there"
        counts = await store.counts()
        assert counts.posts == newest + 1, "posts and cursor move together (post 0 is the first one's edit)"
        await match(store)
        await group(store)
        assert {hit.story async for hit in store.hits()} == {f"s{row}" for row in range(1, counts.posts + 1)}
        keys = [row.id async for row in store.outbox()]
        assert len(keys) in {said, said + 1}
        await commit(store, reading(post(newest, "Бои за Суджу"), cursor=(await store.memories())["rybar"].cursor))
        await match(store)
        return newest


async def test_a_killed_writer_leaves_a_consistent_database(path: Path) -> None:
    await survive(path, 1)


@pytest.mark.slow
async def test_ten_killed_writers_leave_a_consistent_database(path: Path) -> None:
    await survive(path, 10)
