from __future__ import annotations

import asyncio
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text as sql

from bot.errors import StoreBusy, StoreError
from bot.model import NoticeKind, Outcome, Reason
from bot.store import Committed, Cutoffs, Store, forget, records, retention
from bot.store.engine import plain
from bot.store.tables import meta, outbox
from tests.fakes.postgresql import connect
from tests.store.conftest import empty
from tests.store.test_store_acts import do
from tests.store.world import MINUTE, NOW, RYBAR, commit, digest, match, notice, outgoing, post, reading, walk

SECRET = "Приватность Тайнинская"
SKETCH = SECRET.encode("cp1251")
WORDS = ["Приватность", "приватность", "Тайнинская", "тайнинская", "Хозяин", "тайнин"]


async def told(store: Store) -> None:
    """A post, its edit, a message that quotes it, and much beside."""
    await walk(store, *(post(number, f"Бои за Суджу {number}") for number in range(2, 60)))
    await walk(store, post(1, f"Бои за Суджу: {SECRET}", author="Хозяин"))
    await commit(store, reading(post(1, f"Бои за Суджу, правка: {SECRET}", author="Хозяин")))
    await match(store)
    (mine,) = [story async for story in store.stories() if story.post == "rybar/1"]
    row = int(mine.id[1:])
    await store.save_digest(digest(row, messages=[outgoing("k", title=SECRET)]), NOW)


async def test_what_is_forgotten_is_found_by_nobody_and_never_comes_back(store: Store) -> None:
    await told(store)
    assert [row.id for row in await store.search("тайнинская")] == ["rybar/1"]
    assert await store.forget("rybar/1", reason="its author asked", now=NOW + MINUTE)
    assert not await store.forget("rybar/1", reason="its author asked", now=NOW + MINUTE)
    assert await store.search("тайнинская") == []
    assert len(await store.search("суджа", limit=100)) == 58
    assert await commit(store, reading(post(1, f"Снова: {SECRET}"))) == Committed()
    assert await store.search("тайнинская") == []
    assert not [row async for row in store.stories() if SECRET in row.text]
    (taken_back,) = [row async for row in store.outbox()]
    assert (taken_back.outcome, taken_back.part) == (Outcome.DROPPED, 1)
    assert "told anew" in taken_back.reason
    assert {row.state async for row in store.hits() if row.post == "rybar/1"} == {"expired"}, "in no digest to come"
    assert await store.trace("rybar/1")


async def test_what_was_told_in_another_story_is_forgotten_too(store: Store) -> None:
    """Before two stories were merged each was told; after it both were, until one report was split off again."""
    await walk(store, post(1), post(2, f"Бои за Суджу: {SECRET}"), post(3, f"Бои за Суджу: {SECRET}"))
    for row in (1, 2, 3):
        new = digest(row, slot=NOW + row * MINUTE, messages=[outgoing(f"k{row}", title=SECRET)])
        await store.save_digest(new, NOW)
    await do(store, "merge", "s1", "s2")
    await do(store, "merge", "s1", "s3")
    await do(store, "split", "rybar/3")
    await store.forget("rybar/2", "rybar/3", reason="asked", now=NOW)
    assert [row.outcome async for row in store.outbox()] == [Outcome.DROPPED] * 3


async def sent(store: Store, key: str, **more: Any) -> None:
    """Let the message of this key be sent, or end as is said."""
    (found,) = [each for each in await store.ready(NOW) if each.idempotency == key]
    ended: dict[str, Any] = {"outcome": Outcome.SENT} | more
    await store.settle(await store.begin(found, NOW), now=NOW, **ended)


@pytest.mark.parametrize("again", [False, True])
async def test_what_told_a_story_before_it_was_told_again_is_forgotten(store: Store, again: bool) -> None:
    """Its author took out the place: it was to be told anew, was so, and was so once more."""
    await walk(store, post(1), post(2))
    await store.notices.save(notice(1, messages=[outgoing("k1", title=SECRET)]), NOW)
    await sent(store, "k1")
    for number in (2, 3):
        await store.notices.save(notice(kind=NoticeKind.CORRECTION, subject=f"s1:{number}", reopens=(1,)), NOW)
        new = digest(*(1, 2)[: 4 - number], slot=NOW + number * MINUTE, messages=[outgoing(f"k{number}", title=SECRET)])
        await store.save_digest(new, NOW)
        await sent(store, f"k{number}")
    if again:
        await store.notices.save(notice(kind=NoticeKind.CORRECTION, subject="s1:4", reopens=(1,)), NOW)
    await store.forget("rybar/1", reason="asked", now=NOW)
    async with store._read() as conn:
        payloads = list((await conn.execute(select(outbox.c.payload))).scalars())
    assert [SECRET in str(payload) for payload in payloads] == [False, False, False]


async def test_every_revision_of_a_card_is_forgotten(store: Store) -> None:
    """Where a message cannot be edited, a card that changes goes out whole; what joined it later has no decision."""
    await walk(store, post(1), post(2))
    await store.notices.save(notice(1, messages=[outgoing("k1", title=SECRET)]), NOW)
    await store.notices.save(notice(revision=2, messages=[outgoing("k2", title=SECRET)]), NOW)
    await store.notices.save(notice(2, subject="s2", messages=[outgoing("k3")]), NOW)
    await sent(store, "k1")
    await sent(store, "k2", outcome=Outcome.UNKNOWN)
    await store.forget("rybar/1", reason="asked", now=NOW)
    assert [row.outcome async for row in store.outbox()] == [Outcome.SENT, Outcome.PARKED, Outcome.WAITING]
    async with store._read() as conn:
        payloads = list((await conn.execute(select(outbox.c.payload).order_by(outbox.c.row))).scalars())
    assert [SECRET in str(payload) for payload in payloads] == [False, False, False]
    assert "message k3" in str(payloads[2])


async def test_what_else_an_unsent_digest_told_is_told_by_the_next(store: Store) -> None:
    await walk(store, post(1, f"Бои за Суджу: {SECRET}"), post(2), post(3))
    await store.save_digest(digest(1, 2, messages=[outgoing("k", title=SECRET)]), NOW)
    await sent(store, "k", outcome=Outcome.WAITING, reason="answered 503")
    await store.forget("rybar/1", reason="asked", now=NOW)
    assert await store.ready(NOW) == []
    assert {story.row for story in await store.untold("kursk")} >= {2, 3}
    assert (await store.decisions("kursk"))[2] is Reason.UNSENT
    assert await store.save_digest(digest(2, 3, slot=NOW + MINUTE, messages=[outgoing("next")]), NOW) is not None
    assert [each.idempotency for each in await store.ready(NOW)] == ["next"]
    await store.forget("rybar/2", reason="asked", now=NOW)
    assert (await store.decisions("kursk"))[3] is Reason.UNSENT, "nor is it lost with the second"


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.UNKNOWN])
async def test_what_may_have_been_sent_is_not_told_again(store: Store, outcome: Outcome) -> None:
    await walk(store, post(1), post(2))
    await store.save_digest(digest(1, 2, messages=[outgoing("k")]), NOW)
    await sent(store, "k", outcome=outcome)
    await store.forget("rybar/1", reason="asked", now=NOW)
    assert (await store.decisions("kursk"))[2] is Reason.TOLD
    assert {row.row for row in await store.untold("kursk")} == set()


async def test_an_answer_that_was_lost_may_have_been_sent(store: Store) -> None:
    await walk(store, post(1), post(2))
    await store.save_digest(digest(1, 2, messages=[outgoing("k")]), NOW)
    await sent(store, "k", outcome=Outcome.WAITING, lost=True)
    await store.forget("rybar/1", reason="asked", now=NOW)
    assert await store.untold("kursk") == []
    assert [row.outcome async for row in store.outbox()] == [Outcome.PARKED]


async def test_of_a_digest_that_was_sent_in_part_the_rest_is_told_by_the_next(store: Store) -> None:
    await walk(store, *map(post, range(1, 5)))
    parts = [outgoing(f"k{part}", links=[f"https://t.me/rybar/{number}" for number in told])
             for part, told in enumerate(((1, 2), (3, 4)), 1)]  # fmt: skip
    await store.save_digest(digest(1, 2, 3, 4, messages=parts), NOW)
    await sent(store, "k1")
    await store.forget("rybar/3", reason="asked", now=NOW)
    decided = await store.decisions("kursk")
    assert (decided[1], decided[2], decided[4]) == (Reason.TOLD, Reason.TOLD, Reason.UNSENT)


async def test_a_card_that_was_never_sent_is_gone_and_its_other_stories_stir(store: Store) -> None:
    await walk(store, post(1), post(2), post(3))
    await store.notices.save(notice(1, 2, messages=[outgoing("k1")]), NOW)
    await store.notices.save(notice(3, revision=2, messages=[outgoing("k2")]), NOW)
    await store.forget("rybar/1", reason="asked", now=NOW)
    assert await store.notices.last("kursk", NoticeKind.URGENT, "s1") is None
    assert [row.id async for row in store.outbox()] == []
    later = NOW + 60 * MINUTE
    assert {story.row for story in await store.notices.stirring("kursk", later, later)} == {2, 3}
    assert await store.notices.save(notice(2, 3, messages=[outgoing("k1")]), NOW) is not None, "under the same key"
    assert [each.idempotency for each in await store.ready(NOW)] == ["k1"]


async def test_a_card_is_what_was_sent_of_it(store: Store) -> None:
    await walk(store, post(1), post(2), post(3))
    await store.notices.save(notice(1, messages=[outgoing("k1")]), NOW)
    await sent(store, "k1")
    await store.notices.save(notice(2, revision=2, messages=[outgoing("k2")]), NOW)
    await store.notices.save(notice(3, revision=3, messages=[outgoing("k3")]), NOW)
    await store.forget("rybar/3", reason="asked", now=NOW)
    last = await store.notices.last("kursk", NoticeKind.URGENT, "s1")
    assert last is not None
    assert last.revision == 1
    decided = await store.decisions("kursk")
    assert (decided[1], decided[2]) == (Reason.URGENT, Reason.UNSENT)


async def test_what_was_not_sent_when_words_expire_is_told_anew(store: Store) -> None:
    await walk(store, post(1), post(2))
    await store.save_digest(digest(1, 2, messages=[outgoing("k")]), NOW)
    await expired(store, 1)
    assert 2 in {story.row for story in await store.untold("kursk")}


async def test_several_are_forgotten_together_or_none(store: Store) -> None:
    await walk(store, post(1), post(2), post(3))
    with pytest.raises(StoreError, match="no post has this id"):
        await store.forget("rybar/1", "rybar/99", reason="asked", now=NOW)
    assert len(await store.search("суджа")) == 3
    assert await store.forget("rybar/1", reason="asked", now=NOW) == ["rybar/1"]
    assert await store.forget("rybar/1", "rybar/2", "rybar/2", reason="asked", now=NOW) == ["rybar/2"]
    assert [row.id for row in await store.search("суджа")] == ["rybar/3"]


async def test_an_unknown_post_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match="no post has this id"):
        await store.forget("rybar/99", reason="why", now=NOW)


async def test_no_byte_of_it_stays_in_any_file(database: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await told(store)
        assert traces(database.parent)
        await store.forget("rybar/1", reason="its author asked", now=NOW)
        assert traces(database.parent) == []
    assert traces(database.parent) == []


async def expired(store: Store, *numbers: int) -> None:
    """Let the words of these posts be removed by age: retention leaves them in the index until it is merged."""
    long_after = Cutoffs(unmatched=NOW + MINUTE, posts=NOW + MINUTE, deleted=NOW)
    async with store._write() as conn:
        assert await retention.expire(conn, numbers, long_after, NOW) == len(numbers)


async def test_what_has_expired_is_forgotten_as_well_as_others(store: Store) -> None:
    await walk(store, post(1), post(2), post(3))
    await expired(store, 1, 2)
    await store.forget("rybar/1", "rybar/3", "rybar/2", reason="asked", now=NOW)
    await walk(store, post(4))
    assert [row.id for row in await store.search("суджа")] == ["rybar/4"]


@pytest.mark.parametrize("at_once", [1, 1_000])
async def test_no_byte_of_what_has_expired_stays_in_any_file(
    database: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("bot.store.sqlite.MERGED_AT_ONCE", at_once)

    def traces() -> list[str]:
        return [file.name for file in database.parent.iterdir() if b"quokka" in file.read_bytes()]

    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await walk(store, *(post(number, f"Бои за Суджу {number}, Zyxquokka") for number in range(1, 60)))
        await walk(store, *(post(number, f"Бои за Суджу {number}") for number in range(60, 100)))
        await expired(store, *range(1, 60))
        await store.forget("rybar/1", reason="asked", now=NOW)
        assert traces() == [], "those that were not named had no word left but here"
        assert len(await store.search("суджа", limit=100)) == 40
        await walk(store, post(100))
        assert len(await store.search("суджа", limit=100)) == 41
    assert (await Store.verify(database)).posts == 100


async def test_a_post_without_words_is_forgotten(store: Store) -> None:
    """An index knows nothing of it, and must not be asked to let go of it."""
    await walk(store, post(1, ""))
    await store.forget("rybar/1", reason="asked", now=NOW)
    await walk(store, post(2))
    assert [row.id for row in await store.search("суджа")] == ["rybar/2"]


async def test_it_waits_for_whoever_still_sees_the_words_in_the_log(database: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await told(store)
        with closing(plain(database, read_only=True)) as reading:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM meta").fetchone()
            forgetting = asyncio.create_task(store.forget("rybar/1", reason="its author asked", now=NOW))
            await asyncio.wait([forgetting], timeout=0.3)
            assert not forgetting.done()
        await forgetting
        assert traces(database.parent) == []


async def test_whoever_reads_too_long_is_told_of(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.sqlite.READERS_END_WITHIN", 0.0)
    monkeypatch.setattr("bot.store.engine.BUSY_SECONDS", 0.1)
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await told(store)
        with closing(plain(database, read_only=True)) as reading:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM meta").fetchone()
            with pytest.raises(StoreBusy, match="once more"):
                await store.forget("rybar/1", reason="its author asked", now=NOW)
        assert not await store.forget("rybar/1", reason="its author asked", now=NOW)
        assert traces(database.parent) == []


async def test_who_forwarded_it_is_forgotten_too(database: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await walk(store, post(1, forwarded_from="Приватность", reply_to="тайнин"))
        assert traces(database.parent)
        await store.forget("rybar/1", reason="asked", now=NOW)
        assert traces(database.parent) == []


async def test_a_line_of_the_record_that_a_crash_cut_off_is_none(database: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await walk(store, post(1), post(2))
        await store.forget("rybar/1", reason="asked", now=NOW)
    record = database.with_name(f"{database.name}.forgotten")
    with record.open("a") as file:
        file.write('{"at": "2026')
    async with await Store.open(database, now=NOW) as store:
        await store.forget("rybar/2", reason="asked", now=NOW)
    assert len(records.read(record)) == 2
    async with await Store.open(database, now=NOW):
        pass


def traces(folder: Path) -> list[str]:
    found = [(file.name, word) for file in folder.iterdir() for word in WORDS if word.encode() in file.read_bytes()]
    return [f"{name}: {word}" for name, word in found]


async def test_a_restored_copy_forgets_again(database: Path, tmp_path: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await told(store)
        await store.backup(tmp_path / "copy.db")
        await store.forget("rybar/1", reason="its author asked", now=NOW)
    for file in database.parent.glob("placewire.db-*"):
        file.unlink()
    shutil.copy(tmp_path / "copy.db", database)
    async with await Store.open(database, now=NOW) as store:
        assert await store.search("тайнинская") == []
    assert traces(database.parent) == []


def on_disk(conn: Connection) -> bytes:
    """Every page of every table and index of ours, and of what the planner knows of them, as the server has them."""
    conn.execute(sql("CHECKPOINT"))
    query = """
    SELECT string_agg(pg_read_binary_file(pg_relation_filepath(oid)), ''::bytea) FROM pg_class
    WHERE relkind IN ('r', 'i', 't') AND (relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)
    OR relname = 'pg_statistic') AND pg_relation_filepath(oid) LIKE 'base/%'
    """
    return bytes(conn.execute(sql(query)).scalar_one())


async def test_no_byte_of_it_stays_in_any_page_of_a_server(shared: tuple[str, Connection]) -> None:
    address, other = shared
    empty(other)
    async with await Store.open(address, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await told(store)
        placed = await store.placed_since(NOW - MINUTE)
        mine = [(at, replace(put, sketch=SKETCH)) for at, put in placed if at.post.id == "1"]
        await store.save_sketches(mine)
        await walk(store, post(60, "Бои за Суджу, Zyxquokka"))
        await expired(store, 60)
        other.execute(sql("ANALYZE"))
        before = on_disk(other)
        assert b"quokka" in before
        assert SKETCH in before
        assert {word for word in WORDS if word.encode() in before} == set(WORDS)
        with connect(address) as reading:
            reading.execution_options(isolation_level="REPEATABLE READ")
            reading.execute(sql("SELECT count(*) FROM meta"))
            keys = ("rybar/1", "rybar/60")
            forgetting = asyncio.create_task(store.forget(*keys, reason="their author asked", now=NOW))
            await asyncio.wait([forgetting], timeout=0.3)
            assert not forgetting.done(), "it waits for those who still see the words"
        await forgetting
        after = on_disk(other)
        assert {word for word in WORDS if word.encode() in after} == set()
        assert SKETCH not in after
        assert b"quokka" not in after
        assert "Бои за Суджу 7".encode() in after


async def test_a_forgetting_that_came_to_no_end_says_so_and_is_ended_by_the_next_start(
    shared: tuple[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, other = shared
    empty(other)
    async with await Store.open(address, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await told(store)
        with monkeypatch.context() as patched:
            patched.setattr("bot.store.forget.READERS_END_WITHIN", 0.0)
            with pytest.raises(StoreBusy, match="has forgotten it, but bytes of it stay on its disk as yet"):
                await store.forget("rybar/1", reason="its author asked", now=NOW)
        assert await store.search("тайнинская") == []
    assert any(word.encode() in on_disk(other) for word in WORDS)
    await (await Store.open(address, now=NOW)).close()
    assert not any(word.encode() in on_disk(other) for word in WORDS)


async def test_a_replay_that_readers_kept_from_its_end_is_ended_by_the_next(
    shared: tuple[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, other = shared
    empty(other)
    async with await Store.open(address, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await told(store)
        secret = await store.secret()
    forget.carry(other, [forget._line(forget.fingerprint(secret, "rybar/1"), "its author asked", NOW)])
    with monkeypatch.context() as patched:
        patched.setattr("bot.store.forget.READERS_END_WITHIN", 0.0)
        with pytest.raises(StoreBusy, match=r"still read by somebody .* or start again"):
            await Store.open(address, now=NOW)
    assert any(word.encode() in on_disk(other) for word in WORDS)
    async with await Store.open(address, now=NOW) as store:
        assert await store.search("тайнинская") == []
    assert not any(word.encode() in on_disk(other) for word in WORDS)
    assert set(other.execute(select(meta.c.name)).scalars()) == {"secret", "instance"}
