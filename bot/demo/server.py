"""The newsroom's web server: one answer to one request, at the hour of a clock that is passed in.

In: requests for `/feeds/NAME` and `/s/NAME`. Out: feeds (compressed, with an ETag, 304 when nothing changed) and
channel pages; a source that is down answers as down, and a preview that is off redirects.
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from http import HTTPStatus

from bot.demo.feeds import feed_document
from bot.demo.newsroom import Form, Newsroom, Outlet
from bot.demo.pages import channel_page, landing_page
from bot.http.serving import Answer, Request, Server, serve
from bot.slots import Clock

_HTML = {"Content-Type": "text/html; charset=utf-8"}


@asynccontextmanager
async def open_newsroom(newsroom: Newsroom, clock: Clock) -> AsyncIterator[Server]:
    """Serve the newsroom on a free port of loopback until the block is left."""
    desk = Desk(newsroom, clock)
    async with serve(desk.answer) as server:
        yield server


class Desk:
    """Answers requests from the newsroom as it is at this moment."""

    def __init__(self, newsroom: Newsroom, clock: Clock) -> None:
        self._newsroom = newsroom
        self._clock = clock
        self._titles = {outlet.name: outlet.title for outlet in newsroom.outlets}

    async def answer(self, request: Request) -> Answer:
        match request.path.strip("/").split("/"):
            case ["feeds", name] if name in self._titles:
                return self._feed(self._newsroom.by_name[name], request.headers)
            case ["s", name]:
                return self._channel(name, request.query)
            case [name] if name:
                return Answer(headers=_HTML, body=landing_page(name).encode())
            case _:
                return Answer(HTTPStatus.NOT_FOUND)

    def _feed(self, feed: Outlet, headers: Mapping[str, str]) -> Answer:
        now = self._clock.now()
        status = self._newsroom.status(feed.name, now)
        if feed.form is Form.CHANNEL or status != HTTPStatus.OK:
            return Answer(HTTPStatus.NOT_FOUND if feed.form is Form.CHANNEL else status)
        document = feed_document(feed, self._newsroom.visible(feed.name, now))
        tag = f'"{sha256(document.body).hexdigest()[:16]}"'
        if headers.get("If-None-Match") == tag:
            return Answer(HTTPStatus.NOT_MODIFIED, {"ETag": tag})
        body, coding = _coded(document.body, headers.get("Accept-Encoding", ""))
        return Answer(headers={"Content-Type": document.kind, "ETag": tag, **coding}, body=body)

    def _channel(self, name: str, query: Mapping[str, str]) -> Answer:
        """Telegram redirects alike from a name that nobody has and from a preview that is off."""
        now = self._clock.now()
        channel = self._newsroom.by_name.get(name)
        status = self._newsroom.status(name, now)
        if channel is None or channel.form is not Form.CHANNEL or status == HTTPStatus.FOUND:
            return Answer(HTTPStatus.FOUND, {"Location": f"/{name}"})
        if status != HTTPStatus.OK:
            return Answer(status)
        before = int(query["before"]) if query.get("before", "").isdecimal() else None
        page = channel_page(channel, self._newsroom.visible(name, now), before, self._titles)
        return Answer(headers=_HTML, body=page.encode())


def _coded(body: bytes, accepted: str) -> tuple[bytes, dict[str, str]]:
    if "gzip" not in accepted:
        return body, {}
    return gzip.compress(body, mtime=0), {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
