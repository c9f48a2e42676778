"""The interface for scripts, and what machines ask of the machine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.export import Format
from bot.export.formats import MEDIA_TYPES
from bot.review import Page, Pulse
from bot.review.openapi import document
from bot.service.memory import writing
from bot.store import ActKind
from tests.fakes.installation import Installation
from tests.review.browser import Browser, browsing, free_port


@pytest.fixture
async def script(installed: Installation) -> AsyncIterator[Browser]:
    await installed.once()
    installed.write("Бои под Суджей, сообщил Николай Бердин")
    await installed.once()
    async with writing(installed.config) as store, browsing(store, installed.config, installed.clock) as made:
        yield made


async def read(script: Browser, path: str) -> Any:
    shown = await script.get(path)
    assert shown.status == 200, shown.text
    if "ndjson" in shown.headers["content-type"]:
        return [json.loads(line) for line in shown.text.splitlines()]
    return json.loads(shown.text)


async def test_lists_are_what_the_commands_print(script: Browser, installed: Installation) -> None:
    assert await read(script, "/api/v1/hits") == (await installed.run("hits", "--json")).lines
    assert [story["id"] for story in await read(script, "/api/v1/stories")] == ["s1"]
    assert [row["id"] for row in await read(script, "/api/v1/search?q=%D0%A1%D1%83%D0%B4%D0%B6%D0%B0")] == [
        "front_demo/1"
    ]
    assert {row["id"] for row in await read(script, "/api/v1/sources")} == {"front_demo", "wire"}
    assert (await read(script, "/api/v1/outbox"))[0]["route"] == "all"


async def test_a_search_says_where_it_goes_on(script: Browser, installed: Installation) -> None:
    installed.write("Ничего нового")
    await installed.once()
    first = await script.get("/api/v1/search?source=front_demo&source=wire&limit=1")
    rest = f"/api/v1/search?source=front_demo&source=wire&limit=1&before={first.headers['x-next']}"
    assert [row["id"] for row in [*json.loads(first.text), *await read(script, rest)]] == [
        "front_demo/2",
        "front_demo/1",
    ]
    assert (await script.get(rest)).headers["x-next"] is None


async def test_decisions_go_the_same_way_as_on_the_page(script: Browser) -> None:
    done = await script.json("/api/v1/reject", {"targets": ["h2"], "reason": "person", "seen": 0})
    assert (done.status, json.loads(done.text)) == (200, {"id": "a1", "targets": ["h2"]})
    assert [(act["kind"], act["how"]) for act in await read(script, "/api/v1/audit")] == [("reject", "api")]
    late = await script.json("/api/v1/confirm", {"targets": ["h2"], "seen": 0})
    assert (late.status, "after you looked" in late.text) == (409, True)
    assert (await script.json("/api/v1/undo", {"act": "a1"})).status == 200
    assert [event["step"] for event in await read(script, "/api/v1/trace/h2")].count("judged") == 2


async def test_muting_goes_the_same_way_as_on_the_page(script: Browser, installed: Installation) -> None:
    until = (installed.clock.now() + timedelta(hours=8)).isoformat(timespec="seconds")
    done = await script.json("/api/v1/mute", {"place": "sudzha", "until": until, "note": "shelling each hour"})
    assert (done.status, json.loads(done.text)) == (200, {"id": "a1", "targets": ["m1"]})
    (silence,) = await read(script, "/api/v1/silences")
    assert silence == (await installed.run("silence", "list", "--all", "--json")).lines[0]
    assert (silence["place"], silence["comment"]) == ("sudzha", "shelling each hour")
    assert (await read(script, "/api/v1/audit"))[0]["note"] == f"sudzha, until {until[:16].replace('T', ' ')} UTC"
    assert (await script.json("/api/v1/unmute", {"targets": ["m1"]})).status == 200
    assert await read(script, "/api/v1/silences") == []
    assert (await script.json("/api/v1/undo", {})).status == 200
    assert [each["id"] for each in await read(script, "/api/v1/silences")] == ["m1"]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"place": "sudzha"},
        {"place": "sudzha", "until": "soon"},
        {"place": "sudzha", "until": 8},
        {"place": "sudzha", "until": "2020-01-01"},
        {"place": "sudzha", "until": "9999-12-31T23:59:59-12:00"},
        {"place": "atlantis", "until": "2026-11-22T18:00"},
        {"place": ["sudzha"], "until": "2026-11-22T18:00"},
        {"place": "sudzha", "source": "nobody", "until": "2026-11-22T18:00"},
        {"until": "2026-11-22T18:00"},
    ],
)
async def test_what_cannot_be_muted_is_refused(script: Browser, wanted: Any) -> None:
    refused = await script.json("/api/v1/mute", wanted)
    assert (refused.status, refused.text.startswith('{"error":')) == (400, True)
    assert await read(script, "/api/v1/silences") == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/v1/confirm", {"targets": "h2"}, 400),
        ("/api/v1/confirm", {"targets": ["h99"]}, 400),
        ("/api/v1/reject", {"targets": ["h2"], "reason": "because"}, 400),
        ("/api/v1/move", {"targets": ["h2"], "to": "atlantis"}, 400),
        ("/api/v1/move", {"targets": ["h2"], "to": []}, 400),
        ("/api/v1/pin", {"targets": ["s1"], "to": 5}, 400),
        ("/api/v1/reject", {"targets": ["h2"], "reason": []}, 400),
        ("/api/v1/confirm", {"targets": ["h2"], "seen": True}, 400),
        ("/api/v1/confirm", {"targets": ["h2"], "seen": 10**23}, 400),
        ("/api/v1/confirm", {"targets": ["h2"], "seen": -1}, 400),
        ("/api/v1/undo", {"act": 5}, 400),
        ("/api/v1/undo", {"act": []}, 400),
        ("/api/v1/note", {"targets": ["zz"], "note": "hi"}, 400),
        ("/api/v1/note", {"targets": ["h2"], "note": " "}, 400),
        ("/api/v1/note", {"targets": ["h2"], "note": "x" * 2_001}, 400),
        ("/api/v1/backfill", {"source": "wire", "count": True}, 400),
        ("/api/v1/explode", {}, 404),
        ("/api/v1/confirm", [], 400),
    ],
)
async def test_what_cannot_be_is_refused(script: Browser, path: str, body: Any, status: int) -> None:
    refused = await script.json(path, body)
    assert (refused.status, refused.text.startswith('{"error":'), "sqlalche" in refused.text) == (status, True, False)


async def test_a_form_of_another_site_is_no_json(script: Browser) -> None:
    assert (await script.post("/api/v1/confirm", targets="h2")).status == 415
    assert (await script.json("/api/v1/confirm", {"targets": ["h2"]}, Origin="https://evil.example")).status == 403


def test_the_document_describes_every_decision_and_every_key() -> None:
    paths = document()["paths"]
    assert {f"/api/v1/{kind}" for kind in ActKind} <= set(paths)
    hit = paths["/api/v1/hits"]["get"]["responses"]["200"]["content"]["application/x-ndjson"]["schema"]
    assert hit["properties"]["why"] == {"type": "array", "items": {"type": "string"}}
    assert hit["properties"]["url"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


async def test_machines_learn_how_it_does(script: Browser, installed: Installation) -> None:
    health = await read(script, "/healthz")
    assert (health["status"], health["outbox_age"], health["tick_age"]) == ("ok", 0.0, None)
    assert health["loop_lag"] < 5
    assert (await read(script, "/readyz"))["status"] == "ready"
    metrics = (await script.get("/metrics")).text
    assert "placewire_queue_hits 1.0" in metrics
    assert 'placewire_sources{state="ok"} 1.0' in metrics
    assert "sudzha" not in metrics
    installed.clock.moment = installed.clock.moment.replace(year=installed.clock.moment.year + 1)
    assert (await script.get("/readyz")).status == 503


async def test_health_tells_when_the_loop_ticked_last(installed: Installation) -> None:
    await installed.once()
    pulse = Pulse(installed.clock)
    config = replace(installed.config, review=replace(installed.config.review, port=free_port()))
    async with writing(config) as store, Page(store, lambda: config, installed.clock, pulse) as page:
        await page.ready()
        script = Browser(config.review.port)
        await pulse.beat()
        installed.clock.moment += timedelta(seconds=30)
        assert (await read(script, "/healthz"))["tick_age"] == 30.0
        installed.clock.moment += timedelta(seconds=31)
        stopped = await script.get("/healthz")
    assert (stopped.status, json.loads(stopped.text)["status"]) == (503, "the loop has stopped")


async def test_an_export_is_what_the_command_writes(script: Browser, installed: Installation) -> None:
    for format_ in Format:
        written = await installed.run("export", "--format", format_, "--place", "sudzha")
        shown = await script.get(f"/api/v1/export?format={format_}&place=sudzha")
        assert MEDIA_TYPES[format_] in shown.headers["content-type"]
        assert without_time(shown.text) == without_time(written.out), format_
    bundle = await script.get("/api/v1/export/h1")
    assert bundle.headers["content-type"] == "application/zip"
    assert "h1.zip" in bundle.headers["content-disposition"]


def without_time(text: str) -> list[str]:
    """Of a feed, its own time is another each time it is made."""
    return [line for line in text.replace("\r\n", "\n").split("\n") if not line.startswith("<updated>")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/export", 400),
        ("/api/v1/export?format=xls", 400),
        ("/api/v1/export?format=csv&state=good", 400),
        ("/api/v1/export?format=csv&since=soon", 400),
        ("/api/v1/export?format=csv&places=sudzha", 400),
        ("/api/v1/search?q=x&since=soon", 400),
        ("/api/v1/search?q=x&until=2026-13-01", 400),
        ("/api/v1/search?q=x&sinse=2026-11-01", 400),
        ("/api/v1/search?state=good", 400),
        ("/api/v1/export/h99", 404),
        ("/api/v1/export/../x", 404),
    ],
)
async def test_what_cannot_be_asked_says_why(script: Browser, path: str, status: int) -> None:
    shown = await script.get(path)
    assert (shown.status, shown.text.startswith('{"error":')) == (status, True)


async def test_stored_posts_are_matched_again_as_by_the_command(script: Browser, installed: Installation) -> None:
    watchlist = installed.folder / "config/watchlists/kursk.yaml"
    watchlist.write_text(watchlist.read_text("utf-8").replace("name: Бердин", "name: Бердянск"), "utf-8")
    async with writing(installed.config) as store, browsing(store, installed.config, installed.clock) as fresh:
        tried = await fresh.json("/api/v1/rematch", {})
        assert [(row["change"], row["hit"]) for row in map(json.loads, tried.text.splitlines())] == [("lost", "h2")]
        assert (await read(fresh, "/api/v1/hits"))[1]["state"] == "live"
        assert (await fresh.json("/api/v1/rematch", {"dry_run": False})).text == tried.text
        assert (await read(fresh, "/api/v1/hits"))[1]["state"] == "ruled_out"
        assert (await fresh.json("/api/v1/rematch", {"dry_run": "no"})).status == 400
        assert (await fresh.json("/api/v1/rematch", {"since": "soon"})).status == 400


async def test_older_posts_are_ordered_for_the_service(script: Browser, installed: Installation) -> None:
    ordered = await script.json("/api/v1/backfill", {"source": "wire", "count": 30})
    assert (ordered.status, json.loads(ordered.text)) == (202, {"source": "wire", "count": 30})
    async with writing(installed.config) as store:
        assert await store.upkeep.orders() == {"wire": 30}
    for wrong in ({"source": "nobody"}, {"source": "wire", "count": 0}, {"source": ["wire"]}):
        assert (await script.json("/api/v1/backfill", wrong)).status == 400
