"""A name that no server answers for costs only those who ask for it."""

from __future__ import annotations

import asyncio
import socket
from threading import Event
from typing import Any

import pytest

from bot.errors import SourceDown
from bot.http import Http, HttpSettings
from bot.http.names import Names
from tests.fakes.clock import StepClock
from tests.fakes.web import Site


async def test_names_that_nobody_answers_for_hold_up_no_other(
    web: Site, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's resolver waits for a dead server as long as it likes: no loopback server can stand in for that."""
    lookup, over = socket.getaddrinfo, Event()

    def waiting(host: str, *asked: Any, **more: Any) -> Any:
        if host.endswith(".dead"):
            over.wait(20)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return lookup(host, *asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", waiting)
    settings = HttpSettings(allow_private_networks=True, total_timeout=5)
    async with Http(settings, clock=clock) as http:
        dead = [asyncio.create_task(http.get(f"http://a{number}.dead/")) for number in range(40)]
        await asyncio.sleep(0)
        try:
            answer = await http.get(web.put("/feed", b"x").replace("127.0.0.1", "localhost"))
            await asyncio.to_thread(bytes)
            assert answer.body == b"x"
        finally:
            over.set()
        ended = await asyncio.gather(*dead, return_exceptions=True)
    assert {each.state for each in ended if isinstance(each, SourceDown)} == {"dns"}


async def test_addresses_are_what_the_system_finds() -> None:
    names = Names(1)
    [found] = await names.resolve("127.0.0.1", 80, socket.AF_INET)
    assert (found["host"], found["port"], found["family"]) == ("127.0.0.1", 80, socket.AF_INET)
    await names.close()
