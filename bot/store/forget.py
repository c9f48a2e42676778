"""Forgetting a post for good: no word of it stays, and it never comes back.

In: a post's key and the reason. Out: a row without words, a keyed fingerprint and a line for the audit. Invariant: what
is forgotten is forgotten again in a database that was restored from an earlier copy, and stays known to deduplication.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import Message, Outcome, Reason
from bot.store import driver
from bot.store.codec import dump
from bot.store.outbox import FORGOTTEN
from bot.store.sql import gather
from bot.store.tables import decision, forgotten, hit, meta, outbox, post, revision, sketch, source, story_post
from bot.store.words import indexed

_SECURE_INDEX = (3, 42, 0)


async def forget(conn: AsyncConnection, key: str, reason: str, now: datetime) -> bytes | None:
    """The fingerprint of the post, or None if it was forgotten before. Raises `StoreError` for an unknown key."""
    name, _, ident = key.partition("/")
    query = select(post.c.row, post.c.forgotten).join(source, source.c.row == post.c.source)
    found = (await conn.execute(query.where(source.c.name == name, post.c.ident == ident))).one_or_none()
    if found is None:
        raise StoreError(key, "no post has this id", "`search` and `hits` print the ids there are")
    if found.forgotten is not None:
        return None
    print_ = fingerprint(await _secret(conn), key)
    await conn.execute(forgotten.insert().values(fingerprint=print_, post=found.row, at=now, reason=reason))
    await _blank(conn, found.row, print_, now)
    return print_


async def replay(conn: AsyncConnection, lines: Sequence[str], now: datetime) -> int:
    """Forget again what the record says and this database does not: it was restored. Gives the number of posts."""
    records = {bytes.fromhex(record["fingerprint"]): record for record in map(json.loads, lines)}
    known = set((await conn.execute(select(forgotten.c.fingerprint))).scalars())
    missing = set(records) - known
    if not missing:
        return 0
    secret, done = await _secret(conn), 0
    query = select(source.c.name, post.c.ident).join(source, source.c.row == post.c.source)
    for name, ident in (await conn.execute(query.where(post.c.forgotten.is_(None)))).all():
        print_ = fingerprint(secret, f"{name}/{ident}")
        if print_ in missing:
            await forget(conn, f"{name}/{ident}", records[print_]["reason"], now)
            done += 1
            missing.remove(print_)
    for print_ in missing:
        at = datetime.fromisoformat(records[print_]["at"])
        await conn.execute(forgotten.insert().values(fingerprint=print_, at=at, reason=records[print_]["reason"]))
    return done


def fingerprint(secret: bytes, key: str) -> bytes:
    """Tells a post to whoever has the database's secret, and nothing to others."""
    return hmac.digest(secret, b"forgotten\x00" + key.encode(errors="surrogatepass"), "sha256")


def record_file(path: Path) -> Path:
    """Beside the database, so that replacing the database leaves it."""
    return path.with_name(f"{path.name}.forgotten")


def recorded(path: Path) -> list[str]:
    try:
        return record_file(path).read_text().splitlines()
    except FileNotFoundError:
        return []


def record(path: Path, print_: bytes, reason: str, now: datetime) -> None:
    """Append a line, durably."""
    line = json.dumps({"at": now.isoformat(), "fingerprint": print_.hex(), "reason": reason}, ensure_ascii=False)
    descriptor = os.open(record_file(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode(errors="replace"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _secret(conn: AsyncConnection) -> bytes:
    return bytes.fromhex((await conn.execute(select(meta.c.value).where(meta.c.name == "secret"))).scalar_one())


async def _blank(conn: AsyncConnection, row: int, print_: bytes, now: datetime) -> None:
    await _unindex(conn, row)
    empty = {"title": "", "text": "", "folded": None, "content_hash": print_}
    await conn.execute(update(revision).where(revision.c.post == row).values(empty))
    await conn.execute(update(hit).where(hit.c.post == row).values(text="", form=""))
    await conn.execute(delete(sketch).where(sketch.c.post == row))
    values = {"forgotten": now, "author": None, "ungrouped": False, "matched": post.c.revision}
    await conn.execute(update(post).where(post.c.row == row).values(values))
    await _blank_messages(conn, row)


async def _unindex(conn: AsyncConnection, row: int) -> None:
    """FTS5 forgets only what it is told it was given; PostgreSQL sees the change by itself."""
    if conn.dialect.name != "sqlite":
        return
    secure = driver.VERSION >= _SECURE_INDEX
    if secure:
        await conn.execute(text("INSERT INTO search (search, rank) VALUES ('secure-delete', 1)"))
    for each in (await conn.execute(select(revision).where(revision.c.post == row))).all():
        given = {"row": each.row, "words": indexed(f"{each.title}\n{each.text}")}
        await conn.execute(text("INSERT INTO search (search, rowid, words) VALUES ('delete', :row, :words)"), given)
    # Merging throws out what is only marked as deleted; with the option above nothing is.
    await conn.execute(text("INSERT INTO search (search) VALUES ('optimize')")) if not secure else None


async def _blank_messages(conn: AsyncConnection, row: int) -> None:
    """The frozen copies of messages that told the post's story; those not sent yet are parked."""
    stories = (await conn.execute(select(story_post.c.story).where(story_post.c.post == row))).scalars().all()
    told = await gather(
        conn, select(decision.c.digest).where(decision.c.reason == Reason.TOLD.name), decision.c.story, stories
    )
    for digest in {each.digest for each in told if each.digest is not None}:
        mine = outbox.c.digest == digest
        for each in (await conn.execute(select(outbox).where(mine))).all():
            kept = {name: each.payload[name] for name in ("part", "parts") if name in each.payload}
            values = {"payload": dump(Message(text="")) | {"text": ""} | kept}
            if each.outcome != Outcome.SENT:
                values |= {"outcome": Outcome.PARKED, "reason": FORGOTTEN}
            await conn.execute(update(outbox).where(outbox.c.row == each.row).values(values))
