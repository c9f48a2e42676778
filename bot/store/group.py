"""Group commit: what many tasks ask for at the same time shares one transaction, and one wait for the disk.

In: items, each from its own task. Out: for each its own result, after the transaction that holds it has ended.
Invariant: an item that fails fails alone; a caller that is cancelled takes nobody with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Group(Generic[Item, Result]):
    """`commit` takes a list of items through one transaction, and returns their results in the same order."""

    def __init__(self, commit: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> Result:
        """The result of `item`, when its transaction has ended. Raises what `commit` raises for it."""
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await result

    async def finish(self) -> None:
        """Return when everything that was added has its result, or has failed."""
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await self._store(batch)

    async def _store(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait for it must hear of it
            await self._fail(batch, error)
        else:
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _fail(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
        """One alone has failed; of several it is not known which, so each is tried by itself."""
        if len(batch) > 1:
            for single in batch:
                await self._store([single])
        elif not batch[0][1].done():
            batch[0][1].set_exception(error)
