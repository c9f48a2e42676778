"""The pages: hits with their sentences, sources, deliveries; and /healthz for the container's health check.

In: a request. Out: HTML from templates that escape everything. Invariant: nothing here changes the store.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.config import ReviewSettings
from bot.review.sentences import newest
from bot.store import Store

HERE = Path(__file__).parent
NEWEST = 100
SHOWN = timedelta(days=1)
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

templates = Jinja2Templates(HERE / "templates")


def make_app(store: Store, settings: ReviewSettings) -> Starlette:
    """The application; only requests for this very host are answered, so that no other site can reach it."""
    routes = [
        Route("/", _hits),
        Route("/sources", _sources),
        Route("/deliveries", _deliveries),
        Route("/healthz", _healthz),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    hosts = ["127.0.0.1", "localhost", "[::1]", settings.host]
    app = Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, hosts), Middleware(_SafeHeaders)])
    app.state.store = store
    return app


class _SafeHeaders:
    """Adds the headers that forbid scripts, frames and referrers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


async def _hits(request: Request) -> Response:
    stories = await _store(request).stories_since(datetime.now(UTC) - SHOWN)
    return _page(request, "hits.html", "Hits", rows=newest(stories, NEWEST), hours=SHOWN // timedelta(hours=1))


async def _sources(request: Request) -> Response:
    rows = [
        (row.title or row.id, row.state, row.detail, row.remedy, row.posts, _when(row.last_ok), _when(row.due))
        for row in await _store(request).sources()
    ]
    columns = ("Source", "State", "Why", "What to do", "Posts", "Last answer", "Next poll")
    return _page(request, "table.html", "Sources", intro="Times are UTC.", columns=columns, rows=rows)


async def _deliveries(request: Request) -> Response:
    rows = [
        (row.id, row.route, row.to, f"{row.part}/{row.parts}", row.outcome, row.reason, _when(row.sent))
        for row in await _store(request).newest_outbox(NEWEST)
    ]
    columns = ("Id", "Route", "To", "Part", "State", "Why", "Sent")
    return _page(request, "table.html", "Deliveries", intro="Newest first; times are UTC.", columns=columns, rows=rows)


async def _healthz(request: Request) -> Response:
    """200 while the loop turns and the store answers."""
    oldest = await _store(request).oldest_waiting()
    return JSONResponse({"status": "ok", "oldest_waiting": oldest.isoformat() if oldest else None})


def _page(request: Request, template: str, title: str, **context: Any) -> Response:
    return templates.TemplateResponse(request, template, {"title": title, **context})


def _store(request: Request) -> Store:
    store = request.app.state.store
    assert isinstance(store, Store)
    return store


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
