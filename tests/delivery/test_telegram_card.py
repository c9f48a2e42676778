"""A digest's card goes to a channel as a photo behind the text: once, whatever is lost, and never in the text's way."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import idempotency_key
from bot.delivery.picture import png
from bot.delivery.telegram import Poster
from bot.digests.render import illustrated
from bot.model import Destination, DestinationKind, Message
from bot.store import OUR_OWN, NewDigest, Outgoing
from bot.telegram import publisher
from tests.delivery.desk import NOW, Queue
from tests.fakes.clock import StepClock
from tests.fakes.telegram.office import Office, office
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import telegram

CARD = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
TITLE = "Курск · сводка 6 янв. 09:00-12:00"
TEXT = Message(text="Суджа · 1 новость", title=TITLE, when=NOW)
SENT = [TEXT.text, TITLE]


@pytest.fixture
async def desk(queue: Queue) -> AsyncIterator[Office]:
    async with telegram() as fake, office(fake, queue.store, StepClock(NOW)) as made:
        yield made


async def put(desk: Office, queue: Queue) -> None:
    to = desk.to()
    messages = tuple(
        Outgoing(idempotency=idempotency_key(b"s", "kursk", NOW, each.part), to=to, message=each, words_of=OUR_OWN)
        for each in illustrated((TEXT,), CARD, to)
    )
    await queue.store.save_digest(NewDigest(route="kursk", slot=NOW, since=NOW, messages=messages), NOW)


async def rounds(desk: Office, queue: Queue, poster: Poster, count: int = 1) -> list[str]:
    destinations = desk.destinations(poster)
    for _ in range(count):
        await destinations.deliver(queue.store, desk.clock.now())
        desk.clock.moment += timedelta(minutes=5)
    return await queue.outcomes()


def poster_of(desk: Office, way: str) -> Poster:
    return desk.bot_api() if way == "bot api" else desk.publisher()


@pytest.mark.parametrize("way", ["mtproto", "bot api"])
async def test_the_text_comes_first_and_the_card_behind_it_without_a_sound(
    desk: Office, queue: Queue, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "PIECE", 50)
    await put(desk, queue)
    assert await rounds(desk, queue, poster_of(desk, way)) == ["sent", "sent"]
    text, card = desk.fake.world.sent
    assert (text.text, text.picture, text.silent) == (TEXT.text, None, False)
    assert (card.text, card.picture, card.silent) == (TITLE, png(CARD), True)
    assert [row.receipt for row in await queue.rows()] == ["1", "2"]


@pytest.mark.parametrize("request_", ["SendMediaRequest", "SaveFilePartRequest"])
@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.RESTART, Kind.ERROR_AFTER])
async def test_a_lost_answer_makes_no_second_card(desk: Office, queue: Queue, request_: str, kind: Kind) -> None:
    desk.fake.script.on(request_, kind, code=500, text="RANDOM_ID_DUPLICATE")
    await put(desk, queue)
    assert await rounds(desk, queue, desk.publisher()) == ["sent", "sent"]
    assert desk.texts == SENT


async def test_a_card_that_was_interrupted_is_repeated_under_its_key(desk: Office, queue: Queue) -> None:
    await put(desk, queue)
    poster = desk.publisher()
    _, row = await queue.store.ready(NOW)
    await desk.sender(poster).send(await queue.store.begin(row, NOW))  # and then the process is killed
    assert await rounds(desk, queue, poster, 2) == ["sent", "sent"]
    assert sorted(desk.texts) == sorted(SENT)


@pytest.mark.parametrize(
    ("kind", "outcome"), [(Kind.DROP_BEFORE, "unknown"), (Kind.DROP_AFTER, "sent"), (Kind.ERROR_AFTER, "sent")]
)
async def test_over_the_bot_api_the_preview_settles_a_lost_card(
    desk: Office, queue: Queue, kind: Kind, outcome: str
) -> None:
    desk.fake.script.on("sendPhoto", kind, code=502, text="Bad Gateway")
    await put(desk, queue)
    assert await rounds(desk, queue, desk.bot_api()) == ["sent", "waiting"]
    assert await rounds(desk, queue, desk.bot_api(), 4) == ["sent", outcome]
    assert desk.texts == (SENT if outcome == "sent" else [TEXT.text])


@pytest.mark.parametrize("way", ["mtproto", "bot api"])
async def test_without_resvg_the_card_is_dropped_and_holds_nothing_back(
    desk: Office, queue: Queue, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    await put(desk, queue)
    await queue.put(desk.to(), "следующая")
    assert await rounds(desk, queue, poster_of(desk, way)) == ["sent", "dropped", "sent"]
    assert desk.texts == [TEXT.text, "следующая"]
    assert "resvg is not installed" in (await queue.rows())[1].reason


async def test_a_channel_that_takes_no_photos_parks_the_card_alone(desk: Office, queue: Queue) -> None:
    desk.fake.script.on("SendMediaRequest", Kind.ERROR, code=403, text="CHAT_SEND_PHOTOS_FORBIDDEN")
    await put(desk, queue)
    await queue.put(desk.to(), "следующая")
    assert await rounds(desk, queue, desk.publisher()) == ["sent", "parked", "sent"]


def test_elsewhere_the_card_stays_beside_the_first_part() -> None:
    parts = (replace(TEXT, parts=2), replace(TEXT, part=2, parts=2))
    one, two = illustrated(parts, CARD, Destination(DestinationKind.FILE, "kursk.txt"))
    assert (one.card, two.card) == (CARD, "")
    *text, card = illustrated(parts, CARD, Destination(DestinationKind.TELEGRAM, "@kursk"))
    assert tuple(text) == parts
    assert (card.text, card.part, card.card, card.links) == (TITLE, 3, CARD, ())
