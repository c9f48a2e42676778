"""The posts a grouper holds, and the indexes over them.

In: sketches in the order their posts were placed. Out: sketches by certain key or by shared shingles, of posts that
happened within 48 hours of a given one. Invariant: every answer depends on the posts of those hours and their order
alone, so that entering them anew makes the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from bot.model import Placement, Post
from bot.stories import keys, related
from bot.stories.boilerplate import Edge, edges, strip
from bot.stories.compare import View
from bot.stories.essence import digest, essence, plain
from bot.stories.index import Index
from bot.stories.shingles import chosen, sample
from bot.stories.sketch import Sketch, Tags
from bot.stories.telling import Telling, told

CAPACITY = 200_000
"""Posts that are held at most: the oldest go first."""
_LEAST_HITS, _MANY_TAGS = 3, 32
"""Tags that a post must share to be compared; one less, if the text is short and has few."""


_NEWEST = 5
"""Stories that may be of one event with a post: of more the newest are asked."""


class Coming:
    """A post on its way in: everything that is worked out of it once."""

    def __init__(self, post: Post, when: int, places: Sequence[str] = ()) -> None:
        self.post, self.key, self.when, self.places = post, post.key, when, tuple(places)
        self.essence = essence(post.body)
        self.view = View(self.essence)
        self.tags = sample(self.view.pairs)
        self.names, self.origin, self.album = keys.names(post), keys.origin(post), keys.album(post)
        own = keys.own_article(post)
        self.article, self.owns = own or keys.linked_article(post), own is not None

    @cached_property
    def told(self) -> Telling:
        return told(self.essence, self.places)

    @cached_property
    def edges(self) -> list[Edge]:
        return edges(self.post.source, self.essence)

    def sketch(self, placement: Placement) -> Sketch:
        """What is kept of the post, now that it is placed."""
        return Sketch(
            placement=placement,
            source=self.post.source,
            when=self.when,
            names=self.names,
            origin=self.origin,
            album=self.album,
            article=self.article,
            owns=self.owns,
            places=self.places,
            essence=self.essence,
        )

    def tags_of(self, placement: Placement) -> Tags:
        """The tags by which later posts find it."""
        leads = placement.story == placement.post
        return (
            tuple(dict.fromkeys(self._key_tags())),
            tuple(chosen(self.tags, self.view.size)) if self.view.telling else (),
            tuple(related.tags(self.told)) if leads else (),
            tuple(dict.fromkeys(tag for tag, _ in self.edges)),
        )

    def _key_tags(self) -> Iterator[int]:
        yield from (_tag("name", name) for name in self.names)
        for kind, key in (("origin", self.origin), ("album", self.album), ("article", self.article)):
            if key is not None:
                yield _tag(kind, key)
        if self.view.plain:
            yield digest(self.view.plain)


class LivePosts:
    """Sketches by number, in the order they came. Numbers rise and are not used twice."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._posts: dict[int, Sketch] = {}
        self._keys, self._prints, self._subjects, self._lines = self._indexes = Index(), Index(), Index(), Index()
        self._first = self._next = 0
        self._capacity = capacity

    def __len__(self) -> int:
        return len(self._posts)

    def forget(self, before: int) -> None:
        """Let go of posts that happened before a time; one that was placed late waits for those placed before it."""
        while self._first < self._next and self._posts[self._first].when < before:
            self._drop_first()

    def enter(self, sketch: Sketch, tags: Tags) -> None:
        if len(self._posts) == self._capacity:
            self._drop_first()
        number = self._next
        self._next += 1
        self._posts[number] = sketch
        for index, own in zip(self._indexes, tags, strict=True):
            if own:
                index.add(number, sketch.when, own)

    def _drop_first(self) -> None:
        del self._posts[self._first]
        self._first += 1
        for index in self._indexes:
            index.floor = self._first

    # ------------------------------------------------------------ answers, newest first

    def _under(self, kind: str, key: str, when: int) -> Iterator[Sketch]:
        return (self._posts[number] for number in self._keys.find(_tag(kind, key), when))

    def named(self, name: str, when: int) -> Iterator[Sketch]:
        return (held for held in self._under("name", name, when) if name in held.names)

    def forwarded(self, origin: str, when: int) -> Iterator[Sketch]:
        return (held for held in self._under("origin", origin, when) if held.origin == origin)

    def in_album(self, album: str, when: int) -> Iterator[Sketch]:
        return (held for held in self._under("album", album, when) if held.album == album)

    def on_article(self, article: str, when: int) -> Iterator[Sketch]:
        return (held for held in self._under("article", article, when) if held.article == article)

    def same_text(self, text: bytes, when: int) -> Iterator[Sketch]:
        found = (self._posts[number] for number in self._keys.find(digest(text), when))
        return (held for held in found if plain(held.essence) == text)

    def alike(self, coming: Coming) -> Iterator[Sketch]:
        """Posts that may share much of the text: most tags in common first, then oldest."""
        counts = self._prints.count(coming.tags, coming.when)
        least = _LEAST_HITS if len(coming.tags) > _MANY_TAGS else _LEAST_HITS - 1
        found = sorted((-hits, number) for number, hits in counts.items() if hits >= least)
        return (self._posts[number] for _, number in found)

    def on_subject(self, coming: Coming) -> Iterator[Sketch]:
        """First posts of stories that may be of one event: each names what the other is of. Oldest first."""
        found = sorted(self._subjects.count(related.sought(coming.told), coming.when))
        return (self._posts[number] for number in found[-_NEWEST:])

    def view(self, held: Sketch, when: int) -> View:
        """The post's text without what its source repeats around a time."""
        return View(strip(self._lines, held.essence, edges(held.source, held.essence), when))

    def stripped(self, coming: Coming) -> View:
        text = strip(self._lines, coming.essence, coming.edges, coming.when)
        return coming.view if text == coming.essence else View(text)


def _tag(kind: str, key: str) -> int:
    return digest(key.encode("utf-8", "surrogatepass"), kind)
