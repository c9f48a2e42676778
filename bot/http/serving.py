"""A small web server on loopback: the demo's newsroom and the fakes of the tests speak through it.

In: a handler from request to answer. Out: a `Server` with its address; leaving its `async with` closes it gracefully.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked: `path` decoded, `query` flat, `headers` ignoring case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back, byte for byte."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Handler = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@asynccontextmanager
async def serve(handler: Handler, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Server]:
    """Serve until the block is left; `port` 0 takes a free one."""

    async def answer(request: web.BaseRequest) -> web.Response:
        given = await handler(
            Request(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers=request.headers,
                body=await request.read(),
            )
        )
        return web.Response(status=given.status, headers=dict(given.headers), body=given.body)

    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound_host, bound_port = runner.addresses[0][:2]
        yield Server(bound_host, bound_port)
    finally:
        await runner.cleanup()
