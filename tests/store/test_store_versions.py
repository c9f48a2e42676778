"""A database of each version that was released opens, with all that is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import Store, migrate
from bot.store.database import database_at
from bot.store.schema import VERSIONS
from tests.fakes.postgresql import Server
from tests.store.world import NOW

ROWS = """
INSERT INTO meta VALUES ('secret', '00'), ('instance', 'first');
INSERT INTO source (name, kind, address, title, cursor, state, detail, remedy, failures, dropped)
VALUES ('rybar', 'channel', 'https://t.me/rybar', '', '{}', 'ok', '', '', 0, 0);
INSERT INTO post (source, ident, arrival, seen, revision, matched, ungrouped)
VALUES (1, '7', 'live', '2026-11-22 12:00:00.000000', 1, 0, false);
INSERT INTO revision (post, number, title, text, complete, content_hash, seen)
VALUES (1, 1, 'Сводка', 'Бои за Cуджу, с латинской буквой', true, '', '2026-11-22 12:00:00.000000');
"""


@pytest.fixture
def empty(engine: str, path: Path, request: pytest.FixtureRequest) -> Iterator[str | Path]:
    if engine == "sqlite":
        path.parent.mkdir()
        path.touch()
        yield path
        return
    server: Server = request.getfixturevalue("server")
    yield server.make("placewire_test_version")
    server.drop("placewire_test_version")


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_database_of_an_earlier_version_opens_whole(empty: str | Path, version: str) -> None:
    migrate.upgrade(empty, to=version)
    with database_at(empty).builder().begin() as conn:
        for statement in ROWS.split(";\n")[: None if version == "0001" else 2]:
            conn.execute(text(statement)) if statement.strip() else None
    migrate.upgrade(empty)  # here, and not in a child as by `open`: test_store_schema.py has that
    async with await Store.open(empty, now=NOW) as store:
        assert await store.remembered("instance") == "first"
        if version == "0001":
            assert [found.id for found in await store.search("Суджа")] == ["rybar/7"]
            assert [stored.post.title for stored in await store.unmatched(9)] == ["Сводка"]
