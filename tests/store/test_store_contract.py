"""One face on two engines: every method answers alike on either, and leaves the same in every table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.store import Counts, Store, engine
from bot.store.tables import meta, metadata, revision
from tests.store.life import LIFE
from tests.store.methods import READS, WRITES, Call, filled

OWN = {"sizes"}
"""What no two databases have in common."""
ROWS = {
    table.name: select(*(each for each in table.c if each is not revision.c.folded)).order_by(*table.primary_key)
    for table in metadata.sorted_tables
}
"""All there is, but for what is of one database alone."""
ROWS["meta"] = ROWS["meta"].where(meta.c.name != "instance")


class Both:
    """A store on each engine, and beside it a connection that sees what it leaves."""

    def __init__(self, stores: list[Store], connections: list[Connection]) -> None:
        self.stores = stores
        self._connections = connections

    async def answer_alike(self, name: str, method: Call) -> None:
        ours, theirs = [_alike(await method(store)) for store in self.stores]
        assert ours == theirs, name

    async def left(self) -> Mapping[str, Any]:
        """Every row of every table, the same in both, as Python reads it: moments in UTC, bytes, structures."""
        ours, theirs = [_tables(each) for each in self._connections]
        for name in ROWS:
            assert ours[name] == theirs[name], name
        return ours


def _alike(found: Any) -> Any:
    if isinstance(found, Counts):
        return replace(found, engine="", journal="", size=0, log_size=0)
    return found


def _tables(conn: Connection) -> Mapping[str, Any]:
    found = {name: conn.execute(rows).all() for name, rows in ROWS.items()}
    conn.rollback()  # the next look is at a later moment
    return found


@pytest.fixture
def pair(both: list[Store], shared: tuple[str, Connection]) -> Iterator[Both]:
    with engine.builder(both[0].path).connect() as conn:
        yield Both(both, [conn, shared[1]])


async def idle(pair: Both, cases: Iterable[tuple[str, Call]]) -> list[str]:
    """Each case in turn, on both; gives those that left everything as it was."""
    before, found = await pair.left(), []
    for number, (name, method) in enumerate(cases):
        await pair.answer_alike(name, method)
        after = await pair.left()
        if after == before:
            found.append(f"{number}: {name}")
        before = after
    return found


async def test_every_method_answers_alike_and_leaves_the_same_on_both_engines(pair: Both) -> None:
    for store in pair.stores:
        await filled(store)
    for name in sorted(READS.keys() - OWN):
        await pair.answer_alike(name, READS[name])
    await idle(pair, WRITES.items())


async def test_whatever_a_store_writes_is_the_same_on_both_engines(pair: Both) -> None:
    assert {name for name, _ in LIFE} == set(WRITES) - {"upkeep.try_turn"}, "which never changes anything"
    assert await idle(pair, LIFE) == []
    for name in sorted(READS.keys() - OWN):
        await pair.answer_alike(name, READS[name])


def test_the_documentation_counts_the_methods_and_the_cases() -> None:
    page = Path("docs/store.md").read_text(encoding="utf-8")
    told = re.search(r"\((\d+) that read, (\d+) that write, in (\d+) cases\)", page)
    assert told
    assert tuple(map(int, told.groups())) == (len(READS), len(WRITES), len(READS) + len(WRITES) + len(LIFE))
