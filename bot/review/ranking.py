"""The order of the queue: what is pinned, then what is urgent, then what is least certain, then what is newest.

In: hits that want a person, and what their confidence came to mean. Out: rows of stories, each once. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from bot.store import Doubt


def ranked(
    doubts: Sequence[Doubt], *, pinned: Sequence[int], urgent: Collection[str], curve: Callable[[float], float]
) -> list[int]:
    """Stories in the order in which a person should look at them."""

    def rank(doubt: Doubt) -> tuple[bool, bool, float, int]:
        late = doubt.late and not doubt.sampled
        return late, doubt.watch not in urgent, certainty(doubt, curve), -doubt.hit

    return list(dict.fromkeys([*pinned, *(doubt.story for doubt in sorted(doubts, key=rank))]))


SAMPLED = 0.2
"""Where the daily sample stands: what is not looked at teaches nothing, so it does not wait for all the others."""


def certainty(doubt: Doubt, curve: Callable[[float], float]) -> float:
    """How far it is from a coin's toss, in steps of a tenth: among nearly equal ones the newest comes first."""
    if doubt.unresolved:
        return 0.0
    return SAMPLED if doubt.sampled else round(abs(curve(doubt.confidence) - 0.5), 1)
