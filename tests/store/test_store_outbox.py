from __future__ import annotations

import asyncio

import pytest

from bot.errors import StoreBusy
from bot.model import Delivery, Destination, DestinationKind, Entity, EntityKind, Message, Outcome
from bot.store import OUR_OWN, Outgoing, Store
from bot.store.outbox import FORGOTTEN
from tests.store.world import CONSOLE, MINUTE, NOW, digest, outgoing

FILE = Destination(DestinationKind.FILE, "out/digest.txt")
CHANNEL = Destination(DestinationKind.TELEGRAM, "@kursk_wire")


async def queue(store: Store, *messages: Outgoing) -> list[Delivery]:
    await store.save_digest(digest(messages=messages), NOW)
    return await store.ready(NOW)


async def ready(store: Store, minutes: int = 0) -> list[str]:
    return [delivery.idempotency for delivery in await store.ready(NOW + minutes * MINUTE)]


async def test_a_message_comes_back_as_it_was_frozen(store: Store) -> None:
    message = Message(
        text="Суджа 🇺🇦",
        entities=(Entity(EntityKind.LINK, 0, 5, "https://t.me/rybar/1"),),
        part=1,
        parts=2,
        title="Kursk",
        when=NOW,
        links=("https://t.me/rybar/1",),
    )
    (delivery,) = await queue(store, Outgoing(idempotency="k", to=CHANNEL, message=message, words_of=OUR_OWN, thread=7))
    assert delivery == Delivery(row=1, route="kursk", to=CHANNEL, message=message, idempotency="k", thread=7, digest=1)


async def test_each_destination_has_its_own_line(store: Store) -> None:
    await queue(store, outgoing("f1", FILE), outgoing("t1", CHANNEL), outgoing("f2", FILE), outgoing("c1"))
    assert await ready(store) == ["f1", "t1", "f2", "c1"]


@pytest.mark.parametrize(
    ("outcome", "reason", "rest"),
    [
        (Outcome.PARKED, "no rights", []),
        (Outcome.PARKED, FORGOTTEN, ["t2"]),
        (Outcome.UNKNOWN, "sent or not?", ["t2"]),
    ],
)
async def test_what_is_parked_holds_back_the_rest_of_its_digest_alone(
    store: Store, outcome: Outcome, reason: str, rest: list[str]
) -> None:
    (first, *_) = await queue(store, outgoing("t1", CHANNEL), outgoing("t2", CHANNEL), outgoing("c1"))
    await store.save_digest(digest(slot=NOW + MINUTE, messages=(outgoing("t3", CHANNEL),)), NOW)
    await store.settle(await store.begin(first, NOW), outcome, reason=reason, now=NOW)
    assert await ready(store, 999) == [*rest, "c1", "t3"]


async def test_rivals_are_what_has_the_receipt_and_what_is_open(store: Store) -> None:
    keys = ("sent", "open", "parked", "older", "never", "mine")
    rows = await queue(store, *[outgoing(key, CHANNEL) for key in keys], outgoing("file", FILE))
    sent, open_, parked, older, _, mine, file = rows
    for row, receipt in ((sent, "7"), (older, "3"), (file, "7")):
        await store.settle(await store.begin(row, NOW), Outcome.SENT, receipt=receipt, now=NOW)
    await store.settle(await store.begin(open_, NOW), Outcome.WAITING, lost=True, now=NOW)
    await store.settle(await store.begin(parked, NOW), Outcome.PARKED, now=NOW)
    mine = await store.begin(mine, NOW)
    assert [each.idempotency for each in await store.rivals(mine, ["7", "8"])] == ["sent", "open"]


async def test_what_was_parked_is_tried_again_when_the_operator_starts_anew(store: Store) -> None:
    parked, unknown, sent = await queue(store, outgoing("t1", CHANNEL), outgoing("t2", CHANNEL), outgoing("c1"))
    for delivery, outcome in ((parked, Outcome.PARKED), (unknown, Outcome.UNKNOWN), (sent, Outcome.SENT)):
        await store.settle(await store.begin(delivery, NOW), outcome, now=NOW)
    await store.unpark()
    assert await ready(store, 999) == ["t1"]


async def test_what_must_wait_lets_nothing_overtake(store: Store) -> None:
    (first, second) = await queue(store, outgoing("k1"), outgoing("k2"))
    await store.settle(second, Outcome.WAITING, not_before=NOW + 5 * MINUTE, now=NOW)
    assert await ready(store) == ["k1"]
    await store.settle(first, Outcome.WAITING, not_before=NOW + 2 * MINUTE, now=NOW)
    assert (await ready(store), await ready(store, 2), await ready(store, 5)) == ([], ["k1"], ["k1", "k2"])


async def test_a_try_is_claimed_before_it_is_made(store: Store) -> None:
    (delivery,) = await queue(store, outgoing("k", FILE))
    begun = await store.begin(delivery, NOW, 100)
    assert (begun.outcome, begun.attempts, begun.offset) == (Outcome.SENDING, 1, 100)
    assert (await store.ready(NOW), await store.stuck()) == ([], [begun])
    with pytest.raises(StoreBusy, match="o1: somebody else is sending it"):
        await store.begin(delivery, NOW, 200)


async def test_two_workers_claim_one_try_once(store: Store) -> None:
    (delivery,) = await queue(store, outgoing("k"))
    results = await asyncio.gather(*(store.begin(delivery, NOW) for _ in range(3)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Delivery", "StoreBusy", "StoreBusy"]


async def test_an_interrupted_try_is_repeated_at_the_same_place(store: Store) -> None:
    (delivery,) = await queue(store, outgoing("k", FILE))
    await store.begin(delivery, NOW, 100)
    (stuck,) = await store.stuck()
    again = await store.begin(stuck, NOW + MINUTE, 250)
    assert (again.attempts, again.offset, again.idempotency) == (2, 100, "k")


async def test_what_was_sent_stays_sent(store: Store) -> None:
    (delivery,) = await queue(store, outgoing("k"))
    begun = await store.begin(delivery, NOW)
    await store.settle(begun, Outcome.SENT, receipt="42", now=NOW + MINUTE)
    await store.settle(begun, Outcome.WAITING, reason="late news", now=NOW + 2 * MINUTE)
    with pytest.raises(StoreBusy):
        await store.begin(begun, NOW)
    (row,) = [row async for row in store.outbox()]
    assert (row.outcome, row.receipt, row.sent, row.reason, row.to) == ("sent", "42", NOW + MINUTE, "", "console")
    assert (await store.ready(NOW), await store.stuck()) == ([], [])


async def test_a_long_queue_is_handed_out_in_order(store: Store) -> None:
    await queue(store, *(outgoing(f"k{n}") for n in range(104)))
    seen = []
    while batch := await store.ready(NOW):
        for delivery in batch:
            await store.settle(delivery, Outcome.SENT, now=NOW)
            seen.append(delivery.idempotency)
    assert seen == [f"k{n}" for n in range(104)]
    assert CONSOLE.kind is DestinationKind.CONSOLE
