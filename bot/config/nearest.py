"""The nearest known word to one that is not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like it, whatever its capitals; None if none is alike."""
    by_folded = {name.casefold(): name for name in sorted(known)}
    found = get_close_matches(word.casefold()[:100], by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    found = nearest(word, known)
    return f"did you mean {found}?" if found else None
