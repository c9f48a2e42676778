"""States of a source in words: every poll comes to one.

In: what went wrong, or right. Out: a `Condition` with the word, the detail and the remedy.
"""

from __future__ import annotations

from datetime import datetime

from bot.errors import SourceBusy, SourceError
from bot.model import Condition, Reading, Source, SourceMemory

SLOW = 10.0
"""Seconds of waiting for an answer that a person would call slow."""


def of(error: SourceError, now: datetime) -> Condition:
    """`now` is when the error came: the delay that it asks for counts from there."""
    until = now + error.delay if isinstance(error, SourceBusy) else None
    return Condition(state=error.state, detail=error.what, remedy=error.remedy, until=until)


def failed(source: Source, memory: SourceMemory, condition: Condition) -> Reading:
    """A poll that brought nothing: the cursor stays where it is."""
    return Reading(source=source.name, condition=condition, cursor=memory.cursor)


def working(state: str, detail: str, seconds: float) -> Condition:
    if state == "ok" and seconds > SLOW:
        slow = f"it took {seconds:.0f} s to answer"
        return Condition(state="slow", detail=f"{slow}; {detail}" if detail else slow)
    return Condition(state=state, detail=detail)
