"""`export` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from bot.config import load
from tests.cli.conftest import Command
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
        "h7: nothing has this id; `hits`, `stories`, `search`, `outbox` and `sources` print the ids there are\n",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    (made / "sources.yaml").write_text("# ours\nfeeds:\n  - {name: isw, url: https://isw.example/}\n", encoding="utf-8")
    return made


def test_sources_come_in_as_proposals_and_go_out_as_opml(placewire: Command, folder: Path, tmp_path: Path) -> None:
    given = tmp_path / "mine.txt"
    given.write_text(
        "@rybar Рыбарь\nhttps://isw.example/\nhttps://t.me/+secret\nhttps://news.example/feed News\n", "utf-8"
    )
    before = (folder / "sources.yaml").read_text(encoding="utf-8")
    shown = placewire("--config", folder, "opml", "import", given)
    assert shown.out == (
        'feeds:\n  - {name: news, url: "https://news.example/feed", title: News}\n'
        "channels:\n  - {name: rybar, title: Рыбарь}\n"
    )
    assert (shown.status, shown.err.splitlines()[-1]) == (1, "2 new, 1 read already, 1 left out")
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == before
    written = placewire("--config", folder, "opml", "import", given, "--only", "2", "--write", "--json")
    assert [line["name"] for line in written.lines] == ["news"]
    assert [each.name for each in load(folder, {}).sources] == ["isw", "news"]
    assert (folder / "sources.yaml").read_text(encoding="utf-8").startswith(before)
    opml = tmp_path / "out.opml"
    assert placewire("--config", folder, "opml", "export", "--output", opml).status == 0
    again = placewire("--config", folder, "opml", "import", opml)
    assert (again.status, again.out, again.err) == (0, "", "0 new, 2 read already, 0 left out\n")


def test_a_file_that_is_no_list_changes_nothing(placewire: Command, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.opml").write_bytes(b"<html/>")
    for name in ("bad.opml", "none.opml"):
        refused = placewire("--config", folder, "opml", "import", tmp_path / name, "--write")
        assert (refused.status, refused.out, "; " in refused.err) == (1, "", True)


def test_what_would_not_load_is_not_written_and_no_password_shown(
    placewire: Command, folder: Path, tmp_path: Path
) -> None:
    given = tmp_path / "mine.opml"
    outlines = "".join(
        f'<outline text="x" xmlUrl="{address}"/>'
        for address in (
            "https://anna:hush@a.example/",
            "https://anna@b.example/",
            "https://c.example:99999/",
            "https://d.example/",
        )
    )
    given.write_text(f"<opml><body>{outlines}</body></opml>", "utf-8")
    done = placewire("--config", folder, "opml", "import", given, "--write")
    assert (done.status, "hush" in done.out + done.err) == (1, False)
    assert "holds a password or a user name; write https://a.example/, and headers" in done.err
    assert [each.address for each in load(folder, {}).sources] == ["https://isw.example/", "https://d.example/"]


def test_a_list_that_was_cut_off_is_said(placewire: Command, folder: Path, tmp_path: Path) -> None:
    given = tmp_path / "half.opml"
    given.write_text('<opml><body><outline text="x" xmlUrl="https://d.example/"/>\n<outline te', "utf-8")
    done = placewire("--config", folder, "opml", "import", given)
    assert (done.status, "1 new" in done.err, "is damaged, sources may be missing" in done.err) == (1, True, True)
