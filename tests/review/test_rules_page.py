"""From a rejection to a rule: proposed, tried on what is stored, taken as a patch, or written where that is allowed."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.model import Hit, Origin, Rejection
from bot.review.trying import proposed
from bot.service.memory import writing
from tests.fakes.installation import Installation
from tests.review.browser import Browser, browsing


@asynccontextmanager
async def desk(installed: Installation, **settings: object) -> AsyncIterator[Browser]:
    async with (
        writing(installed.config) as store,
        browsing(store, installed.config, installed.clock, **settings) as made,
    ):
        yield made


@pytest.fixture
async def told(installed: Installation) -> Installation:
    await installed.once()
    installed.write("Сообщил Николай Бердин. Бои под Суджей и Суджанкой")
    installed.write("У Бердина стреляют")
    await installed.once()
    return installed


async def test_a_rejection_becomes_a_rule_that_is_tried_and_written(told: Installation) -> None:
    file = told.folder / "config/watchlists/kursk.yaml"
    file.write_text(
        "# ours\nplaces:\n  - name: Суджа   # town\n    id: sudzha\n  - {name: Бердин, id: berdin} # village\n", "utf-8"
    )
    async with desk(told, write_config=True) as browser:
        page = await browser.get("/")
        done = await browser.send("/decide", page, targets="h1", reason="person")
        assert "Make it a rule" in done.text
        form = await browser.get("/places/berdin/rule?hit=h1&reason=person")
        assert "Николай Бердин</a>" in form.text
        tried = await browser.send("/places/berdin/rule", form, **{"not": "Николай Бердин", "near": "", "in": ""})
        assert "0 gained, 1 lost" in tried.text
        assert '<span class="verdict rejected">rejected</span>' in tried.text
        assert "not: [Николай Бердин]" in html.unescape(tried.text)
        await browser.send("/places/berdin/rule/save", tried, **{"not": "Николай Бердин"})
    assert file.read_text("utf-8").endswith("  - {name: Бердин, id: berdin, not: [Николай Бердин]} # village\n")


async def test_a_rule_that_would_lose_what_people_confirmed_says_so(told: Installation) -> None:
    async with desk(told) as browser:
        page = await browser.get("/")
        await browser.send("/decide", page, targets="front_demo/2", kind="confirm")
        tried = await browser.send("/places/berdin/rule", page, near="обстрел", within="3")
        assert "It would lose 1 hit that a person confirmed." in tried.text
        refused = await browser.send("/places/berdin/rule/save", page, near="обстрел")
        assert (refused.status, "write_config" in refused.text) == (403, True)
        patch = await browser.get("/places/berdin/rule.yaml?near=%D0%B1%D0%BE%D0%B8&within=3")
        assert patch.text == "watch: berdin\nnear: {any: [бои], within: 3}\n"


async def test_words_that_tell_right_hits_from_wrong_ones_are_proposed(told: Installation) -> None:
    told.write("Снаряды легли у Бердина, снова обстрел")
    told.write("Ночью снова обстрел: Бердин, снаряды")
    told.write("Снова концерт: Бердин приехал, снаряды ни при чём")
    await told.once()
    async with desk(told) as browser:
        page = await browser.get("/")
        await browser.send("/decide", page, targets="front_demo/3 front_demo/4", kind="confirm")
        done = await browser.send("/decide", page, targets="front_demo/5", reason="person")
        assert done.status == 200
        form = await browser.get("/places/berdin/rule?hit=h1&reason=word")
        assert 'right hits and no wrong one: <a href="/places/berdin/rule?near=%D0%BE' in form.text
        assert ">обстрел</a>" in form.text, "снова and снаряды stand near the wrong one, too"


async def test_a_region_becomes_a_rule(told: Installation) -> None:
    told.write("Бои под Бердином Сумской области")
    await told.once()
    async with desk(told) as browser:
        page = await browser.get("/places/berdin/rule")
        region = {"in": "Курская область"}
        tried = await browser.send("/places/berdin/rule", page, **region)
        assert "0 gained, 1 lost" in tried.text, "another region stands beside it"
        patch = await browser.get("/places/berdin/rule.yaml?in=%D0%9A%D1%83%D1%80%D1%81%D0%BA%D0%B0%D1%8F")
        assert patch.text == "watch: berdin\nin: Курская\n"


async def test_what_was_missed_becomes_a_form_and_a_test_case(told: Installation) -> None:
    async with desk(told) as browser:
        page = await browser.get("/missed/front_demo/1")
        made = await browser.send("/missed/front_demo/1", page, text="Суджанкой", place="sudzha")
        assert '<textarea name="also" rows="2">Суджанкой</textarea>' in made.text
        assert '"hits": [["Суджа", "Суджанкой", "sure"]]' in html.unescape(made.text)
        tried = await browser.send("/places/sudzha/rule", made, also="Суджанка")
        assert "1 gained, 0 lost" in tried.text
        assert (await browser.get("/missed/front_demo/9")).status == 404


async def test_a_patch_is_applied_on_the_command_line(told: Installation) -> None:
    done = await told.run("watch", "apply", "-", given="watch: sudzha\nalso: [Суджанка]\n")
    assert (done.status, "kursk.yaml: the rule is in it" in done.err) == (0, True)
    assert "also: [Суджанка]" in (told.folder / "config/watchlists/kursk.yaml").read_text("utf-8")
    assert (await told.run("watch", "apply", "nothing.yaml")).status == 2


@pytest.mark.parametrize(
    ("body", "reason", "texts"),
    [
        ("Сказал Николай Бердин вчера", Rejection.PERSON, ("Николай Бердин",)),
        ("на улице Бердин, дом", Rejection.PART, ("улице Бердин",)),
        ("Бердин Арена открыта", Rejection.PART, ("Бердин Арена",)),
        ("Бердин", None, ()),
    ],
)
def test_a_sentence_proposes_the_words_around_the_name(
    body: str, reason: Rejection | None, texts: tuple[str, ...]
) -> None:
    start = body.index("Бердин")
    hit = Hit(watch="x", start=start, end=start + 6, text="Бердин", form="", origin=Origin.BASE, confidence=0.5)
    assert proposed(body, hit, reason) == texts
