"""What a source says under every post, learnt from its own posts around the same time.

In: essences by source and time. Out: an essence without the lines that its source repeats. Invariant: the answer
depends on the posts within `WINDOW` of the given time alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.stories.compare import Span, lines
from bot.stories.essence import ITEM, LINE, digest, plain
from bot.stories.index import Index

_OFTEN = 3
"""A line in so many posts of a source is said of no news."""
_MAX_LINE = 160
_HEAD, _TAIL = 1, 3
"""How many lines are looked at from the beginning and from the end."""


Edge = tuple[int, Span]
"""A line that may turn out to be its source's own: the tag by which it is counted, and where it stands."""


def strip(held: Index, essence: bytes, found: Sequence[Edge], when: int) -> bytes:
    """The essence without those of its edges that its source repeats; whole, if they are most of it."""
    spans = [span for tag, span in found if _often(held, tag, when)]
    if not spans or 2 * sum(end - start for start, end in spans) > len(essence):
        return essence
    for start, end in reversed(spans):
        essence = essence[: max(0, start - 1)] + essence[end:]
    return essence.strip(b" .\n\x01")


def _often(held: Index, tag: int, when: int) -> bool:
    return len(list(islice(held.find(tag, when), _OFTEN))) == _OFTEN


def edges(source: str, essence: bytes) -> list[Edge]:
    """The first and the last lines of a text that has more than one, each with its tag."""
    if LINE not in essence and ITEM not in essence:
        return []
    found = [span for _, span in lines(essence)]
    kept = found if len(found) <= _HEAD + _TAIL else [*found[:_HEAD], *found[-_TAIL:]]
    return [
        (digest(plain(essence[start:end]), source), (start, end)) for start, end in kept if end - start <= _MAX_LINE
    ]
