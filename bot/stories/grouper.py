"""The grouper: a post, and those placed before it -> the story it belongs to, and why.

In: posts in the order they are placed. Out: a `Placement` each. Invariant: the answer depends on the posts placed
before that happened within 48 hours of it, and their order, alone: not on batches, not on what else is held, and not on
whether the process was started anew between two posts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.model import Placement, Post, Relation
from bot.stories import related
from bot.stories.compare import Comparison, Verdict, compare, overlap
from bot.stories.essence import ITEM
from bot.stories.live import CAPACITY, Coming, LivePosts
from bot.stories.sketch import Sketch, Tags, packed
from bot.stories.telling import told


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


HELD = 72 * 3600
"""Seconds for which a post is held: it can be compared with what is read up to 24 hours late."""
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
    live: Sketch
    found: Comparison

    @property
    def story(self) -> str:
        return self.live.story


class Grouper:
    """Puts posts into stories, one after the other. `capacity` bounds the posts that are held at once."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._live = LivePosts(capacity)

    def __len__(self) -> int:
        """How many posts are held."""
        return len(self._live)

    def place(self, post: Post, *, when: datetime, places: Sequence[str] = ()) -> Placement:
        """Say where a post belongs, and hold it. A post that is held already stays where it is, edited or not.

        `when` is the time of the report: no post joins a story whose first is 48 hours away. `places` are those that it
        certainly names, by their ids, in order: they tell which reports are related.
        """
        coming = Coming(post, seconds(when), places)
        if (known := self._held(coming.key, coming.when)) is not None:
            return _sketched(coming, known.placement)
        placement = self._certain(coming) or self._by_words(coming)
        sketch, tags = coming.sketch(placement), coming.tags_of(placement)
        self._live.enter(sketch, tags)
        return replace(placement, sketch=packed(sketch, tags))

    def remember(self, sketch: Sketch, tags: Tags) -> None:
        """Hold a post that was placed before, in the order of placing; not twice."""
        if self._held(sketch.placement.post, sketch.when) is None:
            self._live.enter(sketch, tags)

    def forget(self, now: datetime) -> None:
        """Let go of posts that happened more than `HELD` before now."""
        self._live.forget(seconds(now) - HELD)

    def _held(self, key: str, when: int) -> Sketch | None:
        held = self._live.named(key.casefold(), when)
        return next((each for each in held if each.placement.post == key), None)

    # ------------------------------------------------------------ certain keys

    def _certain(self, coming: Coming) -> Placement | None:
        found = next((each for each in self._keyed(coming) if self._open(each[0].story, coming)), None)
        return None if found is None else _joined(coming, *found)

    def _open(self, story: str, coming: Coming) -> bool:
        """Whether the post that leads a story is near enough: else copy by copy a story would never end."""
        return self._held(story, coming.when) is not None

    def _keyed(self, coming: Coming) -> Iterator[tuple[Sketch, Ground]]:
        """Live posts that share a certain key with the post, the surest key first."""
        live, when = self._live, coming.when
        if coming.origin is not None:
            yield from ((held, Ground.FORWARD) for held in live.named(coming.origin, when))
            yield from ((held, Ground.SAME_ORIGIN) for held in live.forwarded(coming.origin, when))
        for name in coming.names:
            yield from ((held, Ground.ORIGINAL) for held in live.forwarded(name, when))
        if coming.album is not None:
            yield from ((held, Ground.ALBUM) for held in live.in_album(coming.album, when))
        yield from ((held, Ground.SAME_TEXT) for held in self._same_text(coming))
        yield from ((held, Ground.ARTICLE) for held in self._same_article(coming))

    def _same_text(self, coming: Coming) -> Iterator[Sketch]:
        if len(coming.view.plain) < _LEAST_TEXT:
            return
        found = list(self._live.same_text(coming.view.plain, coming.when))
        again: set[str] = set()
        if len(coming.view.plain) <= _BRIEF:
            again = {live.story for live in found if _anew(coming, live)}
        for live in found:
            soon = coming.view.telling or abs(live.when - coming.when) <= _SOON
            if soon and live.story not in again:
                yield live

    def _same_article(self, coming: Coming) -> Iterator[Sketch]:
        """Posts on the same article. What one source links to again and again is no news, but its shop."""
        if coming.article is None or _listing(coming.essence):
            return
        found = list(self._live.on_article(coming.article, coming.when))
        often = Counter(live.source for live in found)
        often[coming.post.source] += 1
        for live in found:
            if live.source == coming.post.source or max(often[live.source], often[coming.post.source]) > 1:
                continue
            if coming.owns or live.owns or self._much_alike(coming, live):
                yield live

    def _much_alike(self, coming: Coming, live: Sketch) -> bool:
        ours, theirs = coming.view.unique, self._live.view(live, coming.when).unique
        return len(ours & theirs) >= _MIN_ALIKE * max(1, min(len(ours), len(theirs)))

    # ------------------------------------------------------------ the words themselves

    def _by_words(self, coming: Coming) -> Placement:
        matches = self._matches(coming)
        whole = {m.story for m in matches if m.found.verdict is Verdict.COPY and m.found.share >= _ALL}
        refused = {m.story: m for m in matches if m.found.verdict.other and m.story not in whole}
        same = [m for m in matches if m.found.verdict.same and m.story not in refused and self._open(m.story, coming)]
        best = max(same, key=lambda m: m.found.likeness, default=None)
        parts = [m for m in matches if _held_by_post(m)]
        if best is not None and (best.found.share >= _WHOLE or not _several(parts)):
            return _joined(coming, best.live, _ground(best.found))
        if _several(parts) or any(m.found.verdict is Verdict.PART for m in parts):
            return self._own(coming, Ground.ROUND_UP, max(parts, key=lambda m: m.found.share).story, refused)
        holding = [m for m in matches if m.found.verdict is Verdict.PART]
        if holding:
            return self._own(coming, Ground.PART, holding[0].story, refused)
        return self._own(coming, Ground.FIRST, None, refused)

    def _own(self, coming: Coming, ground: Ground, within: str | None, refused: Mapping[str, _Match]) -> Placement:
        """A story of its own, or in another's; beside it the stories that tell of the same event otherwise."""
        otherwise = [story for story, match in refused.items() if _tells_otherwise(coming, match)]
        beside = [*sorted(otherwise), *(story for story in self._in_other_words(coming) if story not in refused)]
        return Placement(
            post=coming.key,
            story=coming.key,
            relation=Relation.FIRST if within is None else Relation.INCLUDED,
            reason=ground.value,
            within=within,
            related=tuple(story for story in beside if story != within)[:_MAX_RELATED],
        )

    def _in_other_words(self, coming: Coming) -> list[str]:
        """Stories of the same event, those that most speaks for first."""
        subject = self._live.on_subject(coming)
        near = [(live, apart) for live in subject if (apart := abs(live.when - coming.when)) <= related.WITHIN]
        busy = sum(apart <= related.AROUND for _, apart in near) >= related.BUSY
        found: list[tuple[int, str]] = []
        for live, apart in near:
            doubts = busy or live.source == coming.post.source
            if strength := related.evidence(coming.told, told(live.essence, live.places), apart, doubts):
                found.append((strength, live.story))
        return [story for _, story in sorted(found, key=lambda pair: -pair[0])]

    def _matches(self, coming: Coming) -> list[_Match]:
        """The likeliest live posts, compared: the most alike first, then the oldest."""
        view = self._live.stripped(coming)
        if not view.telling:
            return []
        matches: list[_Match] = []
        for live in self._candidates(coming):
            found = compare(view, self._live.view(live, coming.when))
            if found.verdict is not Verdict.APART:
                matches.append(_Match(live, found))
            if found.verdict is Verdict.COPY and found.share >= _ALL:
                break  # nothing can be more alike
        return matches

    def _candidates(self, coming: Coming) -> Iterator[Sketch]:
        taken: dict[str, int] = {}
        left = _MAX_COMPARED
        for live in self._live.alike(coming):
            of_story = taken.get(live.story, 0)
            if of_story < _MAX_PER_STORY and _comparable(coming, live):
                taken[live.story] = of_story + 1
                yield live
                left -= 1
                if not left:
                    return


def _comparable(coming: Coming, live: Sketch) -> bool:
    return min(coming.view.size, len(live.essence)) > _BRIEF or not _anew(coming, live)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def sketched(post: Post, placement: Placement, *, when: datetime, places: Sequence[str] = ()) -> Placement:
    """A placement made before, with the sketch of its post."""
    return _sketched(Coming(post, seconds(when), places), placement)


def _sketched(coming: Coming, placement: Placement) -> Placement:
    return replace(placement, sketch=packed(coming.sketch(placement), coming.tags_of(placement)))


def _anew(coming: Coming, live: Sketch) -> bool:
    return live.source == coming.post.source and abs(live.when - coming.when) > _AT_ONCE


def _tells_otherwise(coming: Coming, match: _Match) -> bool:
    """Whether another source tells it otherwise soon after; what one source says with other numbers is its form.

    With another name it is another event.
    """
    live = match.live
    other = live.source != coming.post.source and live.places[:1] == coming.places[:1]
    soon = abs(live.when - coming.when) <= related.SAME_HOURS
    return match.found.verdict in {Verdict.OTHER_NUMBERS, Verdict.OTHER_FACTS, Verdict.ASKED} and other and soon


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


def _joined(coming: Coming, live: Sketch, ground: Ground) -> Placement:
    forward = ground in {Ground.FORWARD, Ground.SAME_ORIGIN} or coming.post.forwarded_from is not None
    relation = Relation.FORWARD if forward else Relation.COPY
    return Placement(post=coming.key, story=live.story, relation=relation, reason=ground.value)
