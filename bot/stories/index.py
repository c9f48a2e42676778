"""An inverted index in three arrays: tags of 32 bits -> the posts that hold them, newest first.

In: posts by rising number, each with its tags; a floor below which posts are forgotten. Out: live posts by tag.
Invariant: an answer depends on the live posts and their order alone, never on what was forgotten or on the growth of
the tables, so that an index built anew from the live posts answers the same. About 20 bytes an entry.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import repeat

_LEAST = 1 << 12


class Index:
    """`newest` is how many posts of one tag are looked at: what everybody says tells nobody apart."""

    def __init__(self, newest: int = 16) -> None:
        self.floor = 0
        self._newest = newest
        self._tags = array("I")
        self._owners = array("I")
        self._next = array("I")
        """Of each entry, the next older one in its bucket, plus one; 0 ends the chain."""
        self._heads = array("I", bytes(4 * _LEAST))

    def __len__(self) -> int:
        return len(self._tags)

    def add(self, owner: int, tags: Iterable[int]) -> None:
        """Enter a post; `owner` is not below any that was entered before."""
        heads, chain, mask = self._heads, self._next, len(self._heads) - 1
        before = len(self._tags)
        self._tags.extend(tags)
        self._owners.extend(repeat(owner, len(self._tags) - before))
        for entry, tag in enumerate(self._tags[before:], before + 1):
            bucket = tag & mask
            chain.append(heads[bucket])
            heads[bucket] = entry
        if len(self._tags) > len(heads):
            self._rebuild()

    def _rebuild(self) -> None:
        """Let go of forgotten posts, and make the table so wide that most buckets are empty."""
        cut = bisect_left(self._owners, self.floor)
        self._tags, self._owners = self._tags[cut:], self._owners[cut:]
        size = _LEAST
        while size < 4 * len(self._tags):
            size *= 2
        heads, chain = array("I", bytes(4 * size)), array("I")
        for entry, tag in enumerate(self._tags, 1):
            bucket = tag & (size - 1)
            chain.append(heads[bucket])
            heads[bucket] = entry
        self._heads, self._next = heads, chain

    def find(self, tag: int) -> Iterator[int]:
        """Live posts of a tag, newest first."""
        entry, left = self._heads[tag & (len(self._heads) - 1)], self._newest
        while entry and left:
            entry -= 1
            owner = self._owners[entry]
            if owner < self.floor:
                return
            if self._tags[entry] == tag:
                left -= 1
                yield owner
            entry = self._next[entry]

    def count(self, tags: Iterable[int]) -> dict[int, int]:
        """Live posts that hold any of the tags, and how many of them."""
        heads, nexts, held, owners = self._heads, self._next, self._tags, self._owners
        mask, floor, newest = len(heads) - 1, self.floor, self._newest
        counts: dict[int, int] = {}
        for tag in tags:
            entry, left = heads[tag & mask], newest
            while entry:
                entry -= 1
                if held[entry] == tag:
                    owner = owners[entry]
                    if owner < floor or not left:
                        break
                    left -= 1
                    counts[owner] = counts.get(owner, 0) + 1
                entry = nexts[entry]
        return counts
