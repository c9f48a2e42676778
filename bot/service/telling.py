"""Telling the operator, in the log, what changed at the sources: each change once, also through a crash.

In: changes that the store kept. Out: lines of the log. Invariant: a change is marked as told after it was told.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.model import NO_ROOM, WORKING
from bot.pipeline import House
from bot.store import Change

log = structlog.get_logger()


async def tell(house: House) -> None:
    """Tell the operator once that a source stopped or started to work, or fails in another way."""
    changes = await house.store.untold_changes()
    for change in changes:
        if NO_ROOM not in {change.state, change.previous}:
            _tell(change)
    _tell_of_room(changes)
    if changes:
        await house.store.mark_changes_told([change.row for change in changes])


def _tell(change: Change) -> None:
    say = log.info if change.state in WORKING else log.warning
    say(
        "source changed",
        source=change.source,
        state=change.state,
        before=change.previous,
        why=change.detail,
        do=change.remedy,
        at=change.at.isoformat(timespec="seconds"),
    )


def _tell_of_room(changes: Sequence[Change]) -> None:
    """A full disk is one trouble, however many sources there are."""
    full = [change for change in changes if change.state == NO_ROOM]
    again = [change for change in changes if change.previous == NO_ROOM]
    if full:
        why, remedy = full[-1].detail, full[-1].remedy
        log.error("the disk is nearly full, sources are not read", sources=len(full), why=why, do=remedy)
    if again:
        log.info("there is room again, sources are read", sources=len(again))
