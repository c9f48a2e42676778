"""Retention and copies, as `once` and `run` see to them; the test steps the clock."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import BackupSettings, KeepSettings
from bot.service.backups import LastBackup, is_due
from bot.service.doctor import examine
from bot.service.upkeep import rest
from bot.store import Store
from tests.fakes.clock import START
from tests.fakes.installation import FRONT, Installation

DAY = timedelta(days=1)


def setting(installed: Installation, text: str) -> None:
    file = installed.folder / "config/bot.yaml"
    file.write_text(file.read_text(encoding="utf-8") + text + "\n", encoding="utf-8")


async def doctor(installed: Installation, subject: str) -> str:
    (finding,) = [each for each in await examine(installed.config) if each.subject == subject]
    return f"{finding.verdict} {finding.text}"


async def texts(installed: Installation) -> list[str]:
    async with installed.store() as store:
        return [row.text for row in await store.search("тихо")]


async def test_old_words_go_and_what_is_read_again_is_neither_new_nor_told(installed: Installation) -> None:
    setting(installed, "keep: {unmatched: 2d, posts: 10d}")
    await installed.once()
    installed.write("Под Суджей тихо.")
    installed.write("В лесу тихо.")
    await installed.once()
    told = installed.told
    seen = []
    for days in (1, 2, 9):
        installed.clock.moment += days * DAY
        await installed.once()
        seen.append(await texts(installed))
    assert seen == [["В лесу тихо.", "Под Суджей тихо."], ["Под Суджей тихо."], []]
    assert installed.told == told
    (hit,) = await installed.hits()
    assert (hit.post, hit.text, hit.state) == (f"{FRONT}/1", "", "expired")
    assert (await installed.once()).new == 0
    assert "2 of 2 posts are so old that their words were removed" in await doctor(installed, "keep")
    async with installed.store() as store:
        assert "removed by age" in (await store.trace(f"{FRONT}/2"))[-1].text


def test_posts_are_gone_through_once_a_day_or_more_often() -> None:
    assert rest(KeepSettings()) == DAY
    assert rest(KeepSettings(unmatched=timedelta(hours=24))) == timedelta(hours=1)
    assert rest(KeepSettings(unmatched=timedelta(seconds=5))) == timedelta(minutes=1)


def backups(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.backup"))


async def test_copies_are_made_by_the_clock_verified_and_the_oldest_removed(installed: Installation) -> None:
    folder = installed.folder / "copies"
    installed.clock.moment = installed.clock.moment.replace(hour=12)
    setting(installed, f"backup: {{folder: '{folder}', cron: '0 3 * * *', keep: 2}}")
    installed.write("Под Суджей тихо.")
    await installed.once()
    (first,) = backups(folder)
    await installed.once()
    assert backups(folder) == [first]
    for _ in range(2):
        installed.clock.moment += DAY
        await installed.once()
    assert len(backups(folder)) == 2
    assert first not in backups(folder)
    assert [(await Store.verify(file)).posts for file in backups(folder)] == [1, 1]
    assert {file.stat().st_mode & 0o777 for file in backups(folder)} == {0o600}
    assert f"ok the last copy is {backups(folder)[-1]}" in await doctor(installed, "backup")


async def test_a_copy_that_fails_is_told_once_and_shown_until_one_succeeds(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = installed.folder / "copies"
    folder.write_text("a file is in the way", encoding="utf-8")
    setting(installed, f"backup: {{folder: '{folder}'}}")
    told = []
    for _ in range(3):
        installed.clock.moment += timedelta(hours=1)
        assert not (await installed.once()).failed
        told.append(capsys.readouterr().out.count("backup failed"))
    assert told == [1, 0, 0]
    assert (await doctor(installed, "backup")).startswith("bad failed")
    folder.unlink()
    installed.clock.moment += timedelta(hours=1)
    await installed.once()
    assert len(backups(folder)) == 1
    assert (await doctor(installed, "backup")).startswith("ok ")


def test_a_copy_is_due_at_its_slots_and_a_while_after_a_failure() -> None:
    settings = BackupSettings(folder=Path("x"), cron="0 3 * * *")
    made = LastBackup(tried=START.isoformat(), made=START.isoformat())
    failed = LastBackup(tried=START.isoformat(), fault="no room")
    assert is_due(settings, None, START)
    assert [is_due(settings, made, START + timedelta(hours=hours)) for hours in (0, 17, 18)] == [False, False, True]
    assert [is_due(settings, failed, START + timedelta(minutes=minutes)) for minutes in (14, 15)] == [False, True]
