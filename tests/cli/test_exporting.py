"""`export` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.fakes.installation import FRONT, Installation


async def test_hits_leave_as_files_and_streams(installed: Installation, tmp_path: Path) -> None:
    await installed.once()
    installed.write("=1+1: бои под Суджей и у Бердина")
    await installed.once()
    done = await installed.run("export", "--format", "csv", "--place", "sudzha")
    assert (done.status, done.err) == (0, "1 hit exported\n")
    (found,) = csv.DictReader(io.StringIO(done.out))
    assert (found["source"], found["watch"], found["body"]) == (FRONT, "sudzha", "'=1+1: бои под Суджей и у Бердина")
    to = tmp_path / "hits.jsonl"
    done = await installed.run("export", "--format", "jsonl", "--state", "live", "--output", str(to))
    assert (done.status, done.out) == (0, "")
    assert [json.loads(line)["watch"] for line in to.read_text(encoding="utf-8").splitlines()] == ["sudzha", "berdin"]
    done = await installed.run("export", "--hit", "h1", "--output", str(tmp_path / "h1.zip"))
    assert (done.status, done.out, (tmp_path / "h1.zip").exists()) == (0, "", True)


async def test_what_cannot_be_exported_is_said(installed: Installation) -> None:
    await installed.once()
    for wrong in (("--format", "csv", "--state", "sad"), ("--hit", "h1"), ()):
        refused = await installed.run("export", *wrong)
        assert (refused.status, refused.out) == (2, "")
        assert "; " in refused.err
    unknown = await installed.run("export", "--format", "csv", "--place", "atlantis")
    assert (unknown.status, "atlantis is no watch" in unknown.err) == (0, True)
    missing = await installed.run("export", "--hit", "h7", "--output", "h7")
    assert (missing.status, missing.err) == (
        1,
        "h7: nothing has this id; hits, stories, search and sources print the ids there are\n",
    )
