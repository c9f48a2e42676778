"""Every method of the store, as it is called for the tests of faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from bot.model import Outcome
from bot.store import Store
from tests.store.world import MINUTE, NOW, RYBAR, commit, digest, outgoing, post, reading, walk


async def _all(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]


WRITES: dict[str, Callable[[Store], Awaitable[Any]]] = {
    "sync_sources": lambda store: store.sync_sources([RYBAR], NOW),
    "commit_reading": lambda store: commit(store, reading(post(2))),
    "forget": lambda store: store.forget("deepstate/5", "asked", NOW),
    "accept_source": lambda store: store.accept_source("rybar", 2, NOW),
    "mark_changes_told": lambda store: store.mark_changes_told([1]),
    "save_matches": lambda store: store.save_matches([], NOW),
    "save_placements": lambda store: store.save_placements([], NOW),
    "save_sketches": lambda store: store.save_sketches([]),
    "route": lambda store: store.route("other", NOW),
    "save_digest": lambda store: store.save_digest(digest(slot=NOW + MINUTE), NOW),
    "remember": lambda store: store.remember("name", "value"),
    "unpark": lambda store: store.unpark(),
    "begin": lambda store: store.begin(_DELIVERY[0], NOW),
    "settle": lambda store: store.settle(_DELIVERY[0], Outcome.SENT, now=NOW),
}
READS: dict[str, Callable[[Store], Awaitable[Any]]] = {
    "remembered": lambda store: store.remembered("name"),
    "memory": lambda store: store.memory("rybar"),
    "memories": lambda store: store.memories(),
    "due": lambda store: store.due(NOW, 9),
    "next_due": lambda store: store.next_due(),
    "untold_changes": lambda store: store.untold_changes(),
    "unmatched": lambda store: store.unmatched(9),
    "ungrouped": lambda store: store.ungrouped(9),
    "placed_since": lambda store: store.placed_since(NOW),
    "unsketched": lambda store: store.unsketched(NOW),
    "newest_sketch": lambda store: store.newest_sketch(),
    "sketch_rows": lambda store: store.sketch_rows(NOW, NOW),
    "sketch_rows_after": lambda store: store.sketch_rows_after(0),
    "sketches": lambda store: store.sketches([1]),
    "untold": lambda store: store.untold("kursk"),
    "stories_since": lambda store: store.stories_since(NOW),
    "digests": lambda store: store.digests(),
    "decisions": lambda store: store.decisions("kursk"),
    "ready": lambda store: store.ready(NOW),
    "stuck": lambda store: store.stuck(),
    "hits": lambda store: _all(store.hits()),
    "stories": lambda store: _all(store.stories()),
    "outbox": lambda store: _all(store.outbox()),
    "newest_outbox": lambda store: store.newest_outbox(9),
    "oldest_waiting": lambda store: store.oldest_waiting(),
    "sources": lambda store: store.sources(),
    "trace": lambda store: store.trace("rybar/1"),
    "counts": lambda store: store.counts(),
    "secret": lambda store: store.secret(),
    "instance": lambda store: store.instance(),
    "search": lambda store: store.search("Суджа"),
}
UNCHANGED = {"mark_changes_told", "save_matches", "save_placements", "save_sketches", "accept_source"}
"""Given nothing to write, as above, these write nothing."""
_DELIVERY: list[Any] = []


async def filled(store: Store) -> Store:
    """A store with something of everything."""
    await walk(store, post(1))
    await commit(store, reading(post(5, "Тишина", source="deepstate"), source="deepstate"))
    await store.save_digest(digest(1, messages=[outgoing("k")]), NOW)
    _DELIVERY[:] = await store.ready(NOW)
    return store
