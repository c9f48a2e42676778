"""What an edit changed: two wordings word by word.

In: the earlier and the later text. Out: pieces that stayed, went or came, in reading order. Invariant: what stayed and
came is the later text, what stayed and went the earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST = 4_000
"""Words of one text; longer ones are shown as gone and come: comparing takes the square of it."""


class Fate(StrEnum):
    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Change:
    text: str
    fate: Fate


def changes(before: str, after: str) -> list[Change]:
    old, new = re.findall(r"\s*\S+|\s+$", before), re.findall(r"\s*\S+|\s+$", after)
    if max(len(old), len(new)) > LONGEST:
        return [Change(before, Fate.GONE), Change(after, Fate.NEW)]
    return list(_changes(old, new))


def _changes(old: list[str], new: list[str]) -> Iterator[Change]:
    for kind, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change("".join(new[start:end]), Fate.KEPT)
            continue
        if high > low:
            yield Change("".join(old[low:high]), Fate.GONE)
        if end > start:
            yield Change("".join(new[start:end]), Fate.NEW)
