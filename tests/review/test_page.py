"""The page over real HTTP: what it shows, what it escapes, whom it refuses, and that it never stops the service."""

import asyncio
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from email.message import Message

from bot.config import Config
from bot.review import Page
from tests.fakes.installation import Installation

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@dataclass(frozen=True, slots=True)
class Shown:
    status: int
    headers: Message
    text: str


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def at(installed: Installation, port: int) -> Config:
    config = installed.config
    return replace(config, review=replace(config.review, port=port))


async def ask(port: int, path: str, host: str = "") -> Shown:
    def get() -> Shown:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host} if host else {})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return Shown(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Shown(error.code, error.headers, error.read().decode())

    for _ in range(100):
        try:
            return await asyncio.to_thread(get)
        except urllib.error.URLError:
            await asyncio.sleep(0.02)  # uvicorn is still opening its port
    raise TimeoutError


async def test_it_shows_hits_with_their_reasons_and_escapes_what_strangers_wrote(installed: Installation) -> None:
    await installed.once()
    installed.write(f"{SCRIPT} Бои под Суджей и у Бердина {SCRIPT}")
    await installed.once()
    port = free_port()
    async with installed.store() as store, Page(store, at(installed, port), installed.clock):
        hits, sources, deliveries, health = [
            await ask(port, path) for path in ("/", "/sources", "/deliveries", "/healthz")
        ]
    assert [shown.status for shown in (hits, sources, deliveries, health)] == [200, 200, 200, 200]
    assert "<mark>Суджей</mark>" in hits.text
    assert "capital letter" in hits.text
    assert "<script" not in hits.text
    assert "<img" not in hits.text
    assert "&lt;script&gt;" in hits.text
    assert "front_demo" in sources.text
    assert "sent" in deliveries.text
    assert '"status":"ok"' in health.text


async def test_no_script_may_run_and_no_other_host_is_answered(installed: Installation) -> None:
    await installed.once()
    port = free_port()
    async with installed.store() as store, Page(store, at(installed, port), installed.clock):
        own, other = await ask(port, "/"), await ask(port, "/", host="evil.example")
    assert "default-src 'none'" in own.headers["content-security-policy"]
    assert "script-src" not in own.headers["content-security-policy"]
    assert other.status == 400


async def test_a_taken_port_stops_nothing(installed: Installation) -> None:
    await installed.once()
    port = free_port()
    async with installed.store() as store, Page(store, at(installed, port), installed.clock):
        await ask(port, "/healthz")
        async with Page(store, at(installed, port), installed.clock):
            assert (await ask(port, "/healthz")).status == 200
        assert (await ask(port, "/healthz")).status == 200
