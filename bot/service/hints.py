"""Pushes of Telegram, taken as hints: a channel that changed is due now, and nothing more follows from a push.

In: channel ids as accounts hear of them. Out: their sources due at once in the store, several pushes as one, readings
of one source PACE apart at least. Invariant: what is pushed is never stored. Every post comes by the walk, and would
come without any push: they are lost, late, and never sent for channels that the account has not joined.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.slots import Clock
from bot.store import Store

PACE = timedelta(seconds=5)
"""A channel that pushes all the time is still read only so often."""
LOOK_AGAIN = timedelta(minutes=1)
"""So often at most the store is asked whose channel an id is that nobody knows."""


@dataclass(slots=True)
class Hints:
    """What was pushed and is not yet marked. `push` is called by accounts, in the same loop."""

    clock: Clock
    _pushed: set[int] = field(default_factory=set)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _names: dict[int, str] = field(default_factory=dict)
    _looked: float | None = None

    def push(self, channel: int) -> None:
        self._pushed.add(channel)
        self._came.set()

    def wake(self) -> None:
        """Let whoever waits go on, although nothing came."""
        self._came.set()

    async def came(self) -> None:
        await self._came.wait()
        self._came.clear()

    async def mark(self, store: Store) -> Mapping[str, int]:
        """Mark as due what was pushed since the last call; gives the sources with their channels' ids."""
        pushed, self._pushed = self._pushed, set()
        named = await self._sources(store, pushed)
        if named:
            await store.hurry(sorted(named), self.clock.now(), apart=PACE)
        return named

    async def _sources(self, store: Store, channels: set[int]) -> Mapping[str, int]:
        if not channels <= self._names.keys() and self._may_look():
            memories = await store.memories()
            self._names = {
                memory.cursor.channel_id: name for name, memory in memories.items() if memory.cursor.channel_id
            }
        return {self._names[each]: each for each in channels & self._names.keys()}

    def _may_look(self) -> bool:
        now = asyncio.get_running_loop().time()
        if self._looked is not None and now - self._looked < LOOK_AGAIN.total_seconds():
            return False
        self._looked = now
        return True
