"""Every method of the store, as it is called for the tests of faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.model import Decision, Delivery, NoticeKind, Outcome, Place, Preference, Reason, StoredPost
from bot.store import Act, ActKind, Aspect, Cutoffs, Filters, How, Letters, Likeness, Sought, Store
from tests.store.world import (
    CONSOLE,
    MINUTE,
    NOW,
    RYBAR,
    commit,
    digest,
    notice,
    outgoing,
    post,
    reading,
    silence,
    walk,
)

Call = Callable[[Store], Awaitable[Any]]


async def _all(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]


_LONG_AFTER = Cutoffs(unmatched=NOW + MINUTE, posts=NOW + MINUTE, deleted=NOW)
_STORED = StoredPost(row=1, post=post(1), seen=NOW)
_DELIVERY = Delivery(row=1, route="kursk", to=CONSOLE, message=outgoing("k").message, idempotency="k", digest=1)
_WATCH = Place(id="rylsk", name="Рыльск")
CONFIRM = Act(kind=ActKind.CONFIRM, targets=("h1",), who="anna", how=How.CLI)
WRITES: dict[str, Call] = {
    "sync_sources": lambda store: store.sync_sources([RYBAR], NOW),
    "commit_reading": lambda store: commit(store, reading(post(2))),
    "forget": lambda store: store.forget("deepstate/5", reason="asked", now=NOW),
    "accept_source": lambda store: store.accept_source("rybar", 2, NOW),
    "mark_changes_told": lambda store: store.mark_changes_told([1]),
    "save_matches": lambda store: store.save_matches([], NOW),
    "save_placements": lambda store: store.save_placements([], NOW),
    "save_sketches": lambda store: store.save_sketches([]),
    "route": lambda store: store.route("other", NOW),
    "save_digest": lambda store: store.save_digest(digest(slot=NOW + MINUTE), NOW),
    "notices.save": lambda store: store.notices.save(notice(), NOW),
    "notices.hold": lambda store: store.notices.hold("kursk", [Decision(story=1, reason=Reason.SILENCED)], NOW),
    "notices.add_silence": lambda store: store.notices.add_silence(silence()),
    "notices.expire_silence": lambda store: store.notices.expire_silence("m1", NOW),
    "add_letters": lambda store: store.add_letters(Letters("v", 1, {}), 0),
    "prefer": lambda store: store.prefer(Preference("a", "b"), NOW),
    "withdraw": lambda store: store.withdraw(Preference("a", "b")),
    "queue": lambda store: store.queue("kursk", [outgoing("other")], NOW),
    "hurry": lambda store: store.hurry(["rybar"], NOW, apart=MINUTE),
    "remember": lambda store: store.remember("name", "value"),
    "unpark": lambda store: store.unpark(),
    "upkeep.order": lambda store: store.upkeep.order("rybar", 9),
    "upkeep.carried_out": lambda store: store.upkeep.carried_out("rybar", 9),
    "upkeep.try_turn": lambda store: store.upkeep.try_turn(),
    "upkeep.draw": lambda store: store.upkeep.draw(b"key", NOW + MINUTE),
    "upkeep.sync_watches": lambda store: store.upkeep.sync_watches([_WATCH], NOW),
    "upkeep.save_late": lambda store: store.upkeep.save_late([], [Sought("sudzha", b"", 0, 1)], 1, NOW),
    "upkeep.rematch": lambda store: store.upkeep.rematch([], ["sudzha"], NOW),
    "begin": lambda store: store.begin(_DELIVERY, NOW),
    "reviews.perform": lambda store: store.reviews.perform(CONFIRM, NOW),
    "reviews.poll_now": lambda store: store.reviews.poll_now("rybar", NOW + MINUTE),
    "reviews.mute": lambda store: store.reviews.mute(CONFIRM, silence(), NOW),
    "reviews.undo": lambda store: store.reviews.undo(CONFIRM, "a1", NOW),
    "settle": lambda store: store.settle(_DELIVERY, Outcome.SENT, now=NOW),
    "upkeep.expire": lambda store: store.upkeep.expire(_LONG_AFTER, NOW),
}
READS: dict[str, Call] = {
    "remembered": lambda store: store.remembered("name"),
    "memory": lambda store: store.memory("rybar"),
    "memories": lambda store: store.memories(),
    "due": lambda store: store.due(NOW, 9),
    "published": lambda store: store.published(9),
    "untold_changes": lambda store: store.untold_changes(),
    "unmatched": lambda store: store.unmatched(9),
    "upkeep.orders": lambda store: store.upkeep.orders(),
    "upkeep.ids_below": lambda store: store.upkeep.ids_below("rybar", 9, NOW, 9),
    "upkeep.watches": lambda store: store.upkeep.watches(),
    "upkeep.adopted": lambda store: store.upkeep.adopted(),
    "upkeep.sought": lambda store: store.upkeep.sought(),
    "upkeep.posts_after": lambda store: store.upkeep.posts_after(0, 9),
    "upkeep.compare": lambda store: store.upkeep.compare([(_STORED, [])], []),
    "sizes": lambda store: store.sizes(),
    "holding": lambda store: store.holding(["Суджу"], 0, 9),
    "newest_post": lambda store: store.newest_post(),
    "letters": lambda store: store.letters(),
    "preferences": lambda store: store.preferences(),
    "ungrouped": lambda store: store.ungrouped(9),
    "hits_of": lambda store: store.hits_of([1]),
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
    "notices.stirring": lambda store: store.notices.stirring("kursk", NOW, NOW),
    "notices.stories": lambda store: store.notices.stories([1]),
    "story_of": lambda store: store.story_of("rybar/1"),
    "notices.related": lambda store: store.notices.related([1]),
    "notices.announced_and_changed": lambda store: store.notices.announced_and_changed("kursk", NOW, NOW),
    "notices.told_since": lambda store: store.notices.told_since("kursk", NOW),
    "notices.changed_after": lambda store: store.notices.changed_after([1], NOW),
    "notices.amended": lambda store: store.notices.amended("kursk", [1]),
    "notices.sent_of": lambda store: store.notices.sent_of("kursk", 1),
    "notices.message_of": lambda store: store.notices.message_of(1),
    "notices.last": lambda store: store.notices.last("kursk", NoticeKind.URGENT, "s1"),
    "notices.since": lambda store: store.notices.since("kursk", NoticeKind.URGENT, NOW),
    "notices.silences": lambda store: store.notices.silences(NOW),
    "notices.mentions": lambda store: store.notices.mentions(NOW, NOW, 0.5),
    "notices.day": lambda store: store.notices.day(NOW, NOW),
    "changes_after": lambda store: store.changes_after(0),
    "stranded_outbox": lambda store: store.stranded_outbox(),
    "ready": lambda store: store.ready(NOW),
    "stuck": lambda store: store.stuck(),
    "rivals": lambda store: store.rivals(_DELIVERY, ["1"]),
    "hits": lambda store: _all(store.hits()),
    "exported": lambda store: _all(store.exported()),
    "last_hit": lambda store: store.last_hit(),
    "evidence": lambda store: store.evidence("h1"),
    "stories": lambda store: _all(store.stories()),
    "outbox": lambda store: _all(store.outbox()),
    "newest_outbox": lambda store: store.newest_outbox(9),
    "oldest_waiting": lambda store: store.oldest_waiting(),
    "sources": lambda store: store.sources(),
    "trace": lambda store: store.trace("rybar/1"),
    "counts": lambda store: store.counts(),
    "secret": lambda store: store.secret(),
    "search": lambda store: store.search("Суджа"),
    "search_page": lambda store: store.search_page("", Filters(places=["sudzha"]), limit=9),
    "notices.corrected": lambda store: store.notices.corrected([1]),
    "notices.joined_into": lambda store: store.notices.joined_into([1]),
    "reviews.head": lambda store: store.reviews.head(),
    "reviews.newest": lambda store: store.reviews.newest(9),
    "reviews.doubts": lambda store: store.reviews.doubts(9),
    "reviews.waiting": lambda store: store.reviews.waiting(9),
    "reviews.pinned": lambda store: store.reviews.pinned(),
    "reviews.stories": lambda store: store.reviews.stories([1]),
    "reviews.newest_stories": lambda store: store.reviews.newest_stories(9, watch="sudzha"),
    "reviews.file": lambda store: store.reviews.file("s1"),
    "reviews.watch_of": lambda store: store.reviews.watch_of("h1"),
    "reviews.post": lambda store: store.reviews.post("rybar/1"),
    "reviews.days": lambda store: store.reviews.days(NOW),
    "reviews.judged": lambda store: store.reviews.judged(Aspect.EVIDENCE),
    "reviews.fired": lambda store: store.reviews.fired("sudzha", NOW),
    "reviews.alike": lambda store: store.reviews.alike("h1", Likeness.FORM),
}
UNCHANGED = {
    "mark_changes_told",
    "save_matches",
    "save_placements",
    "save_sketches",
    "accept_source",
    "upkeep.carried_out",
    "upkeep.try_turn",
    "upkeep.save_late",
    "upkeep.rematch",
}
"""Given nothing to write, as above, these write nothing."""


async def filled(store: Store) -> Store:
    """A store with something of everything."""
    await walk(store, post(1))
    await commit(store, reading(post(5, "Тишина", source="deepstate"), source="deepstate"))
    await store.save_digest(digest(1, messages=[outgoing("k")]), NOW)
    await store.notices.add_silence(silence())
    await store.reviews.perform(replace(CONFIRM, kind=ActKind.PIN, targets=("s1",)), NOW)
    return store
