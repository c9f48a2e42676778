"""Reading a channel by its public web preview.

In: a source and what is remembered of it. Out: a `Reading`; SourceError where no page could be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.model import Condition, Reading, Source, SourceMemory
from bot.sources import condition
from bot.sources.page import Page, read
from bot.sources.standing import behind_redirect, changed, channel_id, checked, parked
from bot.sources.walk import Walk, accepted, channel_of, empty
from bot.sources.window import Plan

if TYPE_CHECKING:
    from bot.http import Http, Response

FIRST_REDIRECT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where the public preview is, and how far apart its requests stand."""

    base_url: str = "https://t.me"
    min_interval: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Channels:
    """Reads channels over `http`, one request to the preview at a time."""

    http: Http
    web: Web

    async def read(self, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        response = await self._get(f"/s/{channel_of(source)}")
        if response.status >= FIRST_REDIRECT:
            return condition.failed(source, memory, await self._off(source))
        page = _page(response, source)
        if reason := parked(source, memory, page):
            return condition.failed(source, memory, reason)
        memory = accepted(memory, channel_id(page))
        if not page.messages:
            return empty(source, memory, response.seconds)
        plan = Plan.of(source, memory, now)
        page = await self._confirmed(source, plan, page)
        walk = Walk(source, partial(self._before, source), self.http.clock.now)
        return await walk.read(memory, plan, page, now, response.seconds)

    async def _get(self, path: str, *, follow: bool = False) -> Response:
        url = self.web.base_url.rstrip("/") + path
        return await self.http.get(url, follow=follow, every=self.web.min_interval)

    async def _before(self, source: Source, number: int) -> Page:
        """The page of messages older than `number`."""
        page = _page(await self._get(f"/s/{channel_of(source)}?before={number}"), source)
        if any(each.id >= number for each in page.messages):
            raise changed(source, "a page of older posts shows newer ones")
        return page

    async def _off(self, source: Source) -> Condition:
        """What the redirect away from the preview means; the page of the name itself tells, if it can be read."""
        response = await self._get(f"/{channel_of(source)}", follow=True)
        return behind_redirect(response.body.decode(errors="replace"))

    async def _confirmed(self, source: Source, plan: Plan, page: Page) -> Page:
        """Posts that we know are missing at the page's end: deleted, or is it a stale copy? Another address tells."""
        if page.blocked or plan.known <= page.last:
            return page
        again = await self._before(source, plan.known + 1)
        return again if again.last >= page.last else page


def _page(response: Response, source: Source) -> Page:
    return checked(read(response.body.decode(errors="replace")), source)
