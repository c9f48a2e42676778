"""`export`: the store opened to be read, the chosen hits written in a format, or one of them as a bundle.

In: a configuration, what is chosen, where to. Out: how many hits were written. Invariant: memory does not grow
with them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.export import Format, bundle
from bot.export.formats import WRITERS, About, pieces
from bot.export.output import opened
from bot.service.memory import looking
from bot.store import Chosen, ExportRow

Shown = Callable[[float], None]


async def export(
    config: Config, chosen: Chosen, format_: Format, to: Path | None, now: datetime, shown: Shown, *, bom: bool = False
) -> int:
    """Write the hits as they are read; `shown` is told how far it is, from 0 to 1."""
    about = About({watch.id: watch for watch in config.watches}, tuple(chosen.places), now)
    count = 0
    async with looking(config) as store:
        last = max(await store.last_hit(), 1)

        async def counted() -> AsyncIterator[ExportRow]:
            nonlocal count
            async for row in store.exported(chosen):
                yield row
                count += 1
                shown(int(row.hit.id[1:]) / last)

        with opened(to) as write:
            async for piece in pieces(counted(), WRITERS[format_](about), bom=bom):
                write(piece)
    return count


async def prove(config: Config, key: str, to: Path, now: datetime) -> None:
    """One hit as a bundle."""
    async with looking(config) as store:
        found = await store.evidence(key)
    bundle.save(bundle.files(found, {watch.id: watch for watch in config.watches}, now), to)
