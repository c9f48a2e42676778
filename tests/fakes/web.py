"""Small web servers on loopback: one that answers from a table, one that writes raw bytes and may break off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.http.serving import Answer, Request, serve

Page = Answer | bytes | str | Callable[[Request], Answer | Awaitable[Answer]]


@dataclass
class Site:
    """What stands at each path; `asked` has every request in order."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    other: Callable[[Request], Awaitable[Answer]] | None = None
    """Answers for every path that is not set."""

    async def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        if request.path not in self.pages and self.other:
            return await self.other(request)
        page = self.pages.get(request.path, Answer(404))
        if callable(page):
            given = page(request)
            return given if isinstance(given, Answer) else await given
        if isinstance(page, Answer):
            return page
        body = page.encode() if isinstance(page, str) else page
        return Answer(200, {"Content-Type": "application/xml"}, body)

    def put(self, path: str, page: Page) -> str:
        """Set a page; gives its whole address."""
        self.pages[path] = page
        return self.url + path


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    here = Site()
    async with serve(here.answer) as server:
        here.url = server.url
        yield here


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncIterator[str]:
    """A server that writes `answer`, byte for byte, to whoever comes, and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
