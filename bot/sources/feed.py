"""Reading a feed: ask politely, skip what did not change, parse elsewhere, keep validators of whole documents only.

In: a source and what is remembered of it. Out: a `Reading`; SourceError where the feed gave no usable answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.errors import SourceDown, SourceError
from bot.model import Arrival, Condition, Cursor, Identity, Post, Reading, Source, SourceMemory
from bot.sources import condition
from bot.sources.identity import MARKED, NAMELESS, Named, choose, identified, known, marks, nameless, post, short
from bot.sources.parsing.document import Document, Fault, Item

if TYPE_CHECKING:
    from bot.http import Http, Response
    from bot.sources.child import ParseWorker

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
FULL_EVERY = timedelta(hours=24)
"""Some servers answer 304 for ever: the whole document is asked for now and then."""
NOT_MODIFIED = 304
LONGEST_VALIDATOR = 1_000
OLDER_PAGES = 20
LONG_AGO = datetime.min.replace(tzinfo=UTC)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)

GIVEN_UP = {Identity.LINK: "guids", Identity.CONTENT: "guids or links"}
REMEDIES = {
    Fault.PARSE: "open the address in a browser; if the feed is broken there too, tell its publisher",
    Fault.NOT_A_FEED: "write the address of the feed itself",
}


@dataclass(frozen=True, slots=True)
class Feeds:
    """Reads feeds over `http`, parsing in `worker`."""

    http: Http
    worker: ParseWorker

    async def read(self, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        headers = conditions(memory.cursor, now)
        try:
            response = await self._get(source, source.address, headers)
        except SourceDown as error:
            if not headers or error.state != "http_broken":
                raise
            headers = {}  # Some servers say "not modified" and send a body all the same, which is no HTTP.
            response = await self._get(source, source.address, headers)
        if response.status == NOT_MODIFIED:
            return _not_modified(source, memory, response, conditional=bool(headers))
        cursor = _validated(memory.cursor, response, now, full=not headers)
        if cursor.body_hash == memory.cursor.body_hash:
            return _unchanged(source, cursor, response, "the same document as before")
        document = await self._parse(response)
        if document.fault:
            return condition.failed(source, memory, _fault(document))
        older = await self._older(source, document) if memory.first_read is None else ()
        return _reading(source, memory, cursor, replace(document, items=document.items + older), response)

    async def _get(self, source: Source, url: str, headers: Mapping[str, str]) -> Response:
        return await self.http.get(url, headers={"Accept": ACCEPT, **headers}, private=source.headers)

    async def _parse(self, response: Response) -> Document:
        declared = CHARSET.search(response.headers.get("Content-Type", ""))
        return await self.worker.parse(response.body, declared[1] if declared else None, response.url)

    async def _older(self, source: Source, document: Document) -> tuple[Item, ...]:
        """Items of the pages behind the first, until `backfill` is met. Best effort: the first page is what counts."""
        items: list[Item] = []
        seen = {source.address}
        wanted = (source.backfill or 0) - len(document.items)
        while len(items) < wanted and document.older and document.older not in seen and len(seen) <= OLDER_PAGES:
            seen.add(document.older)
            try:
                document = await self._parse(await self._get(source, document.older, {}))
            except SourceError:
                break
            items += document.items
        return tuple(items)


def conditions(cursor: Cursor, now: datetime) -> dict[str, str]:
    """Headers that let the server say "not modified"; none when the whole document is due."""
    if cursor.full_at is None or now - cursor.full_at >= FULL_EVERY:
        return {}
    headers = {"If-None-Match": cursor.etag, "If-Modified-Since": cursor.last_modified}
    return {name: value for name, value in headers.items() if value and _may_be_sent(value)}


def _may_be_sent(validator: str) -> bool:
    """Servers give back what they would not take, or what no header can carry."""
    return validator.isascii() and validator.isprintable() and len(validator) <= LONGEST_VALIDATOR


def _not_modified(source: Source, memory: SourceMemory, response: Response, *, conditional: bool) -> Reading:
    if not conditional:
        raise SourceDown(
            source.address, "it answers 304 although nothing was asked about", "report it", state="http_304"
        )
    return _unchanged(source, memory.cursor, response)


def _unchanged(source: Source, cursor: Cursor, response: Response, *notes: str) -> Reading:
    detail = _joined(*notes, _switch(source, cursor))
    unchanged = condition.working("not_modified", detail, response.seconds)
    return Reading(source=source.name, condition=unchanged, cursor=cursor, moved_to=response.moved_to)


def _validated(cursor: Cursor, response: Response, now: datetime, *, full: bool) -> Cursor:
    """The cursor that holds if this document turns out to be whole."""
    return replace(
        cursor,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        body_hash=sha256(response.body).hexdigest(),
        full_at=now if full or cursor.full_at is None else cursor.full_at,
    )


def _fault(document: Document) -> Condition:
    return Condition(state=document.fault.value, detail=document.detail, remedy=REMEDIES.get(document.fault, ""))


def _reading(source: Source, memory: SourceMemory, cursor: Cursor, document: Document, response: Response) -> Reading:
    policy = source.identity or choose(document.items, cursor.identity, cursor.marks)
    named = identified(document.items, policy)
    cursor = _identified(_kept(cursor, document), named, policy, sound=document.sound)
    left_out = frozenset(cursor.known)
    posts = tuple(post(source.name, key, item) for key, item in named if short(key) not in left_out)
    first = memory.first_read is None
    return Reading(
        source=source.name,
        condition=_condition(document, _switch(source, cursor), response.seconds),
        cursor=cursor,
        posts=posts,
        arrival=Arrival.BASELINE if first else Arrival.LIVE,
        backfilled=_newest(posts, source.backfill) if first else frozenset(),
        dropped=document.dropped,
        moved_to=response.moved_to,
    )


def _identified(cursor: Cursor, named: Named, policy: Identity, *, sound: bool) -> Cursor:
    """With the policy that the items were told apart by; a document without items decides nothing.

    Items that another policy has stored under other ids are known from then on. A document that broke off or is garbled
    does not make the items of the one before it unknown.
    """
    if not named:
        return cursor
    switched = cursor.identity not in {None, policy}
    fresh = marks(named)
    kept = nameless(cursor.marks, fresh) if switched else cursor.marks
    seen = fresh if sound else tuple(dict.fromkeys(fresh + kept))[:MARKED]
    if switched:
        left_out = known(named, cursor.marks)
    else:
        left_out = known(named, [mark for mark in cursor.marks if mark.startswith(NAMELESS)]) | {*cursor.known}
    return replace(cursor, identity=policy, marks=seen, known=tuple(sorted(left_out)))


def _switch(source: Source, cursor: Cursor) -> str:
    """That a policy was given up, for as long as its successor holds; nothing where the operator chose."""
    if source.identity or not cursor.known or cursor.identity not in GIVEN_UP:
        return ""
    return f"items told apart by {cursor.identity} since their {GIVEN_UP[cursor.identity]} change"


def _kept(cursor: Cursor, document: Document) -> Cursor:
    """Validators of a document that was cut short or garbled would freeze the fault: the next poll asks for all."""
    if document.sound:
        return cursor
    return replace(cursor, etag=None, last_modified=None, body_hash=None)


def _condition(document: Document, switch: str, seconds: float) -> Condition:
    if document.garbled:
        detail = f"its text looks garbled, read as {document.charset}"
        return Condition(state="mojibake", detail=detail, remedy="tell its publisher to declare the right charset")
    if not document.complete:
        detail = "the document has no end; what it holds was read"
        return Condition(state="truncated", detail=detail, remedy="nothing to do: the next poll asks for all of it")
    if document.beyond:
        detail = f"{document.beyond} items were not read: a document may hold {len(document.items)}"
        return Condition(state="truncated", detail=detail, remedy="ask its publisher for a document with fewer items")
    count = document.dropped
    dropped = f"{count} item{'' if count == 1 else 's'} could not be read" if count else ""
    return condition.working("ok" if document.items else "empty", _joined(switch, dropped), seconds)


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))


def _newest(posts: tuple[Post, ...], count: int | None) -> frozenset[str]:
    """Ids of the newest posts; those without a date keep the document's order."""
    ordered = sorted(posts, key=lambda each: each.published or LONG_AGO, reverse=True)
    return frozenset(each.id for each in ordered[: count or 0])
