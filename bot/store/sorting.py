"""Sorting new words into the index of PostgreSQL, beside the writing instead of in its way.

GIN puts what is new on a list, and whoever writes sorts that in when it gets long; until then every search reads it
through. Here a connection of its own does so, in larger parts, while the writer goes on. In: how many wordings were
stored. Out: what keeps it from its work. Invariant: nothing depends on it, and only a writer far ahead waits for it;
what it left, because it was cut off or has failed, the next one does.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreError
from bot.store.faults import translated

ENOUGH = 1_200
"""So many unsorted wordings cost a search about a millisecond; smaller parts, up to four times as much work each."""
QUIET = 1.0
"""After so many seconds fewer are sorted in, too: whoever writes no more leaves no list behind."""
FAR_BEHIND = 4_000
"""So many make a list of some 8 MB, which the file of the index keeps as free pages."""
_UNSORTED = "new words are not sorted into its index, and searches get slower"
_REMEDY = "it is tried again with the next posts; if this lasts, run there as the owner of its tables: VACUUM revision"
_SORT = "SELECT gin_clean_pending_list('ix_revision_words')"


class Sorting:
    """At most one at a time."""

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self.trouble: StoreError | None = None
        """Why the last one failed: searches read through a list that gets longer."""
        self._engine = engine
        self._name = name
        self._waiting = 0
        self._enough = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def stored(self, wordings: int) -> None:
        """Take note of what was committed; wait where it is too much."""
        self._waiting += wordings
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._sort())
        if self._waiting >= ENOUGH:
            self._enough.set()
        if self._waiting >= FAR_BEHIND:
            await self.finish()

    async def _sort(self) -> None:
        try:
            while self._waiting:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._enough.wait(), QUIET)
                self._enough.clear()
                self._waiting = 0
                with translated(self._name):
                    async with self._engine.begin() as conn:
                        await conn.exec_driver_sql(_SORT)
                self.trouble = None
        except StoreError as error:
            self.trouble = type(error)(self._name, f"{_UNSORTED} ({error.what})", _REMEDY)

    async def finish(self) -> None:
        """Have all sorted in that was stored until now."""
        if self._task is not None:
            self._enough.set()
            await self._task

    async def close(self) -> None:
        """Break off what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._engine.dispose()
