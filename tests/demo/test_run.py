"""The whole demonstration, as the command runs it but without its pauses, and what can be asked about it afterwards."""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.demo.run import run_demo
from bot.errors import CardNotDrawn, WrongUsage
from bot.model import Reason
from bot.service.memory import looking
from bot.service.routing import explain


@pytest.mark.slow
async def test_the_morning_passes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    out, again = io.StringIO(), io.StringIO()
    await run_demo(out, seconds=0, keep=tmp_path / "kept")
    await run_demo(again, seconds=0)
    page = out.getvalue()
    assert again.getvalue() == page, "every run tells the same"
    for piece in shown_in_the_readme():
        assert piece in page
    digests, _, last = page.partition("\nREAD  ")
    assert digests.count("digest 6 Jan") == 3
    assert digests.count("https://t.me/kursk_front_demo/2102\n") == 1
    assert last.startswith("64 posts from 4 feeds and 6 channels; 8 older than the watch, 2 edits.")
    for heading in ("FOUND", "GROUPED", "LEFT OUT", "SOURCES IN TROUBLE"):
        assert f"\n{heading}" in last
    assert "Полевой вестник: http_503" in last
    await every_decision_is_explained(load(tmp_path / "kept", {}))
    with pytest.raises(WrongUsage, match="not an empty folder"):
        await run_demo(out, keep=tmp_path / "kept")


async def test_that_a_card_cannot_be_drawn_is_said_before_the_morning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    out = io.StringIO()
    with pytest.raises(CardNotDrawn, match="resvg is not installed"):
        await run_demo(out, card=tmp_path / "card.png", keep=tmp_path / "kept")
    assert not out.getvalue()
    assert not (tmp_path / "kept").exists()


def shown_in_the_readme() -> list[str]:
    """Its first example, in the pieces that a line of "…" parts."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    return readme.split("```")[1].strip("\n").split("\n…\n")


EXPLAINED = {
    Reason.TOLD: r"told \(under [\w-]+\) in d\d+",
    Reason.URGENT: r"told at once, as urgent in n\d+\n.*urgent: rang: n\d+: .*"
    r"( in their own words.* (within|since) |: now also )",
    Reason.AGAIN: r"\(readers have it from s\d+",
    Reason.SILENCED: r"by night editor: told in full yesterday",
}
"""What `routes test` says of a story beside the reason, so that a reader can follow it."""


async def every_decision_is_explained(config: Config) -> None:
    """By `routes test` and by `trace`, each with its reason, and with what led to it."""
    (route,) = config.routes
    async with looking(config) as store:
        decided = await store.decisions(route.name)
        gone = {story.row for story in await store.notices.stories(list(decided)) if story.first.stored.deleted}
        traced = {row: "\n".join(event.text for event in await store.trace(f"s{row}")) for row in decided}
    assert set(decided.values()) >= {Reason.TOLD, Reason.SILENCED, Reason.UNSURE, Reason.BASELINE}
    now = datetime(2025, 1, 6, 10, tzinfo=UTC)
    for row, reason in decided.items():
        steps = await explain(config, f"s{row}", None, now)
        said = "\n".join(step.text for step in steps if step.route)
        assert reason.value in said
        assert re.search(EXPLAINED.get(reason, ""), said), said
        assert f"route {route.name}: {reason.value}" in traced[row]
        rang = re.search(r"urgent: did not ring: \w", said)
        assert not re.search(r"told it first; [3-9] of 3", said), "with voices enough another reason is the true one"
        assert rang or row in gone or reason is not Reason.TOLD, said
