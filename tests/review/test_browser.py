"""The page in a real browser: a whole review by keyboard, undo, search, map, a phone, no serious fault of access.

Needs Chromium: of the system (/usr/bin/chromium), or as PLACEWIRE_CHROMIUM names it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from typer.testing import CliRunner

from bot.cli import app
from bot.config import Config, ReviewSettings
from bot.review.users import Role, User, keep
from bot.store import Store
from tests.review.newsdesk import Served, in_a_thread, served
from tests.store.world import NOW

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FOUND = "/search?q=%D0%A1%D1%83%D0%B4%D0%B6%D0%B0"
PAGES = (
    *("/", "/stories", "/stories/{hit}", "/alike/{hit}", FOUND, "/places", "/places/sudzha", "/quality"),
    *("/places/sudzha/rule?hit={hit}", "/missed/{post}"),
    *("/map", "/watches", "/watches/try", "/trace/d1", "/sources", "/deliveries", "/audit", "/nowhere"),
)
LONG = 20_000
"""Milliseconds: a machine that does much else at once is slow."""
expect.set_options(timeout=LONG)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as made:
        yield made


def address(path: str, desk: Served) -> str:
    """The page of a hit that there is, and of its post."""
    with urlopen(f"{desk.address}/api/v1/hits") as answer:
        hit = json.loads(answer.readline())
    return path.format(hit=hit["id"], post=hit["post"])


@pytest.fixture
def context(chrome: Browser, desk: Served) -> Iterator[BrowserContext]:
    made = chrome.new_context(base_url=desk.address, viewport={"width": 1280, "height": 900}, locale="en")
    made.set_default_timeout(LONG)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab; whatever its scripts complain of fails the test."""
    faults: list[str] = []
    made = context.new_page()
    made.on("console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None)
    made.on("pageerror", lambda error: faults.append(str(error)))
    yield made
    assert [fault for fault in faults if "404" not in fault and "409" not in fault] == []


KEPT = """
let made;
Object.defineProperty(window, "uPlot", {
  get: () => made,
  set(plot) { made = new Proxy(plot, { construct(target, given) { return window.plot = new target(...given); } }); },
});
const write = CanvasRenderingContext2D.prototype.fillText;
window.drawn = [];
CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
  drawn.push(text);
  write.call(this, text, ...more);
};
"""
"""Keeps the plot of a page, and what is written into pictures."""


@pytest.mark.parametrize(("language", "month"), [("en", "Nov"), ("uk", "лист")])
def test_a_chart_has_its_last_day_whole_and_its_dates_in_the_readers_language(
    chrome: Browser, desk: Served, language: str, month: str
) -> None:
    with closing(chrome.new_context(base_url=desk.address, locale=language)) as context:
        page = context.new_page()
        page.add_init_script(KEPT)
        page.goto("/places/sudzha")
        page.wait_for_function("window.plot && drawn.length")
        room = page.evaluate("plot.scales.x.max - plot.data[0].at(-1)")
        assert room >= 12 * 3600
        dates = page.evaluate("drawn.filter((text) => !/^[0-9]*$/.test(text))")
        assert any(month in text for text in dates)
        assert not [text for text in dates if "/" in text]
        chart, buttons = (page.locator(each).bounding_box() for each in (".chart", ".title ~ .actions"))
        assert chart
        assert buttons
        assert chart["y"] - buttons["y"] - buttons["height"] >= 8


@pytest.mark.parametrize("width", [1280, 390])
def test_no_head_of_a_table_breaks_inside_a_word(chrome: Browser, desk: Served, width: int) -> None:
    with closing(
        chrome.new_context(base_url=desk.address, locale="uk", viewport={"width": width, "height": 800})
    ) as context:
        page = context.new_page()
        for path in ("/deliveries", "/quality", "/places/sudzha"):
            page.goto(path)
            assert page.evaluate(BROKEN) == [], path


BROKEN = """
[...document.querySelectorAll("thead th")].flatMap((head) => [...head.textContent.matchAll(/\\S+/g)].filter((word) => {
  const range = document.createRange();
  range.setStart(head.firstChild, word.index);
  range.setEnd(head.firstChild, word.index + word[0].length);
  return range.getClientRects().length > 1;
}).map((word) => word[0]))
"""
"""Words in the heads of tables that stand on two lines."""


def waiting(page: Page) -> int:
    return int(page.locator("#count").text_content() or 0)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_whole_review_by_keyboard_only(page: Page) -> None:
    page.goto("/")
    before = waiting(page)
    assert before >= 3
    first = focused(page)
    page.keyboard.press("j")
    second = focused(page)
    page.keyboard.press("k")
    assert (focused(page), len({first, second})) == (first, 2)

    page.keyboard.press("x")  # reject: the name of a person
    page.keyboard.press("2")
    expect(page.locator(f"#{first}")).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text("Done")
    assert focused(page) == second

    page.keyboard.press("u")  # undo
    expect(page.locator(f"#{first}")).to_have_count(1)
    assert waiting(page) == before
    expect(page.locator(f"#{first}")).to_be_focused()

    page.keyboard.press("c")  # confirm the first one
    expect(page.locator(f"#{first}")).to_have_count(0)
    expect(page.locator(f"#{second}")).to_be_focused()
    page.keyboard.press("w")  # another place is meant
    page.keyboard.type("Суджа")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{second}")).to_have_count(0)
    expect(page.locator(".card").first).to_be_focused()

    page.keyboard.press("u")  # twice: the move, then the confirmation
    expect(page.locator("#toast")).to_contain_text("Taken back")
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator(f"#{first}")).to_have_count(1)
    assert waiting(page) == before
    page.wait_for_load_state()
    page.locator(f"#{second}").focus()

    page.keyboard.press("n")  # a note, on the second card: it is the one that one comes back to
    page.keyboard.type("asked the desk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?done=*")
    expect(page.locator(f"#{second}")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    page.keyboard.press("p")  # pin
    expect(page.locator(".card.pinned")).to_have_count(1)

    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()

    page.goto("/audit")
    for words in ("confirmed", "moved to another place", "noted", "asked the desk", "pinned", "undone"):
        expect(page.locator("main")).to_contain_text(words)


def press(page: Page, key: str, code: str) -> None:
    """A key as a layout without Latin letters sends it."""
    session = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {"type": kind, "key": key, "code": code, "text": key})


def test_keys_lie_where_they_lie_on_any_layout_and_capital_ones_are_keys_too(page: Page) -> None:
    page.goto("/")
    first = focused(page)
    press(page, "о", "KeyJ")
    second = focused(page)
    press(page, "л", "KeyK")
    assert (focused(page), first != second) == (first, True)
    page.keyboard.press("J")
    assert focused(page) == second
    press(page, "ч", "KeyX")
    expect(page.locator(f"#{second} details.menu[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    press(page, ".", "Slash")
    assert focused(page) == "find"


def test_what_is_refused_or_lost_is_said_and_the_card_stays(chrome: Browser, desk: Served) -> None:
    context = chrome.new_context(base_url=desk.address, locale="uk")
    page = context.new_page()
    page.goto("/")
    first = str(page.locator(".card:not(.pinned):has([hx-post])").first.get_attribute("id"))
    page.locator(f"#{first}").focus()
    page.keyboard.press("w")
    page.keyboard.type("Атлантида")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("Виберіть одне з місць")
    context.set_offline(True)
    page.locator(f"#{first}").focus()
    page.keyboard.press("c")
    expect(page.locator("#toast")).to_contain_text("нічого не змінено")
    expect(page.locator(f"#{first}")).to_have_count(1)
    context.close()


def test_a_link_of_another_site_changes_no_tab(page: Page, desk: Served) -> None:
    page.goto("/")
    held = page.context.cookies()
    other = page.context.new_page()
    link = f'<a href="{desk.address}/stories">there</a>'
    other.route("http://elsewhere.example/", lambda route: route.fulfill(body=link, content_type="text/html"))
    other.goto("http://elsewhere.example/")
    other.locator("a").click()
    expect(other.locator("h1")).to_have_text("Stories")
    assert page.context.cookies() == held


def test_every_hit_of_a_story_is_reached_by_keys_and_come_back_to(page: Page) -> None:
    page.goto("/stories")
    page.locator(".card", has_text="more report").first.locator("[data-open]").click()
    page.wait_for_url("**/stories/s*")
    hits = [str(each.get_attribute("id")) for each in page.locator(".hit").all()]
    seen = []
    for _ in hits:
        page.keyboard.press("j")
        seen.append(focused(page))
    assert (seen, len(hits) > 1) == (hits, True)
    page.keyboard.press("c")
    expect(page.locator(f"#{hits[-1]} .verdict.confirmed")).to_have_count(1)
    expect(page.locator(f"#{hits[-1]}")).to_be_focused()
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator(f"#{hits[-1]} .verdict.confirmed")).to_have_count(0)
    expect(page.locator(f"#{hits[-1]}")).to_be_focused()


def test_a_rejection_becomes_a_rule_that_is_downloaded_written_and_applied(
    page: Page, desk: Served, tmp_path: Path
) -> None:
    file = desk.folder / "watchlists/kursk.yaml"
    before = file.read_text("utf-8")
    page.goto("/search?q=%D0%9D%D0%B8%D0%BA%D0%BE%D0%BB%D0%B0%D0%B9+%D0%91%D0%B5%D1%80%D0%B4%D0%B8%D0%BD")
    page.locator(".found [data-open]").first.click()
    page.locator("summary", has_text="Reject").first.click()
    page.locator("button[value=person]").first.click()
    page.get_by_role("link", name="Make it a rule").click()
    page.get_by_role("link", name="Николай Бердин").click()
    expect(page.locator("textarea[name=not]")).to_have_value("Николай Бердин")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#outcome")).to_contain_text("0 gained, 2 lost")
    expect(page.locator(".found .verdict.rejected")).to_have_count(1)
    with page.expect_download() as started:
        page.get_by_role("link", name="Download it").click()
    patch = tmp_path / started.value.suggested_filename
    started.value.save_as(patch)

    copy = tmp_path / "config"
    shutil.copytree(desk.folder, copy)
    applied = CliRunner().invoke(app, ["--config", str(copy), "watch", "apply", str(patch)])
    assert applied.exit_code == 0, applied.output
    page.get_by_role("button", name="Write it into the watchlist").click()
    page.wait_for_url("**/places/berdin?said=written")
    expect(page.locator("#toast")).to_contain_text("Written into the watchlist")
    written = file.read_text("utf-8")
    assert written == (copy / "watchlists/kursk.yaml").read_text("utf-8"), "the page writes what the command writes"
    added = set(written.splitlines()) - set(before.splitlines())
    assert ("Николай Бердин" in "".join(added), len(added)) == (True, 1)
    assert before.count("#") == written.count("#") > 1, "comments stay"
    page.goto("/audit")
    page.locator(".act button").first.click()
    page.wait_for_url("**/audit?undone=*")
    expect(page.locator(".act.undone")).not_to_have_count(0)


def test_what_was_missed_is_marked_in_the_post(page: Page) -> None:
    page.goto("/stories/h1")
    page.get_by_role("link", name="Missed here?").first.click()
    page.locator("[data-markable]").click(click_count=3)
    expect(page.locator("#marked")).not_to_have_value("")
    page.locator("#marked").fill("Суджанщина")
    page.locator("input[name=place]").fill("Суджа")
    page.get_by_role("button", name="Make a form of it").click()
    expect(page.locator("textarea[name=also]")).to_have_value("Суджанщина")
    expect(page.locator("pre").first).to_contain_text('"watches": ["Суджа"]')


def test_at_most_one_hit_in_ten_of_the_demo_waits_for_a_person(page: Page) -> None:
    hits = page.request.get("/api/v1/hits").text().splitlines()
    page.goto("/")
    assert 0 < waiting(page) <= len(hits) / 10


def test_search_by_keyboard_and_open_a_story(page: Page) -> None:
    page.goto("/stories")
    page.keyboard.press("/")
    page.keyboard.type("обстрел Суджа")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    page.goto(f"{FOUND}&side=ua")
    expect(page.locator(".found mark").first).to_be_visible()
    found = page.locator(".found").count()
    page.goto(FOUND)
    assert page.locator(".found").count() > found
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/stories/s*")
    expect(page.locator(".report mark").first).to_be_visible()


def test_a_report_is_split_off_merged_again_and_its_edit_shown(page: Page) -> None:
    page.goto("/search?q=%D0%A1%D0%BE%D1%80%D0%BE%D1%87%D0%B8%D0%BD%D0%B0&state=edited")
    page.locator(".found [data-open]").first.click()
    page.wait_for_url("**/stories/s*")
    page.locator("details.edit summary").first.click()
    expect(page.locator("details.edit ins, details.edit del").first).to_be_visible()
    page.goto("/stories")
    page.locator(".card", has_text="more report").first.locator("[data-open]").click()
    page.wait_for_url("**/stories/s*")
    story, reports = page.url, page.locator(".report").count()
    page.locator("[data-key=s]").first.focus()
    page.keyboard.press("s")
    expect(page.locator(".report")).to_have_count(reports - 1)
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator(".report")).to_have_count(reports)
    assert page.url.partition("?")[0] == story


def test_the_map_shows_borders_and_places_from_this_server_alone(page: Page, desk: Served) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/map")
    expect(page.locator("[data-ready]")).to_be_visible()
    assert page.locator("path.country").count() > 20
    assert page.locator("path.point").count() >= 9
    page.locator("path.point").last.click()
    expect(page.locator(".leaflet-popup-content a")).to_be_visible()
    assert {url for url in asked if not url.startswith(desk.address)} == set()


def test_places_show_their_chart(page: Page) -> None:
    page.goto("/places/sudzha")
    expect(page.locator("[data-chart] canvas")).to_be_visible()


@pytest.mark.parametrize("size", [(360, 740, 1), (640, 450, 2)], ids=["phone", "200 %"])
def test_nothing_is_cut_off_on_a_phone_or_at_200_percent(
    chrome: Browser, desk: Served, size: tuple[int, int, int]
) -> None:
    width, height, scale = size
    context = chrome.new_context(
        base_url=desk.address, viewport={"width": width, "height": height}, device_scale_factor=scale, locale="uk"
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(address(path, desk))
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (path, wide)
    context.close()


def test_without_scripts_a_person_decides_all_the_same(chrome: Browser, desk: Served) -> None:
    context = chrome.new_context(base_url=desk.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/stories/h1")
    page.locator("summary", has_text="Reject").first.click()
    page.locator("button[value=background]").first.click()
    expect(page.locator("#toast")).to_contain_text("Done")
    expect(page.locator(".verdict.rejected").first).to_be_visible()
    page.locator("#toast button").click()
    expect(page.locator(".verdict.rejected")).to_have_count(0)
    page.get_by_role("link", name="Missed here?").first.click()
    page.locator("#marked").fill("Суджанщина")
    page.locator("input[name=place]").fill("sudzha")
    page.get_by_role("button", name="Make a form of it").click()
    expect(page.locator("textarea[name=also]")).to_have_value("Суджанщина")
    context.close()


@pytest.mark.parametrize(
    ("scheme", "rules"),
    [("light", {}), ("dark", {"runOnly": ["color-contrast", "link-in-text-block"]})],
    ids=["light", "dark: what colours decide"],
)
def test_axe_finds_no_serious_fault_on_any_page(chrome: Browser, desk: Served, scheme: Any, rules: Any) -> None:
    context = chrome.new_context(base_url=desk.address, color_scheme=scheme, bypass_csp=True)
    context.add_init_script(path=AXE)
    page = context.new_page()
    for path in PAGES:
        page.goto(address(path, desk))
        assert serious(page, rules) == [], path
    context.close()


def serious(page: Page, rules: Any) -> list[Any]:
    """What axe calls so, with the first elements of each fault."""
    result = page.evaluate("rules => axe.run(rules)", rules)
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]][:3])
        for fault in result["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_at_the_login(chrome: Browser, tmp_path: Path, scheme: Any) -> None:
    users = tmp_path / "users"
    keep(users, User("anna", Role.VIEWER, "one"))
    made = Config(folder=tmp_path, database=str(tmp_path / "x.db"), review=ReviewSettings(users_file=users))

    async def fill(_: Store) -> None:
        """Nothing is stored: nobody gets further than the login."""

    with in_a_thread(made, NOW, NOW, fill) as desk:
        context = chrome.new_context(base_url=desk.address, color_scheme=scheme, bypass_csp=True)
        context.add_init_script(path=AXE)
        page = context.new_page()
        page.goto("/login")
        expect(page.locator("input[type=password]")).to_be_visible()
        assert serious(page, {}) == []
        context.close()
