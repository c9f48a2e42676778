from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.errors import AlreadyRunning, Overtaken, StoreCorrupt, StoreError
from bot.model import Arrival, Condition, NoticeKind, Outcome, Reason, Source
from bot.store import Carried, NewNotice, Store, instance_lock
from tests.fakes.postgresql import Server
from tests.store.conftest import HOME
from tests.store.test_store_acts import do, undo
from tests.store.world import (
    ISW,
    MINUTE,
    NOW,
    RYBAR,
    commit,
    digest,
    group,
    match,
    outgoing,
    post,
    reading,
    silence,
    walk,
)

LATER = NOW + timedelta(days=2)


async def copied(database: str | Path, copy: Path) -> None:
    """A copy with a told story, one that waits, and a message that waits; then two days go on."""
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await store.route("kursk", NOW)
        await walk(store, post(1))
        await store.save_digest(digest(1, messages=[outgoing("sent later")]), NOW)
        await walk(store, post(2))
        await store.backup(copy)
        await walk(store, post(3), now=NOW + MINUTE)
        await store.save_digest(digest(2, 3, slot=NOW + MINUTE, messages=[outgoing("k2")]), NOW + MINUTE)
        for delivery in await store.ready(LATER):
            await store.settle(await store.begin(delivery, LATER), Outcome.SENT, now=LATER)


async def test_a_restore_two_days_old_sends_nothing_twice(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    await copied(database, copy)
    restored = await Store.restore(copy, database, LATER)
    assert (restored.copy.posts, restored.copy.path) == (2, database)
    async with await Store.open(database, now=LATER) as store:
        await store.unpark()
        assert await store.ready(LATER) == []
        assert [row.outcome async for row in store.outbox()] == [Outcome.UNKNOWN]
        assert await store.untold("kursk") == []
        assert [each.key for each in await store.notices.stirring("kursk", NOW, LATER)] == ["s1"], "s2 may have rung"
        assert (await store.decisions("kursk"))[2] is Reason.RESTORED
        assert (await store.route("kursk", LATER)).last_slot == LATER

        await commit(store, reading(post(1), post(2), post(3)), LATER + MINUTE)
        await match(store)
        await group(store)
        assert await store.untold("kursk") == [], "nor is a copy of it told that comes now"
        again = await store.story_of("rybar/3")
        assert again is not None
        assert (again.first.stored.post.id, again.first.stored.arrival) == ("3", Arrival.BASELINE)
        assert again.first.hits[0].late

        new = post(60 * 24 * 3)
        await commit(store, reading(new), LATER + 2 * MINUTE)
        assert [stored.arrival for stored in await store.unmatched(9)] == [Arrival.LIVE]


async def test_what_an_edit_brought_may_have_been_told_too(database: Path, tmp_path: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await commit(store, reading(post(1, "Тихо."), post(2, "Тихо.")))
        await match(store)
        await store.backup(tmp_path / "copy.db")
    await Store.restore(tmp_path / "copy.db", database, LATER)
    async with await Store.open(database, now=LATER) as store:
        after = LATER + MINUTE
        known = [post(1, "Бои за Суджу."), post(2, "Бои за Суджу.", edited=after)]
        await commit(store, reading(*known, post(60 * 24 * 3, "Тихо.")), after)
        await match(store)
        await commit(store, reading(post(60 * 24 * 3, "Бои за Суджу.")), after + MINUTE)
        await match(store)
        found = {hit.post: hit.late async for hit in store.hits()}
        assert found == {"rybar/1": True, "rybar/2": False, f"rybar/{60 * 24 * 3}": False}


@pytest.mark.parametrize("source", [RYBAR, ISW])
async def test_what_is_edited_after_it_was_read_again_is_news(own: str | Path, tmp_path: Path, source: Source) -> None:
    """Neither a feed nor the preview says when: only what is read for the first time since may have been told."""

    async def read(store: Store, minutes: int, *texts: str) -> None:
        posts = [post(number, text, source=source.name) for number, text in enumerate(texts, 1) if text]
        await commit(store, reading(*posts, source=source.name), LATER + minutes * MINUTE)
        await match(store)

    async with await Store.open(own, now=NOW) as store:
        await store.sync_sources([source], NOW)
        await commit(
            store, reading(*(post(each, "Тихо.", source=source.name) for each in (1, 2, 3)), source=source.name)
        )
        await match(store)
        await store.backup(tmp_path / "copy")
    await Store.restore(tmp_path / "copy", own, LATER)
    async with await Store.open(own, now=LATER) as store:
        await read(store, 1, "Бои за Суджу.", "Тихо.")
        await read(store, 2, "Бои за Суджу, и ещё: Суджу.", "Бои за Суджу.", "Бои за Суджу.")
        late = {(hit.post.rpartition("/")[2], hit.start): hit.late async for hit in store.hits()}
    assert late[("2", 7)] is False
    assert late[("1", 7)] is True
    assert late[("3", 7)] is (source is RYBAR), "a channel's older posts are read by and by"


async def test_what_a_feed_says_is_unchanged_was_read(own: str | Path, tmp_path: Path) -> None:
    async with await Store.open(own, now=NOW) as store:
        await store.sync_sources([ISW], NOW)
        await commit(store, reading(post(1, "Тихо.", source="isw"), source="isw"))
        await match(store)
        await store.backup(tmp_path / "copy")
    await Store.restore(tmp_path / "copy", own, LATER)
    async with await Store.open(own, now=LATER) as store:
        await commit(store, reading(source="isw", condition=Condition(state="not_modified")), LATER + MINUTE)
        await commit(store, reading(post(1, "Бои за Суджу.", source="isw"), source="isw"), LATER + 2 * MINUTE)
        await match(store)
        assert [hit.late async for hit in store.hits()] == [False]


async def test_the_next_word_on_a_subject_has_a_number_that_none_had(database: Path, tmp_path: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        for revision in (1, 2):
            await store.notices.save(notice("ops", revision), NOW)
            await store.notices.save(replace(notice("s1", revision), kind=NoticeKind.URGENT), NOW)
        await store.backup(tmp_path / "copy.db")
        await store.notices.save(notice("ops", 3), NOW)
    await Store.restore(tmp_path / "copy.db", database, LATER)
    async with await Store.open(database, now=LATER) as store:
        last = await store.notices.last("kursk", NoticeKind.OPS, "ops")
        card = await store.notices.last("kursk", NoticeKind.URGENT, "s1")
    assert last is not None
    assert card is not None
    assert last.revision > 3
    assert card.revision == 2, "a card rests, and is shown as it was sent"


def notice(subject: str, revision: int) -> NewNotice:
    return NewNotice(
        route="kursk", kind=NoticeKind.OPS, subject=subject, revision=revision, text="", state={}, messages=()
    )


async def test_the_copy_of_the_other_engine_is_called_so(own: str | Path, fresh: bytes, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(b"PGDMP..." if isinstance(own, Path) else fresh)
    with pytest.raises(StoreError, match=r"is the copy of a (server's database|database file), .*`db move` it here"):
        await Store.restore(copy, own, LATER)


async def test_what_was_replaced_is_kept(database: Path, tmp_path: Path) -> None:
    await copied(database, tmp_path / "copy.db")
    await Store.restore(tmp_path / "copy.db", database, LATER)
    aside = database.with_name(f"{database.name}.20261124T120000Z.replaced")
    assert (await Store.verify(aside)).posts == 3


async def test_what_people_did_after_the_copy_goes_over(own: str | Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    async with await Store.open(own, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await walk(store, post(1), post(2))
        await store.notices.add_silence(silence(comment="ended later"))
        await do(store, "confirm", "h1")
        await store.backup(copy)
        await store.notices.expire_silence("m1", NOW + MINUTE)
        await store.notices.add_silence(silence(since=NOW + MINUTE, until=LATER + MINUTE))
        await do(store, "reject", "h2", reason="metaphor")
        await do(store, "note", "h1", note="seen")
        await undo(store, "a1")
        await do(store, "pin", "s1")
        await walk(store, post(3), now=NOW + MINUTE)
        await do(store, "confirm", "h3")
        before = [each async for each in store.hits()]
        silenced, done = await store.notices.silences(None), await store.reviews.newest(9)
    restored = await Store.restore(copy, own, LATER)
    assert restored.carried == Carried(silences=2, acts=3, left=2)
    async with await Store.open(own, now=LATER) as store:
        assert [each async for each in store.hits()] == before[:2]
        assert await store.notices.silences(None) == silenced
        assert [each for each in done if each.id not in {"a5", "a6"}] == await store.reviews.newest(9)
        with pytest.raises(Overtaken, match="was undone by a4"):
            await undo(store, "a1")
    again = await Store.restore(copy, own, LATER + MINUTE)
    assert again.carried == Carried(silences=2, acts=3), "those of the restored one, in turn"


def put_aside(own: str | Path, server: Server, moment: str) -> str:
    """As a restore leaves it that is killed before the copy has its name; gives the name of what is put aside."""
    if isinstance(own, Path):
        return str(own.rename(own.with_name(f"{own.name}.{moment}.replaced")))
    name = str(make_url(own).database)
    server.admin.execute(text(f'ALTER DATABASE "{name}" RENAME TO "{name}.{moment}.replaced"'))
    return f"{name}.{moment}.replaced"


@pytest.mark.parametrize(("engine", "anew"), [("sqlite", False), ("postgresql", False), ("postgresql", True)])
async def test_what_people_did_goes_over_by_the_next_restore_if_one_was_killed(
    own: str | Path, server: Server, tmp_path: Path, *, anew: bool
) -> None:
    async with await Store.open(own, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await walk(store, post(1))
        await store.backup(tmp_path / "copy")
        await store.notices.add_silence(silence())
        await do(store, "reject", "h1", reason="metaphor")
    aside = put_aside(own, server, "20261124T115900Z")
    if anew:
        server.make(HOME)
    restored = await Store.restore(tmp_path / "copy", own, LATER)
    assert (restored.aside, restored.carried) == (aside, Carried(silences=1, acts=1))


async def test_a_copy_is_not_taken_back_to_what_was_replaced_before_it(
    own: str | Path, server: Server, tmp_path: Path
) -> None:
    async with await Store.open(own, now=NOW) as store:
        await store.notices.add_silence(silence(until=LATER + MINUTE))
        await store.backup(tmp_path / "copy")
    await Store.restore(tmp_path / "copy", own, LATER)
    async with await Store.open(own, now=LATER) as store:
        await store.notices.expire_silence("m1", LATER)
        await store.backup(tmp_path / "newer")
    put_aside(own, server, "lost")
    assert (await Store.restore(tmp_path / "newer", own, LATER + MINUTE)).carried == Carried()


async def test_what_is_gone_is_refused_and_what_was_put_aside_is_named(database: Path, server: Server) -> None:
    with instance_lock(database) as held:
        held.opened()
    aside = put_aside(database, server, "20261122T120000Z")
    with pytest.raises(
        StoreCorrupt, match=rf"is gone, though it was here; .*\({aside} is what a restore put aside last"
    ):
        await Store.open(database, now=NOW)


def test_nothing_is_carried_over_from_what_cannot_be_read(database: Path, tmp_path: Path) -> None:
    asyncio.run(copied(database, tmp_path / "copy.db"))
    database.write_bytes(b"no database at all" * 1000)
    restored = asyncio.run(Store.restore(tmp_path / "copy.db", database, LATER))
    assert (restored.copy.posts, restored.carried.readable) == (2, False)
    assert restored.aside == f"{database}.20261124T120000Z.replaced"


async def test_nothing_is_carried_over_from_another_database(database: Path, tmp_path: Path) -> None:
    await copied(database, tmp_path / "copy.db")
    async with await Store.open(tmp_path / "other.db", now=NOW) as store:
        await store.notices.add_silence(silence())
    assert (await Store.restore(tmp_path / "copy.db", tmp_path / "other.db", LATER)).carried == Carried()


def test_nothing_is_restored_from_damage_or_under_a_running_service(database: Path, tmp_path: Path) -> None:
    (tmp_path / "junk.db").write_bytes(b"no database at all" * 1000)
    before = database.read_bytes()
    with pytest.raises(StoreCorrupt):
        asyncio.run(Store.restore(tmp_path / "junk.db", database, LATER))
    with instance_lock(database), pytest.raises(AlreadyRunning):
        asyncio.run(Store.restore(tmp_path / "junk.db", database, LATER))
    assert database.read_bytes() == before


async def test_what_was_forgotten_after_the_copy_does_not_come_back_by_reading(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    await copied(database, copy)
    async with await Store.open(database, now=LATER) as store:
        await store.forget("rybar/3", reason="its author asked", now=LATER)
    await Store.restore(copy, database, LATER)
    async with await Store.open(database, now=LATER) as store:
        committed = await commit(store, reading(post(2), post(3)), LATER)
        assert committed.new == ()


async def test_what_was_forgotten_after_the_copy_is_seen_by_nobody(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    await copied(database, copy)
    async with await Store.open(database, now=LATER) as store:
        await store.forget("rybar/2", reason="its author asked", now=LATER)
    await Store.restore(copy, database, LATER)
    async with await Store.open(database, now=LATER, read_only=True) as store:
        assert [row.id for row in await store.search("суджа")] == ["rybar/1"]


async def test_what_was_parked_without_words_stays_so(database: Path, tmp_path: Path) -> None:
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        await store.route("kursk", NOW)
        await walk(store, post(1))
        await store.save_digest(digest(1, messages=[outgoing("k1")]), NOW)
        (delivery,) = await store.ready(NOW)
        await store.begin(delivery, NOW)
        await store.forget("rybar/1", reason="its author asked", now=NOW)
        await store.backup(tmp_path / "copy.db")
    await Store.restore(tmp_path / "copy.db", database, LATER)
    async with await Store.open(database, now=LATER) as store:
        (row,) = [row async for row in store.outbox()]
        assert (row.outcome, "was forgotten" in row.reason) == (Outcome.PARKED, True)
