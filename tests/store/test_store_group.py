"""Group commit: whatever goes wrong, everybody who waits hears of it."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.store.group import Group


async def test_an_item_that_breaks_the_commit_fails_alone_and_hangs_nobody() -> None:
    async def commit(items: Sequence[int]) -> list[int]:
        if 13 in items:
            raise OverflowError("too large")
        return [item * 2 for item in items]

    group = Group(commit)
    results = await asyncio.wait_for(
        asyncio.gather(*(group.add(item) for item in (1, 13, 3)), return_exceptions=True), timeout=5
    )
    assert results[0] == 2
    assert isinstance(results[1], OverflowError)
    assert results[2] == 6
    await group.finish()
    with pytest.raises(OverflowError):
        await group.add(13)
