"""A post's text in pieces, its mentions apart: whole, or the words around one of them.

In: a body and hits. Out: pieces in order. Invariant: the pieces joined are the body, or a piece of it; a hit whose span
is no longer right is shown as text, never at another place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model import HitState, StoredHit

AROUND = 170
GONE = frozenset({HitState.EDITED_OUT, HitState.RULED_OUT})
"""Hits that are found in the text no more."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    found: StoredHit | None = None


def pieces(body: str, hits: Iterable[StoredHit]) -> list[Piece]:
    """The whole body."""
    made, at = [], 0
    for found in _standing(body, hits):
        made += [Piece(body[at : found.hit.start]), Piece(body[found.hit.start : found.hit.end], found)]
        at = found.hit.end
    return [piece for piece in (*made, Piece(body[at:])) if piece.text]


def around(body: str, hits: Sequence[StoredHit], one: StoredHit) -> list[Piece]:
    """The words around one hit, cut at spaces; the beginning of the body where the hit stands in it no more."""
    if one not in _standing(body, hits):
        return [Piece(_first_words(body, 2 * AROUND))]
    low, high = max(0, one.hit.start - AROUND), min(len(body), one.hit.end + AROUND)
    before, after = _last_words(body, low, one.hit.start), _first_words(body[one.hit.end :], high - one.hit.end)
    return [
        piece for piece in (Piece(before), Piece(body[one.hit.start : one.hit.end], one), Piece(after)) if piece.text
    ]


def _standing(body: str, hits: Iterable[StoredHit]) -> list[StoredHit]:
    """The hits that are in this text, none over another; of such the longest."""
    fits = [
        found for found in hits if found.state not in GONE and body[found.hit.start : found.hit.end] == found.hit.text
    ]
    kept: list[StoredHit] = []
    for found in sorted(fits, key=lambda found: (found.hit.start, -found.hit.end)):
        if not kept or found.hit.start >= kept[-1].hit.end:
            kept.append(found)
    return kept


def _first_words(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    whole = text[:length].rpartition(" ")[0] or text[:length]
    return f"{whole} …"


def _last_words(text: str, low: int, high: int) -> str:
    if low == 0:
        return text[:high]
    return f"… {text[low:high].partition(' ')[2] or text[low:high]}"
