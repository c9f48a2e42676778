"""`export`: the store opened to be read, the chosen hits written in a format, or one of them as a bundle.

In: a configuration, what is chosen, where to. Out: how many hits were written. Invariant: memory does not grow
with them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.service.export import Format, bundle
from bot.service.export.formats import WRITERS, About
from bot.service.export.output import opened
from bot.service.memory import looking
from bot.store import Chosen

Shown = Callable[[float], None]


async def export(
    config: Config, chosen: Chosen, format_: Format, to: Path | None, now: datetime, shown: Shown, *, bom: bool = False
) -> int:
    """Write the hits as they are read; `shown` is told how far it is, from 0 to 1."""
    about = About({watch.id: watch for watch in config.watches}, tuple(chosen.places), now)
    writer = WRITERS[format_](about)
    count = 0
    async with looking(config) as store:
        last = max(await store.last_hit(), 1)
        with opened(to) as write:
            write(("\ufeff" if bom else "") + writer.head())
            async for row in store.exported(chosen):
                write(writer.row(row))
                count += 1
                shown(int(row.hit.id[1:]) / last)
            write(writer.end())
    return count


async def prove(config: Config, key: str, to: Path, now: datetime) -> None:
    """One hit as a bundle."""
    async with looking(config) as store:
        found = await store.evidence(key)
    bundle.save(bundle.files(found, {watch.id: watch for watch in config.watches}, now), to)
