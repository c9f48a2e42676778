"""What the room remembers: the sketches in the store, as groupers that hold one stretch of time each.

In: the times of posts to be placed. Out: the grouper that holds every post they can join. Invariant: before a grouper
is given out it has all sketches of its stretch that the store has, whoever placed them, in the order of placing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from bot.stories.grouper import HELD, Grouper, seconds
from bot.stories.index import WINDOW
from bot.stories.sketch import unpacked

_PAGE = 1000


class Sketches(Protocol):
    """What the room asks of the store. Rows rise in the order of placing."""

    async def sketch_rows(self, since: datetime, until: datetime) -> list[int]:
        """Rows of the posts that happened from `since` to `until`, rising."""

    async def sketch_rows_after(self, row: int) -> list[int]:
        """Rows that are newer, rising."""

    async def newest_sketch(self) -> int:
        """The newest row; 0 if there is none."""

    async def sketches(self, rows: Sequence[int]) -> list[bytes]:
        """The sketches of these rows, in their order."""


class Stretch:
    """A time that is held whole, in seconds, both ends included."""

    def __init__(self, since: int, until: int) -> None:
        self.since, self.until = since, until
        self.grouper = Grouper()

    def serves(self, when: int) -> bool:
        """Whether it holds everything that a post of this time can join."""
        return self.since + WINDOW <= when <= self.until - WINDOW

    def remember(self, data: bytes) -> None:
        sketch, tags = unpacked(data)
        if self.since <= sketch.when <= self.until:
            self.grouper.remember(sketch, tags)


_FIRST = seconds(datetime.min.replace(tzinfo=UTC))
_LAST = seconds(datetime(9999, 12, 31, tzinfo=UTC))


class Memory:
    """Two stretches: the last days, and one of the past while late posts of it are placed."""

    def __init__(self, store: Sketches) -> None:
        self._store = store
        self._row = 0
        self._live: Stretch | None = None
        self._past: Stretch | None = None

    def __len__(self) -> int:
        """How many posts of the last days are held."""
        return len(self._live.grouper) if self._live else 0

    async def ready(self, now: datetime) -> None:
        """Hold the last days: read at the first call, followed later."""
        if self._live is None:
            self._row = await self._store.newest_sketch()
            self._live = await self._opened(seconds(now) - HELD, _LAST)
        else:
            await self._follow(self._live, now)

    async def holding(self, times: Sequence[datetime], now: datetime) -> tuple[Grouper, int]:
        """A grouper for the first so many of these times: one at least, all if it holds enough."""
        await self.ready(now)
        whens = list(map(seconds, times))
        stretch = await self._serving(whens[0])
        count = next((at for at, when in enumerate(whens) if not stretch.serves(when)), len(whens))
        return stretch.grouper, max(1, count)

    async def _serving(self, when: int) -> Stretch:
        """The live stretch, else the past one, moved if need be."""
        assert self._live is not None
        if self._live.serves(when):
            self._past = None
            return self._live
        if self._past is None or not self._past.serves(when):
            self._past = await self._opened(max(_FIRST, when - WINDOW), min(_LAST, when + 2 * WINDOW))
        return self._past

    async def _opened(self, since: int, until: int) -> Stretch:
        stretch = Stretch(since, until)
        rows = await self._store.sketch_rows(_moment(since), _moment(until))
        await self._read(rows, [stretch])
        return stretch

    async def _follow(self, live: Stretch, now: datetime) -> None:
        """Take over what was placed since, and let go of what is too old."""
        rows = await self._store.sketch_rows_after(self._row)
        await self._read(rows, [live, self._past] if self._past else [live])
        self._row = max([self._row, *rows[-1:]])
        live.grouper.forget(now)
        live.since = max(live.since, seconds(now) - HELD)

    async def _read(self, rows: Sequence[int], stretches: Sequence[Stretch]) -> None:
        for start in range(0, len(rows), _PAGE):
            for data in await self._store.sketches(rows[start : start + _PAGE]):
                for stretch in stretches:
                    stretch.remember(data)


def _moment(when: int) -> datetime:
    return datetime.fromtimestamp(when, UTC)
