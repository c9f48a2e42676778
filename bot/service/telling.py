"""Telling the operator, in the log, what changed at the sources: each change once, also through a crash.

In: changes that the store kept. Out: lines of the log. Invariant: a change is marked as told after it was told.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.model import NO_ROOM, WORKING
from bot.pipeline import House
from bot.store import Change, Store

log = structlog.get_logger()
_ROOM, _FULL, _ENOUGH = "room", "full", "enough"
"""What was told last of the room on the disk."""


async def tell(house: House) -> None:
    """Tell the operator once that a source stopped or started to work, or fails in another way."""
    changes = await house.store.untold_changes()
    for change in changes:
        if NO_ROOM not in {change.state, change.previous}:
            _tell(change)
    await _tell_of_room(house.store, [change for change in changes if NO_ROOM in {change.state, change.previous}])
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


async def _tell_of_room(store: Store, changes: Sequence[Change]) -> None:
    """A full disk is one trouble, however many sources meet it, and whenever each of them does."""
    if not changes or await store.remembered(_ROOM) == (now := _FULL if changes[-1].state == NO_ROOM else _ENOUGH):
        return
    if now == _FULL:
        log.error("the disk is nearly full, sources are not read", why=changes[-1].detail, do=changes[-1].remedy)
    else:
        log.info("there is room again, sources are read")
    await store.remember(_ROOM, now)
