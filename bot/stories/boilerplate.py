"""What a source says under every post, learnt from its live posts: a small count of lines, forgotten with the posts.

In: essences as they come and go, by source. Out: an essence without the lines that its source repeats. Invariant: the
answer depends on the live posts alone. The counts take four megabytes, whatever is posted.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from bot.stories.compare import Span, lines
from bot.stories.essence import digest, plain

_CELLS = 1 << 19
_OFTEN = 3
"""A line in so many live posts of a source is said of no news."""
_MAX_LINE = 160
_HEAD, _TAIL = 1, 3
"""How many lines are looked at from the beginning and from the end."""
_FULL = 0xFFFF


class Boilerplate:
    """A count-min sketch: two cells a line, the lower one tells; a line is never counted too low."""

    def __init__(self) -> None:
        self._cells = array("H", bytes(2 * _CELLS)), array("H", bytes(2 * _CELLS))

    def learn(self, source: str, essence: bytes) -> None:
        self._count(source, essence, 1)

    def forget(self, source: str, essence: bytes) -> None:
        """Take back what `learn` counted for the same essence."""
        self._count(source, essence, -1)

    def _count(self, source: str, essence: bytes, step: int) -> None:
        for tag in {tag for tag, _ in _edges(source, essence)}:
            for cells, at in zip(self._cells, _places(tag), strict=True):
                if cells[at] != _FULL:  # a full cell stays full: it was only news once
                    cells[at] += step

    def strip(self, source: str, essence: bytes) -> bytes:
        """The essence without its source's repeated lines; whole, if they are most of it."""
        spans = [span for tag, span in _edges(source, essence) if self._often(tag)]
        if not spans or 2 * sum(end - start for start, end in spans) > len(essence):
            return essence
        for start, end in reversed(spans):
            essence = essence[: max(0, start - 1)] + essence[end:]
        return essence.strip(b" .\n\x01")

    def _often(self, tag: int) -> bool:
        return min(cells[at] for cells, at in zip(self._cells, _places(tag), strict=True)) >= _OFTEN


def _places(tag: int) -> tuple[int, int]:
    return tag % _CELLS, tag * 0x9E3779B1 % 2147483629 % _CELLS


def _edges(source: str, essence: bytes) -> Iterator[tuple[int, Span]]:
    """The first and the last lines of a text that has more than one, each with its tag."""
    found = [span for _, span in lines(essence)]
    if len(found) < 2:
        return
    kept = found if len(found) <= _HEAD + _TAIL else [*found[:_HEAD], *found[-_TAIL:]]
    for start, end in kept:
        if end - start <= _MAX_LINE:
            yield digest(plain(essence[start:end]), source), (start, end)
