"""What is kept of the database as a whole, each text under its name: secret and instance, marks of steps, sessions."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.sql import insert
from bot.store.tables import meta

KEYS = "keys"


async def read(conn: AsyncConnection, name: str) -> str | None:
    """The text under this name; None if there is none."""
    text: str | None = (await conn.execute(select(meta.c.value).where(meta.c.name == name))).scalar()
    return text


async def secret(conn: AsyncConnection) -> bytes:
    """32 random bytes, made once with the database: the key of all fingerprints."""
    return bytes.fromhex((await conn.execute(select(meta.c.value).where(meta.c.name == "secret"))).scalar_one())


async def keys(conn: AsyncConnection) -> bytes:
    """The key of all idempotency keys: the secret, and since a restore another one."""
    newer = await read(conn, KEYS)
    return bytes.fromhex(newer) if newer else await secret(conn)


async def write(conn: AsyncConnection, name: str, text: str) -> None:
    """Keep it, in place of what was kept before."""
    statement = insert(conn, meta).values(name=name, value=text)
    await conn.execute(statement.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": text}))


async def remove(conn: AsyncConnection, *names: str) -> None:
    await conn.execute(meta.delete().where(meta.c.name.in_(names)))
