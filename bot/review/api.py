"""The same over HTTP, for scripts: lists as JSON lines, decisions as JSON, and a document that describes them.

In: requests with a token, where there are users. Out: the flat objects that the commands print with --json, exports.
Invariant: a list streams page by page, so that its length never matters, and a reader that goes away ends it; a
decision goes the same way as one on the page.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.config.cache import cache_folder
from bot.errors import Overtaken, PlacewireError
from bot.matching import load_matcher
from bot.model import Rejection, flat
from bot.pipeline import knowledge
from bot.rematching import matched_again
from bot.review import muting
from bot.review.asked import day, is_whole, only, whole
from bot.review.desk import Desk, desk_of, who
from bot.review.guard import refuse_foreign
from bot.review.openapi import document
from bot.review.pages.looking import SEARCHED, filters
from bot.review.pages.quality import quality_rows
from bot.review.streaming import LINES, as_line, closing, streamed
from bot.store import Act, Acted, ActKind, How, SilenceRow

LONGEST = 64 * 1024
LISTED = 50
MOST_FOUND = 1_000
MOST_FILLED = 100_000
KINDS = frozenset(ActKind) - {ActKind.UNDO, ActKind.MUTE}
_ONE = asyncio.Semaphore(1)
"""Matching again reads all that is stored: one at a time."""


async def hits(request: Request) -> Response:
    return _lines(desk_of(request).store.hits())


async def stories(request: Request) -> Response:
    return _lines(desk_of(request).store.stories())


async def outbox(request: Request) -> Response:
    return _lines(desk_of(request).store.outbox())


async def sources(request: Request) -> Response:
    return JSONResponse([flat(row) for row in await desk_of(request).store.sources()])


async def audit(request: Request) -> Response:
    asked = request.query_params
    rows = await desk_of(request).store.reviews.newest(_limit(asked), whole(asked.get("before")))
    return JSONResponse([flat(row) for row in rows])


async def silences(request: Request) -> Response:
    """What is muted now."""
    desk = desk_of(request)
    return JSONResponse([flat(SilenceRow.of(each)) for each in await desk.store.notices.silences(desk.now)])


async def quality(request: Request) -> Response:
    """How often confidence was right, by place, source, evidence and confidence."""
    return JSONResponse([flat(row) for row in await quality_rows(desk_of(request).store)])


async def search(request: Request) -> Response:
    """Posts, by the facets of the page's own address; the header X-Next is the `before` of the next page."""
    asked = request.query_params
    only(asked, SEARCHED)
    rows, following = await desk_of(request).store.search_page(
        asked.get("q", ""), filters(asked), limit=_limit(asked), before=whole(asked.get("before"))
    )
    return JSONResponse([flat(row) for row in rows], headers={"X-Next": str(following)} if following else None)


async def trace(request: Request) -> Response:
    try:
        events = await desk_of(request).store.trace(request.path_params["key"])
    except PlacewireError as error:
        return JSONResponse({"error": str(error)}, 404)
    return JSONResponse([flat(event) for event in events])


async def backfill(request: Request) -> Response:
    """Order older posts of a source; the running service reads them."""
    desk, wanted = desk_of(request), await _body(request)
    name, count = wanted.get("source"), wanted.get("count", 200)
    if not isinstance(name, str) or name not in desk.sources or not is_whole(count) or not 1 <= count <= MOST_FILLED:
        raise HTTPException(400, f"source is one that is configured, count a number from 1 to {MOST_FILLED}")
    await desk.store.upkeep.order(name, count)
    return JSONResponse({"source": name, "count": count}, 202)


async def rematch(request: Request) -> Response:
    """Match stored posts again; what changes comes as JSON lines while it is found. `dry_run` changes nothing."""
    desk, wanted = desk_of(request), await _body(request)
    since, dry = wanted.get("since"), wanted.get("dry_run", True)
    if not isinstance(since, str | None) or not isinstance(dry, bool):
        raise HTTPException(400, "since is a date, dry_run true or false")
    if _ONE.locked():
        raise HTTPException(409, "Stored posts are being matched already: wait for that to end.")
    return streamed(_changes(request, desk, day(since, "since"), dry=dry), LINES)


async def _changes(request: Request, desk: Desk, since: datetime | None, *, dry: bool) -> AsyncIterator[str]:
    async with _ONE:
        matcher = (await load_matcher(desk.config.watches, cache_folder())).knowing(
            await knowledge(desk.config, desk.store)
        )
        looking = matched_again(desk.store, matcher, desk.config, since, desk.now, dry=dry)
        async with closing(looking):
            async for looked in looking:
                for changed in looked.mentions:
                    yield as_line(flat(changed))
                if await request.is_disconnected():
                    return


async def decide(request: Request) -> Response:
    """One decision: the kind is in the address, what it is about in the body."""
    desk = desk_of(request)
    kind, wanted = request.path_params["kind"], await _body(request)
    try:
        if kind == ActKind.UNDO:
            done = await desk.store.reviews.undo(_act(request, ActKind.UNDO, {}), _undone(wanted), desk.now)
        elif kind == ActKind.MUTE:
            done = await _mute(request, wanted)
        elif kind in KINDS:
            done = await desk.store.reviews.perform(_act(request, ActKind(kind), wanted), desk.now)
        else:
            raise HTTPException(404, "no such decision")
    except PlacewireError as error:
        return JSONResponse({"error": str(error)}, 409 if isinstance(error, Overtaken) else 400)
    return JSONResponse(flat(done))


async def described(request: Request) -> Response:
    del request
    return JSONResponse(document())


def _act(request: Request, kind: ActKind, wanted: Mapping[str, Any]) -> Act:
    """What the body asks for. Raises 400 for what is none of it."""
    targets, to, seen = wanted.get("targets", []), wanted.get("to"), wanted.get("seen")
    reason, note = wanted.get("reason"), wanted.get("note", "")
    texts = isinstance(targets, list) and all(isinstance(each, str) for each in (*targets, note))
    fits = texts and isinstance(to, str | None) and (seen is None or is_whole(seen))
    if not fits or (reason is not None and reason not in list(Rejection)):
        raise HTTPException(
            400, "targets are ids, note and to are texts, seen is a number, reason one of those that openapi.json names"
        )
    if kind is ActKind.MOVE and to not in desk_of(request).watches:
        raise HTTPException(400, "to is no watch of the watchlists")
    given = Rejection(reason) if reason else Rejection.OTHER if kind is ActKind.REJECT else None
    return Act(
        kind=kind, targets=tuple(targets), who=who(request), how=How.API, reason=given, note=note, to=to, seen=seen
    )


async def _mute(request: Request, wanted: Mapping[str, Any]) -> Acted:
    """Raises 400 for what is no place, source or time."""
    place, source, until, note = (wanted.get(name) for name in ("place", "source", "until", "note"))
    if not all(isinstance(each, str | None) for each in (place, source, until, note)):
        raise HTTPException(400, "place, source, until and note are texts")
    return await muting.mute(
        request, How.API, place=place, source=source, until=day(until, "until"), comment=note or ""
    )


def _undone(wanted: Mapping[str, Any]) -> str | None:
    """The act to take back; None for the last one. Raises 400 for what is no id."""
    key = wanted.get("act")
    if not isinstance(key, str | None):
        raise HTTPException(400, "act is an id, as the audit has them: a5")
    return key


async def _body(request: Request) -> Mapping[str, Any]:
    """A JSON object. Another site's form cannot send one: browsers ask first, and are not allowed."""
    refuse_foreign(request, desk_of(request).hosts)
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "send application/json")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            raise HTTPException(413, "too much at once")
    try:
        given = json.loads(body or b"{}")
    except ValueError as error:
        raise HTTPException(400, f"this is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise HTTPException(400, "send an object")
    return given


def _lines(rows: AsyncIterator[Any]) -> Response:
    async def lines() -> AsyncIterator[str]:
        async with closing(rows):
            async for row in rows:
                yield as_line(flat(row))

    return streamed(lines(), LINES)


def _limit(asked: QueryParams) -> int:
    number = whole(asked.get("limit"))
    return LISTED if number is None else min(number, MOST_FOUND)
