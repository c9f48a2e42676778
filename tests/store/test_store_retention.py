from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.model import Gap, HitState, Outcome
from bot.store import Committed, Cutoffs, Store, retention
from bot.store.retention import AT_ONCE
from tests.store.world import MINUTE, NOW, RYBAR, commit, digest, group, match, mention, outgoing, post, reading, walk

DAY = timedelta(days=1)


def cutoffs(now: datetime) -> Cutoffs:
    return Cutoffs(unmatched=now - 90 * DAY, posts=now - 365 * DAY, deleted=now - 30 * DAY)


async def sweep(store: Store, now: datetime) -> int:
    after: int | None = 0
    expired = 0
    while after is not None:
        swept = await store.upkeep.expire(cutoffs(now), now, after)
        after, expired = swept.after, expired + swept.expired
    return expired


async def told(store: Store) -> None:
    """A post with a hit that was told, one without a hit, one with a hit that its author deleted."""
    await walk(store, post(1, "Бои за Суджу"), post(2, "Тишина над рекой"), post(3, "Суджу обошли"))
    await store.save_digest(digest(1, messages=[outgoing("k")]), NOW)
    (delivery,) = await store.ready(NOW)
    await store.settle(await store.begin(delivery, NOW), Outcome.SENT, now=NOW)
    await commit(store, reading(post(1), post(2, "Тишина над рекой"), window=Gap(1, 9)))


async def words(store: Store, *names: str) -> list[list[str]]:
    return [[row.id for row in await store.search(name)] for name in names]


async def test_each_class_of_posts_loses_its_words_when_its_time_is_up(store: Store) -> None:
    await told(store)
    seen = []
    for days in (29, 31, 91, 364, 366):
        seen.append((await sweep(store, NOW + days * DAY), await words(store, "суджа", "тишина")))
    assert seen == [
        (0, [["rybar/3", "rybar/1"], ["rybar/2"]]),
        (1, [["rybar/1"], ["rybar/2"]]),
        (1, [["rybar/1"], []]),
        (0, [["rybar/1"], []]),
        (1, [[], []]),
    ]


async def test_what_was_found_and_told_stays_known_without_the_words(store: Store) -> None:
    await told(store)
    before = [row async for row in store.hits()]
    assert await sweep(store, NOW + 400 * DAY) == 3
    hits = [row async for row in store.hits()]
    assert hits == [replace(row, text="", state=HitState.EXPIRED) for row in before]
    assert [(story.id, story.text, story.told) for story in [row async for row in store.stories()]] == [
        ("s1", "", ("kursk",)),
        ("s2", "", ()),
    ]
    assert [(row.outcome, row.part) async for row in store.outbox()] == [(Outcome.SENT, 1)]
    assert await store.untold("kursk") == [] or all(story.row != 1 for story in await store.untold("kursk"))
    assert "removed by age" in " ".join(event.text for event in await store.trace("rybar/1"))
    counts = await store.counts()
    assert (counts.posts, counts.expired) == (3, 3)


async def test_what_is_read_again_is_not_new_whatever_it_says_now(store: Store) -> None:
    await told(store)
    await sweep(store, NOW + 400 * DAY)
    again = reading(post(1), post(2, "Тишина над рекой"), post(3, "Суджу обошли, правка"))
    assert await commit(store, again, NOW + 401 * DAY) == Committed()
    assert await store.unmatched(9) == []
    assert await words(store, "суджа", "тишина") == [[], []]
    assert await sweep(store, NOW + 402 * DAY) == 0


async def test_what_still_waits_is_let_through_first(store: Store) -> None:
    await commit(store, reading(post(1)))
    assert await sweep(store, NOW + 400 * DAY) == 0
    await match(store)
    assert await sweep(store, NOW + 400 * DAY) == 0
    await group(store)
    assert await sweep(store, NOW + 400 * DAY) == 1


async def test_earlier_wordings_go_with_it(store: Store) -> None:
    await walk(store, post(1, "Бои за Суджу"))
    await commit(store, reading(post(1, "Бои за Суджу, правка Тайнинская")))
    await match(store)
    assert await words(store, "тайнинская") == [["rybar/1"]]
    await sweep(store, NOW + 400 * DAY)
    counts = await store.counts()
    assert (counts.revisions, await words(store, "тайнинская", "суджа")) == (1, [[], []])


async def test_a_step_is_small_and_the_next_goes_on(store: Store) -> None:
    await commit(store, reading(*(post(number, "Тишина") for number in range(1, 251))))
    for _ in range(3):
        await match(store)
    later = NOW + 100 * DAY
    first = await store.upkeep.expire(cutoffs(later), later)
    assert first.expired == AT_ONCE
    assert first.after is not None
    assert await sweep(store, later) == 250 - AT_ONCE


async def test_a_hit_that_comes_meanwhile_keeps_the_post(store: Store) -> None:
    """What `expire` decided on before it had the database is decided again with it."""
    await commit(store, reading(post(1, "Тишина")))
    stored = await match(store)
    async with store._write() as conn:
        later = NOW + 100 * DAY
        assert (await retention.look(conn, cutoffs(later), 0))[0] == [1]
    await store.upkeep.rematch([(stored[0], [mention(stored[0], "Тишина")])], ["sudzha"], NOW)
    await group(store)
    async with store._write() as conn:
        assert await retention.expire(conn, [1], cutoffs(later), later) == 0


async def test_the_room_of_old_words_is_used_again(database: Path) -> None:
    """The same amount of news month by month does not make the file grow for ever."""
    sizes = []
    async with await Store.open(database, now=NOW) as store:
        await store.sync_sources([RYBAR], NOW)
        for month in range(9):
            now = NOW + month * 30 * DAY
            posts = [
                post(month * 80 + number, f"Сводка {month} {number}. " + "Тишина над рекой " * 40)
                for number in range(1, 81)
            ]
            await commit(store, reading(*posts), now)
            while await match(store, now=now + MINUTE):
                pass
            await sweep(store, now)
            await store.backup(database.with_name(f"{month}.db"))
            sizes.append(database.with_name(f"{month}.db").stat().st_size)
    assert sizes[8] < sizes[4] * 1.2, sizes


async def test_each_table_tells_its_size(store: Store) -> None:
    await commit(store, reading(*(post(number, "Тишина над рекой " * 40) for number in range(1, 200))))
    sizes = await store.sizes()
    assert next(iter(sizes)) == "revision"
    assert {"post", "hit", "revision"} <= set(sizes)
    assert sizes["revision"] > 200_000
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)
