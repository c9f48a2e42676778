"""Pages that only look: search, sources, deliveries, audit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import StoreError
from bot.review.asked import day, whole
from bot.review.desk import desk_of, language_of, show
from bot.review.excerpt import AROUND
from bot.review.language import Language
from bot.store import ActRow, Filters
from bot.store.outbox import NOTHING_LEFT
from bot.store.said import Said
from bot.store.search import STATES

FOUND = 50
NOTHING = "—"
MOMENTS = frozenset({"paused", "pinned", "sent", "tried", "until"})
"""What of a state is a moment."""
SEARCHED = ("q", "source", "side", "place", "language", "state", "since", "until", "limit", "before")
"""What a search may be asked by."""
LISTED = 50


async def search(request: Request) -> Response:
    """Every post in every wording, by words and facets."""
    desk, asked = desk_of(request), request.query_params
    typed = asked.get("q", "").strip()[:500]
    facets = filters(asked)
    rows, following = await desk.store.search_page(typed, facets, limit=FOUND, before=whole(asked.get("before")))
    return await show(
        request,
        "search.html",
        "search",
        typed=typed,
        rows=[(row, highlighted(row.text, typed)) for row in rows],
        looked=bool(typed) or facets.named,
        following=following,
        further=urlencode([each for each in asked.multi_items() if each[0] != "before" and each[1]]),
        chosen={(name, value) for name, value in asked.multi_items()},
        asked=asked,
        sides=sorted({source.side for source in desk.config.sources if source.side}),
    )


def filters(asked: QueryParams) -> Filters:
    """The facets of an address. Raises 400 for what is no date, and no state."""

    def all_of(name: str) -> list[str]:
        return [value for value in asked.getlist(name) if value]

    if unknown := sorted(set(all_of("state")) - set(STATES)):
        known = ", ".join(STATES)
        raise HTTPException(
            400, Said("%(state)s is no state of a post: name one of %(known)s", state=unknown[0][:40], known=known)
        )

    return Filters(
        sources=all_of("source"),
        sides=all_of("side"),
        places=all_of("place"),
        languages=all_of("language"),
        states=all_of("state"),
        since=day(asked.get("since", "")[:10], "since"),
        until=until + timedelta(days=1) if (until := day(asked.get("until", "")[:10], "until")) else None,
    )


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
    stranded = [row for row in await desk.store.stranded_outbox() if row.reason not in NOTHING_LEFT]
    return await show(
        request,
        "deliveries.html",
        "deliveries",
        stranded=stranded[:LISTED],
        rows=await desk.store.newest_outbox(LISTED),
        digests=await desk.store.digests(limit=LISTED),
    )


async def audit(request: Request) -> Response:
    """Who decided what, newest first."""
    before = whole(request.query_params.get("before"))
    rows = await desk_of(request).store.reviews.newest(LISTED + 1, before)
    language = language_of(request)
    changes = {row.id: changed(row, language) for row in rows[:LISTED]}
    following = rows[LISTED - 1].id[1:] if len(rows) > LISTED else None
    return await show(request, "audit.html", "audit", rows=rows[:LISTED], following=following, changes=changes)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an act changed of one target."""

    target: str
    what: str
    before: str
    after: str


def changed(row: ActRow, language: Language) -> list[Change]:
    """What the act changed, thing by thing."""

    def words(what: str, value: object) -> str:
        if what in MOMENTS and isinstance(value, str):
            return f"{language.moment(datetime.fromisoformat(value))} UTC"
        return shown(value)

    return [
        Change(key, what, words(what, row.before.get(key, {}).get(what)), words(what, value))
        for key, state in row.after.items()
        for what, value in state.items()
        if row.before.get(key, {}).get(what) != value
    ]


def shown(value: object) -> str:
    """A value of a state, as people read it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {each}" for name, each in value.items()) or NOTHING
    return NOTHING if value is None else str(value)


async def trace(request: Request) -> Response:
    """What happened to anything that has an id, step by step."""
    key = request.path_params["key"]
    try:
        events = await desk_of(request).store.trace(key)
    except StoreError as error:
        raise HTTPException(404, str(error)) from error
    return await show(request, "trace.html", "deliveries", key=key, events=events)
