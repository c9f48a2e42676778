"""The places that a post certainly names: they are the same in every language.

In: its hits, and which watches are places. Out: ids of places, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from bot.model import HitState, StoredHit, Verdict

_CERTAIN = 0.5
"""Confidence from which a place is told, where a route says nothing else."""


def certain(hits: Iterable[StoredHit], places: Container[str]) -> tuple[str, ...]:
    """Without doubtful mentions, and without names of which several places may be meant."""
    sure = (each.hit for each in hits if each.state is HitState.LIVE and each.verdict is not Verdict.REJECTED)
    named = (hit for hit in sure if hit.confidence >= _CERTAIN and not hit.candidates and hit.watch in places)
    return tuple(dict.fromkeys(hit.watch for hit in sorted(named, key=lambda hit: hit.start)))
