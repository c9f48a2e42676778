"""Which mention of the new wording is which mention of the old: pure.

In: the hits a post has, and those that matching found now. Out: which stay, which went, which are new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Hit, StoredHit


@dataclass(frozen=True, slots=True)
class Alignment:
    """Every old hit is kept or gone, every found one kept or fresh."""

    kept: tuple[tuple[StoredHit, Hit], ...]
    gone: tuple[StoredHit, ...]
    fresh: tuple[Hit, ...]


def align(old: Sequence[StoredHit], found: Sequence[Hit]) -> Alignment:
    """Pair hits of the same watch: the same text first, then the rest in order. An edit moves and inflects a name."""
    free: defaultdict[str, list[StoredHit]] = defaultdict(list)
    for stored in sorted(old, key=lambda stored: (stored.hit.start, stored.row)):
        free[stored.hit.watch].append(stored)
    waiting = sorted(found, key=lambda hit: (hit.start, hit.end))
    kept: list[tuple[StoredHit, Hit]] = []
    for same_text in (True, False):
        waiting = [hit for hit in waiting if not _pair(hit, free[hit.watch], kept, same_text=same_text)]
    gone = [stored for rest in free.values() for stored in rest]
    return Alignment(tuple(kept), tuple(gone), tuple(waiting))


def _pair(hit: Hit, free: list[StoredHit], kept: list[tuple[StoredHit, Hit]], *, same_text: bool) -> bool:
    partner = next((stored for stored in free if not same_text or stored.hit.text == hit.text), None)
    if partner is None:
        return False
    free.remove(partner)
    kept.append((partner, hit))
    return True
