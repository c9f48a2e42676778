"""`config diff` and `rematch`: stored posts matched again, with other watches or by today's rules.

In: a configuration, how far back. Out: the mentions that are gained and lost, and for `rematch` the store as the rules
of now have it. Invariant: comparing changes nothing, and `rematch` deletes nothing: what is gained is late, what is
lost keeps its row with the state `ruled_out`, and what a person confirmed stays whatever is found.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bot.config import Config, load_watchlists, watchlist_files
from bot.errors import StoreError, WrongUsage
from bot.matching import Matcher, load_matcher
from bot.model import Hit, Source, StoredHit, StoredPost, Verdict, Watch
from bot.pipeline import knowledge
from bot.service.cache import cache_folder
from bot.service.memory import looking, writing
from bot.store import Rematch, Store

PAGE = 500
DIFFERENCE = timedelta(days=30)
Shown = Callable[[float], None]
"""Takes how far the work is, from 0 to 1."""


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


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What matching again came to."""

    posts: int = 0
    watches: list[tuple[Change, Watch]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def regressions(self) -> list[Mention]:
        return [mention for mention in self.mentions if mention.change in REGRESSIONS]


async def config_diff(config: Config, old: Path | None, now: datetime, shown: Shown) -> Outcome:
    """What these watches find otherwise than those of `old`, or than those that ran last, in posts of 30 days."""
    try:
        async with looking(config) as store:
            before = _of_folder(old) if old else await _of_last_run(store)
            outcome = Outcome(watches=_changes(before, config.watches))
            if outcome.watches:
                await _compare(store, config, before, now, outcome, shown)
            return outcome
    except StoreError:
        if old is None:
            raise
        return Outcome(watches=_changes(_of_folder(old), config.watches))  # nothing is stored: the places alone


def _of_folder(folder: Path) -> Sequence[Watch]:
    if not folder.is_dir():
        raise WrongUsage(str(folder), "is not a folder", "name a folder with a watchlists folder in it")
    return load_watchlists(watchlist_files(folder))


async def _of_last_run(store: Store) -> Sequence[Watch]:
    watches = await store.upkeep.watches()
    if not watches:
        raise StoreError(store.name, "does not know what was watched", "start `run` or `once`, or name another folder")
    return watches


def _changes(before: Sequence[Watch], after: Sequence[Watch]) -> list[tuple[Change, Watch]]:
    old, new = ({watch.id: watch for watch in watches} for watches in (before, after))
    return [
        *((Change.ADDED, watch) for key, watch in new.items() if key not in old),
        *((Change.REMOVED, watch) for key, watch in old.items() if key not in new),
        *((Change.CHANGED, watch) for key, watch in new.items() if key in old and old[key] != watch),
    ]


async def _compare(
    store: Store, config: Config, before: Sequence[Watch], now: datetime, outcome: Outcome, shown: Shown
) -> None:
    known = await knowledge(config, store)
    old, new = [(await load_matcher(watches, cache_folder())).knowing(known) for watches in (before, config.watches)]
    sources = {source.name: source for source in config.sources}
    async for posts in _pages(store, now - DIFFERENCE, now, shown):
        outcome.posts += len(posts)
        for stored in posts:
            was, now_found = ({_span(hit): hit for hit in _hits(each, sources, stored)} for each in (old, new))
            gained = [hit for span, hit in now_found.items() if span not in was]
            lost = [hit for span, hit in was.items() if span not in now_found]
            outcome.mentions += [_mention(Change.GAINED, stored, hit) for hit in gained]
            outcome.mentions += [_mention(Change.LOST, stored, hit) for hit in lost]


def _span(hit: Hit) -> tuple[str, int, int]:
    return hit.watch, hit.start, hit.end


async def rematch(config: Config, since: datetime | None, now: datetime, shown: Shown, *, dry: bool) -> Outcome:
    """Match stored posts, or those seen `since`, with the rules of now; `dry` only says what would change."""
    outcome = Outcome()
    sources = {source.name: source for source in config.sources}
    watches = [watch.id for watch in config.watches]
    async with looking(config) if dry else writing(config, now) as store:
        matcher = (await load_matcher(config.watches, cache_folder())).knowing(await knowledge(config, store))
        async for posts in _pages(store, since, now, shown):
            matches = [(stored, _hits(matcher, sources, stored)) for stored in posts]
            compared = await (
                store.upkeep.compare(matches, watches) if dry else store.upkeep.rematch(matches, watches, now)
            )
            outcome.posts += len(compared)
            for each in compared:
                outcome.mentions += _changed(each)
    return outcome


async def _pages(
    store: Store, since: datetime | None, now: datetime, shown: Shown
) -> AsyncIterator[Sequence[StoredPost]]:
    """Stored posts, page by page; how far it is shows by when they were seen."""
    after, first = 0, None
    while posts := await store.upkeep.posts_after(after, PAGE, since):
        yield posts
        first = first or posts[0].seen
        shown((posts[-1].seen - first) / max(now - first, timedelta(seconds=1)))
        after = posts[-1].row
    shown(1.0)


def _hits(matcher: Matcher, sources: Mapping[str, Source], stored: StoredPost) -> Sequence[Hit]:
    post, source = stored.post, sources.get(stored.post.source)
    region = source.region if source else None
    return matcher.match(post.body, language=post.language, source=post.source, source_region=region)


def _changed(each: Rematch) -> Iterator[Mention]:
    for fresh in each.hits.fresh:
        yield _mention(Change.GAINED, each.stored, fresh)
    for change, olds in ((Change.LOST, each.lost), (Change.MISSED, each.missed), (Change.RETURNED, each.returned)):
        for old in olds:
            yield _mention(change, each.stored, old.hit, old)


def _mention(change: Change, stored: StoredPost, hit: Hit, old: StoredHit | None = None) -> Mention:
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
