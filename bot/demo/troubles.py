"""When sources did not work: the store remembers only how they are, so the demonstration keeps the times.

In: the sources' memories, looked at again and again. Out: episodes, in the order in which they began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import WORKING, SourceMemory

_FINE = WORKING | {"new"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """`source` was in `state` from `since` until `until`, or still is."""

    source: str
    state: str
    since: datetime
    remedy: str = ""
    until: datetime | None = None


class Troubles:
    """Call `look` now and then; `episodes` has what was seen."""

    def __init__(self) -> None:
        self._episodes: list[Episode] = []

    @property
    def episodes(self) -> tuple[Episode, ...]:
        return tuple(self._episodes)

    @property
    def now(self) -> tuple[Episode, ...]:
        """Those that are not over."""
        return tuple(episode for episode in self._episodes if episode.until is None)

    def look(self, memories: Iterable[SourceMemory], now: datetime) -> None:
        for memory in memories:
            state = memory.condition.state
            self._end(memory.name, state, now)
            if state not in _FINE and not any(episode.source == memory.name for episode in self.now):
                self._episodes.append(
                    Episode(source=memory.name, state=state, since=now, remedy=memory.condition.remedy)
                )

    def _end(self, source: str, state: str, now: datetime) -> None:
        """An episode ends when the state changes, be it to another trouble."""
        self._episodes = [
            replace(episode, until=now)
            if episode.source == source and episode.until is None and episode.state != state
            else episode
            for episode in self._episodes
        ]
