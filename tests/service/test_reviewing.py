"""The page alone: what is written into the configuration is seen there too."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.service.live import Files, Watched
from bot.service.reviewing import look
from tests.fakes.installation import Installation, stop
from tests.review.browser import Browser, free_port


async def test_files_with_faults_leave_the_page_as_it_is(installed: Installation) -> None:
    files = Files(lambda: installed.config, Watched(installed.folder / "config"))
    listed = installed.folder / "config/watchlists/kursk.yaml"
    for text, ids in (("places: [", ["sudzha", "berdin"]), ("places: [{name: Рыльск}]", ["rylsk"])):
        listed.write_text(text, "utf-8")
        for _ in range(3):
            await look(files)
        assert [watch.id for watch in files.config.watches] == ids


async def test_a_place_that_was_added_is_shown_without_a_new_start(installed: Installation) -> None:
    await installed.once()
    bot, port = installed.folder / "config/bot.yaml", free_port()
    bot.write_text(bot.read_text("utf-8").replace("port: 1", f"port: {port}"), "utf-8")
    process, browser = await installed.start("review"), Browser(port)
    try:
        await _shown(browser, "/places/sudzha")
        (installed.folder / "config/watchlists/more.yaml").write_text("places: [{name: Рыльск, id: rylsk}]", "utf-8")
        await _shown(browser, "/places/rylsk")
    finally:
        assert await stop(process) == 0


async def _shown(browser: Browser, path: str) -> None:
    for _ in range(600):
        with suppress(OSError):
            if (await browser.get(path)).status == 200:
                return
        await asyncio.sleep(0.1)
    pytest.fail(f"{path} did not come")
