"""Reading a channel by its public web preview.

In: a source and what is remembered of it. Out: a `Reading`; SourceError where no page could be read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import SourceError
from bot.model import Condition, Reading, Source, SourceMemory
from bot.sources import condition
from bot.sources.page import Page, read
from bot.sources.parsing.plain import tangled
from bot.sources.rereading import Known, reread
from bot.sources.standing import behind_redirect, changed, channel_id, checked, parked
from bot.sources.walk import Walk, accepted, channel_of, empty
from bot.sources.window import Plan, Span
from bot.sources.yielding import doubt, withheld, worded

if TYPE_CHECKING:
    from bot.http import Http, Response

FIRST_REDIRECT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where the public preview is, and how far apart its requests stand."""

    base_url: str = "https://t.me"
    min_interval: timedelta = timedelta(seconds=1)


Keep = Callable[[str, bytes], Awaitable[None]]
"""Keeps a page of this source that is not as we know it."""


async def _nothing(_: str, __: bytes) -> None:
    """Outside the service nobody looks at samples."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Reads channels over `http`, one request to the preview at a time."""

    http: Http
    web: Web
    keep: Keep = _nothing

    async def read(self, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        response = await self._get(f"/s/{channel_of(source)}")
        if response.status >= FIRST_REDIRECT:
            return condition.failed(source, memory, await self._off(source))
        page = await self._page(response, source)
        if reason := parked(source, memory, page):
            return condition.failed(source, memory, reason)
        memory = accepted(memory, channel_id(page))
        if not page.messages:
            return empty(source, memory, response.seconds)
        plan = Plan.of(source, memory, now)
        if why := doubt(memory, page, now):
            await self.keep(source.name, response.body)
            return await self._doubted(source, memory, plan, page, changed(source, why), now)
        share = worded(page)
        page = await self._confirmed(source, plan, page)
        walk = Walk(source, partial(self._before, source), self.http.clock.now)
        reading = await walk.read(memory, plan, page, now, response.seconds)
        return reading if share is None else replace(reading, cursor=replace(reading.cursor, worded=share))

    async def reread(self, source: Source, memory: SourceMemory, known: Known, now: datetime) -> Reading:
        """The newest of these older posts once more: as many as a page shows."""
        high = max(known[0])
        page = await self._before(source, high + 1)
        if why := doubt(memory, page, now):
            raise changed(source, why)
        return reread(source, memory, known, replace(Span.of(page, high), high=known[0][0]))

    async def _doubted(
        self, source: Source, memory: SourceMemory, plan: Plan, page: Page, error: SourceError, now: datetime
    ) -> Reading:
        """What has words is read; everything else waits as gaps, for the page may not be what it was."""
        page = withheld(page)
        if not page.messages:
            raise error
        walk = Walk(source, partial(self._before, source, doubtful=True), self.http.clock.now)
        return replace(await walk.read(memory, plan, page, now), condition=condition.of(error, now))

    async def _get(self, path: str, *, follow: bool = False) -> Response:
        url = self.web.base_url.rstrip("/") + path
        return await self.http.get(url, follow=follow, every=self.web.min_interval)

    async def _before(self, source: Source, number: int, *, doubtful: bool = False) -> Page:
        """The page of messages older than `number`."""
        page = await self._page(await self._get(f"/s/{channel_of(source)}?before={number}"), source)
        if any(each.id >= number for each in page.messages):
            raise changed(source, "a page of older posts shows newer ones")
        return withheld(page) if doubtful else page

    async def _page(self, response: Response, source: Source) -> Page:
        """The page; one without the marks of a preview is kept as a sample."""
        try:
            return checked(read(response.body.decode(errors="replace")), source)
        except SourceError:
            await self.keep(source.name, response.body)
            raise

    async def _off(self, source: Source) -> Condition:
        """What the redirect away from the preview means; the page of the name itself tells, if it can be read."""
        response = await self._get(f"/{channel_of(source)}", follow=True)
        html = response.body.decode(errors="replace")
        if tangled(html):
            raise changed(source, "its page cannot be read")
        return behind_redirect(html)

    async def _confirmed(self, source: Source, plan: Plan, page: Page) -> Page:
        """Posts that we know are missing at the page's end: deleted, or is it a stale copy? Another address tells."""
        if page.blocked or plan.known <= page.last:
            return page
        again = await self._before(source, plan.known + 1)
        return again if again.last >= page.last else page
