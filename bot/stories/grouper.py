"""The grouper: a post, and the live posts -> the story it belongs to, and why.

In: posts in the order they were read. Out: a `Placement` each. Invariant: the answer depends on the posts of the last
48 hours and their order alone: not on batches, and not on whether the process was started anew between two posts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from bot.model import Placement, Post, Relation
from bot.stories import related
from bot.stories.compare import Comparison, Verdict, compare, overlap
from bot.stories.essence import ITEM, plain
from bot.stories.live import CAPACITY, WINDOW, Coming, Live, LivePosts


class Ground(StrEnum):
    """Why a post stands where it stands: `Placement.reason`."""

    FIRST = "first report: nothing like it in 48 hours"
    FORWARD = "forward of a post of this story"
    SAME_ORIGIN = "forward of the same post as another"
    ORIGINAL = "the post that was forwarded"
    ALBUM = "part of the same album"
    SAME_TEXT = "the same text"
    ARTICLE = "the same article"
    COPY = "the same text with small changes"
    SHORTENED = "a shortened copy"
    EXTENDED = "a copy with words added"
    PART = "one of several reports of a round-up"
    ROUND_UP = "a round-up of other reports"


_SOON = 3600
"""Seconds within which two sources of one short text mean the same event."""
_BRIEF = 140
"""A source that repeats a text up to this length means it anew: an alert, a greeting."""
_AT_ONCE = 300
"""... unless it repeats it at once, or with the same date: a feed that was reset."""
_LEAST_TEXT = 12
_MAX_COMPARED, _MAX_PER_STORY = 10, 3
"""Candidates that are compared, and those of one story among them."""
_MIN_ALIKE = 0.25
_WHOLE = 0.75
"""Share of a text from which a copy of it is a copy of the whole."""
_ALL = 0.95
"""Share from which no other candidate is asked."""
_MAX_RELATED = 5


@dataclass(frozen=True, slots=True)
class _Match:
    live: Live
    found: Comparison

    @property
    def story(self) -> str:
        return self.live.placement.story


class Grouper:
    """Puts posts into stories, one after the other. `capacity` bounds the posts that are held at once."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._live = LivePosts(capacity)

    def __len__(self) -> int:
        """How many posts are held."""
        return len(self._live)

    def place(self, post: Post, *, when: datetime, seen: datetime | None = None) -> Placement:
        """Say where a post belongs, and hold it. A post that is held already stays where it is, edited or not.

        `when` is the time of the report: no two posts further apart than 48 hours join. `seen` is when it was read, by
        which it is forgotten; left out, it is the later of `when` and of what was seen before.
        """
        coming = self._coming(post, when, seen)
        if (known := next(self._live.named(coming.names[0]), None)) is not None and known.placement.post == post.key:
            if known.essence != coming.essence:
                self._live.replace(coming)
            return known.placement
        placement = self._certain(coming) or self._by_words(coming)
        self._live.enter(coming, placement)
        return placement

    def remember(self, post: Post, *, when: datetime, placement: Placement, seen: datetime | None = None) -> None:
        """Hold a post that was placed before. After a restart: all of the last 48 hours, in the order of placing."""
        self._live.enter(self._coming(post, when, seen), placement)

    def _coming(self, post: Post, when: datetime, seen: datetime | None) -> Coming:
        at = int(when.timestamp())
        self._live.advance(at if seen is None else int(seen.timestamp()))
        return Coming(post, at, self._live.clock)

    # ------------------------------------------------------------ certain keys

    def _certain(self, coming: Coming) -> Placement | None:
        for live, ground in self._keyed(coming):
            if abs(live.when - coming.when) <= WINDOW:
                return _joined(coming, live, ground)
        return None

    def _keyed(self, coming: Coming) -> Iterator[tuple[Live, Ground]]:
        """Live posts that share a certain key with the post, the surest key first."""
        if coming.origin is not None:
            yield from ((live, Ground.FORWARD) for live in self._live.named(coming.origin))
            yield from ((live, Ground.SAME_ORIGIN) for live in self._live.forwarded(coming.origin))
        for name in coming.names:
            yield from ((live, Ground.ORIGINAL) for live in self._live.forwarded(name))
        if coming.album is not None:
            yield from ((live, Ground.ALBUM) for live in self._live.in_album(coming.album))
        yield from ((live, Ground.SAME_TEXT) for live in self._same_text(coming))
        yield from ((live, Ground.ARTICLE) for live in self._same_article(coming))

    def _same_text(self, coming: Coming) -> Iterator[Live]:
        if len(coming.view.plain) < _LEAST_TEXT:
            return
        found = list(self._live.same_text(coming.view.plain))
        again: set[str] = set()
        if len(coming.view.plain) <= _BRIEF:
            again = {live.placement.story for live in found if _anew(coming, live)}
        for live in found:
            soon = coming.view.telling or abs(live.when - coming.when) <= _SOON
            if soon and live.placement.story not in again:
                yield live

    def _same_article(self, coming: Coming) -> Iterator[Live]:
        """Posts on the same article. What one source links to again and again is no news, but its shop."""
        if coming.article is None or _listing(coming.essence):
            return
        found = list(self._live.on_article(coming.article))
        often = Counter(live.source for live in found)
        often[coming.post.source] += 1
        for live in found:
            if live.source == coming.post.source or max(often[live.source], often[coming.post.source]) > 1:
                continue
            if coming.owns or live.owns or self._much_alike(coming, live):
                yield live

    def _much_alike(self, coming: Coming, live: Live) -> bool:
        ours, theirs = coming.view.unique, self._live.view(live).unique
        return len(ours & theirs) >= _MIN_ALIKE * max(1, min(len(ours), len(theirs)))

    # ------------------------------------------------------------ the words themselves

    def _by_words(self, coming: Coming) -> Placement:
        matches = self._matches(coming)
        refused = {m.story for m in matches if m.found.verdict in {Verdict.OTHER_NUMBERS, Verdict.OTHER_FACTS}}
        same = [m for m in matches if m.found.verdict.same and m.story not in refused]
        best = max(same, key=lambda m: m.found.likeness, default=None)
        parts = [m for m in matches if _held_by_post(m)]
        if best is not None and (best.found.share >= _WHOLE or not _several(parts)):
            return _joined(coming, best.live, _ground(best.found))
        if _several(parts) or any(m.found.verdict is Verdict.PART for m in parts):
            return self._own(coming, Ground.ROUND_UP, max(parts, key=lambda m: m.found.share).story, refused)
        whole = [m for m in matches if m.found.verdict is Verdict.PART]
        if whole:
            return self._own(coming, Ground.PART, whole[0].story, refused)
        return self._own(coming, Ground.FIRST, None, refused)

    def _own(self, coming: Coming, ground: Ground, within: str | None, refused: Iterable[str]) -> Placement:
        """A story of its own, or in another's; beside it the stories that tell of the same event otherwise."""
        beside = dict.fromkeys([*sorted(refused), *self._in_other_words(coming)])
        return Placement(
            post=coming.key,
            story=coming.key,
            relation=Relation.FIRST if within is None else Relation.INCLUDED,
            reason=ground.value,
            within=within,
            related=tuple(story for story in beside if story != within)[:_MAX_RELATED],
        )

    def _in_other_words(self, coming: Coming) -> list[str]:
        """Stories of the same event, the most alike first."""
        if not coming.view.telling:
            return []
        ours = related.stems(coming.view.plain)
        near = (live for live in self._live.same_names(coming) if abs(live.when - coming.when) <= related.WITHIN)
        found = [
            (related.likeness(ours, related.stems(plain(live.essence))), live.placement.story)
            for live in islice(near, _MAX_COMPARED)
        ]
        return [story for share, story in sorted(found, key=lambda pair: -pair[0]) if share]

    def _matches(self, coming: Coming) -> list[_Match]:
        """The likeliest live posts, compared: the most alike first, then the oldest."""
        view = self._live.stripped(coming)
        if not view.telling:
            return []
        matches: list[_Match] = []
        for live in self._candidates(coming):
            found = compare(view, self._live.view(live))
            if found.verdict is not Verdict.APART:
                matches.append(_Match(live, found))
            if found.verdict is Verdict.COPY and found.share >= _ALL:
                break  # nothing can be more alike
        return matches

    def _candidates(self, coming: Coming) -> Iterator[Live]:
        taken: Counter[str] = Counter()
        for number in self._live.alike(coming):
            live = self._live.post(number)
            if taken.total() == _MAX_COMPARED:
                return
            if taken[live.placement.story] < _MAX_PER_STORY and _comparable(coming, live):
                taken[live.placement.story] += 1
                yield live


def _comparable(coming: Coming, live: Live) -> bool:
    if abs(live.when - coming.when) > WINDOW:
        return False
    return min(coming.view.size, len(live.essence)) > _BRIEF or not _anew(coming, live)


def _anew(coming: Coming, live: Live) -> bool:
    return live.source == coming.post.source and abs(live.when - coming.when) > _AT_ONCE


def _listing(essence: bytes) -> bool:
    return essence.count(ITEM) > 2


def _held_by_post(match: _Match) -> bool:
    """Whether the live post is a part of the coming one, and not the whole of it."""
    return not match.found.shorter and match.found.share < _WHOLE and bool(match.found.spans)


def _several(parts: Iterable[_Match]) -> bool:
    """Whether the parts tell several stories: two of different stories stand in different places."""
    held = list(parts)
    return any(
        one.story != two.story and 4 * overlap(one.found.spans, two.found.spans) < min(map(_size, (one, two)))
        for at, one in enumerate(held)
        for two in held[at + 1 :]
    )


def _size(match: _Match) -> int:
    return sum(end - start for start, end in match.found.spans)


def _ground(found: Comparison) -> Ground:
    if found.verdict is Verdict.COPY and found.share >= _WHOLE:
        return Ground.COPY
    return Ground.SHORTENED if found.shorter else Ground.EXTENDED


def _joined(coming: Coming, live: Live, ground: Ground) -> Placement:
    forward = ground in {Ground.FORWARD, Ground.SAME_ORIGIN} or coming.post.forwarded_from is not None
    relation = Relation.FORWARD if forward else Relation.COPY
    return Placement(post=coming.key, story=live.placement.story, relation=relation, reason=ground.value)
