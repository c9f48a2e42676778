"""The page inside the service: Starlette on uvicorn, on loopback.

In: the store, the configuration, the clock. Out: HTTP until closed. Invariant: what a stranger wrote is escaped, no
foreign script runs, and a request that names another host is refused.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from types import TracebackType
from typing import Self

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.config import Config, ReviewSettings
from bot.review.app import make_app
from bot.review.health import Pulse
from bot.slots import Clock
from bot.store import Store

log = structlog.get_logger()


class _Server(uvicorn.Server):
    """A server whose signals belong to the service around it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


def _uvicorn(app: ASGIApp, settings: ReviewSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
        server_header=False,
    )


class Page:
    """`async with Page(store, read, clock)`: served in between. A taken port is logged, and nothing else stops.

    `read` gives the configuration; where it listens is what that says at the beginning. `pulse` is that of the
    service's loop.
    """

    def __init__(self, store: Store, read: Callable[[], Config], clock: Clock, pulse: Pulse | None = None) -> None:
        self._store, self._read, self._clock, self._pulse = store, read, clock, pulse
        self._settings = read().review
        self.address = f"http://{self._settings.host}:{self._settings.port}"
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        app = make_app(self._store, self._read, self._clock, await self._store.secret(), self._pulse)
        self._server = _Server(_uvicorn(app, self._settings))
        self._task = asyncio.create_task(self._serve(self._server), name="page")
        return self

    async def ready(self) -> None:
        """Return when it answers."""
        assert self._server is not None
        await self._server.ready.wait()

    async def until(self, stopping: asyncio.Event) -> None:
        """Return when it is told to stop, or cannot be served: for a process that is nothing but the page."""
        assert self._task is not None
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait([told, self._task], return_when=asyncio.FIRST_COMPLETED)
        told.cancel()

    async def _serve(self, server: _Server) -> None:
        try:
            await server.serve()
        except SystemExit:  # uvicorn's way to say that it cannot listen
            log.warning("page not served", address=self.address, do="free the port, or set review.port")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server and self._task:
            self._server.should_exit = True
            with suppress(asyncio.CancelledError):
                await self._task
