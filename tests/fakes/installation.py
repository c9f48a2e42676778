"""A whole installation for tests: a feed and a channel on loopback, and the configuration that reads them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import main
from bot.config import Config, load
from bot.http.serving import Answer, Request, serve
from bot.service.memory import looking
from bot.service.running import Done, once
from bot.store import HitRow, Store
from tests.fakes.clock import StepClock
from tests.fakes.preview import Block, Channel, Preview

ROOT = Path(__file__).resolve().parents[2]
FRONT, WIRE = "front_demo", "wire"
ITEM = "<item><guid>{id}</guid><link>https://wire.example/{id}</link><title>{title}</title><pubDate>{date}</pubDate></item>"


def _environment() -> dict[str, str]:
    """This one, but compiled modules are kept: dozens of processes start here."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Installation:
    """`folder` holds config/, data/ and what file routes write; the service runs in it as a process."""

    folder: Path
    url: str = ""
    clock: StepClock = field(default_factory=lambda: StepClock(datetime.now(UTC).replace(microsecond=0)))
    channel: Channel = field(default_factory=lambda: Channel(FRONT))
    titles: dict[str, str] = field(default_factory=dict)
    feed_asked: int = 0
    free: int | None = None
    """Bytes free on the disk of the database, as `once` is told; None: not known."""
    database: str = ""
    """Its address, if it is not a file in `folder`."""

    async def answer(self, request: Request) -> Answer:
        if request.path == "/wire.xml":
            self.feed_asked += 1
            return Answer(200, {"Content-Type": "application/rss+xml"}, self._feed().encode())
        preview = Preview()
        preview.add(self.channel)
        return await preview.answer(request)

    def _feed(self) -> str:
        date = format_datetime(self.clock.now())
        items = "".join(ITEM.format(id=key, title=escape(title), date=date) for key, title in self.titles.items())
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'

    def write(self, text: str) -> int:
        """The channel says something; gives the message's id."""
        number = max(self.channel.posts, default=0) + 1
        self.channel.posts[number] = Block(number, escape(text), when=self.clock.now())
        return number

    def configure(self, cron: str = "* * * * * *", to: str = "", poll: str = "1s", pinned: int | None = None) -> None:
        config = self.folder / "config"
        (config / "watchlists").mkdir(parents=True, exist_ok=True)
        target = to or f"file:{self.folder}/out.txt"
        pin = f", id: {pinned}" if pinned else ""
        database = self.database or f"sqlite:///{self.folder}/data/placewire.db"
        files = {
            "bot.yaml": f"database: {database}\nhttp: {{allow_private_networks: true}}\n"
            f"telegram: {{web: {{base_url: {self.url}, min_interval: 1s}}}}\nreview: {{port: 1}}\n",
            "sources.yaml": f"feeds: [{{name: {WIRE}, url: {self.url}/wire.xml, poll: {poll}}}]\n"
            f"channels: [{{name: {FRONT}, via: web, poll: {poll}{pin}}}]\n",
            "watchlists/kursk.yaml": "places: [{name: Суджа, id: sudzha}, {name: Бердин, id: berdin}]\n",
            "routes.yaml": f"routes: [{{name: all, to: '{target}', digest: {{cron: '{cron}'}}}}]\n",
        }
        for name, text in files.items():
            (config / name).write_text(text, encoding="utf-8")

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """A command as a process of its own."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "run_bot.py"),
            "--config",
            str(self.folder / "config"),
            *arguments,
            cwd=self.folder,
            env=_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str, given: str = "") -> Ended:
        """A command in this process, beside what goes on here: starting Python costs more than most commands."""
        ended = await asyncio.to_thread(self._run, arguments, given)
        assert "Traceback" not in ended.err
        return ended

    def _run(self, arguments: Sequence[str], given: str) -> Ended:
        out, err, read = (TextIOWrapper(BytesIO(each), "utf-8") for each in (b"", b"", given.encode()))
        status: int | str | None = 0
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["placewire", "--config", str(self.folder / "config"), *arguments])
            for name, stream in (("stdin", read), ("stdout", out), ("stderr", err)):
                patch.setattr(sys, name, stream)
            try:
                main()
            except SystemExit as end:
                status = end.code
            finally:
                structlog.reset_defaults()  # its logs went to its own streams
        assert isinstance(status, int)
        return Ended(status, *map(_written, (out, err)))

    async def once(self) -> Done:
        """`once --all` a minute later, in this process: starting one costs more than the round."""
        self.clock.moment += timedelta(minutes=1)
        return await once(self.config, self.clock, every=True, free=lambda: self.free)

    @property
    def config(self) -> Config:
        return load(self.folder / "config", {})

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        async with looking(self.config) as store:
            yield store

    async def hits(self) -> list[HitRow]:
        async with self.store() as store:
            return [row async for row in store.hits()]

    @property
    def told(self) -> str:
        path = self.folder / "out.txt"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


async def stop(process: asyncio.subprocess.Process, number: signal.Signals = signal.SIGTERM) -> int:
    """Send a signal and wait for the end, at most the 10 s that are promised; gives the status."""
    process.send_signal(number)
    await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode is not None
    return process.returncode


@asynccontextmanager
async def installation(folder: Path) -> AsyncIterator[Installation]:
    made = Installation(folder)
    async with serve(made.answer) as server:
        made.url = server.url
        made.configure()
        yield made
