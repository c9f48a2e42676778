"""Forgetting a post for good: no word of it stays, and it never comes back.

In: a post's key and the reason. Out: a row without words, a keyed fingerprint and a line for the audit. Invariant: what
is forgotten is forgotten again in a database that was restored from an earlier copy, and stays known to deduplication.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreBusy, StoreError
from bot.model import HitState
from bot.store import notes, records
from bot.store.blanking import OF_STRANGERS, blank_messages, unindex, unsketch
from bot.store.outbox import FORGOTTEN
from bot.store.tables import forgotten, hit, meta, post, revision, source

READERS_END_WITHIN = 60.0
"""Seconds to wait for those who still see the words: what they see stays on the disk."""


def still_read(name: object) -> StoreBusy:
    return StoreBusy(str(name), "is still read by somebody who began before", "wait for copies and long queries to end")


def unwiped(error: StoreError) -> StoreError:
    """The words are forgotten by then; that they may be read from the disk must not be taken for a failure of all."""
    what = f"has forgotten it, but bytes of it stay on its disk as yet ({error.what})"
    return type(error)(error.resource, what, "when that is over, `forget` it once more, or start again")


async def forget(conn: AsyncConnection, key: str, reason: str, now: datetime) -> bytes | None:
    """The fingerprint of the post, or None if it was forgotten before. Raises `StoreError` for an unknown key.

    What holds a word of it is emptied either way: an earlier placewire may have left some.
    """
    name, _, ident = key.partition("/")
    query = select(post.c.row, post.c.forgotten).join(source, source.c.row == post.c.source)
    found = (await conn.execute(query.where(source.c.name == name, post.c.ident == ident))).one_or_none()
    if found is None:
        raise StoreError(key, "no post has this id", "`search` and `hits` print the ids there are")
    print_ = fingerprint(await notes.secret(conn), key)
    await _blank(conn, found.row, print_, found.forgotten or now)
    if found.forgotten is not None:
        return None
    await conn.execute(forgotten.insert().values(fingerprint=print_, post=found.row, at=now, reason=reason))
    return print_


async def replay(conn: AsyncConnection, lines: Sequence[str], now: datetime) -> bool:
    """Forget again what the record says and this database does not: it was restored.

    Gives whether words are left on the disk, by this replay or by one that came no further; `replayed` ends it.
    """
    records = {bytes.fromhex(record["fingerprint"]): record for record in map(json.loads, lines)}
    known = set((await conn.execute(select(forgotten.c.fingerprint))).scalars())
    wipe = await notes.read(conn, LEFT) is not None
    if missing := set(records) - known:
        found = await _found(conn, missing)
        for key, print_ in found.items():
            await forget(conn, key, records[print_]["reason"], now)
        for print_ in missing - set(found.values()):
            at = datetime.fromisoformat(records[print_]["at"])
            await conn.execute(forgotten.insert().values(fingerprint=print_, at=at, reason=records[print_]["reason"]))
        if found:
            wipe = True
            await left(conn, now)
    if not wipe:
        await replayed(conn)
    return wipe


async def left(conn: AsyncConnection, now: datetime) -> None:
    """Note that words may lie on the disk, until `replayed`."""
    await notes.write(conn, LEFT, now.isoformat())


async def replayed(conn: AsyncConnection) -> None:
    """What was carried over is forgotten, and no byte of it is left."""
    await notes.remove(conn, CARRIED, LEFT)


async def _found(conn: AsyncConnection, prints: Collection[bytes]) -> dict[str, bytes]:
    """The posts of these fingerprints that have their words."""
    secret = await notes.secret(conn)
    query = select(source.c.name, post.c.ident).join(source, source.c.row == post.c.source)
    keys = [f"{name}/{ident}" for name, ident in await conn.execute(query.where(post.c.forgotten.is_(None)))]
    return {key: print_ for key in keys if (print_ := fingerprint(secret, key)) in prints}


def fingerprint(secret: bytes, key: str) -> bytes:
    """Tells a post to whoever has the database's secret, and nothing to others."""
    return hmac.digest(secret, b"forgotten\x00" + key.encode(errors="surrogatepass"), "sha256")


def record(file: Path, prints: Collection[bytes], reason: str, now: datetime) -> None:
    """Append a line for each, durably. The file lies apart from the database: replacing that leaves it."""
    if prints:
        records.append(file, [_line(print_, reason, now) for print_ in prints])


def take_over(old: Path, new: Path) -> None:
    """Append the record of one database to that of another, which took its place and has its secret."""
    if (known := records.read(old)) and old != new:
        records.append(new, known)


def _line(print_: bytes, reason: str, at: datetime) -> str:
    return json.dumps({"at": at.isoformat(), "fingerprint": print_.hex(), "reason": reason}, ensure_ascii=False)


def lines(conn: Connection) -> list[str]:
    """What this database has forgotten, as the record has it."""
    query = select(forgotten.c.fingerprint, forgotten.c.reason, forgotten.c.at)
    return [_line(row.fingerprint, row.reason, row.at) for row in conn.execute(query)]


CARRIED, LEFT = "to be forgotten", "to be wiped"
"""What a restore has noted, and that what was forgotten by it may still lie on the disk."""


def carry(conn: Connection, noted: Sequence[str]) -> None:
    """Note in a restored database what the one it replaces has forgotten: the next `open` forgets it again."""
    conn.execute(meta.delete().where(meta.c.name == CARRIED))
    if noted:
        conn.execute(meta.insert().values(name=CARRIED, value="\n".join(noted)))


async def _blank(conn: AsyncConnection, row: int, print_: bytes, now: datetime) -> None:
    await unindex(conn, [row], for_good=True)
    empty = {"title": "", "text": "", "folded": None, "content_hash": print_}
    await conn.execute(update(revision).where(revision.c.post == row).values(empty))
    await conn.execute(update(hit).where(hit.c.post == row).values(text="", form="", state=HitState.EXPIRED))
    await unsketch(conn, [row])
    values = {"forgotten": now, "ungrouped": False, "matched": post.c.revision, "url": None, **OF_STRANGERS}
    await conn.execute(update(post).where(post.c.row == row).values(values))
    await blank_messages(conn, [row], FORGOTTEN, now)
