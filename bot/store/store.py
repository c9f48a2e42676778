"""The face of the store: every method one transaction, every error one of ours.

In: the nouns of the house and `now`. Out: the same nouns, and flat rows for commands. One connection writes, a few
read; a method that is repeated with the same arguments changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import StoreError
from bot.model import (
    Delivery,
    Hit,
    Outcome,
    Placement,
    Preference,
    Reading,
    Reason,
    Source,
    SourceMemory,
    StoredHit,
    StoredPost,
    Story,
)
from bot.store import (
    blanking,
    counts,
    digests,
    dump,
    exporting,
    forget as forgetting,
    hits,
    holding as looking_back,
    learnt,
    lists,
    moving,
    notes,
    outbox,
    posts,
    readings,
    restore as restoring,
    restore_postgresql,
    search,
    sketches,
    sources,
    stories,
    trace as tracing,
)
from bot.store.address import database_path, is_postgresql
from bot.store.backup import Verified
from bot.store.connections import Connections
from bot.store.database import Database, database_at
from bot.store.exporting import Chosen
from bot.store.faults import translated
from bot.store.group import Group
from bot.store.lock import instance_lock
from bot.store.notices import Notices
from bot.store.restore import Restored
from bot.store.reviewed import Evidence
from bot.store.reviews import Reviews
from bot.store.rows import Counts, DigestRow, Event, ExportRow, HitRow, OutboxRow, PostRow, SourceRow, StoryRow
from bot.store.schema import Ahead
from bot.store.search import Filters
from bot.store.sqlite import SQLite
from bot.store.steps import Change, Committed, Holding, Letters, NewDigest, Outgoing, Poll, RouteMark
from bot.store.upkeep import Upkeep


class Store:
    """The only memory of the house. Made by `open`; `close` it, or use it as an asynchronous context manager."""

    def __init__(self, database: Database, *, read_only: bool) -> None:
        self._database = database
        self._connections = Connections(database, read_only=read_only)
        self._read, self._write = self._connections.read, self._connections.write
        self._polls = Group(self._commit_polls)
        self._memories = Group(self._read_memories)
        self.name = database.name
        """What messages call the database: its file, or its address without a password."""
        self.warnings = database.warnings
        """What the operator should know of the engine; empty if all is well."""
        self.reviews = Reviews(self._read, self._write)
        """What people decide, and what they need to see for it."""
        self.notices = Notices(self._read, self._write)
        """What is sent outside of digests, and what must not be."""
        self.upkeep = Upkeep(self._read, self._write)
        """What time asks for: retention, the watches, matching again."""

    @classmethod
    async def open(
        cls, url: str | Path, *, now: datetime, backup_folder: Path | None = None, read_only: bool = False
    ) -> Self:
        """Open the database, made or migrated if it must be; a copy is put into `backup_folder` before a migration.

        Raises `StoreTooNew`, `StoreCorrupt`, `StoreFull`, `StoreBusy`, or `AlreadyRunning` if it would have to migrate
        under another process. `read_only` makes and changes nothing.
        """
        database = database_at(url)
        await database.open(read_only=read_only, now=now, backup_folder=backup_folder)
        store = cls(database, read_only=read_only)
        if not read_only and (lines := database.to_forget()):
            try:
                await store._forget_again(lines, now)
            except BaseException:
                await store.close()
                raise
        return store

    @property
    def path(self) -> Path:
        """The file, for SQLite. Raises `StoreError` for a database on a server."""
        if not isinstance(self._database, SQLite):
            raise StoreError(self.name, "is no file", "ask its server")
        return self._database.path

    async def close(self) -> None:
        await self._polls.finish()
        await self._memories.finish()
        await self._connections.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # ------------------------------------------------------------ sources

    async def sync_sources(self, sources_: Sequence[Source], now: datetime) -> None:
        """Take over the configured sources. New ones are due at once; those no longer configured retire."""
        async with self._write() as conn:
            await sources.sync(conn, sources_, now)

    async def memories(self) -> dict[str, SourceMemory]:
        """What is remembered of each source in use, by name."""
        async with self._read() as conn:
            return await sources.memories(conn)

    async def memory(self, name: str) -> SourceMemory:
        """What is remembered of one source; a source that is not in use yet has an empty memory."""
        return await self._memories.add(name)

    async def due(self, now: datetime, limit: int) -> list[str]:
        """Names of sources to be polled now, those that waited longest first."""
        async with self._read() as conn:
            return await sources.due(conn, now, limit)

    async def published(self, limit: int) -> dict[str, list[datetime]]:
        """When the newest posts of each channel were published, at most `limit` of each, the newest first."""
        async with self._read() as conn:
            return await sources.published(conn, limit)

    async def hurry(self, names: Sequence[str], now: datetime, *, apart: timedelta) -> None:
        """Make these sources due now, if they work and were not read within `apart`: then `apart` from now."""
        async with self._write() as conn:
            await sources.hurry(conn, names, now, apart)

    async def commit_reading(self, reading: Reading, memory: SourceMemory, now: datetime) -> Committed:
        """Store all that one poll came to. `memory` is what to remember after it; its cursor is the reading's."""
        return await self._polls.add(Poll(reading, memory, now))

    async def accept_source(self, name: str, id: int, now: datetime) -> str | None:  # noqa: A002
        """Read on, under the same name, the channel that replaced the one we knew.

        The old channel's posts move to a retired name ("rybar~1"), which is returned; None if nothing had to move.
        """
        async with self._write() as conn:
            return await sources.accept(conn, name, id, now)

    async def untold_changes(self) -> list[Change]:
        """Changes of state that the operator was not told, oldest first."""
        async with self._read() as conn:
            return await sources.untold_changes(conn)

    async def changes_after(self, row: int) -> list[Change]:
        """Changes of state after the one of this row, told or not, oldest first."""
        async with self._read() as conn:
            return await sources.changes_after(conn, row)

    async def mark_changes_told(self, rows: Sequence[int]) -> None:
        async with self._write() as conn:
            await sources.mark_changes_told(conn, rows)

    # ------------------------------------------------------------ posts, hits, stories

    async def unmatched(self, limit: int) -> list[StoredPost]:
        """Posts whose last revision was not matched yet, oldest first."""
        async with self._read() as conn:
            return await posts.unmatched(conn, limit)

    async def save_matches(self, matches: Sequence[tuple[StoredPost, Sequence[Hit]]], now: datetime) -> None:
        """Store what was found in each post (an empty list counts: nothing), and mark that revision as matched."""
        async with self._write() as conn:
            await hits.save(conn, matches, now)

    async def holding(self, forms: Sequence[str] | None, after: int, limit: int) -> Holding:
        """Posts whose current wording may hold one of `forms` (names of one or more words), in order of wording.

        `after` is what the page before says, 0 for the first. Everything that matching would find by one of the forms
        is there; a name met only by its sound is not. Without `forms`: all posts that have their words.
        """
        async with self._read() as conn:
            return await looking_back.holding(conn, forms, after, limit)

    async def newest_post(self) -> int:
        """The row of the newest post; 0 if there is none."""
        async with self._read() as conn:
            return await learnt.newest(conn)

    async def letters(self) -> Letters:
        """How watched words are written in the posts counted so far."""
        async with self._read() as conn:
            return await learnt.letters(conn)

    async def add_letters(self, page: Letters, after: int) -> None:
        """Add what the posts behind the row `after` came to; nothing, if somebody else has counted them."""
        async with self._write() as conn:
            await learnt.add_letters(conn, page, after)

    async def preferences(self) -> list[Preference]:
        """What maintainers decided on places of one name."""
        async with self._read() as conn:
            return await learnt.preferences(conn)

    async def prefer(self, decided: Preference, now: datetime) -> None:
        """Remember it, in place of an earlier decision on these two."""
        async with self._write() as conn:
            await learnt.prefer(conn, decided, now)

    async def withdraw(self, decided: Preference) -> None:
        """Forget what was decided on these two, for this source or for all."""
        async with self._write() as conn:
            await learnt.withdraw(conn, decided)

    async def ungrouped(self, limit: int) -> list[StoredPost]:
        """Matched posts with a hit and without a story, in the order they happened."""
        async with self._read() as conn:
            return await stories.ungrouped(conn, limit)

    async def hits_of(self, rows: Sequence[int]) -> dict[int, list[StoredHit]]:
        """The hits of these posts as a person judged them, by post; nothing for a post without any."""
        async with self._read() as conn:
            found = await hits.of_posts(conn, rows)
        return {row: list(map(hits.as_judged, each)) for row, each in found.items()}

    async def placed_since(self, when: datetime) -> list[tuple[StoredPost, Placement]]:
        """Posts that were placed since `when`, in the order of their placing, each with its placement."""
        async with self._read() as conn:
            return await stories.placed_since(conn, when)

    async def unsketched(self, when: datetime) -> list[tuple[StoredPost, Placement]]:
        """Those posts that were placed since `when` and have no sketch, in the order of their placing."""
        async with self._read() as conn:
            return await stories.unsketched(conn, when)

    async def save_sketches(self, placements: Sequence[tuple[StoredPost, Placement]]) -> None:
        """Give posts that were placed their sketches, in the order given."""
        async with self._write() as conn:
            await sketches.save(conn, placements)

    async def newest_sketch(self) -> int:
        """The newest row; 0 if there is none."""
        async with self._read() as conn:
            return await sketches.newest(conn)

    async def sketch_rows(self, since: datetime, until: datetime) -> list[int]:
        """Rows of the placed posts that happened from `since` to `until`, in the order of placing."""
        async with self._read() as conn:
            return await sketches.rows(conn, since, until)

    async def sketch_rows_after(self, row: int) -> list[int]:
        """Rows of the posts that were placed after that of `row`, in the order of placing."""
        async with self._read() as conn:
            return await sketches.rows_after(conn, row)

    async def sketches(self, rows: Sequence[int]) -> list[bytes]:
        """What grouping wanted to remember of these posts, in their order."""
        async with self._read() as conn:
            return await sketches.data(conn, rows)

    async def save_placements(self, placements: Sequence[tuple[StoredPost, Placement]], now: datetime) -> None:
        """Put each post into its story. Raises `StoreError` if a story is named that no stored post begins."""
        async with self._write() as conn:
            await stories.save_placements(conn, placements, now)

    async def story_of(self, key: str) -> Story | None:
        """The story of a post or of a hit, or the one with this key; None if there is none."""
        async with self._read() as conn:
            return await stories.story_of(conn, key)

    # ------------------------------------------------------------ digests

    async def route(self, name: str, now: datetime) -> RouteMark:
        """Since when the route is known, and its last slot; a new one is registered, unless this store only reads."""
        async with self._read() as conn:
            known = await digests.mark(conn, name)
        if known is not None or self._connections.read_only:
            return known or RouteMark(now, None)
        async with self._write() as conn:
            return await digests.register(conn, name, now)

    async def untold(self, route: str, since: datetime | None = None) -> list[Story]:
        """Stories that the route has to decide on, in order of their first reports.

        Those are the undecided ones, those held for later (delayed, full), and those that changed since they were held.
        """
        async with self._read() as conn:
            return await stories.untold(conn, route, since)

    async def stories_since(self, since: datetime) -> list[Story]:
        """Stories with a report placed since, told or not, in order of their first reports."""
        async with self._read() as conn:
            return await stories.stories_since(conn, since)

    async def save_digest(self, new: NewDigest, now: datetime) -> int | None:
        """The digest's row; None if the slot is taken, or a story was told, or lost words, meanwhile: compose anew."""
        async with self._write() as conn:
            return await digests.save(conn, new, now)

    async def digests(self, route: str | None = None, limit: int = 20) -> list[DigestRow]:
        """The last slots that passed, newest first: what was told, what was held and why."""
        async with self._read() as conn:
            return await digests.recent(conn, route, limit)

    async def decisions(self, route: str, rows: Sequence[int] | None = None) -> dict[int, Reason]:
        """What the route decided last on each story, or on these, by the story's row."""
        async with self._read() as conn:
            return await digests.decisions(conn, route, rows)

    # ------------------------------------------------------------ delivery

    async def ready(self, now: datetime) -> list[Delivery]:
        """What may be sent now, in order; a destination whose head has to wait yields nothing."""
        async with self._read() as conn:
            return await outbox.ready(conn, now)

    async def queue(self, route: str, messages: Sequence[Outgoing], now: datetime) -> None:
        """Put into the outbox what belongs to no digest: urgent cards, edits, pins. A known key is passed over."""
        async with self._write() as conn:
            await outbox.queue(conn, route, messages, now)

    async def begin(self, delivery: Delivery, now: datetime, offset: int | None = None) -> Delivery:
        """Claim one try before making it. Raises `StoreBusy` if somebody else has."""
        async with self._write() as conn:
            return await outbox.begin(conn, delivery, now, offset)

    async def settle(
        self,
        delivery: Delivery,
        outcome: Outcome,
        *,
        now: datetime,
        reason: str = "",
        receipt: str | None = None,
        not_before: datetime | None = None,
        lost: bool = False,
    ) -> None:
        """Write down how a try ended. WAITING puts it back, to be tried at `not_before` or at once.

        `lost`: no answer came, now or at an earlier try, so it may have arrived.
        """
        async with self._write() as conn:
            await outbox.settle(
                conn, delivery, outcome, reason=reason, receipt=receipt, not_before=not_before, lost=lost, now=now
            )
            if outcome is not Outcome.SENT:
                await blanking.let_go(conn, delivery.row, now)

    async def rivals(self, delivery: Delivery, receipts: Sequence[str]) -> list[Delivery]:
        """Other messages to this kind of destination: sent with one of these receipts, or perhaps sent."""
        async with self._read() as conn:
            return await outbox.rivals(conn, delivery, receipts)

    async def unpark(self) -> None:
        """Let what is parked be tried again: the operator may have acted since."""
        async with self._write() as conn:
            await outbox.unpark(conn)

    async def stuck(self) -> list[Delivery]:
        """Deliveries that were being sent when the process ended."""
        async with self._read() as conn:
            return await outbox.stuck(conn)

    # ------------------------------------------------------------ reading for commands

    async def search(self, text: str, filters: Filters = Filters(), *, limit: int = 50) -> list[PostRow]:  # noqa: B008
        """Posts in which every word of `text` stands, in any grammatical case and in any wording; newest first.

        Without a word, all that the filters let through, in their present wording.
        """
        async with self._read() as conn:
            return (await search.find(conn, text, filters, limit))[0]

    async def search_page(
        self, text: str, filters: Filters, *, limit: int, before: int | None = None
    ) -> tuple[list[PostRow], int | None]:
        """As `search`, and the `before` of the next page; None if this is the last. Nothing asked finds nothing."""
        async with self._read() as conn:
            return await search.find(conn, text, filters, limit, before)

    def hits(self) -> AsyncIterator[HitRow]:
        """Every hit, in order of row."""
        return lists.pages(self._read, lists.hit_page)

    def exported(self, chosen: Chosen = Chosen()) -> AsyncIterator[ExportRow]:  # noqa: B008
        """The chosen hits with what their posts said, in order of row."""
        return lists.pages(self._read, lambda conn, after: exporting.page(conn, chosen, after))

    async def last_hit(self) -> int:
        """The row of the newest hit: how far `exported` goes. 0 where there is none."""
        async with self._read() as conn:
            return await exporting.last_row(conn)

    async def evidence(self, key: str) -> Evidence:
        """A hit with all that proves it, every wording of its post. Raises `StoreError` for an unknown id."""
        async with self._read() as conn:
            return await exporting.evidence(conn, key)

    def stories(self) -> AsyncIterator[StoryRow]:
        """Every story, in order of row."""
        return lists.pages(self._read, lists.story_page)

    def outbox(self) -> AsyncIterator[OutboxRow]:
        """Every delivery, in order of row."""
        return lists.pages(self._read, lists.outbox_page)

    async def newest_outbox(self, limit: int) -> list[OutboxRow]:
        """The last so many deliveries, newest first."""
        async with self._read() as conn:
            return await lists.newest_outbox(conn, limit)

    async def stranded_outbox(self) -> list[OutboxRow]:
        """Deliveries that wait for the operator: parked, or of unknown outcome."""
        async with self._read() as conn:
            return await lists.stranded_outbox(conn)

    async def oldest_waiting(self) -> datetime | None:
        """When the delivery was made that waits longest; None if none waits."""
        async with self._read() as conn:
            return await outbox.oldest_waiting(conn)

    async def sources(self) -> list[SourceRow]:
        """Every source in use, by name."""
        async with self._read() as conn:
            return await lists.source_rows(conn)

    async def trace(self, key: str) -> list[Event]:
        """What happened to a post ("rybar/12"), hit, story, digest, delivery or source, in words.

        Raises `StoreError` if nothing has this id.
        """
        async with self._read() as conn:
            return await tracing.trace(conn, key)

    async def counts(self) -> Counts:
        async with self._read() as conn:
            return await counts.count(conn, await self._database.facts(conn))

    async def sizes(self) -> dict[str, int]:
        """Bytes of each table with its indexes, the largest first, and what is `free` in the file; for `doctor`."""
        async with self._read() as conn:
            return await self._database.sizes(conn)

    async def secret(self) -> bytes:
        """32 random bytes, made with the database and anew by each restore: the key of all idempotency keys."""
        async with self._read() as conn:
            return await notes.keys(conn)

    async def remembered(self, name: str) -> str | None:
        """What was kept under a name of the database as a whole: a session, the chat that a name meant."""
        async with self._read() as conn:
            return await notes.read(conn, name)

    async def remember(self, name: str, value: str) -> None:
        """Keep it, in place of what was kept before."""
        async with self._write() as conn:
            await notes.write(conn, name, value)

    # ------------------------------------------------------------ upkeep

    async def forget(self, *keys: str, reason: str, now: datetime) -> list[str]:
        """Leave no word of these posts; they stay known, so that they never come back. Gives those that are new to it.

        The record apart from the database makes a restored copy forget again. Raises `StoreError` for an unknown key:
        then none is forgotten. A server rewrites whole tables for it, so name them together.
        """
        async with self._write() as conn:
            prints = {key: await forgetting.forget(conn, key, reason, now) for key in dict.fromkeys(keys)}
            new = {key: print_ for key, print_ in prints.items() if print_ is not None}
            forgetting.record(self._database.record, new.values(), reason, now)
            await forgetting.left(conn, now)
        await self._wipe()
        return list(new)

    async def look_beside(self) -> None:
        """Raise the `StoreError` that keeps the engine from what it does beside the writing: nothing else shows it."""
        if trouble := self._database.trouble:
            raise trouble

    async def _forget_again(self, lines: Sequence[str], now: datetime) -> None:
        async with self._write() as conn:
            left = await forgetting.replay(conn, lines, now)
        if left:
            await self._wipe()

    async def _wipe(self) -> None:
        """Leave no byte of what is forgotten; what comes no further is ended by the next start or `forget`."""
        try:
            with self._connections.guarded():
                await self._database.scrub()
        except StoreError as error:
            raise forgetting.unwiped(error) from error
        async with self._write() as conn:
            await forgetting.replayed(conn)

    async def backup(self, path: Path, shown: Callable[[float], None] = lambda _share: None) -> Verified:
        """Copy the database to `path` while others write; the copy is verified, and complete or not there.

        `shown` is told, by another thread, how far it is, from 0 to 1.
        """
        with self._connections.guarded():
            return await self._database.backup(path, shown)

    @staticmethod
    async def check(database: str | Path, in_time: Callable[[], bool]) -> bool:
        """Look through a database whose last holder did not end in order; whether that was done `in_time`.

        Raises `StoreCorrupt` for damage. One that is not there, or on a server, is well.
        """
        return await asyncio.to_thread(database_at(database).look_through, in_time)

    @staticmethod
    async def ahead(database: str | Path) -> Ahead | None:
        """The migration that opening it for writing begins with; None if it needs none, or is not there."""
        return await asyncio.to_thread(database_at(database).ahead)

    @staticmethod
    async def there(database: str | Path) -> bool:
        """Whether there is one: a file, or tables at a server."""
        return await asyncio.to_thread(database_at(database).there)

    @staticmethod
    async def try_room(database: str | Path) -> None:
        """Write something where the database is, and take it back.

        Raises `StoreFull` where that is not possible, `StoreBusy` where somebody else keeps the turn to write.
        """
        await asyncio.to_thread(database_at(database).try_room)

    @staticmethod
    async def replaced(database: str | Path) -> list[str]:
        """Databases of a server that restores put aside, or left unfinished; those of SQLite are files beside it."""
        return await asyncio.to_thread(database_at(database).replaced)

    @staticmethod
    async def verify(database: str | Path) -> Verified:
        """Check a copy or a database: page by page, or by reading all that a server has.

        Raises `StoreCorrupt` naming the first fault.
        """
        return await asyncio.to_thread(database_at(database).verify)

    @staticmethod
    async def restore(copy: Path, database: str | Path, now: datetime) -> Restored:
        """Put a verified copy in the place of the database, which is put aside. Nothing is announced twice by it.

        What was forgotten since is forgotten in it at once; what people silenced and judged since goes over, as far as
        it can be read and is of what the copy has. Raises `AlreadyRunning` under a running service, `StoreCorrupt` for
        a damaged copy; then nothing has changed.
        """
        at_server = isinstance(database, str) and is_postgresql(database)
        with translated(copy):
            dump.refuse_other(copy, at_server=at_server)
        if isinstance(database, str) and at_server:
            restored = await asyncio.to_thread(restore_postgresql.restore, copy, database, now)
        else:
            path = database_path(database)
            with instance_lock(path):
                restored = await asyncio.to_thread(restoring.restore, copy, path, now)
        async with await Store.open(database, now=now):
            return restored

    @staticmethod
    async def move(
        database: str | Path, to: str | Path, shown: Callable[[float], None] = lambda _share: None
    ) -> Mapping[str, int]:
        """Copy everything to an empty database, of the other engine or of the same; gives its rows, by table.

        All or nothing. Raises `AlreadyRunning` under a running service, `StoreError` if `to` is not empty.
        """
        with instance_lock(database):
            return await asyncio.to_thread(moving.move, database, to, shown)

    # ------------------------------------------------------------ what many ask for at once

    async def _commit_polls(self, polls: Sequence[Poll]) -> list[Committed]:
        async with self._write() as conn:
            committed = await readings.commit(conn, polls)
        await self._database.stored(sum(len(each.new) + len(each.revised) for each in committed))
        return committed

    async def _read_memories(self, names: Sequence[str]) -> list[SourceMemory]:
        async with self._read() as conn:
            return await sources.memories_of(conn, names)
