"""CPU of polling feeds of which most are unchanged: placewire beside `reader` (PyPI), same feeds, one run.

    python benchmarks/polling.py [--feeds 1000] [--changed 100] [--items 30]

A server process serves the feeds: half of the unchanged ones answer 304, the other half send the same body again.
Each contestant first reads all feeds (not counted), then the server moves on and each polls all feeds once more: the
user and system time of that second round, child processes included, is what is compared. `reader` stores in memory;
placewire hands its readings over. The run fails if placewire needs more than a third.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from benchmarks.peers import peer

TARGET = 1 / 3
WORDS = "Бои у Суджи продолжаются третий день, сообщают местные каналы; под Покровском и Мартыновкой без перемен. "


# ---------------------------------------------------------------- the feeds


@cache
def document(feed: int, newest: int, count: int) -> bytes:
    """An RSS feed as newspapers send it: `count` items with a paragraph of text each, the newest first."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    items = "".join(
        f"<item><title>Сводка {number} ленты {feed}</title><link>https://example.org/{feed}/{number}</link>"
        f'<guid isPermaLink="false">{feed}-{number}</guid>'
        f"<pubDate>{(began + timedelta(hours=number)).strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate>"
        f"<description><![CDATA[<p>{WORDS * 3}</p><p>{WORDS}</p>]]></description></item>"
        for number in range(newest, newest - count, -1)
    )
    head = f"<title>Лента {feed}</title><link>https://example.org/{feed}</link><description>x</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


async def serve_feeds(changed: int, count: int) -> None:
    """Serve until standard input ends; a line on it moves the changed feeds on."""
    from bot.http.serving import Answer, Request, serve  # noqa: PLC0415 - each role loads only what it needs

    step = 0

    async def handler(request: Request) -> Answer:
        feed = int(request.path.strip("/"))
        newest = 100 + (step if feed < changed else 0)
        headers = {"Content-Type": "application/rss+xml; charset=utf-8"}
        if feed % 2 == 0:
            headers["ETag"] = etag = f'"{newest}"'
            if request.headers.get("If-None-Match") == etag:
                return Answer(304, headers)
        return Answer(200, headers, document(feed, newest, count))

    async with serve(handler) as server:
        print(server.url, flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            step += 1
            print(step, flush=True)


# ---------------------------------------------------------------- the contestants


def cpu_seconds() -> float:
    """User and system time of this process and of all its children, living or waited for."""
    psutil = peer("psutil")

    process = psutil.Process()
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return float(total)


async def run_placewire(url: str, feeds: int) -> None:
    from bot.http import Http, HttpSettings  # noqa: PLC0415
    from bot.model import Source, SourceKind, SourceMemory  # noqa: PLC0415
    from bot.sources import Reader, after  # noqa: PLC0415

    class Clock:
        def now(self) -> datetime:
            return datetime.now(UTC)

        async def sleep(self, seconds: float) -> None:
            await asyncio.sleep(seconds)

    clock = Clock()
    sources = [Source(name=f"f{n}", kind=SourceKind.FEED, address=f"{url}/{n}") for n in range(feeds)]
    memories = {source.name: SourceMemory(name=source.name) for source in sources}
    states: dict[str, int] = {}

    async def poll(source: Source) -> None:
        reading = await reader.read(source, memories[source.name], clock.now())
        memories[source.name] = after(source, memories[source.name], reading, clock.now())
        states[reading.condition.state] = states.get(reading.condition.state, 0) + 1

    async def poll_all() -> None:
        states.clear()
        await asyncio.gather(*map(poll, sources))

    async with Http(HttpSettings(allow_private_networks=True), clock=clock) as http, Reader(http) as reader:
        await poll_all()
        await asyncio.to_thread(_ready)
        before, began = cpu_seconds(), time.perf_counter()
        await poll_all()
        _report(cpu_seconds() - before, time.perf_counter() - began, states)


def run_reader(url: str, feeds: int) -> None:
    from reader import make_reader  # noqa: PLC0415

    # Without plug-ins: only what polling needs is measured.
    logging.disable(logging.CRITICAL)
    reader = make_reader(":memory:", plugins=())
    for number in range(feeds):
        reader.add_feed(f"{url}/{number}")
    reader.update_feeds()
    _ready()
    before, began = cpu_seconds(), time.perf_counter()
    results = [result.value for result in reader.update_feeds_iter(scheduled=False)]
    cpu, wall = cpu_seconds() - before, time.perf_counter() - began
    new = sum(1 for result in results if getattr(result, "new", 0))
    _report(cpu, wall, {"ok": new, "not_modified": len(results) - new})


def _ready() -> None:
    """Say that the first round is over, and wait for the feeds to move on."""
    print("ready", flush=True)
    sys.stdin.readline()


def _report(cpu: float, wall: float, states: dict[str, int]) -> None:
    print(json.dumps({"cpu": cpu, "wall": wall, "states": states}), flush=True)


# ---------------------------------------------------------------- the run


def start(role: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--role", role, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ})


def say(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.write("\n")
        process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line:
        raise SystemExit("a process of the benchmark ended early")
    return line


def contest(role: str, sizes: list[str]) -> dict[str, Any]:
    """Both rounds of one contestant against a server of its own."""
    server = start("server", *sizes)
    url = hear(server)
    contestant = start(role, "--url", url, *sizes)
    try:
        hear(contestant)
        say(server)
        hear(server)
        say(contestant)
        result: dict[str, Any] = json.loads(hear(contestant))
        return result
    finally:
        for process in (contestant, server):
            process.communicate(timeout=60)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--items", type=int, default=30)
    parser.add_argument("--role", default="", help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.role == "server":
        asyncio.run(serve_feeds(given.changed, given.items))
    elif given.role == "placewire":
        asyncio.run(run_placewire(given.url, given.feeds))
    elif given.role == "reader":
        run_reader(given.url, given.feeds)
    else:
        return compare([f"--feeds={given.feeds}", f"--changed={given.changed}", f"--items={given.items}"])
    return 0


def compare(sizes: list[str]) -> int:
    results = {role: contest(role, sizes) for role in ("placewire", "reader")}
    for role, result in results.items():
        print(f"{role:>10}  {result['cpu']:6.2f} s CPU  {result['wall']:6.2f} s in all  {result['states']}")
    ratio = results["placewire"]["cpu"] / results["reader"]["cpu"]
    verdict = "ok" if ratio <= TARGET else "too much"
    print(f"     ratio  {ratio:6.3f}  (at most {TARGET:.3f}: {verdict})")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
