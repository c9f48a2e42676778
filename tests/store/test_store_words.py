"""What has lost its words gets none again: whatever was read before, and is written after it.

Each method that writes is here: with words that it was given too late, or among those that take none of a post.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.model import Action, Delivery, Hit, Message, Outcome, Reason, StoredPost
from bot.store import Cutoffs, Filters, Outgoing, Sought, Store
from bot.store.search import STATES
from bot.store.tables import metadata, outbox
from tests.store.methods import READS, WRITES
from tests.store.world import MINUTE, NOW, commit, digest, first, group, mention, notice, outgoing, post, reading

SECRET = "Тайнинская"
SKETCH = SECRET.encode("cp1251")
LATER = NOW + 5 * MINUTE
RYLSK = [Sought("rylsk", b"", 0, 99)]


@dataclass(frozen=True)
class Read:
    """Posts as they were read while they had their words: one to be matched, one to be placed, one that is told."""

    unmatched: StoredPost
    ungrouped: StoredPost
    told: StoredPost

    @property
    def words_of(self) -> frozenset[int]:
        return frozenset({self.told.row})

    def message(self, key: str, **more: Any) -> Outgoing:
        return replace(outgoing(key, words_of=self.words_of, title=SECRET), **more)

    def edit(self, key: str) -> Outgoing:
        """Made of the message that it changes, as a correction is."""
        return replace(outgoing(key, title=SECRET), words_of=None, action=Action.EDIT, of="old")


def _hits(stored: StoredPost, watch: str = "sudzha") -> list[Hit]:
    return [mention(stored, SECRET, watch)]


def _placed(stored: StoredPost) -> Any:
    return stored, replace(first(stored), sketch=SKETCH)


TOO_LATE: dict[str, Callable[[Store, Read], Awaitable[Any]]] = {
    "save_matches": lambda store, read: store.save_matches([(read.unmatched, _hits(read.unmatched))], LATER),
    "save_placements": lambda store, read: store.save_placements([_placed(read.ungrouped)], LATER),
    "save_sketches": lambda store, read: store.save_sketches([_placed(read.told)]),
    "upkeep.save_late": lambda store, read: store.upkeep.save_late(
        [(read.told, _hits(read.told, "rylsk"))], RYLSK, 99, LATER
    ),
    "upkeep.rematch": lambda store, read: store.upkeep.rematch(
        [(read.told, _hits(read.told, "sumy"))], ["sumy"], LATER
    ),
    "save_digest": lambda store, read: store.save_digest(digest(1, slot=LATER, messages=[read.message("d")]), LATER),
    "save_digest, with a notice": lambda store, read: store.save_digest(
        digest(route="rylsk", slot=LATER, notices=(notice(1, route="rylsk", messages=[read.message("dn")]),)), LATER
    ),
    "notices.save": lambda store, read: store.notices.save(
        notice(1, route="sumy", messages=[read.message("n")]), LATER
    ),
    "notices.save, an edit": lambda store, read: store.notices.save(
        notice(subject="e", messages=[read.edit("e")]), LATER
    ),
    "queue": lambda store, read: store.queue("kursk", [read.message("q"), read.edit("qe")], LATER),
    "commit_reading": lambda store, _: commit(store, reading(*(post(row, f"{SECRET}, правка") for row in (1, 2, 3)))),
}
TAKE_NONE = {
    "sync_sources", "accept_source", "mark_changes_told", "route", "notices.hold", "add_letters", "prefer", "withdraw",
    "hurry", "remember", "unpark", "upkeep.order", "upkeep.carried_out", "upkeep.try_turn", "upkeep.draw",
    "upkeep.sync_watches", "begin", "settle", "forget", "upkeep.expire",
    # What people write stays as they wrote it: docs/store.md says so.
    "notices.add_silence", "notices.expire_silence", "reviews.perform", "reviews.poll_now", "reviews.mute",
    "reviews.undo",
}  # fmt: skip


async def _forgotten(store: Store) -> None:
    await store.forget("rybar/1", "rybar/2", "rybar/3", reason="asked", now=NOW + MINUTE)


async def _expired(store: Store) -> None:
    """One that waits is let through first: those that were read before have passed meanwhile."""
    await store.save_matches([(each, []) for each in await store.unmatched(9)], NOW)
    await group(store)
    await store.upkeep.expire(Cutoffs(unmatched=LATER, posts=LATER, deleted=NOW), NOW + MINUTE)


async def read(store: Store) -> Read:
    """The third post is in story s1; the message `old` told it, and was not sent."""
    text = f"Бои за Суджу, {SECRET}"
    await commit(store, reading(post(3, text)))
    (told,) = await store.unmatched(9)
    await store.save_matches([(told, [mention(told)])], NOW)
    await store.save_placements([(told, first(told))], NOW)
    await store.notices.save(notice(1, subject="old", route="other", messages=[outgoing("old", title=SECRET)]), NOW)
    await commit(store, reading(post(2, text)))
    (ungrouped,) = await store.unmatched(9)
    await store.save_matches([(ungrouped, [mention(ungrouped)])], NOW)
    await commit(store, reading(post(1, text)))
    (unmatched,) = await store.unmatched(9)
    return Read(unmatched, ungrouped, told)


async def traces(store: Store) -> list[str]:
    """All rows that hold the word, of all tables."""
    async with store._read() as conn:
        rows = [str(row) for table in metadata.sorted_tables for row in await conn.execute(select(table))]
    return [row for row in rows if SECRET in row or str(SKETCH)[2:-1] in row]


def test_every_method_that_writes_is_here() -> None:
    assert {name.partition(",")[0] for name in TOO_LATE} | TAKE_NONE == WRITES.keys()


@pytest.mark.parametrize("lose", [_forgotten, _expired])
async def test_no_method_writes_words_that_were_read_before(
    store: Store, lose: Callable[[Store], Awaitable[None]]
) -> None:
    before = await read(store)
    assert await traces(store)
    await lose(store)
    assert await traces(store) == []
    for name, late in TOO_LATE.items():
        await late(store, before)
        assert await traces(store) == [], name
    assert await store.search(SECRET) == []
    assert {row.state async for row in store.hits()} == {"expired"}
    assert await store.unmatched(9) == await store.ungrouped(9) == []


async def test_each_writes_them_while_they_are_there(store: Store) -> None:
    """Else the test above would show nothing."""
    before = await read(store)
    for name, late in TOO_LATE.items():
        held = await traces(store)
        await late(store, before)
        assert len(await traces(store)) > len(held), name


@pytest.mark.parametrize("lose", [_forgotten, _expired])
async def test_no_method_that_reads_finds_them(store: Store, lose: Callable[[Store], Awaitable[None]]) -> None:
    """What is exported, listed, searched by words or by filters alone, and shown from then on."""
    await read(store)
    known = {"exported", "evidence", "stories", "ready", "reviews.file", "unmatched", "holding"}
    shown = {name for name, method in READS.items() if SECRET in str(await method(store))}
    assert shown >= known
    await lose(store)
    assert {name for name, method in READS.items() if SECRET in str(await method(store))} == set()
    assert await store.reviews.fired("sudzha", NOW) == []
    for state in STATES:
        assert await store.search("", Filters(states=[state])) == [], state
    for narrowed in (Filters(sources=["rybar"]), Filters(sides=["ru"]), Filters(places=["sudzha"]), Filters(since=NOW)):
        assert await store.search("", narrowed) == []


async def test_what_else_an_outdated_message_told_is_composed_anew(store: Store) -> None:
    before = await read(store)
    await group(store)
    await store.forget("rybar/3", reason="asked", now=NOW)
    assert await store.save_digest(digest(1, 2, slot=LATER, messages=[before.message("d")]), LATER) is None
    assert 2 in {story.row for story in await store.untold("kursk")}
    assert await store.save_digest(digest(2, slot=LATER, messages=[outgoing("d")]), LATER) is not None, (
        "the slot is free"
    )


async def test_what_joins_a_post_that_lost_its_words_is_placed(store: Store) -> None:
    before = await read(store)
    await store.forget("rybar/2", reason="asked", now=NOW)
    copy = replace(before.unmatched)
    await store.save_matches([(copy, [mention(copy)])], NOW)
    joins = replace(first(copy), story="rybar/2")
    await store.save_placements([(before.ungrouped, first(before.ungrouped)), (copy, joins)], NOW)
    story = await store.story_of("rybar/1")
    assert story is not None
    assert {report.stored.post.key for report in story.reports} == {"rybar/2", "rybar/1"}


async def test_a_second_forget_ends_what_was_left(store: Store) -> None:
    """By a placewire that wrote what it had read before."""
    await read(store)
    await _forgotten(store)
    async with store._write() as conn:
        await conn.execute(outbox.update().values(payload={"text": SECRET, "entities": []}))
        await conn.exec_driver_sql(f"UPDATE hit SET text = '{SECRET}', state = 'live'")
        await conn.exec_driver_sql("UPDATE post SET ungrouped = true")
    assert await traces(store)
    assert await store.forget("rybar/1", "rybar/2", "rybar/3", reason="asked", now=LATER) == []
    assert await traces(store) == []
    assert await store.ungrouped(9) == []


async def claimed(store: Store) -> Delivery:
    """A message of two stories that is being sent, one of which is forgotten meanwhile."""
    before = await read(store)
    await group(store)
    await store.save_digest(digest(1, 2, slot=LATER, messages=[before.message("d")]), NOW)
    (mine,) = [each for each in await store.ready(LATER) if each.idempotency == "d"]
    begun = await store.begin(mine, NOW)
    await store.forget("rybar/3", reason="asked", now=NOW)
    return begun


async def test_a_message_that_lost_its_words_while_it_was_sent_does_not_go_out_empty(store: Store) -> None:
    begun = await claimed(store)
    await store.settle(begun, Outcome.WAITING, reason="answered 503", now=NOW)
    await store.unpark()
    assert [each for each in await store.ready(LATER) if each.message == Message(text="")] == []
    assert (await store.decisions("kursk"))[2] is Reason.UNSENT, "what else it told is told anew"


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.UNKNOWN, Outcome.WAITING])
async def test_a_message_that_may_have_arrived_meanwhile_stays_told(store: Store, outcome: Outcome) -> None:
    begun = await claimed(store)
    await store.settle(begun, outcome, lost=True, now=NOW)
    await store.unpark()
    assert await store.ready(LATER) == []
    assert (await store.decisions("kursk"))[2] is Reason.TOLD
