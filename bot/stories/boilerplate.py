"""What a source says under every post, learnt from its own posts around the same time.

In: essences by source and time. Out: an essence without the lines that its source repeats. Invariant: the answer
depends on the posts within `WINDOW` of the given time alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.stories.compare import Span, lines
from bot.stories.essence import digest, plain
from bot.stories.index import Index

_OFTEN = 3
"""A line in so many posts of a source is said of no news."""
_MAX_LINE = 160
_HEAD, _TAIL = 1, 3
"""How many lines are looked at from the beginning and from the end."""


def line_tags(source: str, essence: bytes) -> tuple[int, ...]:
    """A tag for each line that may turn out to be the source's own, each once."""
    return tuple(dict.fromkeys(tag for tag, _ in _edges(source, essence)))


def strip(held: Index, source: str, essence: bytes, when: int) -> bytes:
    """The essence without its source's repeated lines; whole, if they are most of it."""
    spans = [span for tag, span in _edges(source, essence) if _often(held, tag, when)]
    if not spans or 2 * sum(end - start for start, end in spans) > len(essence):
        return essence
    for start, end in reversed(spans):
        essence = essence[: max(0, start - 1)] + essence[end:]
    return essence.strip(b" .\n\x01")


def _often(held: Index, tag: int, when: int) -> bool:
    return len(list(islice(held.find(tag, when), _OFTEN))) == _OFTEN


def _edges(source: str, essence: bytes) -> Iterator[tuple[int, Span]]:
    """The first and the last lines of a text that has more than one, each with its tag."""
    found = [span for _, span in lines(essence)]
    if len(found) < 2:
        return
    kept = found if len(found) <= _HEAD + _TAIL else [*found[:_HEAD], *found[-_TAIL:]]
    for start, end in kept:
        if end - start <= _MAX_LINE:
            yield digest(plain(essence[start:end]), source), (start, end)
