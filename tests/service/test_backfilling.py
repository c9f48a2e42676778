"""`backfill`: older posts of one source, alone and through a running service; what is new meanwhile stays new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import WrongUsage
from bot.model import Arrival
from bot.service.backfilling import Filled, alone, ask
from tests.fakes.installation import FRONT, Installation, stop
from tests.service.test_run import until


@pytest.fixture
async def read(installed: Installation) -> Installation:
    """A channel of 60 posts, of which the newest page was read minutes ago; the fifth names a place."""
    installed.clock.moment -= timedelta(minutes=5)
    installed.channel.began = installed.clock.now() - timedelta(hours=2)
    installed.channel.write(*range(1, 61))
    installed.channel.posts[5].html = "Бои под Суджей."
    await installed.once()
    assert await installed.hits() == []
    return installed


async def posts(installed: Installation) -> dict[Arrival, int]:
    async with installed.store() as store:
        found = (await store.counts()).arrivals
    return {arrival: count for arrival, count in found.items() if count}


async def fill(installed: Installation, count: int) -> Filled:
    assert await ask(installed.config, FRONT, count) is None
    return (await alone(installed.config, installed.clock))[FRONT]


async def test_older_posts_are_stored_as_late_and_told_in_their_own_section(read: Installation) -> None:
    read.write("Бердин: новое.")
    filled = await fill(read, 60)
    assert (filled.new, filled.condition.state) == (39, "ok")
    assert await posts(read) == {Arrival.BASELINE: 20, Arrival.BACKFILL: 39, Arrival.LIVE: 1}
    assert [(hit.watch, hit.late) for hit in await read.hits()] == [("berdin", False), ("sudzha", True)]
    await read.once()
    assert read.told.index(f"t.me/{FRONT}/61\n") < read.told.index(f"t.me/{FRONT}/5\n")


async def test_a_backfill_that_is_repeated_changes_nothing_and_moves_no_cursor(read: Installation) -> None:
    async with read.store() as store:
        before = (await store.memory(FRONT)).cursor
    assert (await fill(read, 60)).new == 40
    hits, stored = await read.hits(), await posts(read)
    assert (await fill(read, 60)).new == 0
    assert (await read.hits(), await posts(read)) == (hits, stored)
    async with read.store() as store:
        assert (await store.memory(FRONT)).cursor.newest == before.newest
        assert await store.upkeep.orders() == {}


async def test_a_source_that_was_never_read_is_read_so_far_at_once(installed: Installation) -> None:
    installed.channel.write(*range(1, 61))
    assert (await fill(installed, 30)).new == 40
    assert (await posts(installed))[Arrival.BACKFILL] == 30


async def test_a_source_that_cannot_be_read_says_so(read: Installation) -> None:
    read.channel.preview = False
    filled = await fill(read, 60)
    assert (filled.new, filled.condition.state) == (0, "no_preview")


async def test_what_is_no_source_is_refused(installed: Installation) -> None:
    with pytest.raises(WrongUsage, match="is no source"):
        await ask(installed.config, "nobody", 9)


async def test_a_running_service_carries_it_out(read: Installation) -> None:
    process = await read.start("run", "--quiet")
    asked = read.feed_asked
    await until(lambda: read.feed_asked > asked)
    told = await read.run("backfill", FRONT, "--count", "60")
    assert (told.status, f"process {process.pid}" in told.err) == (0, True)
    await until(lambda: f"t.me/{FRONT}/5\n" in read.told)
    assert await stop(process) == 0


async def test_the_command_says_what_came(read: Installation) -> None:
    told = await read.run("backfill", FRONT, "--count", "30")
    assert (told.status, told.out.splitlines()[-1]) == (0, f"{FRONT}: 20 older posts stored; ok")
    for wrong in (("nobody",), (FRONT, "--count", "0")):
        assert (await read.run("backfill", *wrong)).status == 2
