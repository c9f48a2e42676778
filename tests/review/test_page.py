"""The page over real HTTP: what it shows, what it escapes, whom it refuses, and that it never stops the service."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from bot.calibration import ENOUGH
from bot.model import Destination, DestinationKind, Message, Outcome
from bot.review import Page
from bot.review.app import ROUTES
from bot.service.memory import writing
from bot.store import OUR_OWN, Outgoing
from tests.fakes.installation import Installation
from tests.review.browser import Browser, browsing
from tests.review.messages import messages

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
PAGES = ("/", "/stories", "/stories/s1", "/search?q=Суджа", "/places", "/places/sudzha", "/quality", "/map",
         "/map/points.json", "/watches", "/watches/try?id=sudzha",
         "/sources", "/deliveries", "/audit", "/alike/h1", "/healthz")  # fmt: skip


@pytest.fixture
async def browser(installed: Installation) -> AsyncIterator[Browser]:
    """An installation in which one post has two hits, one of them doubtful; and a browser that looks at its page."""
    await installed.once()
    installed.write(f"{SCRIPT} Бои под Суджей, сообщил Николай Бердин {SCRIPT}")
    await installed.once()
    async with writing(installed.config) as store, browsing(store, installed.config, installed.clock) as made:
        yield made


async def test_every_page_answers_and_escapes_what_strangers_wrote(browser: Browser) -> None:
    for path in PAGES:
        shown = await browser.get(path.replace("Суджа", "%D0%A1%D1%83%D0%B4%D0%B6%D0%B0"))
        assert shown.status == 200, path
        assert SCRIPT not in shown.text, path
        assert "<img" not in shown.text, path
    story = await browser.get("/stories/s1")
    assert "<mark>Суджей</mark>" in story.text
    assert "capital letter" in story.text
    assert "&lt;script&gt;" in story.text


async def test_no_foreign_script_may_run_and_no_other_host_is_answered(browser: Browser) -> None:
    own, other = await browser.get("/"), await browser.get("/", Host="evil.example")
    policy = own.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe" not in policy
    assert " style=" not in own.text
    assert (other.status, "review: public_url" in other.text) == (400, True)
    for ours in ("localhost", "[::1]:8080", "LOCALHOST:1"):
        assert (await browser.get("/", Host=ours)).status == 200
    for strange in ("", "[::1", "localhost.evil.example", "evil.example:8080"):
        assert (await browser.get("/", Host=strange)).status == 400


async def test_a_taken_port_stops_nothing(installed: Installation, browser: Browser) -> None:
    config = replace(installed.config, review=replace(installed.config.review, port=browser.port))
    async with installed.store() as store, Page(store, lambda: config, installed.clock):
        assert (await browser.get("/healthz")).status == 200
    assert (await browser.get("/healthz")).status == 200


async def test_a_decision_without_scripts_comes_back_to_its_page_and_is_undone(browser: Browser) -> None:
    page = await browser.get("/")
    done = await browser.send("/decide", page, targets="h2", reason="person")
    assert "/?done=a1&rule=/places/berdin/rule" in done.address
    assert "Nothing waits for you" in done.text
    assert '<mark class="rejected">Бердин</mark>' in (await browser.get("/stories/s1")).text
    undone = await browser.send("/undo", done, act="a1")
    assert "<mark>Бердин</mark>" in undone.text


async def test_the_queue_shows_what_was_drawn_by_lot_and_quality_what_was_decided(
    installed: Installation, browser: Browser
) -> None:
    none = await browser.get("/quality")
    assert "From 0 decisions that count, of 0." in none.text
    installed.clock.moment += timedelta(days=1)
    await installed.once()
    page = await browser.get("/")
    assert "drawn by lot" in page.text
    await browser.send("/decide", page, targets="h1", kind="confirm")
    await browser.send("/decide", await browser.get("/"), targets="h2", reason="person")
    shown = await browser.get("/quality")
    assert "From 2 decisions that count, of 2." in shown.text
    assert "From 100 on, confidence is replaced" in shown.text
    row = r'href="/places/berdin">.*?</th><td class="n">0 %</td><td class="n">0–79 %</td>'
    assert re.search(row, shown.text, re.DOTALL)
    assert "21–100 % right, of 1 decided" in (await browser.get("/places")).text


async def test_confidence_is_replaced_once_enough_was_decided(installed: Installation) -> None:
    names = " ".join(["Николай Бердин."] * ENOUGH)
    installed.write(names)
    await installed.once()
    installed.clock.moment += timedelta(minutes=1)
    installed.write("Приехал Николай Бердин.")
    await installed.once()
    async with writing(installed.config) as store, browsing(store, installed.config, installed.clock) as browser:
        before = await browser.get("/")
        many = " ".join(f"h{number}" for number in range(1, ENOUGH + 1))
        await browser.send("/decide", before, targets=many, reason="person")
        installed.clock.moment += timedelta(hours=1)
        after = await browser.get("/")
    stated = re.findall(r'aria-label="confidence (\d+) %"', before.text)[-1]
    (means,) = re.findall(r'aria-label="confidence (\d+) %"', after.text)
    assert int(means) < int(stated) / 2
    assert f"stated: {stated} %" in after.text


async def test_for_htmx_only_what_changed_is_sent(browser: Browser) -> None:
    page = await browser.get("/")
    done = await browser.send("/decide", page, {"HX-Request": "true"}, targets="h2", kind="confirm")
    assert done.text.lstrip().startswith('<div id="toast"')
    assert "<html" not in done.text


async def test_htmx_is_told_what_was_refused_beside_the_card(browser: Browser) -> None:
    page = await browser.get("/")
    for wrong, words in (({"kind": "move", "to": "atlantis"}, "watched places"), ({"token": "0"}, "too old")):
        fields = {"targets": "h2", "kind": "confirm"} | wrong
        refused = await browser.send("/decide", page, {"HX-Request": "true"}, **fields)
        assert (refused.headers["hx-retarget"], words in refused.text, "<html" in refused.text) == (
            "#toast",
            True,
            False,
        )


async def test_a_forged_form_without_the_cookie_does_not_take_its_place(browser: Browser) -> None:
    forged = await browser.post("/decide", targets="h2", kind="confirm")
    assert (forged.status, "set-cookie" in forged.headers) == (403, False)


async def test_two_people_at_once_get_a_message_that_helps(browser: Browser) -> None:
    page = await browser.get("/")
    await browser.send("/decide", page, targets="h2", kind="confirm")
    late = await browser.send("/decide", page, targets="h2", reason="person")
    assert late.status == 409
    assert "after you looked" in late.text


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"Origin": "https://evil.example"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({}, {"token": "0" * 64}),
    ],
)
async def test_a_forged_form_changes_nothing(browser: Browser, headers: dict[str, str], fields: dict[str, str]) -> None:
    page = await browser.get("/")
    refused = await browser.send("/decide", page, headers, **({"targets": "h2", "kind": "confirm"} | fields))
    assert (refused.status, "set-cookie" in refused.headers) == (403, False)
    assert "Nobody has decided anything yet" in (await browser.get("/audit")).text


FORMS = sorted(route.path for route in ROUTES if "POST" in (route.methods or ()) and "/api/" not in route.path)


async def test_no_form_is_taken_that_is_not_ours(installed: Installation, browser: Browser) -> None:
    page = await browser.get("/")
    asked = {"targets": "h2", "kind": "confirm", "place": "sudzha", "hours": "6", "text": "x", "language": "uk"}
    assert len(FORMS) >= 10
    for form in FORMS:
        path = re.sub(r"{key:path}", "front_demo/1", form).format(id="sudzha", name="front_demo", key="h1")
        assert (await browser.post(path, **asked)).status == 403, f"{path}: no token"
        assert (await browser.send(path, page, {"Origin": "null"}, **asked)).status == 403, f"{path}: another's"
        assert (await browser.send(path, page, {"Host": "evil.example"}, **asked)).status == 400, f"{path}: host"
    assert "Nobody has decided anything yet" in (await browser.get("/audit")).text
    async with installed.store() as store:
        assert await store.notices.silences() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "undo", "targets": "h2"},
        {"kind": "explode", "targets": "h2"},
        {"kind": "confirm", "targets": "h99"},
        {"kind": "move", "targets": "h2", "to": "atlantis"},
        {"kind": "confirm", "targets": "h2", "back": "//evil.example/"},
        {"kind": "merge", "targets": "s1"},
        {"kind": "confirm", "targets": ""},
    ],
)
async def test_what_cannot_be_is_refused_in_words(browser: Browser, fields: dict[str, str]) -> None:
    page = await browser.get("/")
    refused = await browser.send("/decide", page, **fields)
    assert refused.status == 400
    assert "That did not work" in refused.text
    assert "Nobody has decided anything yet" in (await browser.get("/audit")).text


async def test_every_id_leads_to_its_story_and_unknown_ones_say_so(browser: Browser) -> None:
    for key in ("h2", "front_demo/1"):
        assert (await browser.get(f"/stories/{key}")).address.partition("#")[0].endswith("/stories/s1")
    for path in ("/stories/s99", "/alike/h99", "/places/atlantis", "/nowhere"):
        assert (await browser.get(path)).status == 404


async def test_alike_are_judged_by_their_sentences_and_the_clear_ones_are_not_ticked(
    installed: Installation, browser: Browser
) -> None:
    installed.write("Вновь бои под Суджей")
    await installed.once()

    async def ticked(address: str) -> dict[str, bool]:
        page = (await browser.get(address)).text
        assert "Вновь бои под <mark>Суджей</mark>" in page
        assert (
            page.split('action="/decide"', 1)[1]
            .split("<button", 1)[1]
            .startswith(' class="button" name="kind" value="move"')
        )
        return {key: bool(checked) for key, checked in re.findall(r'name="targets" value="(h\d+)"( checked)?', page)}

    assert await ticked("/alike/h1") == {"h1": True, "h3": False}
    assert await ticked("/alike/h1?by=place&sure=1") == {"h1": True, "h3": True}
    page = await browser.get("/alike/h1")
    moved = await browser.send("/decide", page, targets="h1 h3", kind="move", to="Бердин")
    assert "/?done=a1" in moved.address
    assert (await browser.get("/audit")).text.count('href="/stories/h1"') == 1


async def test_a_source_is_paused_polled_and_resumed(browser: Browser) -> None:
    page = await browser.get("/sources")
    paused = await browser.send("/decide", page, targets="wire", kind="pause")
    assert ">paused<" in paused.text
    assert (await browser.send("/sources/wire/poll", page)).status == 200
    assert ">paused<" not in (await browser.send("/decide", paused, targets="wire", kind="resume")).text


async def test_a_place_is_muted_for_a_while_and_rings_again(browser: Browser) -> None:
    page = await browser.get("/places/sudzha")
    await browser.send("/mute", page, place="sudzha", hours="24")
    muted = await browser.get("/places")
    assert "Суджа <span" in muted.text.split("<h2>Muted</h2>")[1]
    assert (await browser.get("/watches?q=sudzha")).text.count(">muted<") == 1
    assert "<q>sudzha, until 20" in (await browser.get("/audit")).text
    ended = await browser.send("/unmute", muted, silence="m1")
    assert "<h2>Muted</h2>" not in (await browser.get("/places")).text
    await browser.send("/undo", ended, act="a2")
    assert "Суджа <span" in (await browser.get("/places")).text.split("<h2>Muted</h2>")[1], "the undo of its end"
    await browser.send("/undo", ended, act="a1")
    assert "<h2>Muted</h2>" not in (await browser.get("/places")).text, "the undo of muting"
    assert (ended.status, (await browser.send("/unmute", muted, silence="m1")).status) == (200, 400)
    for never in ({"hours": "9999"}, {"hours": "many"}, {"until": "2020-01-01T00:00"}, {"until": "tomorrow"}):
        assert (await browser.send("/mute", page, place="sudzha", **never)).status == 400


async def test_what_a_digest_told_is_put_right_and_taken_back(installed: Installation, browser: Browser) -> None:
    listed = await browser.get("/deliveries")
    assert '<a href="/stories?digest=d1">1</a>' in listed.text
    assert 'id="s1"' in (await browser.get("/stories?digest=d1")).text
    assert 'id="s1"' not in (await browser.get("/stories?digest=d9")).text
    installed.clock.moment += timedelta(minutes=1)
    page = await browser.get("/stories/s1")
    wrong = await browser.send("/decide", page, kind="correct", targets="s1", to="nowhere", note="x")
    assert (wrong.status, "was not told on nowhere" in wrong.text) == (400, True)
    done = await browser.send("/decide", page, kind="correct", targets="s1", to="all", note=f"the dam {SCRIPT}")
    assert "<q>the dam &lt;script&gt;" in done.text
    assert SCRIPT not in done.text
    await installed.once()
    assert "correction to the report of front_demo, told" in installed.told
    await browser.send("/undo", done, act="a1")
    await installed.once()
    assert installed.told.rstrip().count("is withdrawn: it stands") == 1


async def test_a_delivery_whose_answer_was_lost_is_settled_by_a_form(installed: Installation, browser: Browser) -> None:
    to, now = Destination(DestinationKind.TELEGRAM, "@kursk"), installed.clock.now()
    async with writing(installed.config) as store:
        await store.queue(
            "all", [Outgoing(idempotency="lost", to=to, message=Message(text="…"), words_of=OUR_OWN)], now
        )
        (row,) = await store.ready(now)
        await store.settle(await store.begin(row, now), Outcome.UNKNOWN, reason=SCRIPT, now=now)
    page = await browser.get("/deliveries")
    assert "Waiting for a person" in page.text.split("<h2>Messages</h2>")[0]
    assert SCRIPT not in page.text
    wrong = await browser.send("/decide", page, kind="arrived", targets=row.key, to="https://t.me/other/7")
    assert (wrong.status, "is in another chat than telegram:@kursk" in wrong.text) == (400, True)
    done = await browser.send("/decide", page, kind="arrived", targets=row.key, to="https://t.me/kursk/7")
    assert "Waiting for a person" not in done.text
    assert "arrived, says " in done.text
    assert "unknown</del> → <ins>sent" in (await browser.get("/audit")).text
    assert "said to have arrived" in (await browser.get(f"/trace/{row.key}")).text
    back = await browser.send("/undo", done, act="a1")
    assert (await browser.send("/decide", back, kind="again", targets=row.key)).status == 200


async def test_numbers_too_large_for_any_row_are_passed_over(browser: Browser) -> None:
    for path in (
        "/stories?before=",
        "/audit?before=",
        "/watches?page=",
        "/api/v1/audit?before=",
        "/api/v1/audit?limit=",
    ):
        assert (await browser.get(path + "9" * 26)).status == 200, path
    done = await browser.send("/decide", await browser.get("/"), kind="confirm", targets="h1", seen="9" * 26)
    assert done.status == 200


async def test_nothing_of_the_page_stays_english_for_a_ukrainian(browser: Browser) -> None:
    page = await browser.get("/stories/s1")
    await browser.send("/decide", page, kind="reject", reason="word", targets="h1")
    texts = {
        each for each in messages() if isinstance(each, str) and "%(" not in each and " " in each and len(each) > 12
    }
    for path in (*PAGES[:-1], "/nowhere", "/trace/h99", "/trace/s1", "/stories/s99", "/places/nowhere"):
        shown = html.unescape((await browser.get(quote(path, safe="/?=&"), **{"Accept-Language": "uk"})).text)
        assert [each for each in texts if each in shown] == [], path
    late = await browser.send("/decide", page, {"Accept-Language": "uk"}, kind="confirm", targets="h1")
    assert (late.status, "після того як ви подивилися; подивіться ще раз" in late.text) == (409, True)
    sources = (await browser.get("/sources", **{"Accept-Language": "uk"})).text
    assert (">працює<" in sources, "<dd>1 с</dd>" in sources) == (True, True)


async def test_the_audit_shows_what_was_before_and_after(browser: Browser) -> None:
    await browser.send("/decide", await browser.get("/"), kind="reject", reason="word", targets="h1", note="so")
    shown = re.sub(r"<[^>]+>", "", (await browser.get("/audit")).text)
    assert "h1 an ordinary word so" in " ".join(shown.split())
    assert "h1 verdict: — → rejected" in " ".join(shown.split())
    await browser.send("/decide", await browser.get("/"), kind="pin", targets="s1")
    shown = html.unescape(re.sub(r"<[^>]+>", "", (await browser.get("/audit")).text))
    assert re.search(r"s1 pinned: — → \d+ \w+ \d{4}, \d\d:\d\d UTC", " ".join(shown.split()))


async def test_facets_alone_find_posts(browser: Browser) -> None:
    found = await browser.get("/search?state=hit&q=&since=")
    assert ('aria-label="front_demo/1"' in found.text, 'role="status">1 post<' in found.text) == (True, True)
    assert 'role="status"' not in (await browser.get("/search?q=&place=")).text.partition("<h1>")[2]
    assert (await browser.get("/search?since=soon")).status == 400


async def test_more_than_a_page_is_found_page_by_page(
    installed: Installation, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.review.pages.looking.FOUND", 1)
    installed.write("И снова Суджа")
    await installed.once()
    page = await browser.get("/search?q=%D0%A1%D1%83%D0%B4%D0%B6%D0%B0&state=hit")
    assert "front_demo/2" in page.text
    older = re.search(r'href="(/search[^"]*before=[0-9]+)" rel="next"', page.text)
    assert older
    last = await browser.get(html.unescape(older[1]))
    assert ("front_demo/1" in last.text, 'rel="next"' in last.text) == (True, False)


async def test_a_note_says_something(browser: Browser) -> None:
    page = await browser.get("/stories/s1")
    for note in ("", " ", "x" * 2_001):
        assert (await browser.send("/decide", page, kind="note", targets="s1", note=note)).status == 400
    assert (await browser.send("/decide", page, kind="note", targets="s1", note="x" * 2_000)).status == 200


async def test_the_page_speaks_ukrainian_where_it_is_asked_to(browser: Browser) -> None:
    assert "<h1>Черга</h1>" in (await browser.get("/", **{"Accept-Language": "uk-UA,uk;q=0.9,en;q=0.5"})).text
    page = await browser.get("/")
    assert "<h1>Черга</h1>" in (await browser.send("/language", page, language="uk")).text
    assert "<h1>Черга</h1>" in (await browser.get("/", **{"Accept-Language": "en"})).text
    asked = "/search?q=x&state=hit"
    assert (await browser.send("/language", await browser.get(asked), language="en")).address.endswith(asked)


async def test_what_is_refused_is_refused_in_the_readers_language(browser: Browser) -> None:
    ukrainian = {"Accept-Language": "uk"}
    refused = await browser.send("/mute", await browser.get("/places/sudzha"), ukrainian, place="sudzha", hours="-1")
    assert (refused.status, "Виберіть місце чи джерело" in refused.text) == (400, True)
    assert "good: допис не має такого стану" in (await browser.get("/search?state=good", **ukrainian)).text
    assert "since: це не дата" in (await browser.get("/search?since=soon", **ukrainian)).text


async def test_pictures_come_from_the_one_host_that_the_operator_named(installed: Installation) -> None:
    await installed.once()
    tiles = "https://tile.example.org:8443/{z}/{x}/{y}.png"
    async with writing(installed.config) as store:
        async with browsing(store, installed.config, installed.clock) as browser:
            assert "img-src 'self';" in (await browser.get("/map")).headers["content-security-policy"]
        async with browsing(store, installed.config, installed.clock, tiles=tiles, tiles_credit="© them") as browser:
            shown = await browser.get("/map")
    assert "img-src 'self' https://tile.example.org:8443;" in shown.headers["content-security-policy"]
    assert (f'data-tiles="{tiles}"' in shown.text, "© them" in shown.text) == (True, True)


async def test_what_happened_is_told_in_the_readers_language(browser: Browser) -> None:
    told = (await browser.get("/stories/s1")).text
    assert "the first report of s1: first report: nothing like it in 48 hours" in told
    told = (await browser.get("/stories/s1", **{"Accept-Language": "uk"})).text
    assert "перше повідомлення в s1, бо перше повідомлення: за 48 годин нічого схожого" in told
    assert ("<b>згруповано</b>" in told, "first report" in told) == (True, False)
