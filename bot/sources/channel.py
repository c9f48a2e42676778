"""Reading a channel by its public web preview: the newest page, then back to the cursor, then into old gaps.

In: a source and what is remembered of it. Out: a `Reading`; SourceError where no page could be read.
The cursor never moves over a range that was not read: what the poll's pages did not reach is a gap in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import SourceBusy, SourceError
from bot.model import Condition, Cursor, Gap, Post, Reading, Source, SourceMemory
from bot.sources import condition
from bot.sources.page import Message, Page, bare_id, read
from bot.sources.standing import NO_PREVIEW, behind_redirect, changed, channel_id, checked, new_name, parked, renamed
from bot.sources.window import FILL_PAGES, Plan, Span, merged, without

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
        memory = _accepted(memory, page)
        if not page.messages:
            empty = condition.working("empty", "the channel shows no posts", response.seconds)
            return Reading(
                source=source.name, condition=empty, cursor=replace(memory.cursor, newest=memory.cursor.newest or 0)
            )
        return await self._window(source, memory, page, now, response.seconds)

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
        """What the redirect away from the preview means; the page of the name itself tells."""
        try:
            response = await self._get(f"/{channel_of(source)}", follow=True)
        except SourceBusy:
            raise
        except SourceError:
            return NO_PREVIEW
        return behind_redirect(response.body.decode(errors="replace"))

    async def _window(self, source: Source, memory: SourceMemory, page: Page, now: datetime, seconds: float) -> Reading:
        plan = Plan.of(source, memory, now)
        page = await self._confirmed(source, plan, page)
        span, trouble = await self._down(source, plan, Span.of(page, plan.high(page)))
        fill = _Fill(plan.gaps(span))
        if trouble is None:
            trouble = await self._fill(source, fill, plan.to_fill(span))
        state = condition.of(trouble, self.http.clock.now()) if trouble else _state(source, page, span, seconds)
        cursor = Cursor(
            newest=max(plan.known, page.last),
            gaps=fill.gaps,
            channel_id=channel_id(page) or memory.cursor.channel_id,
            swept_at=now if plan.sweep and trouble is None else memory.cursor.swept_at,
        )
        return _reading(source, plan, replace(span, messages=fill.found | span.messages), state, cursor)

    async def _confirmed(self, source: Source, plan: Plan, page: Page) -> Page:
        """Posts that we know are missing at the page's end: deleted, or is it a stale copy? Another address tells."""
        if page.blocked or plan.known <= page.last:
            return page
        again = await self._before(source, plan.known + 1)
        return again if again.last >= page.last else page

    async def _down(self, source: Source, plan: Plan, span: Span) -> tuple[Span, SourceError | None]:
        """Page by page towards the cursor. A first reading is whole or done again: nothing records what it missed."""
        used = 1
        while plan.wants_more(span, used):
            try:
                span = span.below(await self._before(source, span.low))
            except SourceError as error:
                if plan.first:
                    raise
                return span, error
            used += 1
        return span, None

    async def _fill(self, source: Source, fill: _Fill, gaps: Iterable[Gap]) -> SourceError | None:
        """Read into gaps of earlier polls, as far as the pages go."""
        budget = FILL_PAGES
        for gap in gaps:
            high = gap.high
            while high >= gap.low and budget > 0:
                budget -= 1
                try:
                    span = Span.of(await self._before(source, high + 1), high)
                except SourceError as error:
                    return error
                fill.add(span)
                high = span.low - 1
        return None


@dataclass(slots=True)
class _Fill:
    """Gaps while they are being read into, and what was found in them."""

    gaps: tuple[Gap, ...]
    found: dict[int, Message] = field(default_factory=dict)

    def add(self, span: Span) -> None:
        self.found |= span.messages
        self.gaps = merged((*without(self.gaps, Gap(span.low, span.high)), *span.holes))


def channel_of(source: Source) -> str:
    """The public name at the end of the source's address."""
    return urlsplit(source.address).path.strip("/").rpartition("/")[2] or source.name


def _accepted(memory: SourceMemory, page: Page) -> SourceMemory:
    """What is remembered of another channel under this name, which the operator gave up for this one, is nothing."""
    shown, known = channel_id(page), memory.cursor.channel_id
    return SourceMemory(name=memory.name) if shown and known and shown != bare_id(known) else memory


def _page(response: Response, source: Source) -> Page:
    return checked(read(response.body.decode(errors="replace")), source)


def _state(source: Source, page: Page, span: Span, seconds: float) -> Condition:
    if name := new_name(source, page):
        return renamed(name)
    word = "ok" if span.posts else "empty"
    blocks = f"{span.unreadable} block{'' if span.unreadable == 1 else 's'} could not be read"
    return condition.working(word, blocks if span.unreadable else "", seconds)


def _reading(source: Source, plan: Plan, span: Span, state: Condition, cursor: Cursor) -> Reading:
    posts = tuple(
        _post(source, span.messages[number]) for number in sorted(span.messages) if not span.messages[number].service
    )
    return Reading(
        source=source.name,
        condition=state,
        cursor=cursor,
        posts=posts,
        window=span.window,
        arrival=plan.arrival(span),
        backfilled=frozenset(each.id for each in posts[-plan.backfill :])
        if plan.first and plan.backfill
        else frozenset(),
        dropped=span.unreadable,
    )


def _post(source: Source, message: Message) -> Post:
    own = channel_of(source)
    name = own if message.channel.casefold() == own.casefold() else message.channel
    return Post(
        source=source.name,
        id=str(message.id),
        url=f"https://t.me/{name}/{message.id}",
        text=message.text,
        published=message.published,
        author=message.author,
        forwarded_from=message.forwarded_from,
        reply_to=message.reply_to,
        album=str(message.id) if message.parts else None,
        parts=tuple(map(str, message.parts)),
        complete=message.complete,
    )
