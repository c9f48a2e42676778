"""The way through a channel: the newest page, then back to the cursor, then into old gaps; whoever gives the pages.

In: a source, what is remembered of it, its newest page and a way to get older ones. Out: a `Reading`.
The cursor never moves over a range that was not read: what the poll's pages did not reach is a gap in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.errors import SourceError
from bot.model import Condition, Cursor, Gap, Post, Reading, Source, SourceMemory
from bot.sources import condition
from bot.sources.page import Message, Page, bare_id
from bot.sources.standing import channel_id, new_name, renamed
from bot.sources.window import FILL_PAGES, Plan, Span, merged, without


@dataclass(frozen=True, slots=True)
class Walk:
    """`before` gives the page of messages older than a number, or raises SourceError; `clock` tells the time then."""

    source: Source
    before: Callable[[int], Awaitable[Page]]
    clock: Callable[[], datetime]

    async def read(self, memory: SourceMemory, plan: Plan, page: Page, now: datetime, seconds: float = 0.0) -> Reading:
        """The reading of one poll; `seconds` is how long the newest page took."""
        span, trouble = await self._down(plan, Span.of(page, plan.high(page)))
        fill = _Fill(plan.gaps(span, broken=trouble is not None))
        if trouble is None:
            trouble = await self._fill(fill, plan.to_fill(span))
        state = condition.of(trouble, self.clock()) if trouble else _state(self.source, page, span, seconds)
        cursor = replace(
            memory.cursor,
            newest=max(plan.known, page.last),
            gaps=fill.gaps,
            channel_id=channel_id(page) or memory.cursor.channel_id,
            swept_at=now if plan.sweep and trouble is None else memory.cursor.swept_at,
        )
        return _reading(self.source, plan, replace(span, messages=fill.found | span.messages), state, cursor)

    async def _down(self, plan: Plan, span: Span) -> tuple[Span, SourceError | None]:
        """Page by page towards the cursor. A first reading is whole or done again: nothing records what it missed."""
        used = 1
        while plan.wants_more(span, used):
            try:
                span = span.below(await self.before(span.low))
            except SourceError as error:
                if plan.first:
                    raise
                return span, error
            used += 1
        return span, None

    async def _fill(self, fill: _Fill, gaps: Iterable[Gap]) -> SourceError | None:
        """Read into gaps of earlier polls, as far as the pages go."""
        budget = FILL_PAGES
        for gap in gaps:
            high = gap.high
            while high >= gap.low and budget > 0:
                budget -= 1
                try:
                    span = Span.of(await self.before(high + 1), high)
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


def accepted(memory: SourceMemory, shown: int | None) -> SourceMemory:
    """What is remembered of another channel under this name, which the operator gave up for this one, is nothing."""
    known = memory.cursor.channel_id
    return SourceMemory(name=memory.name) if shown and known and shown != bare_id(known) else memory


def empty(source: Source, memory: SourceMemory, seconds: float = 0.0) -> Reading:
    """The reading of a channel without a message. That all it had was deleted is believed at the second time."""
    state = condition.working("empty", "the channel shows no posts", seconds)
    known, again = memory.cursor.newest or 0, memory.condition.state == state.state
    cursor = replace(memory.cursor, newest=known, gaps=() if again else memory.cursor.gaps)
    window = Gap(1, known) if known and again else None
    return Reading(source=source.name, condition=state, cursor=cursor, window=window)


def _state(source: Source, page: Page, span: Span, seconds: float) -> Condition:
    if name := new_name(source, page):
        return renamed(name)
    word = "ok" if span.posts else "empty"
    lost = f"{span.unreadable} post{'' if span.unreadable == 1 else 's'} could not be read"
    return condition.working(word, lost if span.unreadable else "", seconds)


def _reading(source: Source, plan: Plan, span: Span, state: Condition, cursor: Cursor) -> Reading:
    posts = tuple(
        post_of(source, span.messages[number]) for number in sorted(span.messages) if not span.messages[number].service
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


def post_of(source: Source, message: Message) -> Post:
    """The message as a post of this source."""
    own = channel_of(source)
    name = own if message.channel.casefold() == own.casefold() else message.channel
    return Post(
        source=source.name,
        id=str(message.id),
        url=f"https://t.me/{name}/{message.id}",
        text=message.text,
        published=message.published,
        edited=message.edited,
        author=message.author,
        forwarded_from=message.forwarded_from,
        reply_to=message.reply_to,
        album=str(message.id) if message.parts else None,
        parts=tuple(map(str, message.parts)),
        complete=message.complete,
    )
