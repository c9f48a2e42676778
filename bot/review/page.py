"""The page inside the service: Starlette on uvicorn, on loopback.

In: the store, the configuration, the clock. Out: HTTP until closed. Invariant: what a stranger wrote is escaped, no
foreign script runs, and a request that names another host is refused.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from bot.config import Config, ReviewSettings
from bot.errors import NotServed
from bot.review.app import make_app
from bot.review.health import Pulse
from bot.review.users import Users
from bot.slots import Clock
from bot.store import Store


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


def _want_users(settings: ReviewSettings) -> None:
    """Raises `NotServed` if there is to be a file of users, and nobody is in it."""
    if settings.users_file and not Users(settings.users_file).known:
        raise NotServed(str(settings.users_file), "has no user", "make one: placewire user NAME")


async def _listening(settings: ReviewSettings) -> list[socket.socket]:
    """A socket for each address of the host. Raises `NotServed` if one cannot be had."""
    loop, sockets = asyncio.get_running_loop(), []
    try:
        found = await loop.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        for family, _, _, _, address in dict.fromkeys(found):
            sockets.append(socket.create_server(address[:2], family=family))
    except OSError as error:
        for each in sockets:
            each.close()
        why = _WHY.get(error.errno or 0, f"cannot be listened at ({error.strerror or error})")
        raise NotServed(f"{settings.host}:{settings.port}", why, "free it, or set review.port or review.host") from None
    return sockets


_WHY = {
    errno.EADDRINUSE: "is taken by another program",
    errno.EACCES: "may not be listened at by this user",
    errno.EADDRNOTAVAIL: "is no address of this machine",
}


class Page:
    """`async with Page(store, read, clock)`: served in between, or `fault` says why not.

    `read` gives the configuration; where it listens is what that says at the beginning. `pulse` is that of the
    service's loop.
    """

    def __init__(self, store: Store, read: Callable[[], Config], clock: Clock, pulse: Pulse | None = None) -> None:
        self._store, self._read, self._clock, self._pulse = store, read, clock, pulse
        self._settings = read().review
        self.address = f"http://{self._settings.host}:{self._settings.port}"
        self.fault: NotServed | None = None
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        try:
            _want_users(self._settings)
            app = make_app(self._store, self._read, self._clock, await self._store.secret(), self._pulse)
            sockets = await _listening(self._settings)
        except NotServed as fault:
            self.fault = fault
            return self
        self._server = _Server(_uvicorn(app, self._settings))
        self._task = asyncio.create_task(self._server.serve(sockets), name="page")
        return self

    async def ready(self) -> None:
        """Return when it answers."""
        assert self._server is not None
        await self._server.ready.wait()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server and self._task:
            self._server.should_exit = True
            with suppress(asyncio.CancelledError):
                await self._task
