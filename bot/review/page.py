"""The page inside the service: Starlette on uvicorn, on loopback.

In: the store and the settings. Out: HTTP until closed. Invariant: what a stranger wrote is escaped, no script runs, and
a request that names another host is refused.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext, suppress
from types import TracebackType
from typing import Self

import structlog
import uvicorn

from bot.config import ReviewSettings
from bot.review.app import make_app
from bot.store import Store

log = structlog.get_logger()


class _Server(uvicorn.Server):
    """A server whose signals belong to the service around it."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


class Page:
    """`async with Page(store, settings)`: served in between. A port that is taken is logged, and nothing else stops."""

    def __init__(self, store: Store, settings: ReviewSettings) -> None:
        self._address = f"http://{settings.host}:{settings.port}"
        config = uvicorn.Config(
            make_app(store, settings),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._serve(), name="page")
        return self

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit:  # uvicorn's way to say that it cannot listen
            log.warning("page not served", address=self._address, do="free the port, or set review.port")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        if self._task:
            with suppress(asyncio.CancelledError):
                await self._task
