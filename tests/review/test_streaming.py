"""Long answers over real HTTP: whole in order, and ended where their reader went away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.review.streaming import CHUNK, streamed
from tests.review.browser import free_port

ASK = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@asynccontextmanager
async def serving(text: AsyncIterator[str]) -> AsyncIterator[int]:
    async def answer(request: Request) -> Response:
        del request
        return streamed(text, "text/plain")

    port = free_port()
    app = Starlette(routes=[Route("/", answer)])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0)
    try:
        yield port
    finally:
        server.should_exit = True
        await task


async def test_a_reader_that_goes_away_ends_the_reading() -> None:
    ended = asyncio.Event()
    made = 0

    async def endless() -> AsyncIterator[str]:
        nonlocal made
        try:
            while True:
                made += 1
                yield "x" * 1_000
                await asyncio.sleep(0)
        finally:
            ended.set()

    async with serving(endless()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASK)
        assert len(await reader.readexactly(3 * CHUNK)) == 3 * CHUNK
        assert not ended.is_set()
        writer.transport.abort()
        await asyncio.wait_for(ended.wait(), 10)
        after = made
        reader, writer = await asyncio.open_connection("127.0.0.1", port)  # it answers others
        writer.write(b"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 404")
        writer.close()
    assert made == after


async def test_an_answer_that_could_not_be_finished_is_known_to_be_none() -> None:
    async def broken() -> AsyncIterator[str]:
        yield "x" * CHUNK
        raise OSError("the disk is gone")

    async with serving(broken()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASK)
        answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 200")
    assert not answer.endswith(b"0\r\n\r\n")  # the last chunk, without which no client takes it as whole
