"""An inverted index in four arrays: tags of 32 bits -> the posts that hold them, newest first.

In: posts by rising number, each with its time and its tags; a floor below which posts are forgotten. Out: posts by tag
that happened within `WINDOW` of a given time. Invariant: an answer depends on the posts of that window and their order
alone, never on what else is held, was forgotten, or how the tables grew. 28 to 52 bytes an entry.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import itemgetter

WINDOW = 48 * 3600
"""Seconds between two posts of one story, at most."""
_LEAST = 1 << 12


class Index:
    """`newest` is how many posts of one tag are looked at: what everybody says tells nobody apart."""

    def __init__(self, newest: int = 16) -> None:
        self.floor = 0
        self._newest = newest
        self._tags = array("I")
        self._owners = array("I")
        self._times = array("q")
        self._next = array("I")
        """Of each entry, the next older one in its bucket, plus one; 0 ends the chain."""
        self._heads = array("I", bytes(4 * _LEAST))

    def __len__(self) -> int:
        return len(self._tags)

    def add(self, owner: int, when: int, tags: Sequence[int]) -> None:
        """Enter a post; `owner` is not below any that was entered before."""
        heads, chain, mask = self._heads, self._next, len(self._heads) - 1
        self._tags.extend(tags)
        self._owners.extend(repeat(owner, len(tags)))
        self._times.extend(repeat(when, len(tags)))
        for entry, tag in enumerate(tags, len(self._tags) - len(tags) + 1):
            bucket = tag & mask
            chain.append(heads[bucket])
            heads[bucket] = entry
        if 2 * len(self._tags) > len(heads):
            self._rebuild()

    def _rebuild(self) -> None:
        """Let go of forgotten posts, and make the table so wide that most buckets are empty."""
        cut = bisect_left(self._owners, self.floor)
        self._tags, self._owners, self._times = self._tags[cut:], self._owners[cut:], self._times[cut:]
        size = _LEAST
        while size < 4 * len(self._tags):
            size *= 2
        heads, chain = array("I", bytes(4 * size)), array("I")
        for entry, tag in enumerate(self._tags, 1):
            bucket = tag & (size - 1)
            chain.append(heads[bucket])
            heads[bucket] = entry
        self._heads, self._next = heads, chain

    def find(self, tag: int, when: int) -> Iterator[int]:
        """Posts of a tag around `when`, newest first."""
        entry, left = self._heads[tag & (len(self._heads) - 1)], self._newest
        while entry and left:
            entry -= 1
            if self._tags[entry] == tag:
                owner = self._owners[entry]
                if owner < self.floor:
                    return
                if abs(self._times[entry] - when) <= WINDOW:
                    left -= 1
                    yield owner
            entry = self._next[entry]

    def count(self, tags: Sequence[int], when: int) -> dict[int, int]:
        """Posts around `when` that hold any of the tags, and how many of them: as `find` finds them."""
        held, owners, times, nexts = self._tags, self._owners, self._times, self._next
        floor, newest, mask = self.floor, self._newest, len(self._heads) - 1
        counts: dict[int, int] = {}
        # Most tags of a text stand in no other: their buckets are passed over without a step of our own.
        entries = map(self._heads.__getitem__, map(mask.__and__, tags))
        for tag, first in filter(itemgetter(1), zip(tags, entries, strict=True)):
            entry, left = first, newest
            while entry and left:
                entry -= 1
                if held[entry] == tag:
                    owner = owners[entry]
                    if owner < floor:
                        break
                    if -WINDOW <= times[entry] - when <= WINDOW:
                        left -= 1
                        counts[owner] = counts.get(owner, 0) + 1
                entry = nexts[entry]
        return counts
