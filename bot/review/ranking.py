"""The order of the queue: what is pinned, then what is urgent, then what is least certain, then what is newest.

In: hits that want a person. Out: rows of stories, each once. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.store import Doubt


def ranked(doubts: Sequence[Doubt], *, pinned: Sequence[int], urgent: Collection[str]) -> list[int]:
    """Stories in the order in which a person should look at them."""

    def rank(doubt: Doubt) -> tuple[bool, bool, float, int]:
        return doubt.late, doubt.watch not in urgent, certainty(doubt), -doubt.hit

    return list(dict.fromkeys([*pinned, *(doubt.story for doubt in sorted(doubts, key=rank))]))


def certainty(doubt: Doubt) -> float:
    """How far it is from a coin's toss, in steps of a tenth: among nearly equal ones the newest comes first."""
    return 0.0 if doubt.unresolved else round(abs(doubt.confidence - 0.5), 1)
