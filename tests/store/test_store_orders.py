"""Orders for a running service, on both engines: kept until carried out, and not lost to one another."""

from __future__ import annotations

from bot.store import Store


async def test_an_order_is_kept_until_it_was_carried_out(store: Store) -> None:
    assert await store.upkeep.orders() == {}
    await store.upkeep.order("rybar", 200)
    await store.upkeep.order("isw", 50)
    assert await store.upkeep.orders() == {"rybar": 200, "isw": 50}
    await store.upkeep.order("rybar", 500)
    await store.upkeep.carried_out("rybar", 200)
    assert (await store.upkeep.orders())["rybar"] == 500
    for name, count in (("rybar", 500), ("rybar", 500), ("isw", 50)):
        await store.upkeep.carried_out(name, count)
    assert await store.upkeep.orders() == {}
