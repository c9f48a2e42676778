"""The part of the store's face that time asks for: what is kept no longer, what is searched or matched again.

Same promises as the rest of it: every method one transaction, every error one of ours, repeated without effect.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.model import Hit, StoredPost, Watch
from bot.store import late, orders, posts, retention, sampling, trial, watches
from bot.store.late import Rematch
from bot.store.retention import Cutoffs
from bot.store.sql import Transaction
from bot.store.steps import Sought, Swept

Match = tuple[StoredPost, Sequence[Hit]]


class Upkeep:
    """A part of the face of the store, reached as `store.upkeep`."""

    def __init__(self, read: Transaction, write: Transaction) -> None:
        self._read = read
        self._write = write

    async def try_turn(self) -> None:
        """Take what every poll needs to be stored, and let it go. Raises `StoreBusy` while another has it."""
        async with self._write() as conn:
            await trial.touch(conn)

    async def orders(self) -> dict[str, int]:
        """Sources of which older posts are asked for, and of how many of their newest."""
        async with self._read() as conn:
            return await orders.waiting(conn)

    async def order(self, name: str, count: int) -> None:
        """Ask for the newest `count` posts of a source, in place of an earlier order for it."""
        async with self._write() as conn:
            await orders.order(conn, name, count)

    async def carried_out(self, name: str, count: int) -> None:
        """Drop the order for so many; a later one for another number stays."""
        async with self._write() as conn:
            await orders.carried_out(conn, name, count)

    async def ids_below(self, name: str, below: int, since: datetime, limit: int) -> list[tuple[int, ...]]:
        """Posts of a channel with lower ids than `below`, the newest first: each its id and those of its further parts.

        Deleted ones are left out. None are given if the newest of them is from before `since`.
        """
        async with self._read() as conn:
            return await posts.ids_below(conn, name, below, since, limit)

    async def expire(self, cutoffs: Cutoffs, now: datetime, after: int = 0) -> Swept:
        """Look at the next posts behind the row `after`, and remove the words of those whose time is up.

        A step is small: it holds the database for a hundred posts at most. Go on with `after` until that is None.
        """
        async with self._read() as conn:
            over, further = await retention.look(conn, cutoffs, after)
        if not over:
            return Swept(further, 0)
        async with self._write() as conn:
            return Swept(further, await retention.expire(conn, over, cutoffs, now))

    async def draw(self, key: bytes, now: datetime) -> int:
        """Put a few hits of each day that is over into the queue, by lot: by them the others are judged.

        Gives their number; 0 if that was done already. `key` is what the lot depends on.
        """
        async with self._write() as conn:
            return await sampling.draw(conn, key, now)

    async def sync_watches(self, configured: Sequence[Watch], now: datetime) -> None:
        """Take over the configured watches: the new and the changed ones wait to be searched for in stored posts.

        Call it after the matcher that knows them is in use: posts that are stored later are matched with it.
        """
        async with self._write() as conn:
            await watches.sync(conn, configured, now)

    async def watches(self, until: datetime | None = None) -> list[Watch]:
        """The watches that `sync_watches` was given last, or last before `until`, by id.

        Those that it was given first stand for all the time before.
        """
        async with self._read() as conn:
            return await watches.configured_last(conn, until)

    async def adopted(self) -> datetime | None:
        """When `sync_watches` was given others than before; None if it never was."""
        async with self._read() as conn:
            return await watches.changed_last(conn)

    async def sought(self) -> list[Sought]:
        """Watches that wait to be searched for in stored posts, and how far each has come."""
        async with self._read() as conn:
            return await watches.sought(conn)

    async def save_late(self, matches: Sequence[Match], done: Sequence[Sought], reached: int, now: datetime) -> int:
        """Add hits of the watches `done` in stored posts, late, and mark those watches as searched up to `reached`."""
        async with self._write() as conn:
            added = await late.save(conn, matches, {item.id for item in done}, now, revise=False)
            await watches.mark(conn, done, reached)
        return sum(len(each.hits.fresh) for each in added)

    async def posts_after(self, after: int, limit: int, since: datetime | None = None) -> list[StoredPost]:
        """Posts behind the row `after` that have their words, in order of row; those seen `since`, if it is given."""
        async with self._read() as conn:
            return await posts.worded(conn, after, limit, since)

    async def compare(self, matches: Sequence[Match], watches: Collection[str]) -> list[Rematch]:
        """What `rematch` would change: hits of these watches that are new, kept or gone in these posts."""
        async with self._read() as conn:
            return (await late.compare(conn, matches, watches))[0]

    async def rematch(self, matches: Sequence[Match], watches: Collection[str], now: datetime) -> list[Rematch]:
        """Let the hits of these watches be what is found now: new ones are late, gone ones are `ruled_out`."""
        async with self._write() as conn:
            return await late.save(conn, matches, watches, now, revise=True)
