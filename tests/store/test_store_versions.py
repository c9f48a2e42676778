"""A database of each version that was released opens, with all that is in it."""

from __future__ import annotations

import subprocess
import sys
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


MARKS = """
INSERT INTO revision (post, number, title, text, complete, content_hash, seen) VALUES
(2, 1, '', 'Бои за Суджу', true, '', '2026-11-22 12:00:00.000000'),
(3, 1, '', 'Суджа', true, '', '2026-11-22 12:00:00.000000'),
(1, 2, '', 'Суджа', true, '', '2026-11-22 12:00:00.000000'),
(2, 2, '', 'Бои за Рыльск', true, '', '2026-11-22 12:00:00.000000');
UPDATE post SET revision = 2 WHERE row < 3;
INSERT INTO watch (id, name, key, definition, since, searched, until) VALUES
('begun', '', '', '{}', '2026-11-22 12:00:00.000000', 2, 3),
('done', '', '', '{}', '2026-11-22 12:00:00.000000', 3, 3),
('new', '', '', '{}', '2026-11-22 12:00:00.000000', 0, 3);
"""


async def test_a_search_that_was_under_way_goes_on_where_it_was(empty: str | Path) -> None:
    """Its marks were rows of posts, and are rows of wordings now."""
    migrate.upgrade(empty, to="0011")
    with database_at(empty).builder().begin() as conn:
        posts = [ROWS.split(";\n")[2].replace("'7'", f"'{ident}'") for ident in (7, 8, 9)]
        for statement in [*ROWS.split(";\n")[:2], *posts, ROWS.split(";\n")[3], *MARKS.split(";\n")]:
            conn.execute(text(statement)) if statement.strip() else None
    migrate.upgrade(empty)
    async with await Store.open(empty, now=NOW) as store:
        waiting = [(each.id, each.searched, each.until) for each in await store.upkeep.sought()]
        assert waiting == [("begun", 2, 5), ("new", 0, 5)]
        assert [each.post.id for each in (await store.holding(None, 2, 9)).posts] == ["9", "7", "8"]


def test_a_migration_ends_with_whoever_wants_it_and_can_be_repeated(empty: str | Path) -> None:
    """Another transaction would hold it up for ten seconds."""
    migrate.upgrade(empty, to="0002")
    build = database_at(empty).builder()
    with build.begin() as conn:
        for statement in ROWS.split(";\n")[:2]:
            conn.execute(text(statement))
    with build.begin() as held:
        held.execute(text("UPDATE source SET title = 'held'"))
        with subprocess.Popen([sys.executable, "-m", "bot.store.migrate"], stdin=subprocess.PIPE) as child:
            assert child.stdin is not None
            child.stdin.write(f"{empty}\n".encode())
            child.stdin.close()
            assert child.wait(9) == 1
        held.rollback()
    ahead = database_at(empty).ahead()
    assert ahead is not None
    assert (ahead.found, ahead.wordings) == ("0002", 0), "as it was"
    migrate.upgrade(empty)
    assert database_at(empty).ahead() is None
    build.dispose()
