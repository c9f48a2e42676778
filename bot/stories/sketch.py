"""A sketch: what is kept of a post that was placed, in memory and in the store.

In: a post's certain keys, tags and essence. Out: the same, packed into bytes and back. Invariant: a sketch holds all
that later posts are compared with, so that a grouper made of sketches answers as the one that made them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from struct import Struct, pack, unpack_from
from typing import Any

from bot.model import Placement, Relation

VERSION = 4
"""Raise it when what is packed changes, with a migration that empties the store's table: it is filled again."""
_HEAD = Struct("<BIHHHH")
"""Version, length of the words, and how many tags there are for each index."""

Tags = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""Those by which a post is found, for each index of `live.LivePosts`; once they are entered, nobody else holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What a later post is compared with; `when` in seconds."""

    placement: Placement
    source: str
    when: int
    names: tuple[str, ...]
    origin: str | None
    album: str | None
    article: str | None
    owns: bool
    """Whether the article is the post itself, an item of a feed, or only linked."""
    places: tuple[str, ...]
    """The places that it certainly names, by their ids, in order."""
    essence: bytes

    @property
    def story(self) -> str:
        return self.placement.story


def packed(sketch: Sketch, tags: Tags) -> bytes:
    placed, (one, two, three, four) = sketch.placement, tags
    words = json.dumps(
        (
            (placed.post, placed.story, placed.relation, placed.reason, placed.within, placed.related),
            (sketch.source, sketch.when, sketch.names, sketch.origin, sketch.album, sketch.article, sketch.owns),
            sketch.places,
        )
    ).encode()
    numbers = (*one, *two, *three, *four)
    head = _HEAD.pack(VERSION, len(words), len(one), len(two), len(three), len(four))
    return b"".join((head, pack(f"<{len(numbers)}I", *numbers), words, sketch.essence))


def unpacked(data: bytes) -> tuple[Sketch, Tags]:
    """What was packed. Raises ValueError for another version."""
    version, length, *sizes = _HEAD.unpack_from(data)
    if version != VERSION:
        raise ValueError(f"a sketch of version {version}")
    start = _HEAD.size + 4 * sum(sizes)
    numbers = unpack_from(f"<{sum(sizes)}I", data, _HEAD.size)
    placed, (source, when, names, origin, album, article, owns), places = json.loads(data[start : start + length])
    sketch = Sketch(
        placement=_placement(*placed),
        source=source,
        when=when,
        names=tuple(names),
        origin=origin,
        album=album,
        article=article,
        owns=owns,
        places=tuple(places),
        essence=data[start + length :],
    )
    return sketch, _split(numbers, sizes)


def _placement(post: str, story: str, relation: str, *rest: Any) -> Placement:
    reason, within, related = rest
    return Placement(
        post=post, story=story, relation=Relation(relation), reason=reason, within=within, related=tuple(related)
    )


def _split(numbers: tuple[int, ...], sizes: list[int]) -> Tags:
    one, two, three = sizes[0], sizes[0] + sizes[1], sum(sizes[:3])
    return numbers[:one], numbers[one:two], numbers[two:three], numbers[three:]
