"""The connections of an open store: one writes, a few read, and each transaction is guarded.

In: a database that is open. Out: transactions whose errors are ours. Invariant: no transaction begins or ends in
another database than the one that was opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.store.database import Database
from bot.store.faults import translated


class Connections:
    """`read` and `write` begin a transaction each; it is committed at the end, or rolled back by what is raised."""

    def __init__(self, database: Database, *, read_only: bool) -> None:
        self._database = database
        self._writer = None if read_only else database.writer()
        self._readers = database.readers(read_only=read_only)
        self._turn = asyncio.Lock()
        self._closed = False

    @property
    def read_only(self) -> bool:
        return self._writer is None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One at a time, in the order in which they are asked for. Raises `StoreError` if the store only reads."""
        if self._writer is None:
            raise StoreError(self._database.name, "was opened to be read only", "open it for writing")
        async with self._turn:
            with self.guarded():
                async with self._writer.begin() as conn:
                    yield conn

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Several at once, beside the one that writes; each sees one moment."""
        with self.guarded():
            async with self._readers.begin() as conn:
                yield conn

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Translate errors, and see before and after that the file is still the one we opened."""
        if self._closed:
            raise StoreError(self._database.name, "is closed", "open it again")
        self._database.check()
        try:
            with translated(self._database.name):
                yield
        except StoreError:
            self._database.check()
            raise
        self._database.check()

    async def close(self) -> None:
        """Refuse what comes from now on, and close once the transaction that writes has ended."""
        self._closed = True
        async with self._turn:
            if self._writer is not None:
                await self._writer.dispose()
            await self._database.close()
            await self._readers.dispose()
