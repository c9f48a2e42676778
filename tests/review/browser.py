"""A person without scripts: keeps a cookie, reads pages over real HTTP, sends the forms that stand on them."""

from __future__ import annotations

import asyncio
import html
import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email.message import Message
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from bot.config import Config
from bot.review import Page
from bot.slots import Clock
from bot.store import Store

NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    status: int
    headers: Message
    text: str
    address: str

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, name
        return html.unescape(found[1])


@dataclass(slots=True)
class Browser:
    """`port` is where the page is served."""

    port: int
    jar: CookieJar = field(default_factory=CookieJar)

    async def get(self, path: str, **headers: str) -> Shown:
        return await self._ask(path, None, headers)

    async def send(self, path: str, page: Shown, headers: Mapping[str, str] = NONE, /, **fields: str) -> Shown:
        """A form of `page`, which brings its token and what its reader has seen."""
        hidden = {name: page.field(name) for name in ("token", "seen", "back")}
        return await self._ask(path, urlencode(hidden | fields).encode(), headers)

    async def post(self, path: str, **fields: str) -> Shown:
        """A form of exactly these fields."""
        return await self._ask(path, urlencode(fields).encode(), NONE)

    async def json(self, path: str, body: object, **headers: str) -> Shown:
        """What a script sends."""
        return await self._ask(path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})

    async def _ask(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Shown:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, headers=dict(headers))
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

        def ask() -> Shown:
            try:
                with opener.open(request, timeout=10) as answer:
                    return Shown(answer.status, answer.headers, answer.read().decode(errors="replace"), answer.url)
            except urllib.error.HTTPError as error:
                with error:
                    return Shown(error.code, error.headers, error.read().decode(), error.url)

        return await asyncio.to_thread(ask)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@asynccontextmanager
async def browsing(store: Store, config: Config, clock: Clock, **settings: object) -> AsyncIterator[Browser]:
    """The page is served within, and somebody looks at it."""
    port = free_port()
    served = replace(config, review=replace(config.review, port=port, **settings))  # type: ignore[arg-type]
    async with Page(store, lambda: served, clock) as page:
        await page.ready()
        yield Browser(port)
