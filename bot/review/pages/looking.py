"""Pages that only look: search, sources, deliveries, audit."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import StoreError
from bot.review.asked import whole
from bot.review.desk import desk_of, show
from bot.review.excerpt import AROUND
from bot.store import Filters

FOUND = 50
LISTED = 50


async def search(request: Request) -> Response:
    """Every post in every wording, by words and facets."""
    desk, asked = desk_of(request), request.query_params
    typed = asked.get("q", "").strip()[:500]
    rows = await desk.store.search(typed, filters(asked.multi_items()), limit=FOUND) if typed else []
    return await show(
        request,
        "search.html",
        "search",
        typed=typed,
        rows=[(row, highlighted(row.text, typed)) for row in rows],
        full=len(rows) == FOUND,
        chosen={(name, value) for name, value in asked.multi_items()},
        asked=asked,
        sides=sorted({source.side for source in desk.config.sources if source.side}),
    )


def filters(items: list[tuple[str, str]]) -> Filters:
    """The facets of an address; what is no date is passed over."""

    def all_of(name: str) -> list[str]:
        return [value for key, value in items if key == name and value]

    return Filters(
        sources=all_of("source"),
        sides=all_of("side"),
        places=all_of("place"),
        languages=all_of("language"),
        states=all_of("state"),
        since=_day(all_of("since")),
        until=_day(all_of("until"), timedelta(days=1)),
    )


def _day(values: list[str], later: timedelta = timedelta(0)) -> datetime | None:
    try:
        return datetime.fromisoformat(values[0][:10]).replace(tzinfo=UTC) + later if values else None
    except ValueError:
        return None


def highlighted(text: str, typed: str) -> list[tuple[str, bool]]:
    """The text around the first word that was looked for, and which parts begin like one of them."""
    stems = sorted({re.escape(word[: max(3, len(word) - 2)]) for word in re.findall(r"\w+", typed)}, key=len)
    if not stems:
        return [(text[: 4 * AROUND], False)]
    pattern = re.compile(rf"\b(?:{'|'.join(reversed(stems))})\w*", re.IGNORECASE)
    first = pattern.search(text)
    low = max(0, (first.start() if first else 0) - AROUND)
    cut = ("… " if low else "") + text[low : low + 4 * AROUND] + (" …" if low + 4 * AROUND < len(text) else "")
    made, at = [], 0
    for found in pattern.finditer(cut):
        made += [(cut[at : found.start()], False), (found[0], True)]
        at = found.end()
    return [piece for piece in (*made, (cut[at:], False)) if piece[0]]


async def sources(request: Request) -> Response:
    """How every source does; those in trouble first."""
    desk = desk_of(request)
    rows = sorted(await desk.store.sources(), key=lambda row: (row.state in WORKING, row.title or row.id))
    return await show(request, "sources.html", "sources", rows=rows, bars={row.id: coverage(row.gaps) for row in rows})


WORKING = frozenset({"ok", "empty", "not_modified", "slow", "new"})
WIDTH = 100.0


def coverage(gaps: tuple[tuple[int, int], ...]) -> list[tuple[float, float]]:
    """Where a bar of 100 has holes, as (start, width): message ids from the first gap's surroundings to the last's."""
    if not gaps:
        return []
    low, high = min(gap[0] for gap in gaps), max(gap[1] for gap in gaps)
    margin = max(1, high - low) // 2 + 1
    span = high - low + 2 * margin + 1
    return [
        (round((a - low + margin) / span * WIDTH, 2), max(1.0, round((b - a + 1) / span * WIDTH, 2))) for a, b in gaps
    ]


async def deliveries(request: Request) -> Response:
    """What went where and when, and what was held, and why."""
    desk = desk_of(request)
    return await show(
        request,
        "deliveries.html",
        "deliveries",
        rows=await desk.store.newest_outbox(LISTED),
        digests=await desk.store.digests(limit=LISTED),
    )


async def audit(request: Request) -> Response:
    """Who decided what, newest first."""
    before = whole(request.query_params.get("before"))
    rows = await desk_of(request).store.reviews.newest(LISTED + 1, before)
    following = rows[LISTED - 1].id[1:] if len(rows) > LISTED else None
    return await show(request, "audit.html", "audit", rows=rows[:LISTED], following=following)


async def trace(request: Request) -> Response:
    """What happened to anything that has an id, step by step."""
    key = request.path_params["key"]
    try:
        events = await desk_of(request).store.trace(key)
    except StoreError as error:
        raise HTTPException(404, str(error)) from error
    return await show(request, "trace.html", "deliveries", key=key, events=events)
