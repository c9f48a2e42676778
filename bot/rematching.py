"""Stored posts matched again by the rules of now: what is gained and lost, and what contradicts people's decisions.

In: a store, a matcher, how far back. Out: page by page, what changes. Invariant: `dry` changes nothing; what is written
is a page at a time, so that whoever stops half way, or begins again, leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.config import Config
from bot.matching import Matcher
from bot.model import Hit, Source, StoredHit, StoredPost, Verdict
from bot.store import Rematch, Store

PAGE = 200
"""Posts of one transaction; a page served beside it waits no longer than matching them takes."""


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    GAINED = "gained"
    LOST = "lost"
    MISSED = "missed"
    RETURNED = "returned"


REGRESSIONS = frozenset({Change.MISSED, Change.RETURNED})
"""What people decided, and the rules of now say otherwise: a confirmed hit is found no more, a rejected one again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A hit that is gained or lost. `hit` is the id of one that is stored, `verdict` what a person thought of it."""

    change: Change
    hit: str | None
    verdict: Verdict | None
    watch: str
    post: str
    url: str | None
    start: int
    end: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one page of posts came to; they were seen from `first` to `last`."""

    posts: int
    first: datetime
    last: datetime
    mentions: Sequence[Mention]


async def matched_again(
    store: Store, matcher: Matcher, config: Config, since: datetime | None, now: datetime, *, dry: bool
) -> AsyncIterator[Looked]:
    """Match stored posts, or those seen `since`, with these watches; `dry` only says what would change."""
    watches = [watch.id for watch in config.watches]
    sources = {source.name: source for source in config.sources}
    async for posts in pages(store, since):
        matches = [(stored, hits(matcher, sources, stored)) for stored in posts]
        compared = await (
            store.upkeep.compare(matches, watches) if dry else store.upkeep.rematch(matches, watches, now)
        )
        changed = [changed for each in compared for changed in _changed(each)]
        yield Looked(posts=len(compared), first=posts[0].seen, last=posts[-1].seen, mentions=changed)


async def pages(store: Store, since: datetime | None) -> AsyncIterator[Sequence[StoredPost]]:
    """Stored posts, page by page."""
    after = 0
    while posts := await store.upkeep.posts_after(after, PAGE, since):
        yield posts
        after = posts[-1].row


def hits(matcher: Matcher, sources: Mapping[str, Source], stored: StoredPost) -> Sequence[Hit]:
    """What the matcher finds in a stored post, by what is known of its source."""
    post, source = stored.post, sources.get(stored.post.source)
    region = source.region if source else None
    return matcher.match(post.body, language=post.language, source=post.source, source_region=region)


def _changed(each: Rematch) -> Iterator[Mention]:
    for fresh in each.hits.fresh:
        yield mention(Change.GAINED, each.stored, fresh)
    for change, olds in ((Change.LOST, each.lost), (Change.MISSED, each.missed), (Change.RETURNED, each.returned)):
        for old in olds:
            yield mention(change, each.stored, old.hit, old)


def mention(change: Change, stored: StoredPost, hit: Hit, old: StoredHit | None = None) -> Mention:
    """A hit as a change; `old` is the stored one, if it is."""
    return Mention(
        change=change,
        hit=old.key if old else None,
        verdict=old.verdict if old else None,
        watch=hit.watch,
        post=stored.post.key,
        url=stored.post.url,
        start=hit.start,
        end=hit.end,
        text=hit.text,
        confidence=hit.confidence,
    )
