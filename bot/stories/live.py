"""The live posts: what the grouper holds of the last 48 hours, and the indexes over them.

In: posts in the order they were read. Out: live posts by certain key or by shared shingles. Invariant: every answer
depends on the live posts and their order alone, so that entering them anew makes the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.model import Placement, Post
from bot.stories import keys, related
from bot.stories.boilerplate import Boilerplate
from bot.stories.compare import View
from bot.stories.essence import digest, essence, plain
from bot.stories.index import Index
from bot.stories.shingles import chosen, sample

WINDOW = 48 * 3600
"""Seconds between two posts of one story, at most; and how long a post is remembered after it was seen."""
CAPACITY = 200_000
"""Posts that are held at most: the oldest go first."""
_LEAST_HITS, _MANY_TAGS = 3, 32
"""Tags that a live post must share to be compared; one less, if the text is short and has few."""


@dataclass(frozen=True, slots=True)
class Live:
    """What is kept of a live post; times in seconds."""

    placement: Placement
    source: str
    when: int
    seen: int
    essence: bytes
    names: tuple[str, ...]
    origin: str | None
    album: str | None
    article: str | None
    owns: bool
    """Whether the article is the post itself, an item of a feed, or only linked."""


class Coming:
    """A post on its way in: everything that is worked out of it once."""

    def __init__(self, post: Post, when: int, seen: int) -> None:
        self.post, self.key, self.when, self.seen = post, post.key, when, seen
        self.essence = essence(post.body)
        self.view = View(self.essence)
        self.tags = sample(self.view.pairs)
        self.names, self.origin, self.album = keys.names(post), keys.origin(post), keys.album(post)
        own = keys.own_article(post)
        self.article, self.owns = own or keys.linked_article(post), own is not None

    @cached_property
    def name_tags(self) -> list[int]:
        return related.tags(self.essence)

    def placed(self, placement: Placement) -> Live:
        return Live(
            placement,
            self.post.source,
            self.when,
            self.seen,
            self.essence,
            self.names,
            self.origin,
            self.album,
            self.article,
            self.owns,
        )


class LivePosts:
    """Posts by number, in the order they came. Numbers rise and are not used twice."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.boilerplate = Boilerplate()
        self._posts: dict[int, Live] = {}
        self._keys = Index()
        self._prints = Index()
        self._names = Index()
        self._first = self._next = 0
        self._capacity = capacity
        self.clock = 0

    def __len__(self) -> int:
        return len(self._posts)

    def advance(self, seen: int) -> None:
        """Let the time be `seen`, and forget what is too old for it. Time never goes back."""
        self.clock = max(self.clock, seen)
        while self._first < self._next and self._too_old(self._posts.get(self._first)):
            self._forget(self._first)
            self._first += 1
        self._keys.floor = self._prints.floor = self._names.floor = self._first

    def _too_old(self, live: Live | None) -> bool:
        return live is None or live.seen < self.clock - WINDOW or len(self._posts) >= self._capacity

    def _forget(self, number: int) -> None:
        live = self._posts.pop(number, None)
        if live is not None:
            self.boilerplate.forget(live.source, live.essence)

    def enter(self, coming: Coming, placement: Placement) -> None:
        live, number = coming.placed(placement), self._next
        self._next += 1
        self._posts[number] = live
        self._keys.add(number, dict.fromkeys(_tags(live, coming.view.plain)))
        if coming.view.telling:
            self._prints.add(number, chosen(coming.tags, coming.view.size))
        if coming.view.telling and placement.story == placement.post:
            self._names.add(number, coming.name_tags)
        self.boilerplate.learn(live.source, live.essence)

    def replace(self, coming: Coming) -> None:
        """Put an edited post in the place of what is held under its key; it counts as the newest."""
        name = coming.names[0]
        number, held = next((number, live) for number, live in self._under("name", name) if name in live.names)
        self._forget(number)
        self.enter(coming, held.placement)

    # ------------------------------------------------------------ answers, newest first

    def _under(self, kind: str, key: str) -> Iterator[tuple[int, Live]]:
        for number in self._keys.find(_tag(kind, key)):
            if (live := self._posts.get(number)) is not None:
                yield number, live

    def named(self, name: str) -> Iterator[Live]:
        return (live for _, live in self._under("name", name) if name in live.names)

    def forwarded(self, origin: str) -> Iterator[Live]:
        return (live for _, live in self._under("origin", origin) if live.origin == origin)

    def in_album(self, album: str) -> Iterator[Live]:
        return (live for _, live in self._under("album", album) if live.album == album)

    def on_article(self, article: str) -> Iterator[Live]:
        return (live for _, live in self._under("article", article) if live.article == article)

    def same_text(self, text: bytes) -> Iterator[Live]:
        for number in self._keys.find(digest(text)):
            live = self._posts.get(number)
            if live is not None and plain(live.essence) == text:
                yield live

    def alike(self, coming: Coming) -> list[int]:
        """Numbers of live posts that may share much of the text: most tags in common first, then oldest."""
        counts = self._prints.count(coming.tags)
        least = _LEAST_HITS if len(coming.tags) > _MANY_TAGS else _LEAST_HITS - 1
        found = [(-hits, number) for number, hits in counts.items() if hits >= least and number in self._posts]
        return [number for _, number in sorted(found)]

    def same_names(self, coming: Coming) -> list[Live]:
        """First posts of stories that name two of the same names: most names in common first, then oldest."""
        counts = self._names.count(coming.name_tags)
        found = sorted((-hits, number) for number, hits in counts.items() if number in self._posts)
        return [self._posts[number] for _, number in found]

    def post(self, number: int) -> Live:
        return self._posts[number]

    def view(self, live: Live) -> View:
        """The post's text without what its source repeats."""
        return View(self.boilerplate.strip(live.source, live.essence))

    def stripped(self, coming: Coming) -> View:
        text = self.boilerplate.strip(coming.post.source, coming.essence)
        return coming.view if text == coming.essence else View(text)


def _tag(kind: str, key: str) -> int:
    return digest(key.encode("utf-8", "surrogatepass"), kind)


def _tags(live: Live, text: bytes) -> Iterator[int]:
    yield from (_tag("name", name) for name in live.names)
    for kind, key in (("origin", live.origin), ("album", live.album), ("article", live.article)):
        if key is not None:
            yield _tag(kind, key)
    if text:
        yield digest(text)
