"""Watches: listed with their forms, tried on what is stored, taken as a patch or written where that is allowed."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.service.memory import writing
from tests.fakes.installation import Installation
from tests.review.browser import Browser, Shown, browsing

EMPTY = {"of": "", "kind": "places", "name": "", "in": "", "also": "", "not": "", "near": "", "within": "12"}
WATCHLIST = """\
# ours
places:
  - name: Суджа   # town
    id: sudzha
    also: [Суджанка]
  - {name: Бердин, id: berdin}
"""


@asynccontextmanager
async def desk(installed: Installation, *, write_config: bool = False) -> AsyncIterator[Browser]:
    async with (
        writing(installed.config) as store,
        browsing(store, installed.config, installed.clock, write_config=write_config) as made,
    ):
        yield made


@pytest.fixture
async def told(installed: Installation) -> Installation:
    (installed.folder / "config/watchlists/kursk.yaml").write_text(WATCHLIST, "utf-8")
    await installed.once()
    installed.write("Сообщил Николай Бердин. Бои под Суджей и Суджанкой")
    installed.write("У Бердина обстрел, в Рыльске тихо, FPV над дорогой")
    await installed.once()
    return installed


async def attempt(browser: Browser, **fields: str) -> Shown:
    return await browser.send("/watches/try", await browser.get("/watches/try"), **(EMPTY | fields))


async def test_watches_are_listed_with_their_forms_and_state(told: Installation) -> None:
    async with desk(told) as browser:
        page = await browser.get("/watches")
        assert (">2 watches<" in page.text, ">суджей</span>" in page.text) == (True, True)
        await browser.send("/mute", await browser.get("/places/berdin"), place="berdin", hours="24")
        found = await browser.get("/watches?q=berdin")
        assert (">1 watch<" in found.text, ">muted<" in found.text, 'aria-label="Суджа"' in found.text) == (
            True,
            True,
            False,
        )
        assert "Nothing is watched by this name" in (await browser.get("/watches?q=atlantis")).text


async def test_a_new_place_is_tried_before_it_counts(told: Installation) -> None:
    async with desk(told) as browser:
        tried = await attempt(browser, name="Рыльск", **{"in": "Курская область"})
        assert "1 gained, 0 lost" in tried.text
        assert "<mark>Рыльске</mark>" in tried.text
        assert "- {name: Рыльск, in: Курская область}" in html.unescape(tried.text)
        assert "Рыльск" not in (await browser.get("/watches")).text
        for wrong, words in (
            ({"name": "Суджа", "id": "sudzha"}, "is watched already"),
            ({"name": ""}, "name: "),
            ({"name": "Рыльск", "near": "бои", "within": "900"}, "within: "),
        ):
            refused = await attempt(browser, **wrong)
            assert (refused.status, words in refused.text) == (400, True), wrong


async def test_words_are_tried_too(told: Installation) -> None:
    async with desk(told) as browser:
        page = await browser.get("/watches/try?kind=terms")
        words = {"of": "", "kind": "terms", "name": "FPV", "any": ""}
        tried = await browser.send("/watches/try", page, **words, query="fpv NEAR/5 дорога")
        assert "1 gained, 0 lost" in tried.text
        bad = await browser.send("/watches/try", page, **words, query="(fpv")
        assert (bad.status, "query: " in bad.text) == (400, True)


async def test_a_change_is_tried_taken_as_a_patch_and_applied(told: Installation) -> None:
    async with desk(told) as browser:
        page = await browser.get("/watches/try?id=sudzha")
        assert '<textarea name="also" rows="2">Суджанка</textarea>' in page.text
        tried = await browser.send("/watches/try", page, **(EMPTY | {"of": "sudzha", "name": "Суджа"}))
        assert "0 gained, 1 lost" in tried.text
        taken = await browser.send("/watches/patch.yaml", page, **(EMPTY | {"of": "sudzha", "name": "Суджа"}))
        assert taken.text == "watch: sudzha\nset: {also: []}\n"
        refused = await browser.send("/watches/save", page, **(EMPTY | {"of": "sudzha", "name": "Суджа"}))
        assert (refused.status, "write_config" in refused.text) == (403, True)
        fresh = await browser.send("/watches/patch.yaml", page, **(EMPTY | {"name": "Рыльск"}))
    for text in (taken.text, fresh.text):
        assert (await told.run("watch", "apply", "-", given=text)).status == 0
    assert (await told.run("watch", "apply", "-", given=fresh.text)).status == 2
    lists = told.folder / "config/watchlists"
    assert (lists / "kursk.yaml").read_text("utf-8") == WATCHLIST.replace("[Суджанка]", "[]")
    assert (lists / "added.yaml").read_text("utf-8").endswith("places:\n  - {name: Рыльск}\n")


async def test_the_page_writes_only_where_it_may(told: Installation) -> None:
    async with desk(told, write_config=True) as browser:
        page = await browser.get("/watches/try?id=berdin")
        near = EMPTY | {"of": "berdin", "name": "Бердин", "near": "обстрел", "within": "3"}
        saved = await browser.send("/watches/save", page, **near)
        assert (saved.address.rpartition("/")[2], "Written into the watchlist" in saved.text) == (
            "watches?said=written",
            True,
        )
        await browser.send("/watches/save", page, **(EMPTY | {"name": "Рыльск", "id": "rylsk"}))
        gone = await browser.send("/watches/save", page, **(EMPTY | {"of": "nowhere", "name": "x"}))
    assert gone.status == 404
    text = (told.folder / "config/watchlists/kursk.yaml").read_text("utf-8")
    assert "{name: Бердин, id: berdin, near: {any: [обстрел], within: 3}}" in text
    assert {watch.id for watch in told.config.watches} == {"sudzha", "berdin", "rylsk"}


async def test_a_watch_keeps_its_id_under_another_name(told: Installation) -> None:
    unnamed = WATCHLIST.replace("    id: sudzha\n", "").replace(", id: berdin", "")
    (told.folder / "config/watchlists/kursk.yaml").write_text(unnamed, "utf-8")
    async with desk(told, write_config=True) as browser:
        page = await browser.get("/watches/try?id=berdin")
        fields = EMPTY | {"of": "berdin", "name": "Бердино", "not": "Николай Бердин"}
        assert (await browser.send("/watches/save", page, **fields)).status == 200
    assert {watch.id: watch.name for watch in told.config.watches} == {"sudzha": "Суджа", "berdin": "Бердино"}
