"""Reading channels by account: the same posts as by the preview, and every state in words."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types as t

from bot.model import Arrival, Gap, Post, Reading, Via
from bot.store import Store
from bot.telegram.account import Account
from bot.telegram.history import History
from tests.fakes.telegram.desk import Desk, desk
from tests.fakes.telegram.keys import session_of, shared_key
from tests.fakes.telegram.office import keys
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import telegram
from tests.fakes.telegram.world import World

HISTORY, RESOLVE = "GetHistoryRequest", "ResolveUsernameRequest"


@pytest.fixture
async def here() -> AsyncIterator[Desk]:
    async with telegram() as fake, desk(fake) as made:
        yield made


@pytest.fixture
def world(here: Desk) -> World:
    return here.fake.world


def ids(reading: Reading) -> list[int]:
    return [int(post.id) for post in reading.posts]


def write(here: Desk, count: int) -> None:
    for number in range(count):
        here.fake.world.write(here.rybar, f"пост {number}")


# ---------------------------------------------------------------- the walk


async def test_the_first_reading_is_a_baseline_and_the_next_brings_what_is_new(here: Desk) -> None:
    write(here, 5)
    first = await here.poll()
    assert (first.arrival, ids(first), first.condition.state) == (Arrival.BASELINE, [1, 2, 3, 4, 5], "ok")
    write(here, 2)
    reading = await here.poll()
    assert (reading.arrival, ids(reading)[-2:], reading.cursor.newest) == (Arrival.LIVE, [6, 7], 7)


async def test_a_burst_of_hundreds_is_read_whole(here: Desk) -> None:
    write(here, 10)
    await here.poll()
    write(here, 450)
    reading = await here.poll()
    assert set(range(11, 461)) <= set(ids(reading))
    assert reading.cursor.gaps == ()


async def test_what_one_poll_does_not_reach_is_a_gap_until_the_next(here: Desk) -> None:
    write(here, 10)
    await here.poll()
    write(here, 1500)
    seen = set(ids(await here.poll()))
    assert here.memories[Via.MTPROTO].cursor.gaps == (Gap(11, 910),)
    for _ in range(3):
        seen |= set(ids(await here.poll()))
    assert (here.memories[Via.MTPROTO].cursor.gaps, seen >= set(range(11, 1511))) == ((), True)


async def test_backfill_reads_two_thousand_posts(here: Desk) -> None:
    write(here, 2100)
    here.source = replace(here.source, backfill=2000)
    reading = await here.poll()
    assert (len(reading.posts), len(reading.backfilled)) == (2000, 2000)
    assert here.fake.script.count(HISTORY) == 20


async def test_deletions_show_as_a_window_without_them(here: Desk, world: World) -> None:
    write(here, 5)
    await here.poll()
    world.delete(here.rybar, 3, 5)
    reading = await here.poll()
    assert (ids(reading), reading.window) == ([1, 2, 4], Gap(1, 5))


async def test_that_everything_was_deleted_is_believed_at_the_second_time(here: Desk, world: World) -> None:
    write(here, 3)
    await here.poll()
    world.delete(here.rybar, 1, 2, 3)
    first = await here.poll()
    assert (first.condition.state, first.window, first.cursor.newest) == ("empty", None, 3)
    assert (await here.poll()).window == Gap(1, 3)
    write(here, 1)
    reading = await here.poll()
    assert (reading.arrival, ids(reading)) == (Arrival.LIVE, [4])


async def test_a_channel_that_was_empty_is_read_as_deep_as_a_new_one(here: Desk) -> None:
    here.source = replace(here.source, backfill=1000)
    assert (await here.poll()).condition.state == "empty"
    write(here, 900)
    reading = await here.poll()
    assert (ids(reading), reading.arrival, reading.cursor.gaps) == (list(range(1, 901)), Arrival.LIVE, ())


async def test_an_album_on_the_border_of_two_pages_is_one_post(here: Desk, world: World) -> None:
    write(here, 3)
    world.album(here.rybar, "альбом", 10)
    write(here, 95)
    here.source = replace(here.source, backfill=200)
    reading = await here.poll()
    [album] = [post for post in reading.posts if post.album]
    assert (album.id, len(album.parts), album.text) == ("4", 9, "альбом")
    assert len(reading.posts) == 99


async def test_an_album_is_all_that_a_channel_has(here: Desk, world: World) -> None:
    world.album(here.rybar, "альбом", 3)
    assert [(post.id, post.parts) for post in (await here.poll()).posts] == [("1", ("2", "3"))]


async def test_a_page_that_fails_on_the_way_is_a_gap_that_is_filled(here: Desk) -> None:
    write(here, 10)
    await here.poll()
    write(here, 300)
    here.fake.script.on(HISTORY, Kind.ERROR, after=1, code=500, text="INTERNAL")
    reading = await here.poll()
    assert (reading.condition.state, reading.cursor.gaps) == ("timeout", (Gap(11, 210),))
    assert (await here.poll()).cursor.gaps == ()


# ---------------------------------------------------------------- names


async def test_a_name_is_resolved_once(here: Desk) -> None:
    write(here, 1)
    for _ in range(5):
        await here.poll()
    assert here.fake.script.count(RESOLVE) == 1
    assert [each.account for each in here.memories[Via.MTPROTO].cursor.access] == ["reader0"]


async def test_a_hash_of_another_session_is_resolved_again(here: Desk) -> None:
    write(here, 1)
    await here.poll()
    memory = here.memories[Via.MTPROTO]
    stale = tuple(replace(each, hash=1) for each in memory.cursor.access)
    here.memories[Via.MTPROTO] = replace(memory, cursor=replace(memory.cursor, access=stale))
    assert (await here.poll()).condition.state == "ok"
    assert here.fake.script.count(RESOLVE) == 2


async def test_a_renamed_channel_is_read_on_and_said_so(here: Desk) -> None:
    write(here, 1)
    await here.poll()
    here.rybar.name = "rybar2"
    write(here, 1)
    reading = await here.poll()
    assert (reading.condition.state, ids(reading)) == ("renamed", [1, 2])
    assert "rybar2" in reading.condition.remedy


async def test_another_channel_under_the_name_parks_the_source(here: Desk, world: World) -> None:
    write(here, 1)
    await here.poll()
    here.rybar.name, here.rybar.private = "old", True
    world.write(world.channel("rybar"), "чужой")
    reading = await here.poll()
    assert (reading.condition.state, reading.posts) == ("replaced", ())


async def test_channels_are_shared_out_and_stay_where_they_are() -> None:
    async with telegram() as fake, desk(fake, readers=3) as here:
        names = [f"channel{number}" for number in range(12)]
        for name in names:
            fake.world.write(fake.world.channel(name), "текст")
        asked: dict[str, set[int | None]] = {name: set() for name in names}
        for name in names:
            here.source = replace(here.source, name=name, address=f"https://t.me/{name}")
            here.memories.clear()
            for _ in range(2):
                fake.script.asked.clear()
                await here.poll()
                asked[name] |= {each.account for each in fake.script.asked if each.name == HISTORY}
        assert all(len(accounts) == 1 for accounts in asked.values())
        assert len(set.union(*asked.values())) == 3


async def test_the_load_of_a_banned_account_is_not_moved() -> None:
    async with telegram() as fake, desk(fake, readers=2) as here:
        write(here, 1)
        await here.poll()
        [access] = here.memories[Via.MTPROTO].cursor.access
        next(each for each in fake.world.accounts if each.name == access.account).banned = True
        for _ in range(3):
            assert (await here.poll()).condition.state == "account_banned"
        assert len({each.account for each in fake.script.asked if each.name == HISTORY}) == 1


# ---------------------------------------------------------------- states


@pytest.mark.parametrize(
    ("kind", "more", "state"),
    [
        (Kind.ERROR, {"code": 400, "text": "CHANNEL_PRIVATE"}, "private"),
        (Kind.ERROR, {"code": 400, "text": "USER_BANNED_IN_CHANNEL"}, "banned"),
        (Kind.ERROR, {"code": 401, "text": "SESSION_REVOKED"}, "account_lost"),
        (Kind.ERROR, {"code": 401, "text": "USER_DEACTIVATED_BAN"}, "account_banned"),
        (Kind.ERROR, {"code": 406, "text": "AUTH_KEY_DUPLICATED"}, "session_in_use"),
        (Kind.ERROR, {"code": 400, "text": "SOMETHING_NEW"}, "refused_by_telegram"),
        (Kind.DROP_BEFORE, {}, "timeout"),
        (Kind.RESTART, {}, "timeout"),
        (Kind.LOST_KEY, {}, "account_lost"),
    ],
)
async def test_every_trouble_is_a_state(here: Desk, kind: Kind, more: dict[str, Any], state: str) -> None:
    write(here, 1)
    await here.poll()
    here.fake.script.on(HISTORY, kind, times=2, **more)
    before = here.memories[Via.MTPROTO].cursor
    reading = await here.poll()
    assert (reading.condition.state, reading.cursor, reading.posts) == (state, before, ())
    assert reading.condition.detail
    assert reading.condition.remedy


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.RESTART])
async def test_after_a_broken_connection_the_next_poll_reads(here: Desk, kind: Kind) -> None:
    write(here, 1)
    here.fake.script.on(HISTORY, kind)
    await here.poll()
    assert (await here.poll()).condition.state == "ok"


async def test_a_client_that_hangs_is_replaced() -> None:
    async with telegram() as fake, desk(fake, patience=0.3) as here:
        write(here, 1)
        fake.script.on(HISTORY, Kind.HANG)
        assert (await here.poll()).condition.state == "timeout"
        assert (await here.poll()).condition.state == "ok"


async def test_no_such_name_private_restricted_and_group(here: Desk) -> None:
    write(here, 1)
    here.rybar.megagroup = True
    assert (await here.poll()).condition.state == "refused"
    here.rybar.megagroup, here.rybar.restricted = False, "Нарушение"
    reading = await here.poll()
    assert (reading.condition.state, "Нарушение" in reading.condition.detail) == ("restricted", True)
    here.rybar.restricted, here.rybar.name = None, "other"
    here.memories.clear()
    assert (await here.poll()).condition.state == "not_found"
    here.rybar.name = None
    assert (await here.poll()).condition.state == "not_found"


async def test_a_flood_wait_is_kept_for_every_channel_of_the_account(here: Desk, world: World) -> None:
    write(here, 1)
    world.write(world.channel("other"), "текст")
    here.fake.script.flood(RESOLVE, 3600)
    reading = await here.poll()
    assert reading.condition.state == "rate_limited"
    assert reading.condition.until is not None
    here.source = replace(here.source, name="other", address="https://t.me/other")
    here.memories.clear()
    assert (await here.poll()).condition.state == "rate_limited"
    assert here.fake.script.count(RESOLVE) == 1


async def test_a_session_that_nobody_knows_is_said_to_be_revoked(here: Desk) -> None:
    account = Account(keys(here.fake), session_of(shared_key("nobody"), here.fake.port), patience=5)
    history = History(account, here.clock.now)
    here.account._account.accounts["reader0"] = lambda: history  # type: ignore[union-attr]
    reading = await here.poll()
    assert (reading.condition.state, "login" in reading.condition.remedy) == ("account_lost", True)
    await account.close()


async def test_gzip_and_a_clock_that_is_wrong_change_nothing(here: Desk) -> None:
    write(here, 30)
    here.fake.script.gzip = True
    here.fake.script.skew = 3600
    assert len((await here.poll()).posts) == 30


@pytest.mark.parametrize("photo", [False, True])
@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "💥" * 3000, "\x00\x1b[31m", "\u202eاسم", " \n \n", "Взрыв \ud83d в \udca5 Судже", "\ud800" * 5000],
)
async def test_whatever_a_channel_says_is_read(here: Desk, world: World, text: str, photo: bool) -> None:
    """Photo: the words are a caption, for which Telegram's own limit is lower."""
    world.write(here.rybar, text, photo=photo)
    world.write(here.rybar, "конец")
    reading, shown = await here.poll(), await here.poll(Via.WEB)
    assert ids(reading) == ids(shown) == [1, 2]
    assert reading.posts[0].text == shown.posts[0].text
    assert "\x1b" not in reading.posts[0].text
    assert reading.posts[0].text.encode().decode() == reading.posts[0].text


async def test_broken_entities_of_a_post_break_nothing(here: Desk, world: World) -> None:
    broken = (
        t.MessageEntityBold(5000, 3),
        t.MessageEntityTextUrl(-7, -1, "javascript:x"),
        t.MessageEntityUnknown(0, 0),
    )
    world.write(here.rybar, "Взрыв в Судже 💥", entities=broken)
    reading = await here.poll()
    assert [post.text for post in reading.posts] == ["Взрыв в Судже 💥"]


@pytest.mark.parametrize("places", [{30}, {120}, {119, 120}, {1}, {60, 61, 118, 120}, set(range(111, 120))])
async def test_a_message_that_cannot_be_decoded_stops_no_other(here: Desk, world: World, places: set[int]) -> None:
    here.source = replace(here.source, backfill=200)
    for number in range(1, 121):
        world.write(here.rybar, f"пост {number}", unknown=number in places)
    reading = await here.poll()
    assert [post.text for post in reading.posts] == [
        "" if number in places else f"пост {number}" for number in range(1, 121)
    ]
    assert {int(post.id) for post in reading.posts if not post.complete} == places
    said = f"{len(places)} post{'s' if len(places) > 1 else ''} could not be read"
    assert (reading.condition.state, reading.condition.detail) == ("ok", said)
    assert (reading.window, reading.cursor.gaps) == (Gap(1, 120), ())
    here.fake.script.asked.clear()
    again = await here.poll()
    assert again.posts == reading.posts[-len(again.posts) :]
    assert len(again.posts) >= 99
    assert len(here.fake.script.asked) <= 4 + 2 * len(places), "the bad ones are known"


@pytest.mark.parametrize(
    ("unknown", "albums"),
    [
        ({5}, {4: [5, 6, 7]}),
        ({5, 6}, {4: [5, 6, 7]}),
        ({4}, {5: [6, 7]}),
        ({7}, {4: [5, 6]}),
        ({3, 8}, {4: [5, 6, 7]}),
    ],
)
async def test_a_part_that_cannot_be_decoded_stays_in_its_album(
    here: Desk, world: World, unknown: set[int], albums: dict[int, list[int]]
) -> None:
    write(here, 3)
    world.album(here.rybar, "альбом", 4)
    write(here, 3)
    for number in unknown:
        here.rybar.posts[number].unknown = True
    reading = await here.poll()
    assert {int(post.id): list(map(int, post.parts)) for post in reading.posts if post.parts} == albums
    held = {number for parts in albums.values() for number in parts}
    assert set(ids(reading)) == set(range(1, 11)) - held
    assert reading.dropped == len(unknown)
    assert all(post.complete == unknown.isdisjoint(map(int, (post.id, *post.parts))) for post in reading.posts)


@pytest.mark.parametrize("written", range(91, 100))
async def test_an_album_with_such_a_part_on_the_border_of_two_pages_is_one_post(
    here: Desk, world: World, written: int
) -> None:
    write(here, 3)
    world.album(here.rybar, "альбом", 10)
    write(here, written)
    here.rybar.posts[8].unknown = True
    here.source = replace(here.source, backfill=200)
    reading = await here.poll()
    [album] = [post for post in reading.posts if post.album]
    assert (album.id, len(album.parts), album.text, reading.dropped) == ("4", 9, "альбом", 1)
    assert len(reading.posts) == 4 + written


async def test_words_that_were_read_stay_when_their_message_cannot_be_decoded_any_more(
    here: Desk, world: World, tmp_path: Path
) -> None:
    write(here, 3)
    async with await Store.open(tmp_path / "x.db", now=here.clock.now()) as store:
        await store.sync_sources([here.source], here.clock.now())
        for unknown in (False, True):
            here.rybar.posts[2].unknown = unknown
            reading = await here.poll()
            committed = await store.commit_reading(reading, here.memories[Via.MTPROTO], here.clock.now())
        assert (reading.dropped, committed.revised, committed.deleted) == (1, (), ())
        here.rybar.posts[2].unknown = False
        world.edit(here.rybar, 2, "исправлено")
        committed = await store.commit_reading(await here.poll(), here.memories[Via.MTPROTO], here.clock.now())
        assert committed.revised == ("rybar/2",)


async def test_what_comes_after_a_message_that_cannot_be_decoded_is_live(here: Desk, world: World) -> None:
    write(here, 3)
    await here.poll()
    world.write(here.rybar, "новый вид", unknown=True)
    write(here, 1)
    assert ids(await here.poll()) == [1, 2, 3, 4, 5]
    world.write(here.rybar, "ещё один", unknown=True)
    reading = await here.poll()
    assert (ids(reading)[-1], reading.arrival, reading.cursor.newest) == (6, Arrival.LIVE, 6)
    world.delete(here.rybar, 4, 6)
    assert ids(await here.poll()) == [1, 2, 3, 5]


async def test_too_many_that_cannot_be_decoded_are_a_state_that_says_so(here: Desk, world: World) -> None:
    for _ in range(20):
        world.write(here.rybar, "новый вид", unknown=True)
    reading = await here.poll()
    assert (reading.condition.state, reading.posts) == ("not_understood", ())
    assert "newer placewire" in reading.condition.remedy


# ---------------------------------------------------------------- via: auto


async def test_where_the_preview_is_off_the_account_reads_in_the_same_poll(here: Desk) -> None:
    write(here, 3)
    here.rybar.preview = False
    reading = await here.poll(Via.AUTO)
    assert (reading.condition.state, ids(reading)) == ("ok", [1, 2, 3])
    assert (await here.poll(Via.WEB)).condition.state == "no_preview"


async def test_where_the_preview_is_whole_no_account_is_used(here: Desk) -> None:
    write(here, 3)
    assert (await here.poll(Via.AUTO)).condition.state == "ok"
    assert here.fake.script.count(HISTORY) == 0


async def test_what_the_preview_cannot_show_brings_the_account_and_it_stays(here: Desk, world: World) -> None:
    write(here, 3)
    world.write(here.rybar, "видео", unsupported=True)
    await here.poll(Via.AUTO)
    asked = here.fake.script.count(HISTORY)
    await here.poll(Via.AUTO)
    assert (asked, here.fake.script.count(HISTORY)) == (1, 2)


async def test_a_preview_that_works_is_enough_while_the_account_does_not(here: Desk, world: World) -> None:
    world.write(here.rybar, "видео", unsupported=True)
    here.person.banned = True
    reading = await here.poll(Via.AUTO)
    assert (reading.condition.state, len(reading.posts)) == ("ok", 1)


# ---------------------------------------------------------------- the same posts, web and MTProto


def same(post: Post) -> Post:
    """Without what the two ways tell differently: see docs/telegram.md."""
    return replace(post, edited=None)


@pytest.mark.parametrize("seed", range(2))
async def test_one_world_gives_the_same_posts_by_web_and_by_account(here: Desk, world: World, seed: int) -> None:
    chance = random.Random(seed)
    other = world.channel("DeepState_UA")
    world.write(other, "оригинал")
    here.source = replace(here.source, backfill=1000)
    stores: dict[Via, dict[str, Post]] = {Via.WEB: {}, Via.MTPROTO: {}}
    while here.rybar.last < 500:
        for _ in range(chance.choice([1, 10, 60])):
            happen(chance, world, here)
        for via, store in stores.items():
            keep(store, await here.poll(via))
    here.clock.moment = here.clock.moment.replace(hour=23)
    for via in stores:
        here.memories.pop(via)
        stores[via] = {post.id: post for post in (await here.poll(via)).posts}
    web, account = ({key: same(post) for key, post in store.items()} for store in stores.values())
    assert list(web) == list(account)
    assert web == account
    assert len(web) > 250


def keep(store: dict[str, Post], reading: Reading) -> None:
    """As the real store would: what is new or changed, and in the window what is gone."""
    seen = {post.id: post for post in reading.posts}
    if reading.window:
        for key in [key for key in store if reading.window.low <= int(key) <= reading.window.high]:
            if key not in seen:
                del store[key]
    store |= seen


def happen(chance: random.Random, world: World, here: Desk) -> None:  # noqa: C901 - a line for each kind of event
    rybar = here.rybar
    words = f"Суджа {chance.randrange(1000)}\nвторая  строка <b>&amp;"
    match chance.randrange(12):
        case 0:
            world.album(rybar, words, chance.randrange(2, 8))
        case 1:
            world.write(rybar, words, forward=("DeepState_UA", chance.randrange(1, 99)))
        case 2:
            world.write(rybar, words, forward=("-частный", 1))
        case 3:
            world.write(rybar, poll=("Кто?", "а", "б"))
        case 4:
            world.write(rybar, words, author="И. Иванов", photo=True)
        case 5:
            world.write(rybar, words, reply_to=chance.randrange(1, rybar.last + 2))
        case 6:
            world.write(rybar, service=True)
        case 7 if rybar.posts:
            world.delete(rybar, chance.choice(list(rybar.posts)))
        case 8 if rybar.posts:
            number = chance.choice(list(rybar.posts))
            if rybar.posts[number].text:
                world.edit(rybar, number, f"исправлено {number}")
        case _:
            world.write(rybar, words)
