"""Each part exists once in the fake's own log, whatever is lost on the way."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from structlog.testing import capture_logs
from telethon.sessions import SQLiteSession

from bot.delivery import Delivered, idempotency_key
from bot.delivery.telegram_bot_api import BotApi
from bot.errors import StoreBusy
from bot.http.serving import Answer
from bot.model import Destination, Entity, EntityKind, Message, Outcome, Quiet, Route
from bot.store import OUR_OWN, NewDigest, Outgoing
from bot.telegram import Account, Publisher
from tests.delivery.desk import NOW, Queue
from tests.fakes.clock import StepClock
from tests.fakes.telegram.office import TOKEN, Office, keys, office
from tests.fakes.telegram.script import KEY, Kind
from tests.fakes.telegram.server import telegram
from tests.fakes.web import site

SEND, CALL = "SendMessageRequest", "sendMessage"


@pytest.fixture
async def desk(queue: Queue) -> AsyncIterator[Office]:
    async with telegram() as fake, office(fake, queue.store, StepClock(NOW)) as made:
        yield made


async def rounds(
    desk: Office, queue: Queue, count: int = 1, *, bot_api: bool = False, patience: float = 5.0
) -> list[str]:
    """So many rounds, the clock stepped to the next row's time before each; gives the outcomes."""
    destinations = desk.destinations(desk.bot_api() if bot_api else desk.publisher(patience=patience))
    for _ in range(count):
        await destinations.deliver(queue.store, desk.clock.now())
        desk.clock.moment += timedelta(minutes=5)
    return await queue.outcomes()


# ---------------------------------------------------------------- MTProto


async def test_messages_arrive_in_order_with_their_ids_as_receipts(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз", "два", "три")
    assert await rounds(desk, queue) == ["sent"] * 3
    assert desk.texts == ["раз", "два", "три"]
    assert [row.receipt for row in await queue.rows()] == ["1", "2", "3"]


async def test_formatting_goes_as_objects_in_utf16(desk: Office, queue: Queue) -> None:
    text = "💥 Суджа: взрыв\ud800"
    entities = (
        Entity(EntityKind.BOLD, 2, 7),
        Entity(EntityKind.LINK, 9, 14, "https://t.me/rybar/1"),
        Entity(EntityKind.QUOTE, 0, 14),
        Entity(EntityKind.ITALIC, 3, 3),
    )
    poster, chat = desk.publisher(), desk.to()
    where = await poster.chat(str(chat), "@kursk")
    message = Message(text=text, entities=entities)
    await poster.post("x", where, message, key="ab" * 16, thread=7, silent=True)
    [sent] = desk.fake.world.sent
    assert sent.text == "💥 Суджа: взрыв\ufffd"
    spans = [(type(each).__name__[13:], each.offset, each.length) for each in sent.entities]
    assert spans == [("Bold", 3, 5), ("TextUrl", 10, 5), ("Blockquote", 0, 15)]
    assert (sent.silent, sent.thread, sent.preview) == (True, 7, False)


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.RESTART, Kind.ERROR_AFTER, Kind.LOST_KEY])
async def test_a_lost_answer_makes_no_second_message(desk: Office, queue: Queue, kind: Kind) -> None:
    desk.fake.script.on(SEND, kind, code=500, text="RANDOM_ID_DUPLICATE")
    await queue.put(desk.to(), "раз", "два")
    assert await rounds(desk, queue) == ["sent"] * 2
    assert desk.texts == ["раз", "два"]


async def test_a_server_that_hangs_is_asked_again(desk: Office, queue: Queue) -> None:
    desk.fake.script.on(SEND, Kind.HANG)
    await queue.put(desk.to(), "раз")
    assert await rounds(desk, queue, patience=0.3) == ["sent"]
    assert desk.texts == ["раз"]


@pytest.mark.parametrize("seconds", [0.1, 0.6])
async def test_an_answer_that_comes_late_or_too_late_makes_no_second_message(
    desk: Office, queue: Queue, seconds: float
) -> None:
    desk.fake.script.on(SEND, Kind.DELAY, seconds=seconds)
    await queue.put(desk.to(), "раз", "два")
    assert await rounds(desk, queue, patience=0.3) == ["sent"] * 2
    assert desk.texts == ["раз", "два"]


async def test_a_session_that_cannot_be_kept_costs_no_message(desk: Office, queue: Queue) -> None:
    """The database is locked when the bot has just logged in; Telethon's own session keeps nothing that could lock."""

    async def locked(_: str) -> None:
        raise StoreBusy("placewire.db", "is locked", "it is tried again")

    account = Account(keys(desk.fake), "", bot_token=TOKEN, keep=locked)
    await queue.put(desk.to(), "раз", "два")
    with pytest.raises(StoreBusy):
        await desk.destinations(Publisher(account, desk.clock)).deliver(queue.store, NOW)
    assert await rounds(desk, queue) == ["sent"] * 2
    assert desk.texts == ["раз", "два"]
    await account.close()


class Storing(Account):
    """An account whose session is a file of Telethon's own, which it writes to after each answer: ours has none."""

    file: Path

    async def _opened(self) -> Any:
        kept, session = await super()._opened(), SQLiteSession(str(self.file))
        session.set_dc(kept.dc_id, kept.server_address, kept.port)
        session.auth_key = kept.auth_key
        session._conn.execute("PRAGMA busy_timeout = 0")
        return session


async def test_a_storage_of_telethon_that_is_locked_after_a_send_makes_no_second_message(
    desk: Office, queue: Queue, tmp_path: Path
) -> None:
    account = Storing(keys(desk.fake), desk.fake.session(desk.bot), bot_token=TOKEN)
    account.file = tmp_path / "telethon.session"
    await queue.put(desk.to(), "раз", "два")
    with closing(sqlite3.connect(account.file)) as other:

        def lock(*_: object) -> None:
            account._client.session.save()  # type: ignore[union-attr]
            other.execute("BEGIN EXCLUSIVE")

        desk.fake.world.watchers.append(lock)
        assert await desk.destinations(Publisher(account, desk.clock)).deliver(queue.store, NOW) == Delivered(failed=1)
        desk.fake.world.watchers.pop()
    assert "OperationalError: database is locked" in ((await queue.rows())[0].reason or "")
    assert desk.texts == ["раз"], "it was sent, and what raised came after that"
    desk.clock.moment += timedelta(minutes=1)
    assert await rounds(desk, queue) == ["sent"] * 2
    assert desk.texts == ["раз", "два"]
    await account.close()


async def test_what_telegram_can_never_take_parks_and_holds_nothing_back(desk: Office, queue: Queue) -> None:
    for text in ("", "x" * 10_000, "\ud800" * 5000):
        await queue.put(desk.to(), text, "хорошее")
    assert await rounds(desk, queue) == ["parked", "sent"] * 3
    reasons = [row.reason for row in await queue.rows()]
    assert ["MESSAGE_EMPTY" in reasons[0], "MESSAGE_TOO_LONG" in reasons[2]] == [True, True]


async def test_while_nothing_answers_the_row_waits_and_the_next_ones_behind_it(desk: Office, queue: Queue) -> None:
    desk.fake.script.on(SEND, Kind.DROP_AFTER, times=4)
    await queue.put(desk.to(), "раз", "два")
    assert await rounds(desk, queue) == ["waiting", "waiting"]
    assert desk.texts == ["раз"]
    assert await rounds(desk, queue, 2) == ["sent", "sent"]
    assert desk.texts == ["раз", "два"]


async def test_an_interrupted_row_is_repeated_under_its_key(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз")
    [row] = await queue.store.ready(NOW)
    begun = await queue.store.begin(row, NOW)
    await desk.sender(desk.publisher()).send(begun)  # and then the process is killed
    assert await queue.outcomes() == ["sending"]
    assert await rounds(desk, queue) == ["sent"]
    assert desk.texts == ["раз"]


async def test_two_publishers_at_once_send_once(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз", "два", "три")
    both = [desk.destinations(desk.publisher()) for _ in range(2)]
    done = await asyncio.gather(*(each.deliver(queue.store, NOW) for each in both), return_exceptions=True)
    assert all(isinstance(each, (Delivered, StoreBusy)) for each in done)
    assert await rounds(desk, queue) == ["sent"] * 3
    assert desk.texts == ["раз", "два", "три"]


async def test_two_databases_with_one_secret_send_once(desk: Office, queue: Queue) -> None:
    """A copy of the installation that somebody started elsewhere: no lock stands between the two."""
    await queue.put(desk.to(), "раз")
    [row] = await queue.store.ready(NOW)
    senders = [desk.sender(desk.publisher()) for _ in range(2)]
    assert await asyncio.gather(*(each.send(row) for each in senders)) == ["1", "1"]
    assert desk.texts == ["раз"]


async def test_a_row_that_somebody_else_claimed_is_left_to_them(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз")
    [row] = await queue.store.ready(NOW)
    await queue.store.begin(row, NOW)
    with pytest.raises(StoreBusy):
        await queue.store.begin(row, NOW)


async def test_a_restored_older_database_repeats_nothing(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз")
    [row] = await queue.store.ready(NOW)
    await rounds(desk, queue)
    sender = desk.sender(desk.publisher())  # the database of yesterday does not know that it was sent
    assert await sender.send(row) == "1"
    assert desk.texts == ["раз"]


async def test_what_is_too_old_for_telegram_is_looked_for_in_the_channel(desk: Office, queue: Queue) -> None:
    await lost_long_ago(desk, queue)
    assert await rounds(desk, queue) == ["sent"]
    assert desk.texts == ["раз 1"]


async def test_what_is_too_old_and_certainly_did_not_arrive_is_sent(desk: Office, queue: Queue) -> None:
    written(desk, -1)
    await lost_long_ago(desk, queue, Kind.DROP_BEFORE)
    written(desk)
    assert await rounds(desk, queue) == ["sent"]
    assert desk.texts == ["раз 1"]


async def test_what_is_too_old_and_not_seen_on_a_page_that_may_be_old_is_unknown(desk: Office, queue: Queue) -> None:
    for _ in range(60):
        written(desk, -1)
    desk.kursk.frozen = desk.kursk.last
    await lost_long_ago(desk, queue)
    assert await rounds(desk, queue) == ["unknown"]
    assert desk.texts == ["раз 1"]


async def test_what_is_too_old_in_a_channel_that_nobody_can_look_into_is_unknown(desk: Office, queue: Queue) -> None:
    desk.kursk.preview = False
    await lost_long_ago(desk, queue)
    assert await rounds(desk, queue, 2) == ["unknown"]
    assert "sent or not" in (await queue.rows())[0].reason
    assert desk.texts == ["раз 1"]


def written(desk: Office, hours: int = 0, text: str = "редакция", **more: Any) -> None:
    """An editor's post, so many hours from now."""
    desk.fake.world.write(desk.kursk, text, date=desk.clock.now() + timedelta(hours=hours), **more)


async def lost_long_ago(desk: Office, queue: Queue, kind: Kind = Kind.DROP_AFTER) -> None:
    desk.fake.script.on(SEND, kind, times=3)
    await queue.put(desk.to(), "раз 1")
    assert await rounds(desk, queue) == ["waiting"]
    desk.clock.moment += timedelta(days=2)
    desk.fake.world.keys.clear()


async def test_flood_waits_are_kept_to_the_second_and_lose_nothing(desk: Office, queue: Queue) -> None:
    texts = [f"удар {number}" for number in range(500)]
    desk.fake.script.flood(SEND, 300, times=3)
    for place in (60, 200, 333):
        desk.fake.script.flood(SEND, 300, after=place)
    await put_parts(queue, desk, *texts)
    destinations = desk.destinations(desk.publisher())
    sent = 0
    while sent < len(texts):
        done = await destinations.deliver(queue.store, desk.clock.now())
        sent += done.sent
        if done.failed:
            asked = desk.fake.script.count(SEND)
            desk.clock.moment += timedelta(seconds=299)
            assert await destinations.deliver(queue.store, desk.clock.now()) == Delivered()
            assert desk.fake.script.count(SEND) == asked, "Telegram asked for 300 s"
        desk.clock.moment += timedelta(seconds=1 if done.failed else 60)
    assert desk.fake.script.count(SEND) == len(texts) + 6
    assert desk.texts == texts
    assert await queue.outcomes() == ["sent"] * len(texts)


async def put_parts(queue: Queue, desk: Office, *texts: str) -> None:
    """One digest of so many parts."""
    parts = tuple(
        Outgoing(
            idempotency=idempotency_key(b"s", "kursk", NOW, part),
            to=desk.to(),
            message=Message(text=text),
            words_of=OUR_OWN,
        )
        for part, text in enumerate(texts, 1)
    )
    await queue.store.save_digest(NewDigest(route="kursk", slot=NOW, since=NOW, messages=parts), NOW)


@pytest.mark.parametrize("bot_api", [False, True])
async def test_parts_wait_for_an_earlier_one_that_is_parked(desk: Office, queue: Queue, bot_api: bool) -> None:
    desk.fake.script.on(CALL if bot_api else SEND, Kind.ERROR, after=1, code=400, text="SOMETHING_NEW")
    await put_parts(queue, desk, "1", "2", "3")
    await queue.put(desk.to(), "другой выпуск")
    assert await rounds(desk, queue, 2, bot_api=bot_api) == ["sent", "parked", "waiting", "sent"]
    assert (await queue.rows())[2].reason == "waits for o2, an earlier part of its digest"
    await queue.store.unpark()
    assert await rounds(desk, queue, bot_api=bot_api) == ["sent"] * 4
    assert desk.texts == ["1", "другой выпуск", "2", "3"]


async def test_what_parks_is_told_in_the_log_once_for_each_reason(desk: Office, queue: Queue) -> None:
    desk.kursk.posters.clear()
    with capture_logs() as lines:
        await queue.put(desk.to(), "раз", "два")
        await rounds(desk, queue)
    [line] = [each for each in lines if each["event"] == "delivery parked"]
    assert (line["to"], line["row"], "administrator" in line["do"]) == ("telegram:@kursk", "o1", True)


async def test_a_flood_wait_holds_one_destination_only(desk: Office, queue: Queue) -> None:
    desk.fake.world.channel("sumy", posters={desk.bot.id})
    desk.fake.script.flood(SEND, 300)
    await queue.put(desk.to(), "раз")
    await queue.put(Destination(desk.to().kind, "@sumy"), "два", route="sumy")
    destinations = desk.destinations(desk.publisher())
    await destinations.deliver(queue.store, NOW)
    assert sorted(await queue.outcomes()) == ["sent", "waiting"]
    [waiting] = [row for row in await queue.rows() if row.outcome == "waiting"]
    assert "FLOOD_WAIT" in waiting.reason
    assert waiting.reason.endswith("again at 06 Jan 10:05:00 UTC")
    assert await queue.store.ready(NOW + timedelta(seconds=299)) == []
    assert len(await queue.store.ready(NOW + timedelta(seconds=300))) == 1


async def test_a_channel_gets_twenty_messages_a_minute(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), *[f"{number}" for number in range(25)])
    destinations = desk.destinations(desk.publisher())
    done = await destinations.deliver(queue.store, NOW)
    assert (done.sent, done.held) == (20, 1)
    desk.clock.moment += timedelta(minutes=1)
    done = await destinations.deliver(queue.store, desk.clock.now())
    assert (done.sent, done.held) == (5, 0)


async def test_no_right_to_post_parks_this_destination_with_a_remedy(desk: Office, queue: Queue) -> None:
    desk.kursk.posters.clear()
    await queue.put(desk.to(), "раз")
    assert await rounds(desk, queue) == ["parked"]
    assert "administrator" in (await queue.rows())[0].reason


async def test_an_unknown_name_and_an_unknown_number_park(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to("@nobody"), "раз")
    await queue.put(desk.to("-1009999"), "два")
    assert await rounds(desk, queue) == ["parked", "parked"]


async def test_a_number_is_a_destination(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(f"-100{desk.kursk.id}"), "раз")
    assert await rounds(desk, queue) == ["sent"]
    assert desk.texts == ["раз"]


async def test_a_name_stays_with_the_channel_that_it_meant_at_first(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз")
    await rounds(desk, queue)
    desk.kursk.name = "kursk_old"
    desk.fake.world.channel("kursk", posters={desk.bot.id})
    await queue.put(desk.to(), "два")
    assert await rounds(desk, queue) == ["sent", "sent"]
    assert desk.texts == ["раз", "два"]


async def test_a_name_is_resolved_once(desk: Office, queue: Queue) -> None:
    for text in ("раз", "два"):
        await queue.put(desk.to(), text)
        await rounds(desk, queue)
    assert desk.fake.script.count("ResolveUsernameRequest") == 1


async def test_a_wrong_token_parks_and_says_whom_to_ask(desk: Office, queue: Queue) -> None:
    desk.bot.token = "other"
    poster = desk.publisher(session="")
    await queue.put(desk.to(), "раз")
    await desk.destinations(poster).deliver(queue.store, NOW)
    [row] = await queue.rows()
    assert (row.outcome, "BotFather" in row.reason) == ("parked", True)
    assert TOKEN not in row.reason


async def test_without_a_session_the_bot_logs_in_by_its_token(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз")
    await desk.destinations(desk.publisher(session="")).deliver(queue.store, NOW)
    assert desk.texts == ["раз"]
    assert desk.fake.script.count("ImportBotAuthorizationRequest") == 1


async def test_a_key_that_both_sides_count_differently_is_made_anew(desk: Office, queue: Queue) -> None:
    """Telethon leaves out a key's leading zero bytes: once in 256 exchanges."""
    desk.fake.script.on(KEY, Kind.ERROR)
    await queue.put(desk.to(), "раз")
    await desk.destinations(desk.publisher(session="")).deliver(queue.store, NOW)
    assert desk.texts == ["раз"]


async def test_when_telegram_is_down_the_row_waits(desk: Office, queue: Queue) -> None:
    with socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        desk.fake.port = nobody.getsockname()[1]
    poster = desk.publisher()
    await queue.put(desk.to(), "раз")
    await desk.destinations(poster).deliver(queue.store, NOW)
    [row] = await queue.rows()
    assert row.outcome == "waiting"
    assert "no connection" in row.reason
    [ready] = await queue.store.ready(NOW + timedelta(hours=1))
    assert ready.tried is None


async def test_a_repeat_in_quiet_hours_is_silent(desk: Office, queue: Queue) -> None:
    route = Route(name="kursk", to=desk.to(), quiet=Quiet("09:00", "11:00"))
    await queue.put(desk.to(), "раз")
    [row] = await queue.store.ready(NOW)
    await queue.store.begin(row, NOW)
    await desk.destinations(desk.publisher(), route).deliver(queue.store, NOW)
    assert [sent.silent for sent in desk.fake.world.sent] == [True]


# ---------------------------------------------------------------- Bot API


async def test_a_token_alone_is_enough(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз", "два")
    assert await rounds(desk, queue, bot_api=True) == ["sent", "sent"]
    assert [(sent.text, sent.preview) for sent in desk.fake.world.sent] == [("раз", False), ("два", False)]


async def test_formatting_goes_as_json(desk: Office) -> None:
    poster = desk.bot_api()
    chat = await poster.chat("x", "@kursk")
    link = Entity(EntityKind.LINK, 2, 7, "https://t.me/rybar/1")
    message = Message(text="💥 Суджа", entities=(link, Entity(EntityKind.BOLD, 1, 1)))
    await poster.post("x", chat, message, key="k", thread=7, silent=True)
    [asked] = [each.request for each in desk.fake.script.asked if each.name == CALL]
    assert asked["entities"] == [{"type": "text_link", "offset": 3, "length": 5, "url": "https://t.me/rybar/1"}]
    assert (asked["chat_id"], asked["message_thread_id"]) == (-(10**12 + desk.kursk.id), 7)
    assert asked["disable_notification"] is True


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.ERROR_AFTER])
async def test_over_the_bot_api_the_preview_settles_a_lost_answer(desk: Office, queue: Queue, kind: Kind) -> None:
    desk.fake.script.on(CALL, kind, code=502, text="Bad Gateway")
    await queue.put(desk.to(), "раз", "два")
    assert await rounds(desk, queue, bot_api=True) == ["waiting", "waiting"]
    assert await rounds(desk, queue, 2, bot_api=True) == ["sent", "sent"]
    assert desk.texts == ["раз", "два"]


async def test_over_the_bot_api_the_preview_gets_time_to_show_it(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "раз")
    [row] = await queue.store.ready(NOW)
    await queue.store.begin(row, NOW)
    desk.fake.world.send(desk.bot, desk.kursk, "раз")
    desk.kursk.frozen = 0
    assert await rounds(desk, queue, 2, bot_api=True) == ["waiting"]
    desk.kursk.frozen = None
    assert await rounds(desk, queue, bot_api=True) == ["sent"]
    assert desk.texts == ["раз"]


async def lost_over_the_bot_api(desk: Office, queue: Queue, text: str = "раз", kind: Kind = Kind.DROP_BEFORE) -> None:
    desk.fake.script.on(CALL, kind)
    await queue.put(desk.to(), text)
    assert (await rounds(desk, queue, bot_api=True))[-1] == "waiting"


def stale(desk: Office) -> None:
    desk.kursk.frozen = desk.kursk.last - 1


def edited(desk: Office) -> None:
    desk.fake.world.edit(desk.kursk, desk.kursk.last, "поправлено")


def deleted(desk: Office) -> None:
    desk.fake.world.delete(desk.kursk, desk.kursk.last)


@pytest.mark.parametrize(
    ("happens", "old", "newer"),
    [(stale, 60, False), (stale, 0, False), (edited, 1, True), (edited, 0, False), (deleted, 1, True)],
)
async def test_over_the_bot_api_what_is_not_seen_is_not_sent_again(
    desk: Office, queue: Queue, happens: Callable[[Office], None], old: int, newer: bool
) -> None:
    for _ in range(old):
        written(desk, -1)
    await lost_over_the_bot_api(desk, queue, kind=Kind.DROP_AFTER)
    happens(desk)
    if newer:
        written(desk, 1)
    assert await rounds(desk, queue, 4, bot_api=True) == ["unknown"]
    assert desk.texts == ["раз"]


async def test_over_the_bot_api_what_certainly_did_not_arrive_is_sent_anew(desk: Office, queue: Queue) -> None:
    """Posts before and after the try follow on each other: there is no id that it could have had."""
    written(desk, -1)
    await lost_over_the_bot_api(desk, queue)
    written(desk, 1)
    assert await rounds(desk, queue, bot_api=True) == ["sent"]
    assert desk.texts == ["раз"]


async def test_over_the_bot_api_the_next_try_is_settled_by_its_own_time(desk: Office, queue: Queue) -> None:
    """What proves that the first try made nothing says nothing of the second."""
    written(desk, -1)
    await lost_over_the_bot_api(desk, queue)
    desk.clock.moment += timedelta(minutes=10)
    written(desk)
    desk.kursk.frozen = desk.kursk.last
    desk.fake.script.on(CALL, Kind.DROP_AFTER)
    assert await rounds(desk, queue, 5, bot_api=True) == ["unknown"]
    assert desk.texts == ["раз"]


@pytest.mark.parametrize(
    ("same", "newer", "outcome"),
    [("@kursk", False, "unknown"), ("@KURSK", True, "sent"), ("number", False, "unknown"), ("number", True, "sent")],
)
async def test_over_the_bot_api_the_same_words_of_another_message_are_not_taken_for_it(
    desk: Office, queue: Queue, same: str, newer: bool, outcome: str
) -> None:
    written(desk, -1)
    await queue.put(desk.to(f"-100{desk.kursk.id}" if same == "number" else same), "раз")
    await rounds(desk, queue, bot_api=True)
    await lost_over_the_bot_api(desk, queue)
    if newer:
        written(desk, 1)
    assert await rounds(desk, queue, 4, bot_api=True) == ["sent", outcome]
    assert desk.texts == (["раз", "раз"] if newer else ["раз"])


@pytest.mark.parametrize(("kind", "outcome"), [(Kind.DROP_BEFORE, "unknown"), (Kind.DROP_AFTER, "sent")])
async def test_over_the_bot_api_a_message_of_emoji_is_known_by_them(
    desk: Office, queue: Queue, kind: Kind, outcome: str
) -> None:
    written(desk, text="", photo=True)
    await lost_over_the_bot_api(desk, queue, "💥", kind)
    assert await rounds(desk, queue, 4, bot_api=True) == [outcome]
    assert desk.texts == (["💥"] if kind is Kind.DROP_AFTER else [])


async def test_over_the_bot_api_what_arrived_before_a_kill_is_found_and_not_sent_again(
    desk: Office, queue: Queue
) -> None:
    await queue.put(desk.to(), "раз", "два")
    [row, *_] = await queue.store.ready(NOW)
    await queue.store.begin(row, NOW)
    desk.fake.world.send(desk.bot, desk.kursk, "раз")
    assert await rounds(desk, queue, 2, bot_api=True) == ["sent", "sent"]
    assert desk.texts == ["раз", "два"]


@pytest.mark.parametrize("hidden", [True, False])
async def test_over_the_bot_api_what_nobody_can_see_is_never_resent(desk: Office, queue: Queue, hidden: bool) -> None:
    desk.fake.script.on(CALL, Kind.DROP_AFTER)
    if hidden:
        desk.kursk.preview = False
    else:
        desk.kursk.name = None
    await queue.put(desk.to(f"-100{desk.kursk.id}"), "раз", "два")
    assert await rounds(desk, queue, 4, bot_api=True) == ["unknown", "sent"]
    assert desk.texts == ["раз", "два"]


async def test_over_the_bot_api_a_refusal_that_follows_a_lost_answer_forgets_nothing(
    desk: Office, queue: Queue
) -> None:
    desk.kursk.preview = False
    desk.fake.script.on(CALL, Kind.DROP_AFTER)
    await queue.put(desk.to(), "раз")
    await rounds(desk, queue, bot_api=True)
    desk.fake.script.on("getChat", Kind.ERROR, code=403, text="Forbidden")
    assert await rounds(desk, queue, bot_api=True) == ["parked"]
    await queue.store.unpark()
    assert await rounds(desk, queue, 3, bot_api=True) == ["unknown"]
    assert desk.texts == ["раз"]


async def test_over_the_bot_api_a_wrong_token_parks_and_says_whom_to_ask(desk: Office, queue: Queue) -> None:
    desk.bot.token = "other"
    await queue.put(desk.to(), "раз")
    assert await rounds(desk, queue, bot_api=True) == ["parked"]
    assert "BotFather" in (await queue.rows())[0].reason


async def test_over_the_bot_api_what_can_never_be_taken_parks(desk: Office, queue: Queue) -> None:
    await queue.put(desk.to(), "x" * 10_000, "хорошее")
    assert await rounds(desk, queue, bot_api=True) == ["parked", "sent"]


async def test_over_the_bot_api_patience_is_kept(desk: Office, queue: Queue) -> None:
    desk.fake.script.flood(CALL, 300)
    await queue.put(desk.to(), "раз")
    await desk.destinations(desk.bot_api()).deliver(queue.store, NOW)
    assert await queue.store.ready(NOW + timedelta(seconds=299)) == []
    [ready] = await queue.store.ready(NOW + timedelta(seconds=300))
    assert ready.tried is None


CHAT, DONE = b'{"ok": true, "result": {"id": -1001700000001}}', b'{"ok": true, "result": {"message_id": 5}}'


@pytest.mark.parametrize(
    ("status", "body", "tried"),
    [
        (200, b'{"ok": true, "result": {}}', True),
        (200, b'{"ok": true, "result": {"message_id": "5"}}', True),
        (200, b'{"ok": true, "result": []}', True),
        (200, b"[" * 100_000, True),
        (200, b"", True),
        (500, b'{"ok": false, "error_code": 500, "description": "Internal Server Error"}', True),
        (502, b"<html>Bad Gateway</html>", True),
        (302, b"", False),
        (403, b"<html>log in to this wireless network</html>", False),
        (404, b"<html>nginx</html>", False),
        (429, b"", False),
        (429, b'{"ok": false, "error_code": 429, "description": "Too Many Requests"}', False),
        (429, b'{"ok": false, "parameters": null}', False),
        (429, b'{"ok": false, "parameters": {"retry_after": "soon"}}', False),
        (429, b'{"ok": false, "parameters": {"retry_after": -5}}', False),
        (429, b'{"ok": false, "parameters": {"retry_after": 1e400}}', False),
    ],
)
async def test_over_the_bot_api_an_answer_that_is_none_waits(
    desk: Office, queue: Queue, status: int, body: bytes, tried: bool
) -> None:
    async with site() as web:
        web.put(f"/bot{TOKEN}/getChat", CHAT)
        web.put(f"/bot{TOKEN}/sendMessage", Answer(status, {}, body))
        poster = BotApi(desk.http, TOKEN, base=web.url)
        await queue.put(desk.to(), "раз")
        await desk.destinations(poster).deliver(queue.store, NOW)
        assert await queue.store.ready(NOW + timedelta(seconds=29)) == []
        [row] = await queue.store.ready(NOW + timedelta(minutes=5))
        assert (row.outcome, row.tried is not None) == (Outcome.WAITING, tried)


async def test_over_the_bot_api_patience_without_end_is_kept_for_a_week(desk: Office, queue: Queue) -> None:
    async with site() as web:
        web.put(f"/bot{TOKEN}/getChat", CHAT)
        forever = b'{"ok": false, "parameters": {"retry_after": 99999999999999}}'
        web.put(f"/bot{TOKEN}/sendMessage", Answer(429, {}, forever))
        await queue.put(desk.to(), "раз")
        await desk.destinations(BotApi(desk.http, TOKEN, base=web.url)).deliver(queue.store, NOW)
    assert await queue.store.ready(NOW + timedelta(days=7, seconds=-1)) == []
    assert len(await queue.store.ready(NOW + timedelta(days=7))) == 1


async def test_over_the_bot_api_a_chat_without_an_id_waits(desk: Office, queue: Queue) -> None:
    async with site() as web:
        web.put(f"/bot{TOKEN}/getChat", b'{"ok": true, "result": {}}')
        poster = BotApi(desk.http, TOKEN, base=web.url)
        await queue.put(desk.to(), "раз")
        await desk.destinations(poster).deliver(queue.store, NOW)
        web.put(f"/bot{TOKEN}/getChat", CHAT)
        web.put(f"/bot{TOKEN}/sendMessage", DONE)
        desk.clock.moment += timedelta(minutes=5)
        await desk.destinations(poster).deliver(queue.store, desk.clock.now())
        assert await queue.outcomes() == ["sent"]


async def test_no_reason_ever_shows_the_token(desk: Office, queue: Queue) -> None:
    for kind, code in ((Kind.DROP_BEFORE, 0), (Kind.ERROR, 401), (Kind.ERROR, 500)):
        desk.fake.script.on("*", kind, code=code, text="no")
        await queue.put(desk.to(), "раз")
        await rounds(desk, queue, bot_api=True)
        assert all(TOKEN not in (row.reason or "") for row in await queue.rows())
