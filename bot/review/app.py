"""The application: which address leads to which page, and what stands before all of them.

In: the store, the configuration, the clock. Out: an ASGI application. Invariant: only requests for this very host are
answered, no foreign script runs, and nothing is changed but by forms of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.config import Config
from bot.errors import PlacewireError
from bot.review import api, health, streaming
from bot.review.desk import Desk, Desks, language_of, show, trouble
from bot.review.door import Door, Doorkeeper
from bot.review.guard import KnownHosts, SafeHeaders, Tokens
from bot.review.pages import deciding, entering, looking, places, quality, queue, rules, story, watches
from bot.review.trying import Known
from bot.review.users import Users
from bot.slots import Clock
from bot.store import Store

STATIC = Path(__file__).parent / "static"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

ROUTES = [
    Route("/", queue.queue),
    Route("/stories", queue.stories),
    Route("/stories/{key:path}", story.story),
    Route("/alike/{key}", story.alike),
    Route("/search", looking.search),
    Route("/places", places.places),
    Route("/places/{id}", places.place),
    Route("/places/{id}/rule", rules.rule),
    Route("/places/{id}/rule", rules.tried, methods=["POST"]),
    Route("/places/{id}/rule/save", rules.save, methods=["POST"]),
    Route("/places/{id}/rule.yaml", rules.patch),
    Route("/watches", watches.watches),
    Route("/watches/try", watches.draft),
    Route("/watches/try", watches.tried, methods=["POST"]),
    Route("/watches/patch.yaml", watches.patch, methods=["POST"]),
    Route("/watches/save", watches.save, methods=["POST"]),
    Route("/missed/{key:path}", rules.missed),
    Route("/missed/{key:path}", rules.missed_here, methods=["POST"]),
    Route("/quality", quality.quality),
    Route("/map", places.world),
    Route("/map/points.json", places.points),
    Route("/sources", looking.sources),
    Route("/sources/{name}/poll", deciding.poll, methods=["POST"]),
    Route("/deliveries", looking.deliveries),
    Route("/audit", looking.audit),
    Route("/trace/{key:path}", looking.trace),
    Route("/decide", deciding.decide, methods=["POST"]),
    Route("/mute", deciding.mute, methods=["POST"]),
    Route("/unmute", deciding.unmute, methods=["POST"]),
    Route("/undo", deciding.undo, methods=["POST"]),
    Route("/login", entering.login_page),
    Route("/login", entering.login, methods=["POST"]),
    Route("/logout", entering.logout, methods=["POST"]),
    Route("/language", deciding.choose_language, methods=["POST"]),
    Route("/healthz", health.healthz),
    Route("/readyz", health.readyz),
    Route("/metrics", health.metrics),
    Route("/api/v1/hits", api.hits),
    Route("/api/v1/stories", api.stories),
    Route("/api/v1/outbox", api.outbox),
    Route("/api/v1/sources", api.sources),
    Route("/api/v1/audit", api.audit),
    Route("/api/v1/search", api.search),
    Route("/api/v1/quality", api.quality),
    Route("/api/v1/silences", api.silences),
    Route("/api/v1/trace/{key:path}", api.trace),
    Route("/api/v1/openapi.json", api.described),
    Route("/api/v1/export", streaming.export),
    Route("/api/v1/export/{key}", streaming.proof),
    Route("/api/v1/rematch", api.rematch, methods=["POST"]),
    Route("/api/v1/backfill", api.backfill, methods=["POST"]),
    Route("/api/v1/{kind}", api.decide, methods=["POST"]),
]


class _Files(StaticFiles):
    """Files that may be kept for an hour: their names do not change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse):
            response.headers["cache-control"] = "public, max-age=3600"
        return response


def make_app(
    store: Store, read: Callable[[], Config], clock: Clock, secret: bytes, pulse: health.Pulse | None = None
) -> Starlette:
    """The application over an open store. `read` gives the configuration, which the service may change as it runs.

    `secret` is the database's: forms are signed with a key made of it. `pulse` is that of the service's loop.
    """
    settings = read().review
    public = urlsplit(settings.public_url or "")
    hosts = (*LOOPBACK, *filter(None, (settings.host.lower(), public.hostname)))
    tokens = Tokens(secret, secure=public.scheme == "https")
    door = Door(clock, Users(settings.users_file) if settings.users_file else None)
    app = Starlette(
        routes=[*ROUTES, Mount("/static", _Files(directory=STATIC))],
        middleware=[
            Middleware(SafeHeaders, lambda: read().review.tiles),
            Middleware(KnownHosts, hosts),
            Middleware(Doorkeeper, door, tokens.cookie_of, _refused),
            Middleware(GZipMiddleware, minimum_size=2_000),
        ],
        exception_handlers={HTTPException: _refused},
    )
    desk = Desk(store=store, config=read(), clock=clock, tokens=tokens, hosts=hosts, door=door)
    app.state.desks = Desks(desk, read)
    app.state.known = Known()
    app.state.pulse = pulse or health.Pulse(clock)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    """A page that says what is wrong."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": error.detail}, error.status_code)
    language, cause = language_of(request), error.__cause__
    words = language.trouble(cause) if isinstance(cause, PlacewireError) else language.said(error.detail)
    if "hx-request" in request.headers:
        return trouble(request, words, error.status_code)
    return await show(request, "error.html", "", status=error.status_code, title=words)
