"""`config diff` and `rematch`: stored posts matched again, with other watches or by today's rules.

In: a configuration, how far back. Out: the mentions that are gained and lost, and for `rematch` the store as the rules
of now have it. Invariant: comparing changes nothing, and `rematch` deletes nothing: what is gained is late, what is
lost keeps its row with the state `ruled_out`, and what a person confirmed stays whatever is found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Config, load_watchlists, watchlist_files
from bot.config.cache import cache_folder
from bot.errors import StoreError, WrongUsage
from bot.matching import load_matcher
from bot.model import Hit, HitState, Watch
from bot.pipeline import knowledge
from bot.rematching import REGRESSIONS, Change, Mention, hits, matched_again, mention, pages
from bot.service.memory import changing, looking
from bot.store import Store

DIFFERENCE = timedelta(days=30)
Shown = Callable[[float], None]
"""Takes how far the work is, from 0 to 1."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What matching again came to. `adopted`: it compares with what was in use until then, not with what is."""

    posts: int = 0
    adopted: datetime | None = None
    watches: list[tuple[Change, Watch]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def regressions(self) -> list[Mention]:
        return [mention for mention in self.mentions if mention.change in REGRESSIONS]


async def config_diff(
    config: Config, old: Path | None, now: datetime, shown: Shown, *, since: datetime | None = None
) -> Outcome:
    """What these watches find otherwise than others, in posts of 30 days.

    The others are those of `old`, those in use until `since`, or those in use: where they are the same, because a
    service has taken over the edit, those in use before them.
    """
    try:
        async with looking(config) as store:
            before, adopted = (_of_folder(old), None) if old else await _of_the_store(store, config, since)
            outcome = Outcome(watches=_changes(before, config.watches), adopted=adopted)
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


async def _of_the_store(
    store: Store, config: Config, since: datetime | None
) -> tuple[Sequence[Watch], datetime | None]:
    """The watches to compare with, and until when they were in use if those of now are the same as in the files."""
    used, adopted = await store.upkeep.watches(), await store.upkeep.adopted()
    if not used and adopted is None:
        raise StoreError(store.name, "does not know what was watched", "start `run` or `once`, or name another folder")
    if since is not None:
        return await store.upkeep.watches(until=since), None
    if adopted is None or _changes(used, config.watches):
        return used, None
    return await store.upkeep.watches(until=adopted), adopted


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
    begun = now - DIFFERENCE
    async for posts in pages(store, begun):
        outcome.posts += len(posts)
        known_hits = await store.hits_of([stored.row for stored in posts])
        for stored in posts:
            standing = (each for each in known_hits.get(stored.row, ()) if each.state is not HitState.EDITED_OUT)
            there = {_span(each.hit): each for each in standing}
            was, now_found = ({_span(hit): hit for hit in hits(each, sources, stored)} for each in (old, new))
            outcome.mentions += [
                mention(change, stored, hit, there.get(span))
                for change, found, other in ((Change.GAINED, now_found, was), (Change.LOST, was, now_found))
                for span, hit in found.items()
                if span not in other
            ]
        _tell(shown, begun, posts[-1].seen, now)
    shown(1.0)


def _span(hit: Hit) -> tuple[str, int, int]:
    return hit.watch, hit.start, hit.end


async def rematch(config: Config, since: datetime | None, now: datetime, shown: Shown, *, dry: bool) -> Outcome:
    """Match stored posts, or those seen `since`, with the rules of now; `dry` only says what would change."""
    outcome, first = Outcome(), None
    async with looking(config) if dry else changing(config, now) as store:
        matcher = (await load_matcher(config.watches, cache_folder())).knowing(await knowledge(config, store))
        async for looked in matched_again(store, matcher, config, since, now, dry=dry):
            first = first or looked.first
            outcome.posts += looked.posts
            outcome.mentions += looked.mentions
            _tell(shown, first, looked.last, now)
    shown(1.0)
    return outcome


def _tell(shown: Shown, first: datetime, last: datetime, now: datetime) -> None:
    """How far it is shows by when the posts were seen."""
    shown((last - first) / max(now - first, timedelta(seconds=1)))
