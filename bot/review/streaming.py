"""Long answers, a piece at a time: exports and lists, in bounded memory.

In: pieces of text. Out: a response that is sent as fast as it is read. Invariant: whoever goes away half way ends the
reading of the store at once; an answer that could not be finished is cut off, and so known to be no whole one.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.errors import StoreError
from bot.export import Format, bundle
from bot.export.formats import MEDIA_TYPES, WRITERS, About, pieces
from bot.model import HitState, Verdict
from bot.review.asked import day, only
from bot.review.desk import desk_of
from bot.store import Chosen

LINES = "application/x-ndjson"
CHUNK = 32 * 1024
"""Characters that are sent at once."""
EXPORTED = ("format", "place", "source", "state", "since", "until", "bom")
"""What an export may be asked by."""
STATES: Sequence[str] = (*HitState, *Verdict)


def streamed(text: AsyncIterator[str], media_type: str, name: str | None = None) -> Response:
    """The pieces as one answer; `name` is what a browser calls the file."""
    headers = {"content-disposition": f'attachment; filename="{name}"'} if name else None
    return StreamingResponse(_chunks(text), media_type=f"{media_type}; charset=utf-8", headers=headers)


async def _chunks(text: AsyncIterator[str]) -> AsyncIterator[bytes]:
    held: list[str] = []
    size = 0
    async with closing(text):
        async for piece in text:
            held.append(piece)
            size += len(piece)
            if size >= CHUNK:
                yield "".join(held).encode("utf-8", "replace")
                held, size = [], 0
    yield "".join(held).encode("utf-8", "replace")


def closing(text: AsyncIterator[Any]) -> AbstractAsyncContextManager[Any]:
    """Ends the reading together with what reads."""
    return aclosing(text) if isinstance(text, AsyncGenerator) else nullcontext()


def as_line(row: Mapping[str, Any]) -> str:
    """A line of JSON; a lone surrogate is written as an escape."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace").decode() + "\n"


async def export(request: Request) -> Response:
    """Hits as a file, by the filters of `placewire export`."""
    desk, asked = desk_of(request), request.query_params
    only(asked, EXPORTED)
    format_, chosen = _format(asked.get("format")), _chosen(asked)
    writer = WRITERS[format_](About(desk.watches, tuple(chosen.places), desk.now))
    text = pieces(desk.store.exported(chosen), writer, bom=format_ is Format.CSV and asked.get("bom") == "1")
    return streamed(text, MEDIA_TYPES[format_], None if format_ is Format.ATOM else f"hits.{format_}")


async def proof(request: Request) -> Response:
    """One hit with all that proves it, as a zip."""
    desk, key = desk_of(request), request.path_params["key"]
    try:
        found = await desk.store.evidence(key)
    except StoreError as error:
        raise HTTPException(404, str(error)) from error
    made = bundle.zipped(bundle.files(found, desk.watches, desk.now))
    name = f'attachment; filename="{found.row.hit.id}.zip"'
    return Response(made, media_type="application/zip", headers={"content-disposition": name})


def _format(named: str | None) -> Format:
    if named not in set(Format):
        raise HTTPException(400, f"format is one of {', '.join(Format)}")
    return Format(named)


def _chosen(asked: QueryParams) -> Chosen:
    states = asked.getlist("state")
    if unknown := sorted(set(states) - set(STATES)):
        raise HTTPException(400, f"{unknown[0]} is no state of a hit: name one of {', '.join(STATES)}")
    return Chosen(
        places=asked.getlist("place"),
        sources=asked.getlist("source"),
        states=states,
        since=day(asked.get("since"), "since"),
        until=day(asked.get("until"), "until"),
    )
