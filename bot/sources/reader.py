"""One poll of one source, whatever its kind.

In: a source and what is remembered of it. Out: a `Reading`, always: a fault of the source is its condition.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from bot.errors import SourceError
from bot.model import WORKING, Condition, Post, Reading, Source, SourceKind, SourceMemory, Via
from bot.sources import condition
from bot.sources.channel import Channels, Keep, Web
from bot.sources.child import ParseWorker
from bot.sources.feed import Feeds
from bot.sources.rereading import Known
from bot.sources.standing import NEEDS_READER

if TYPE_CHECKING:
    from bot.http import Http


LONGEST_BODY = 100_000
"""Characters of title and text: a message has 4,096 and a long report 50,000; megabytes would hold up all matching."""


class AccountReader(Protocol):
    """Reads channels with an account (MTProto): what `via: mtproto` needs. Raises SourceError."""

    def closed(self, source: Source, memory: SourceMemory) -> Condition | None:
        """Why the channel's account cannot be used now; None if it can."""

    async def read(self, source: Source, memory: SourceMemory, now: datetime) -> Reading: ...

    async def reread(self, source: Source, memory: SourceMemory, known: Known) -> Reading | None:
        """The newest of these posts once more; None where no account can be used now."""


class Reader:
    """`async with Reader(http, web=web) as reader`: owns the process in which feeds are parsed.

    `keep` gets pages of the preview that are not as we know them.
    """

    def __init__(
        self, http: Http, *, web: Web | None = None, account: AccountReader | None = None, keep: Keep | None = None
    ) -> None:
        self._clock = http.clock
        self._worker = ParseWorker()
        self._feeds = Feeds(http, self._worker)
        self._channels = Channels(http, web or Web(), keep) if keep else Channels(http, web or Web())
        self._account = account

    async def __aenter__(self) -> Self:
        await self._worker.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._worker.__aexit__(kind, error, trace)

    async def read(self, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        """Never raises for a fault of the source."""
        try:
            reading = await self._read(source, memory, now)
        except SourceError as error:
            return condition.failed(source, memory, condition.of(error, self._clock.now()))
        return _bounded(reading)

    async def reread(self, source: Source, memory: SourceMemory, known: Known, now: datetime) -> Reading | None:
        """Older posts of a channel, `known` to the store, once more by the way that it is read; None: not now.

        Why not is no condition of the source, for its newest posts are read: the next round tries again.
        """
        try:
            if self._by_account(source, memory):
                reading = await self._account.reread(source, memory, known) if self._account else None
            else:
                reading = await self._channels.reread(source, memory, known, now)
        except SourceError:
            return None
        return _bounded(reading) if reading else None

    async def _read(self, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        if source.kind is SourceKind.FEED:
            return await self._feeds.read(source, memory, now)
        if self._by_account(source, memory):
            return await self._with_account(source, memory, now)
        reading = await self._channels.read(source, memory, now)
        if source.via is Via.WEB or (self._closed(source, memory) and reading.condition.state != "no_preview"):
            return reading
        return reading if _is_whole(reading) else await self._instead(reading, source, memory, now)

    def _by_account(self, source: Source, memory: SourceMemory) -> bool:
        """With `auto` a channel stays with the account that once had to read it, while that can be used."""
        stays = source.via is Via.AUTO and bool(memory.cursor.access)
        return source.via is Via.MTPROTO or (stays and not self._closed(source, memory))

    def _closed(self, source: Source, memory: SourceMemory) -> Condition | None:
        return self._account.closed(source, memory) if self._account else NEEDS_READER

    async def _with_account(self, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        if self._account is None:
            return condition.failed(source, memory, NEEDS_READER)
        return await self._account.read(source, memory, now)

    async def _instead(self, reading: Reading, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        """What the preview does not show, in the same poll; from then on the channel stays with the account."""
        try:
            return await self._with_account(source, memory, now)
        except SourceError:
            if reading.condition.state in WORKING:
                return reading
            raise


def _is_whole(reading: Reading) -> bool:
    """Whether the preview is on, and shows its posts in full."""
    return reading.condition.state != "no_preview" and all(post.complete for post in reading.posts)


def _bounded(reading: Reading) -> Reading:
    return replace(reading, posts=tuple(map(bounded, reading.posts)))


def bounded(post: Post) -> Post:
    """The post with as much of its title, then of its text, as may be let in."""
    if len(post.title) + len(post.text) <= LONGEST_BODY:
        return post
    title = post.title[:LONGEST_BODY]
    return replace(post, title=title, text=post.text[: LONGEST_BODY - len(title)], complete=False)
