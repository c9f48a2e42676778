"""Looks at channels that are silent while their neighbours speak.

In: an open house. Out: what another way to the channel shows and its own does not is stored; the log says what was
found. Invariant: looking changes nothing where it finds nothing new, and a silence is looked at once in AGAIN.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.model import Source, SourceMemory, Via
from bot.pipeline import House
from bot.sources import after
from bot.sources.silence import LEARNT_FROM, Silence, silent

AGAIN = timedelta(hours=6)
WORDS = {Via.WEB: "the public preview", Via.MTPROTO: "an account", Via.AUTO: "older pages"}
log = structlog.get_logger()


@dataclass(slots=True)
class Canary:
    """Remembers which silences it has looked at, and when."""

    house: House
    looked: dict[str, datetime] = field(default_factory=dict)

    async def look(self) -> None:
        now = self.house.clock.now()
        found = silent(await self.house.store.published(LEARNT_FROM), now)
        self.looked = {name: at for name, at in self.looked.items() if name in found}
        for name, silence in found.items():
            before = self.looked.get(name)
            if name in self.house.sources and (before is None or now - before >= AGAIN):
                self.looked[name] = now
                await self._look_at(self.house.sources[name], silence, now)

    async def _look_at(self, source: Source, silence: Silence, now: datetime) -> None:
        memory = await self.house.store.memory(source.name)
        via = other_way(source, memory, accounts=bool(self.house.config.telegram.readers))
        # As if no older page had been compared yet: a sweep asks for pages of other addresses, and of other caches.
        fresh = replace(memory, cursor=replace(memory.cursor, swept_at=None))
        reading = await self.house.reader.read(replace(source, via=via or source.via), fresh, now)
        newer = (reading.cursor.newest or 0) > (memory.cursor.newest or 0)
        if newer:
            await self.house.store.commit_reading(reading, after(source, memory, reading, now), now)
        log.warning(
            "a channel is silent while others speak",
            source=source.name,
            silence=str(silence),
            looked_by=WORDS[via or Via.AUTO],
            found="posts that its own way did not show" if newer else "nothing newer",
        )


def other_way(source: Source, memory: SourceMemory, *, accounts: bool) -> Via | None:
    """Another way to a channel than it is read by; None where there is none, or the operator wants none."""
    if source.via is Via.WEB:
        return None
    if source.via is Via.MTPROTO or memory.cursor.access:
        return Via.WEB
    return Via.MTPROTO if accounts else None
