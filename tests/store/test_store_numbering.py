"""Row numbers and keys after a restore: what was sent or printed before it is never meant by them again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import NewDigest, NewNotice, Store
from tests.store.test_store_acts import do
from tests.store.test_store_restore import LATER
from tests.store.world import MINUTE, NOW, RYBAR, digest, notice, outgoing, post, silence, walk


async def lived(store: Store, number: int) -> set[str]:
    """One post more, and everything that is made of it; gives the ids that people saw of it."""
    now = LATER + number * MINUTE
    await walk(store, post(number), now=now)
    story = await store.story_of(f"rybar/{number}")
    assert story is not None
    card: NewNotice = notice(subject=story.key, messages=[outgoing(f"card {number}")])
    told: NewDigest = digest(story.row, slot=now, messages=[outgoing(f"digest {number}")])
    await store.notices.save(card, now)
    await store.save_digest(told, now)
    muted = await store.notices.add_silence(silence())
    await do(store, "pin", story.key)
    return {story.key, muted.key} | await seen(store)


async def seen(store: Store) -> set[str]:
    hits, rows = [row.id async for row in store.hits()], [row.id async for row in store.outbox()]
    digests = [row.id for row in await store.digests()]
    notices = [each.key for each in await store.notices.since("kursk", notice().kind, NOW)]
    acts = [act.id for act in await store.reviews.newest(99)]
    return {*hits, *rows, *digests, *notices, *acts}


@pytest.mark.parametrize("restores", [1, 2])
async def test_no_number_that_people_saw_is_used_again(own: str | Path, tmp_path: Path, restores: int) -> None:
    async with await Store.open(own, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        copied = await lived(store, 1)
        await store.backup(tmp_path / "copy")
        before = await lived(store, 2)
    for number in range(restores):
        await Store.restore(tmp_path / "copy", own, LATER + number * MINUTE)
        async with await Store.open(own, now=LATER) as store:
            again = await lived(store, 3)
        assert {key[0] for key in again - copied} == set("sdohnma")
        assert (again - copied) & before == set()
        assert min(int(key[1:]) for key in again - copied) > max(int(key[1:]) for key in before)
        before |= again


async def test_no_key_is_made_again(own: str | Path, tmp_path: Path) -> None:
    """Not even where it was made for a subject without a number, of which the copy knows nothing."""
    async with await Store.open(own, now=NOW) as store:
        secrets = {await store.secret()}
        await store.backup(tmp_path / "copy")
    for number in (1, 2):
        await Store.restore(tmp_path / "copy", own, NOW + timedelta(days=number))
        async with await Store.open(own, now=LATER) as store:
            secrets.add(await store.secret())
        async with await Store.open(own, now=LATER) as store:
            secrets.add(await store.secret())
    assert len(secrets) == 3
