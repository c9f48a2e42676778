"""Exports of many hits: seconds, and the most memory that the process had so far.

    python benchmarks/exporting.py [--posts 100000]

Makes posts as `benchmarks/store.py` does, gives each of them a hit, and writes all hits in each format to a file.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.store import NOW, fill
from bot.config import Config
from bot.export import Format
from bot.model import Hit, Origin
from bot.service.exporting import export
from bot.store import Chosen, Store

PAGE = 2_000


def peak() -> float:
    """The most memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made(path: Path, posts: int) -> None:
    """Fill the database in a process of its own, whose memory is not counted."""
    child = multiprocessing.get_context("spawn").Process(target=_make, args=(path, posts))
    child.start()
    child.join()


def _make(path: Path, posts: int) -> None:
    asyncio.run(_fill(path, posts))


async def _fill(path: Path, posts: int) -> None:
    async with await Store.open(path, now=NOW) as store:
        await fill(store, posts)
        await match_all(store)


async def match_all(store: Store) -> None:
    """A hit on the first word of every post."""
    while posts := await store.unmatched(PAGE):
        await store.save_matches([(each, [first_word(each.post.body)]) for each in posts], NOW)


def first_word(body: str) -> Hit:
    word = body.split(" ", 1)[0]
    return Hit(watch="sudzha", start=0, end=len(word), text=word, form=word, origin=Origin.RULE, confidence=0.9)


async def write(path: Path, folder: Path) -> None:
    config = Config(folder=folder, database=f"sqlite:///{path}")
    for format_ in Format:
        began, to = time.perf_counter(), folder / f"hits.{format_}"
        count = await export(config, Chosen(), format_, to, NOW, lambda _share: None)
        seconds, size = time.perf_counter() - began, to.stat().st_size / 1e6
        print(f"{format_:<8} {count:,} hits  {seconds:6.1f} s  {size:6.1f} MB  at most {peak():.0f} MB of memory")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "placewire.db"
        made(path, wanted.posts)
        asyncio.run(write(path, Path(folder)))


if __name__ == "__main__":
    main()
