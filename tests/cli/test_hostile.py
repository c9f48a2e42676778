"""Hostile strings on a terminal and in JSON lines: nothing moves the cursor, turns a line round or breaks one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.context import UNSAFE
from bot.store import Store
from tests.review.hostile import fill, strings
from tests.store.world import NOW

COMMANDS = (
    *(["hits"], ["stories"], ["outbox"], ["sources"], ["audit"], ["search", "Суджа"], ["trace", "s1"]),
    ["export", "--format", "csv"],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("config")
    (made / "bot.yaml").write_text(f"database: sqlite:///{made}/x.db\n", encoding="utf-8")

    async def filled() -> None:
        async with await Store.open(made / "x.db", now=NOW) as store:
            await fill(store)

    asyncio.run(filled())
    return made


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_strangers_wrote_stays_words_on_a_terminal(folder: Path, command: list[str]) -> None:
    shown = CliRunner().invoke(app, ["--config", str(folder), *command])
    assert shown.exit_code == 0, shown.output
    assert len(shown.output) > 100
    if command[0] != "export":
        assert {hex(ord(char)) for char in shown.output if ord(char) in UNSAFE} == set()


@pytest.mark.parametrize("command", COMMANDS[:6], ids=" ".join)
def test_each_line_of_json_is_one_object(folder: Path, command: list[str]) -> None:
    shown = CliRunner().invoke(app, ["--config", str(folder), *command, "--json"])
    rows = [json.loads(line) for line in shown.output.split("\n") if line]
    assert all(isinstance(row, dict) for row in rows)
    if command == ["hits"]:
        assert len(rows) == len(strings())
