"""Pages of the review over a large store: server time of each page, and what it costs the polling beside it.

    python benchmarks/pages.py [--posts 1000000] [--database pages.db]

Makes posts as `benchmarks/store.py` does, gives every name in them a hit, and each such post a story of its own (one
hit in ten is doubtful, one in a hundred judged), and asks the application for its pages in this process, without a
network: median and 95th percentile, by the clock and by the processor. Then streams all hits as JSON lines, with the
most memory that takes; and commits readings alone and beside page loads. A database that is named is kept, and used
again if it is there.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.store import CASES, NAMES, fill, memory, reading
from bot.config import Config, ReviewSettings
from bot.model import Hit, Origin, Place, Placement, Relation
from bot.review.app import make_app
from bot.store import Act, ActKind, How, Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=20)
FORMS = {form.capitalize(): name for name, forms in CASES.items() for form in forms}
PAGE = 2_000
ROUNDS = 100


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return LATER

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError(seconds)


def found(body: str, dice: random.Random) -> Iterator[Hit]:
    at = 0
    for written in body.split(" "):
        word = written.rstrip(".,")
        if (name := FORMS.get(word)) is not None:
            confidence = dice.uniform(0.2, 0.7) if dice.random() < 0.1 else 0.95
            yield Hit(watch=name, start=at, end=at + len(word), text=word, form=word, origin=Origin.RULE,
                      confidence=confidence, evidence=("capital letter", "preposition"))  # fmt: skip
        at += len(written) + 1


async def match_all(store: Store) -> None:
    """Hits and stories."""
    dice, hits, done = random.Random(3), 0, 0
    while posts := await store.unmatched(PAGE):
        matches = [(each, list(found(each.post.body, dice))) for each in posts]
        hits, done = hits + sum(len(each) for _, each in matches), done + len(posts)
        moment = NOW + timedelta(seconds=done * 1.7)
        await store.save_matches(matches, moment)
        with_hits = await store.ungrouped(PAGE)
        placed = [(each, Placement(post=each.post.key, story=each.post.key, relation=Relation.FIRST, reason="alone"))
                  for each in with_hits]  # fmt: skip
        await store.save_placements(placed, moment)
    rows = [f"h{n}" for n in range(1, hits, 100)]
    for at in range(0, len(rows), 500):
        kind = ActKind.REJECT if at % 1000 else ActKind.CONFIRM
        act = Act(kind=kind, targets=tuple(rows[at : at + 500]), who="anna", how=How.PAGE)
        await store.reviews.perform(act, LATER)
    print(f"  {hits:,} hits in stories of their own")


Ask = Callable[[str], Awaitable[int]]


def asking(app: Any) -> Ask:
    """Ask the application for a page; gives the length of the answer. Raises for any status but 200."""

    async def ask(path: str) -> int:
        length = 0
        path, _, query = path.partition("?")

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(3600)
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            nonlocal length
            if message["type"] == "http.response.start" and message["status"] != 200:
                raise RuntimeError(f"{path}: {message['status']}")
            length += len(message.get("body", b""))

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8080),
        }  # fmt: skip
        await app(scope, receive, send)
        return length

    return ask


async def measure(title: str, ask: Ask, paths: list[str]) -> None:
    await ask(paths[0])
    clock, cpu = [], []
    for path in paths:
        begun, used = time.perf_counter(), time.process_time()
        await ask(path)
        clock.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    p95 = [sorted(times)[int(len(times) * 0.95)] for times in (clock, cpu)]
    print(f"  {title:<10} median {statistics.median(clock):6.1f} ms, 95th percentile {p95[0]:6.1f} ms "
          f"(processor {p95[1]:.1f} ms)", flush=True)  # fmt: skip


async def pages(store: Store, config: Config) -> None:
    ask = asking(make_app(store, lambda: config, Still(), await store.secret()))
    dice = random.Random(5)
    last = (await store.reviews.newest_stories(1))[0]
    words = [quote(form) for name in NAMES for form in (name, *CASES[name][:3])]
    await measure("queue", ask, ["/"] * ROUNDS)
    await measure("story", ask, [f"/stories/s{dice.randint(1, last)}" for _ in range(ROUNDS)])
    await measure("search", ask, [f"/search?q={word}" for word in words])
    await measure("facets", ask, [f"/search?q={word}&state=edited&place={quote(NAMES[0])}" for word in words[::4]])
    await measure("stories", ask, ["/stories"] * ROUNDS)
    await measure("places", ask, ["/places"] * 20)
    await measure("quality", ask, ["/quality"] * 20)
    await measure("place", ask, [f"/places/{quote(name)}" for name in NAMES])
    await measure("sources", ask, ["/sources"] * 10)
    await measure("audit", ask, ["/audit"] * 20)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    size = await ask("/api/v1/hits")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"  all hits: {size / 1e6:.1f} MB in {time.perf_counter() - begun:.1f} s, {grown:.1f} MB more memory at most")
    await beside(store, ask)


async def beside(store: Store, ask: Ask) -> None:
    """How long a reading takes to commit, alone and while somebody loads pages."""
    alone = await _commits(store, 2_000_000)
    load = asyncio.create_task(_load(ask))
    loaded = await _commits(store, 3_000_000)
    load.cancel()
    with suppress(asyncio.CancelledError):
        await load
    print(f"  a reading of 50 posts: {alone:.0f} ms alone, {loaded:.0f} ms beside page loads (medians)")


async def _load(ask: Ask) -> None:
    while True:
        await ask("/")
        await asyncio.sleep(0.1)  # ten a second


async def _commits(store: Store, first: int) -> float:
    times = []
    for number in range(20):
        one = reading(f"channel_{number}", first, ["Бои под Суджей, сообщили источники"] * 50)
        begun = time.perf_counter()
        await store.commit_reading(one, memory(one), NOW)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


async def main(count: int, path: Path, *, is_new: bool) -> None:
    places = tuple(Place(id=name, name=name, within="Курская область", at=(51.2, 35.2)) for name in NAMES)
    config = Config(folder=path.parent, database=f"sqlite:///{path}", watches=places, review=ReviewSettings())
    async with await Store.open(path, now=NOW) as store:
        if is_new:
            await fill(store, count)
            await match_all(store)
        await pages(store, config)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--database", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.database or Path(folder) / "pages.db"
        asyncio.run(main(given.posts, path, is_new=not path.exists()))
