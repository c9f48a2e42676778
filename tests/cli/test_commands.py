"""init, check and the commands that look: exit statuses, the keys of the contract, messages that say what to do."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.fakes.installation import FRONT, Installation

CONFIG = Path(__file__).parents[2] / "config"
KEPT = {"id", "post", "source", "url", "watch", "start", "end", "text", "confidence", "why", "state", "story", "late"}
HIT = KEPT | {"verdict", "meant"}


def test_the_shipped_configuration_is_accepted(placewire: Command) -> None:
    ended = placewire("--config", CONFIG, "check", "--offline")
    assert ended.status == 0, ended.err
    assert "no faults" in ended.out
    assert "the preview: 22 channels, 0.28 requests a second of 1.00\n  read every 90s: " in ended.out


def test_a_session_file_that_holds_none_is_told_without_asking_anybody(placewire: Command, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    session = tmp_path / "r.session"
    session.write_text("garbage", encoding="ascii")
    session.chmod(0o600)
    reader = f"{{name: main, api_id: 1, api_hash_file: {session}, session_file: {session}}}"
    (tmp_path / "config/bot.yaml").write_text(f"telegram: {{readers: [{reader}]}}\n", encoding="utf-8")
    told = placewire("--config", tmp_path / "config", "check", "--offline").err
    assert "warning: reader main: the session file holds no Telethon session; write a new one" in told


def test_init_writes_what_check_accepts_and_overwrites_nothing(placewire: Command, tmp_path: Path) -> None:
    assert placewire("init", tmp_path / "mine").status == 0
    assert placewire("--config", tmp_path / "mine", "check", "--offline").status == 0
    again = placewire("init", tmp_path / "mine")
    assert again.status in {1, 2}
    assert "mine" in again.err


def plant(file: Path, pattern: str, replacement: str) -> int:
    """Replace the first match; gives its line."""
    text = file.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    assert found, pattern
    file.write_text(text[: found.start()] + replacement + text[found.end() :], encoding="utf-8")
    return text.count("\n", 0, found.start()) + 1


def test_five_planted_mistakes_yield_five_messages_with_their_lines(placewire: Command, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    planted = {
        ("sources.yaml", plant(folder / "sources.yaml", r"poll: 30m", "poll: ten minutes")),
        ("sources.yaml", plant(folder / "sources.yaml", r"side: ru\b", "side: rru")),
        ("kursk.yaml", plant(folder / "watchlists/kursk.yaml", r"names:", "naems:")),
        ("routes.yaml", plant(folder / "routes.yaml", r"language: en", "language: klingon")),
        ("routes.yaml", plant(folder / "routes.yaml", r'cron: "[^"]*"', 'cron: "61 9 * * *"')),
    }
    ended = placewire("--config", folder, "check", "--offline")
    faults = [line for line in ended.err.splitlines() if not line.startswith("warning")]
    assert ended.status == 2
    assert len(faults) == 5, faults
    named = {(Path(line.split(":")[0]).name, int(line.split(":")[1])) for line in faults}
    assert named == planted


@pytest.mark.parametrize("command", ["hits", "stories", "sources", "outbox", "doctor", "once"])
def test_without_a_configuration_every_command_says_how_to_get_one(
    placewire: Command, tmp_path: Path, command: str
) -> None:
    ended = placewire("--config", tmp_path / "none", command)
    assert ended.status == 2
    assert "init" in ended.err


@pytest.mark.parametrize("command", ["hits", "stories", "sources", "outbox"])
def test_without_a_database_looking_makes_none(
    placewire: Command, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    placewire("init", "config")
    ended = placewire(command, "--json")
    assert ended.status == 1
    assert "once" in ended.err or "run" in ended.err
    assert not (tmp_path / "data").exists()


async def test_rows_have_the_keys_of_the_contract(placewire: Command, installed: Installation) -> None:
    installed.write("Бои под Суджей.")
    await installed.once()
    installed.write("У Бердина тихо.")
    await installed.once()
    hits = (await asyncio.to_thread(placewire, "--config", installed.folder / "config", "hits", "--json")).lines
    assert all(set(row) >= HIT for row in hits)
    assert [row["url"] for row in hits] == [f"https://t.me/{FRONT}/{number}" for number in (1, 2)]
    assert [row["post"] for row in hits] == [f"{FRONT}/1", f"{FRONT}/2"]
    for command in ("stories", "sources", "outbox"):
        ended = await asyncio.to_thread(placewire, "--config", installed.folder / "config", command, "--json")
        assert ended.status == 0
        assert ended.lines
        table = await asyncio.to_thread(placewire, "--config", installed.folder / "config", command)
        assert str(ended.lines[0]["id"]) in table.out
    doctor = await asyncio.to_thread(placewire, "--config", installed.folder / "config", "doctor")
    assert "route all" in doctor.out
    assert "schema 00" in doctor.out
    assert "made a digest of 1 story" in doctor.out


async def test_poll_prints_the_posts_of_the_contract(placewire: Command, installed: Installation) -> None:
    installed.titles["7"] = "Fighting near Sudzha"
    installed.write("Бои под Суджей.")
    ended = await asyncio.to_thread(
        placewire,
        "--config",
        installed.folder / "config",
        "poll",
        f"{installed.url}/wire.xml",
        f"@{FRONT}",
        f"{installed.url}/none",
    )
    assert ended.status == 1
    assert [(row["source"], row["id"]) for row in ended.lines] == [("wire", "7"), (FRONT, "1")]
    keys = "source id url title text published edited author forwarded_from album complete"
    assert all(set(row) == set(keys.split()) for row in ended.lines)
    assert ended.lines[1]["url"] == f"https://t.me/{FRONT}/1"
    assert f"{installed.url}/none: not_a_feed" in ended.err


async def test_a_copy_of_the_database_is_complete(placewire: Command, installed: Installation) -> None:
    installed.write("Бои под Суджей.")
    await installed.once()
    copy = installed.folder / "copy.db"
    ended = await asyncio.to_thread(placewire, "--config", installed.folder / "config", "db", "backup", copy)
    assert ended.status == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    again = await asyncio.to_thread(placewire, "--config", installed.folder / "config", "db", "backup", copy)
    assert again.status == 1
    assert str(copy) in again.err


@pytest.mark.parametrize("behind", [("--config", "ops"), ("--config=ops",)])
def test_the_folder_behind_the_command_is_told_where_it_belongs(placewire: Command, behind: tuple[str, ...]) -> None:
    ended = placewire("check", "--offline", *behind)
    assert ended.status == 2
    assert ended.err == "--config: stands behind the command; write placewire --config DIR check\n"
