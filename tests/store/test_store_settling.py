"""Deliveries that a person settles, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import Overtaken, PlacewireError, StoreError, WrongUsage
from bot.model import Action, Delivery, Destination, DestinationKind, Outcome
from bot.store import OUR_OWN, Act, Acted, ActKind, How, OutboxRow, Outgoing, Store
from bot.store.outbox import FORGOTTEN
from tests.store.world import CONSOLE, MINUTE, NOW, digest, outgoing

CHANNEL = Destination(DestinationKind.TELEGRAM, "@kursk_wire")
PRIVATE = Destination(DestinationKind.TELEGRAM, "-1001234567")


async def queue(store: Store, *messages: Outgoing) -> list[Delivery]:
    await store.save_digest(digest(messages=messages), NOW)
    return await store.ready(NOW)


async def lost(store: Store, *messages: Outgoing, outcome: Outcome = Outcome.UNKNOWN) -> None:
    """Messages whose answers were lost."""
    for delivery in await queue(store, *messages):
        await store.settle(await store.begin(delivery, NOW), outcome, reason="sent or not?", now=NOW)


async def settle(store: Store, kind: ActKind, *keys: str, link: str | None = None) -> Acted:
    act = Act(kind=kind, targets=keys, who="anna", how=How.CLI, to=link)
    return await store.reviews.perform(act, NOW + 5 * MINUTE)


async def undo(store: Store) -> Acted:
    return await store.reviews.undo(Act(kind=ActKind.UNDO, who="anna", how=How.CLI), None, NOW + 6 * MINUTE)


async def rows(store: Store) -> list[OutboxRow]:
    return [row async for row in store.outbox()]


async def words(store: Store, key: str = "o1") -> list[str]:
    return [str(event.text) for event in await store.trace(key)]


async def test_what_arrived_is_sent_and_says_who_said_so(store: Store) -> None:
    await lost(store, outgoing("t1", CHANNEL))
    assert await settle(store, ActKind.ARRIVED, "o1", link="https://t.me/Kursk_Wire/42?single") == Acted(
        id="a1", targets=("o1",)
    )
    (row,) = await rows(store)
    assert (row.outcome, row.receipt, row.sent) == ("sent", "42", NOW)
    assert row.reason == "arrived, says anna (22 Nov 12:05 UTC)"
    assert "a1: said to have arrived by anna (cli), o1" in await words(store)
    assert "a1: said to have arrived by anna (cli), o1" in await words(store, "d1")
    assert await store.ready(NOW) == []
    await undo(store)
    (row,) = await rows(store)
    assert (row.outcome, row.receipt, row.sent, row.reason) == ("unknown", None, None, "sent or not?")


async def test_what_is_sent_again_is_as_if_never_tried_and_keeps_its_key(store: Store) -> None:
    await lost(store, outgoing("t1", CHANNEL))
    await settle(store, ActKind.AGAIN, "o1")
    (ready,) = await store.ready(NOW)
    assert (ready.idempotency, ready.tried, ready.attempts) == ("t1", None, 1)
    assert ready.reason == "to be sent again, says anna (22 Nov 12:05 UTC)"
    await store.settle(await store.begin(ready, NOW), Outcome.SENT, receipt="43", now=NOW)
    with pytest.raises(Overtaken, match="o1: was sent; this cannot be taken back"):
        await undo(store)
    assert [row.outcome for row in await rows(store)] == ["sent"]


async def test_what_still_waits_to_be_sent_again_is_taken_back(store: Store) -> None:
    await lost(store, outgoing("t1", CHANNEL))
    await settle(store, ActKind.AGAIN, "o1")
    await undo(store)
    assert ([row.outcome for row in await rows(store)], await store.ready(NOW)) == (["unknown"], [])


@pytest.mark.parametrize(("kind", "ready"), [(ActKind.ARRIVED, ["t2", "e1"]), (ActKind.AGAIN, ["t1", "t2", "e1"])])
async def test_later_parts_and_changes_of_the_message_go_on(store: Store, kind: ActKind, ready: list[str]) -> None:
    first, _ = await queue(store, outgoing("t1", CHANNEL), outgoing("t2", CHANNEL))
    edit = Outgoing(idempotency="e1", to=CHANNEL, message=first.message, words_of=OUR_OWN, action=Action.EDIT, of="t1")
    await store.queue("kursk", [edit], NOW)
    for delivery in (first, (await store.ready(NOW))[-1]):
        await store.settle(await store.begin(delivery, NOW), Outcome.PARKED, reason="no rights", now=NOW)
    assert await store.ready(NOW) == []
    await settle(store, kind, "o1", link="7" if kind is ActKind.ARRIVED else None)
    found = await store.ready(NOW)
    assert [each.idempotency for each in found] == ready
    assert found[-1].target == ("7" if kind is ActKind.ARRIVED else None)


async def test_a_message_may_be_named_later(store: Store) -> None:
    await lost(store, outgoing("t1", PRIVATE))
    await settle(store, ActKind.ARRIVED, "o1")
    await settle(store, ActKind.ARRIVED, "o1", link="t.me/c/1234567/9/77")
    assert [row.receipt for row in await rows(store)] == ["77"]


async def refusal(store: Store, kind: ActKind, *keys: str, **more: Any) -> str:
    with pytest.raises(PlacewireError) as caught:
        await settle(store, kind, *keys, **more)
    assert isinstance(caught.value, StoreError | WrongUsage)
    return str(caught.value)


@pytest.mark.parametrize(
    ("link", "what"),
    [
        ("https://t.me/rybar/42", "is in another chat than telegram:@kursk_wire; give the message that stands there"),
        (
            "https://example.org/42",
            "is no message of a channel; give its number, or its address: https://t.me/NAME/123",
        ),
        ("0", "is no message of a channel"),
        ("42", "is the message of o2"),
    ],
)
async def test_a_message_that_cannot_be_it_is_refused(store: Store, link: str, what: str) -> None:
    _, other = await queue(store, outgoing("t1", CHANNEL), outgoing("t2", CHANNEL))
    await store.settle(await store.begin(other, NOW), Outcome.SENT, receipt="42", now=NOW)
    (first,) = await store.ready(NOW)
    await store.settle(await store.begin(first, NOW), Outcome.UNKNOWN, now=NOW)
    assert (await refusal(store, ActKind.ARRIVED, "o1", link=link)).startswith(f"{link}: {what}")
    assert [row.outcome for row in await rows(store)] == ["unknown", "sent"]


async def test_only_what_is_open_is_settled(store: Store) -> None:
    waiting, sending, sent = await queue(store, outgoing("k1"), outgoing("k2", CHANNEL), outgoing("k3"))
    await store.begin(sending, NOW)
    await store.settle(await store.begin(sent, NOW), Outcome.SENT, receipt="printed", now=NOW)
    for key, what in ((waiting.key, "waits, and is sent when"), (sending.key, "is being sent"), (sent.key, "was sent")):
        for kind in (ActKind.ARRIVED, ActKind.AGAIN):
            assert (await refusal(store, kind, key)).startswith(f"{key}: {what}")
    assert await refusal(store, ActKind.AGAIN, "o9") == "o9: is no delivery; `outbox` prints the ids there are"
    assert (await refusal(store, ActKind.AGAIN, "h1")).startswith("h1: is no delivery")


async def test_what_has_no_words_no_link_and_what_is_a_change_is_refused(store: Store) -> None:
    await lost(store, outgoing("k1"), outgoing("k2"))
    assert "console keeps none" in await refusal(store, ActKind.ARRIVED, "o1", link="7")
    assert "settle one delivery at a time" in await refusal(store, ActKind.ARRIVED, "o1", "o2", link="7")
    edit = Outgoing(
        idempotency="e1", to=CHANNEL, message=outgoing("x").message, words_of=OUR_OWN, action=Action.EDIT, of="k1"
    )
    blank = outgoing("k3", CONSOLE)
    await store.queue("kursk", [edit, blank], NOW)
    for delivery, reason in zip(await store.ready(NOW), ("gone", FORGOTTEN), strict=True):
        await store.settle(await store.begin(delivery, NOW), Outcome.PARKED, reason=reason, lost=True, now=NOW)
    assert "may be made twice; let it be sent again" in await refusal(store, ActKind.ARRIVED, "o3")
    assert "holds no words any more" in await refusal(store, ActKind.AGAIN, "o4")
    await settle(store, ActKind.ARRIVED, "o1", "o2")
    assert [row.outcome for row in await rows(store)] == ["sent", "sent", "waiting", "parked"]
