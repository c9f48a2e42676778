"""Edits and pins of messages that were sent, by MTProto and by the Bot API: each is so in the end, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.delivery import idempotency_key
from bot.delivery.telegram import Poster
from bot.model import Action, Destination, DestinationKind, Entity, EntityKind, Message, Quiet, Route
from bot.store import OUR_OWN, Outgoing
from tests.delivery.desk import NOW, Queue
from tests.fakes.clock import StepClock
from tests.fakes.telegram.office import Office, office
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import telegram

EDIT = {"mtproto": "EditMessageRequest", "bot_api": "editMessageText"}
PIN = {"mtproto": "UpdatePinnedMessageRequest", "bot_api": "pinChatMessage"}
DELETED = {"mtproto": "MESSAGE_ID_INVALID", "bot_api": "deleted"}


def hexed(key: str) -> str:
    return idempotency_key(b"secret", "kursk", key, 1)


@dataclass
class Cards:
    """An outbox, a channel, and one way to post."""

    desk: Office
    queue: Queue
    way: str

    @property
    def poster(self) -> Poster:
        return self.desk.bot_api() if self.way == "bot_api" else self.desk.publisher()

    async def put(
        self, key: str, text: str, *, of: str | None = None, action: Action = Action.EDIT, silent: bool = False
    ) -> None:
        item = Outgoing(
            idempotency=hexed(key),
            to=self.desk.to(),
            message=Message(text=text, entities=(Entity(EntityKind.BOLD, 0, len(text)),), silent=silent),
            words_of=OUR_OWN,
            action=action if of else Action.SEND,
            of=hexed(of) if of else None,
        )
        await self.queue.store.queue("kursk", [item], self.desk.clock.now())

    async def rounds(self, count: int = 1, *routes: Route) -> list[str]:
        destinations = self.desk.destinations(self.poster, *routes)
        for _ in range(count):
            await destinations.deliver(self.queue.store, self.desk.clock.now())
            self.desk.clock.moment += timedelta(minutes=5)
        return await self.queue.outcomes()

    @property
    def shown(self) -> list[str]:
        return [post.text for post in self.desk.kursk.posts.values() if not post.service]


@pytest.fixture(params=["mtproto", "bot_api"])
async def cards(queue: Queue, request: pytest.FixtureRequest) -> AsyncIterator[Cards]:
    async with telegram() as fake, office(fake, queue.store, StepClock(NOW)) as made:
        yield Cards(made, queue, request.param)


async def test_an_edit_changes_the_message_in_place(cards: Cards) -> None:
    await cards.put("a", "две заметки")
    await cards.put("b", "три заметки", of="a")
    assert await cards.rounds() == ["sent", "sent"]
    assert cards.shown == ["три заметки"]
    assert len(cards.desk.fake.world.sent) == 1
    [post] = cards.desk.kursk.posts.values()
    assert [(each.offset, each.length) for each in post.entities] == [(0, 11)]
    sent, edit = await cards.queue.rows()
    assert (edit.action, edit.of, edit.receipt) == ("edit", sent.id, sent.receipt)
    queued, _ = await cards.queue.store.trace(edit.id)
    assert queued.text == "o2: an edit of o1 for telegram:@kursk"


async def test_a_pin_pins_without_a_sound(cards: Cards) -> None:
    await cards.put("a", "как читать")
    await cards.put("b", "", of="a", action=Action.PIN)
    assert await cards.rounds() == ["sent", "sent"]
    assert cards.desk.kursk.pinned == [1]
    [asked] = [each.request for each in cards.desk.fake.script.asked if each.name == PIN[cards.way]]
    assert asked["disable_notification"] if cards.way == "bot_api" else asked.silent


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.ERROR_AFTER])
@pytest.mark.parametrize("action", [Action.EDIT, Action.PIN])
async def test_a_lost_answer_is_asked_for_again(cards: Cards, kind: Kind, action: Action) -> None:
    await cards.put("a", "раз")
    await cards.put("b", "два", of="a", action=action)
    await cards.put("c", "три")
    name = (EDIT if action is Action.EDIT else PIN)[cards.way]
    cards.desk.fake.script.on(name, kind, code=502, text="Bad Gateway")
    assert await cards.rounds(3) == ["sent"] * 3
    assert cards.shown == ["два" if action is Action.EDIT else "раз", "три"]
    assert cards.desk.kursk.pinned == ([] if action is Action.EDIT else [1])
    assert cards.desk.texts == ["раз", "три"]


async def test_what_is_so_already_is_success(cards: Cards) -> None:
    await cards.put("a", "раз")
    for key, action in (("b", Action.EDIT), ("c", Action.PIN), ("d", Action.PIN)):
        await cards.put(key, "раз", of="a", action=action)
    assert await cards.rounds() == ["sent"] * 4


async def test_a_message_that_was_deleted_leaves_nothing_to_do(cards: Cards) -> None:
    await cards.put("a", "раз")
    await cards.rounds()
    cards.desk.fake.world.delete(cards.desk.kursk, 1)
    await cards.put("b", "два", of="a")
    await cards.put("c", "", of="a", action=Action.PIN)
    assert await cards.rounds() == ["sent", "dropped", "dropped"]
    assert DELETED[cards.way] in (await cards.queue.rows())[1].reason
    await cards.queue.store.unpark()
    assert await cards.queue.store.ready(cards.desk.clock.now()) == []
    assert (await cards.queue.store.counts()).parked == 0


async def test_of_edits_that_wait_only_the_last_is_made(cards: Cards) -> None:
    await cards.put("a", "1")
    for number in range(2, 6):
        await cards.put(f"k{number}", str(number), of="a")
    await cards.put("z", "другое")
    assert await cards.rounds() == ["sent", "dropped", "dropped", "dropped", "sent", "sent"]
    assert cards.shown == ["5", "другое"]
    assert cards.desk.fake.script.count(EDIT[cards.way]) == 1


async def test_a_flood_wait_on_an_edit_is_kept(cards: Cards) -> None:
    await cards.put("a", "раз")
    await cards.put("b", "два", of="a")
    cards.desk.fake.script.flood(EDIT[cards.way], 300)
    assert await cards.rounds() == ["sent", "waiting"]
    assert await cards.queue.store.ready(NOW + timedelta(seconds=299)) == []
    assert await cards.rounds() == ["sent", "sent"]
    assert cards.shown == ["два"]


async def test_an_edit_that_was_parked_never_undoes_a_later_one(cards: Cards) -> None:
    await cards.put("a", "1")
    await cards.rounds()
    await cards.put("b", "2", of="a")
    [row] = await cards.queue.store.ready(cards.desk.clock.now())
    begun = await cards.queue.store.begin(row, NOW)  # under way ...
    await cards.put("c", "3", of="a")
    cards.desk.kursk.posters.clear()
    assert begun.target == "1"
    assert await cards.rounds() == ["sent", "parked", "parked"]  # ... and both are refused
    cards.desk.kursk.posters.add(cards.desk.bot.id)
    await cards.queue.store.unpark()
    assert await cards.rounds() == ["sent", "dropped", "sent"]
    assert cards.shown == ["3"]


async def test_an_edit_of_what_is_not_sent_waits_for_the_operator(cards: Cards) -> None:
    cards.desk.kursk.posters.clear()
    await cards.put("a", "раз")
    await cards.put("b", "два", of="a")
    assert await cards.rounds() == ["parked", "parked"]
    cards.desk.kursk.posters.add(cards.desk.bot.id)
    await cards.queue.store.unpark()
    assert await cards.rounds() == ["sent", "sent"]
    assert cards.shown == ["два"]


async def test_quiet_hours_hold_what_rings_and_let_through_what_does_not(cards: Cards) -> None:
    await cards.put("a", "раз", silent=True)
    await cards.put("b", "два", of="a")
    await cards.put("c", "звонко")
    route = Route(name="kursk", to=cards.desk.to(), quiet=Quiet("09:00", "11:00"))
    assert await cards.rounds(1, route) == ["sent", "sent", "waiting"]
    assert cards.shown == ["два"]
    assert [sent.silent for sent in cards.desk.fake.world.sent] == [True]


async def test_a_console_cannot_change_what_it_printed(cards: Cards) -> None:
    console = Destination(DestinationKind.CONSOLE)
    item = Outgoing(idempotency="a", to=console, message=Message(text="x"), words_of=OUR_OWN)
    edit = replace(item, idempotency="b", action=Action.EDIT, of="a")
    await cards.queue.store.queue("kursk", [item, edit], NOW)
    assert await cards.rounds() == ["sent", "parked"]
    assert "cannot be changed" in (await cards.queue.rows())[1].reason


async def test_a_forum_topic_is_kept(cards: Cards) -> None:
    item = Outgoing(idempotency=hexed("a"), to=cards.desk.to(), message=Message(text="раз"), words_of=OUR_OWN, thread=7)
    await cards.queue.store.queue("kursk", [item, item], NOW)
    assert await cards.rounds() == ["sent"]
    assert [sent.thread for sent in cards.desk.fake.world.sent] == [7]
