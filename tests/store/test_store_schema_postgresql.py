from __future__ import annotations

import asyncio

from sqlalchemy import text

from bot.store import Store, migrate, schema
from tests.fakes.postgresql import Server, connect
from tests.store.world import NOW

CATALOGUE = """
SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, collation_name)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def dump(address: str) -> list[str]:
    with connect(address) as conn:
        return sorted(str(row) for row in conn.execute(text(CATALOGUE)).scalars())


def test_the_tables_equal_what_the_migrations_make(server: Server) -> None:
    made, migrated = server.make("placewire_test_made"), server.make("placewire_test_migrated")
    asyncio.run(opened(made))
    migrate.upgrade(migrated)
    assert dump(made) == dump(migrated)
    assert len(dump(made)) > 100
    for name in ("made", "migrated"):
        server.drop(f"placewire_test_{name}")


async def opened(address: str) -> str:
    async with await Store.open(address, now=NOW) as store:
        return await store.remembered("instance") or ""


async def test_many_that_open_at_once_make_one_database(server: Server) -> None:
    address = server.make("placewire_test_once")
    assert len(set(await asyncio.gather(*(opened(address) for _ in range(4))))) == 1
    async with await Store.open(address, now=NOW) as store:
        counts = await store.counts()
        assert counts.engine.startswith("PostgreSQL ")
        assert counts.schema == schema.HEAD
        assert counts.posts == 0
        assert counts.size > 1_000_000
    server.drop("placewire_test_once")
