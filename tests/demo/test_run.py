"""The whole demonstration, as the command runs it, in half its time."""

from __future__ import annotations

import io

import pytest

from bot.demo.run import run_demo


@pytest.mark.slow
async def test_the_morning_passes(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    out = io.StringIO()
    await run_demo(out, seconds=10)
    page = out.getvalue()
    digests, _, last = page.partition("\nREAD  ")
    assert digests.count("digest 6 Jan") == 3
    assert digests.count("https://t.me/kursk_front_demo/2102\n") == 1
    assert last.startswith("64 posts from 4 feeds and 6 channels; 8 older than the watch, 2 edits.")
    for heading in ("FOUND", "GROUPED", "LEFT OUT", "SOURCES IN TROUBLE"):
        assert f"\n{heading}" in last
    assert "Полевой вестник: http_503" in last
