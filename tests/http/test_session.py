"""Redirects, politeness, and every failure in words."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.errors import SourceBusy, SourceDown, SourceError, SourceGone
from bot.http import USER_AGENT, Http, HttpSettings
from bot.http.serving import Answer, Request
from tests.fakes.clock import StepClock
from tests.fakes.web import Site, raw_server, site


async def test_an_answer_is_whole_and_we_say_who_asks(web: Site, http: Http) -> None:
    response = await http.get(web.put("/a", Answer(200, {"ETag": '"7"'}, b"hello")))
    assert (response.status, response.body, response.headers["etag"], response.moved_to) == (200, b"hello", '"7"', None)
    assert web.asked[0].headers["User-Agent"] == USER_AGENT
    assert "+https://" in USER_AGENT


async def test_redirects_are_followed_and_permanent_ones_remembered(web: Site, http: Http) -> None:
    web.put("/old", Answer(301, {"Location": "/new"}))
    web.put("/new", Answer(302, {"Location": "/now"}))
    web.put("/now", b"here")
    response = await http.get(web.url + "/old")
    assert (response.body, response.url, response.moved_to) == (b"here", web.url + "/now", web.url + "/new")
    web.put("/start", Answer(302, {"Location": "/old"}))
    assert (await http.get(web.url + "/start")).moved_to is None


async def test_a_redirect_may_be_asked_for_itself(web: Site, http: Http) -> None:
    response = await http.get(web.put("/s/off", Answer(302, {"Location": "/off"})), follow=False)
    assert (response.status, response.headers["Location"]) == (302, "/off")


async def test_redirects_in_circles_end(web: Site, http: Http) -> None:
    with pytest.raises(SourceDown) as caught:
        await http.get(web.put("/a", Answer(302, {"Location": "/a"})))
    assert caught.value.state == "redirects"
    assert len(web.asked) == 6


async def test_the_operators_headers_stay_with_their_host(web: Site, http: Http) -> None:
    async with site() as other:
        other.put("/feed", b"there")
        web.put("/here", Answer(302, {"Location": "/same", "Set-Cookie": "a=b"}))
        web.put("/same", Answer(302, {"Location": other.url + "/feed"}))
        keys = {"X-Api-Key": "secret", "Cookie": "id=1"}
        await http.get(web.url + "/here", headers={"Accept": "text/xml"}, private=keys)
        assert [request.headers.get("X-Api-Key") for request in web.asked] == ["secret", "secret"]
        assert "a=b" not in web.asked[1].headers["Cookie"]
        assert other.asked[0].headers["Accept"] == "text/xml"
        assert not {"X-Api-Key", "Cookie"} & set(other.asked[0].headers)


@pytest.mark.parametrize(
    "location", ["ftp://example.org/feed", "file:///etc/passwd", "http://[::1", "http://127.0.0.1:99999/"]
)
async def test_redirects_lead_to_http_only(location: str, web: Site, http: Http) -> None:
    with pytest.raises(SourceDown) as caught:
        await http.get(web.put("/a", Answer(302, {"Location": location})))
    assert (caught.value.state, "it redirects to" in caught.value.what) == ("address", True)


@pytest.mark.parametrize("status", [300, 302, 305, 399])
async def test_a_redirect_to_nowhere_is_no_answer(status: int, web: Site, http: Http) -> None:
    with pytest.raises(SourceDown) as caught:
        await http.get(web.put("/a", Answer(status)))
    assert caught.value.state == f"http_{status}"


@pytest.mark.parametrize(
    ("status", "headers", "kind", "state", "delay"),
    [
        (404, {}, SourceGone, "not_found", None),
        (410, {}, SourceGone, "gone", None),
        (403, {}, SourceDown, "http_403", None),
        (500, {}, SourceDown, "http_500", None),
        (503, {}, SourceDown, "http_503", None),
        (500, {"Retry-After": "7200"}, SourceBusy, "rate_limited", 7200),
        (403, {"Retry-After": "60"}, SourceBusy, "rate_limited", 60),
        (503, {"Retry-After": "soon"}, SourceDown, "http_503", None),
        (503, {"Retry-After": "7"}, SourceBusy, "rate_limited", 7),
        (429, {"Retry-After": "0"}, SourceBusy, "rate_limited", 0),
        (429, {"Retry-After": "3600"}, SourceBusy, "rate_limited", 3600),
        (429, {"Retry-After": "99999999999999999999"}, SourceBusy, "rate_limited", 86400),
        (429, {"Retry-After": "Tue, 06 Jan 2026 09:10:00 GMT"}, SourceBusy, "rate_limited", 600),
        (429, {"Retry-After": "Tue, 06 Jan 2026 08:00:00 GMT"}, SourceBusy, "rate_limited", 0),
        (429, {"Retry-After": "soon"}, SourceBusy, "rate_limited", 300),
        (429, {}, SourceBusy, "rate_limited", 300),
    ],
)
async def test_statuses_have_words(
    status: int,
    headers: dict[str, str],
    kind: type[SourceError],
    state: str,
    delay: int | None,
    web: Site,
    http: Http,
) -> None:
    with pytest.raises(kind) as caught:
        await http.get(web.put("/a", Answer(status, headers, b"an error page")))
    assert caught.value.state == state
    assert caught.value.remedy
    assert getattr(caught.value, "delay", None) == (None if delay is None else timedelta(seconds=delay))


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


async def test_no_such_name_no_listener_no_tls_no_http(web: Site, http: Http) -> None:
    async with raw_server(b"SSH-2.0-OpenSSH\r\n") as odd:
        cases = {
            "http://no-such-name.invalid/": "dns",
            f"http://127.0.0.1:{closed_port()}/": "connect",
            web.url.replace("http:", "https:"): "tls",
            odd: "http_broken",
            "gopher://example.org/": "address",
            "http://[::1": "address",
        }
        for url, state in cases.items():
            with pytest.raises(SourceDown) as caught:
                await http.get(url)
            assert caught.value.state == state, url


async def test_what_is_no_http_is_not_said_to_have_a_status(http: Http) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx") as url:
        with pytest.raises(SourceDown) as caught:
            await http.get(url)
    assert (caught.value.state, "400" in caught.value.what) == ("http_broken", False)


async def test_an_answer_that_never_comes_is_a_timeout(web: Site, clock: StepClock) -> None:
    release = asyncio.Event()

    async def never(_: Request) -> Answer:
        await release.wait()
        return Answer()

    async with Http(HttpSettings(allow_private_networks=True, total_timeout=0.05), clock=clock) as http:
        with pytest.raises(SourceDown) as caught:
            await http.get(web.put("/slow", never))
    release.set()
    assert caught.value.state == "timeout"


async def test_one_at_a_time_and_so_far_apart(web: Site, clock: StepClock, http: Http) -> None:
    at_once: list[int] = [0, 0]
    times = []

    async def count(_: Request) -> Answer:
        times.append(clock.now())
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0.005)
        at_once[0] -= 1
        return Answer()

    url = web.put("/s/a", count)
    await asyncio.gather(*(http.get(url, every=timedelta(seconds=2)) for _ in range(4)))
    assert at_once[1] == 1
    assert [(after - before).total_seconds() for before, after in pairwise(times)] == [2, 2, 2]


async def test_a_clock_that_is_set_back_holds_up_nothing(web: Site, clock: StepClock, http: Http) -> None:
    url = web.put("/s/a", b"")
    await http.get(url, every=timedelta(seconds=2))
    clock.moment -= timedelta(hours=1)
    await http.get(url, every=timedelta(seconds=2))
    assert clock.slept == [2]
    with pytest.raises(SourceBusy):
        await http.get(web.put("/s/busy", Answer(429)))
    clock.moment -= timedelta(hours=1)
    assert (await http.get(url)).status == 200


@pytest.mark.parametrize("every", [None, timedelta(seconds=1)])
@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_is_left_alone_when_a_second_address_wants_patience(
    status: int, every: timedelta | None, web: Site, clock: StepClock, http: Http
) -> None:
    first, second = (web.put(path, Answer(status, {"Retry-After": "60"})) for path in ("/first", "/second"))
    other = web.put("/other", b"x")
    with pytest.raises(SourceBusy):
        await http.get(first, every=every)
    assert (await http.get(other, every=every)).body == b"x"
    with pytest.raises(SourceBusy):
        await http.get(second, every=every)
    asked, since = len(web.asked), clock.now()
    outcomes = await asyncio.gather(*(http.get(other, every=every) for _ in range(20)), return_exceptions=True)
    assert all(isinstance(outcome, SourceBusy) for outcome in outcomes)
    assert len(web.asked) == asked
    clock.moment = since + timedelta(seconds=45)
    with pytest.raises(SourceBusy) as caught:
        await http.get(other, every=every)
    assert caught.value.delay == timedelta(seconds=15)
    clock.moment = since + timedelta(seconds=60)
    assert (await http.get(other, every=every)).body == b"x"


async def test_one_address_that_wants_patience_again_holds_nobody_else(web: Site, http: Http) -> None:
    busy, other = web.put("/busy", Answer(429)), web.put("/other", b"x")
    for _ in range(2):
        with pytest.raises(SourceBusy):
            await http.get(busy)
    assert (await http.get(other)).body == b"x"


async def test_patience_is_with_the_host_that_wanted_it(web: Site, http: Http) -> None:
    """Where a redirect leads, not where it began; and an error of one address is not the whole host's."""
    async with site() as other:
        for path in ("/one", "/two"):
            web.put(path, Answer(302, {"Location": other.put(path, Answer(429))}))
            with pytest.raises(SourceBusy):
                await http.get(web.url + path)
        with pytest.raises(SourceBusy):
            await http.get(other.put("/page", b"x"))
        assert len(other.asked) == 2
    for path in ("/broken", "/torn"):
        with pytest.raises(SourceBusy):
            await http.get(web.put(path, Answer(500, {"Retry-After": "60"})))
    assert (await http.get(web.put("/page", b"x"))).body == b"x"


async def test_two_connections_a_host(web: Site, http: Http) -> None:
    at_once: list[int] = [0, 0]

    async def count(_: Request) -> Answer:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0.005)
        at_once[0] -= 1
        return Answer()

    url = web.put("/a", count)
    await asyncio.gather(*(http.get(url) for _ in range(6)))
    assert at_once[1] == 2


async def test_a_post_gives_every_status_and_follows_nothing(web: Site, http: Http) -> None:
    url = web.put("/hook", lambda request: Answer(418 if request.body == b"{}" else 200, {"Location": "/x"}, b"no"))
    response = await http.post(url, b"{}", {"Idempotency-Key": "k1"})
    assert (response.status, response.body) == (418, b"no")
    assert (web.asked[0].method, web.asked[0].headers["Idempotency-Key"]) == ("POST", "k1")


async def test_a_password_in_an_address_is_used_and_never_repeated(web: Site, http: Http) -> None:
    web.put("/feed", b"x")
    url = web.url.replace("http://", "http://me:secret@")
    response = await http.get(url + "/feed")
    assert web.asked[0].headers["Authorization"].startswith("Basic ")
    assert "secret" not in response.url
    for bad in (url + "/none", f"http://me:secret@127.0.0.1:{closed_port()}/", "http://me:secret@[::1"):
        with pytest.raises(SourceError) as caught:
            await http.get(bad)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [b"407 Proxy Authentication Required", b"400 Bad Request"])
async def test_the_proxys_password_is_never_repeated(status: bytes, clock: StepClock) -> None:
    async with raw_server(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n") as address:
        settings = HttpSettings(proxy=address.replace("http://", "http://bob:secret@"))
        async with Http(settings, clock=clock) as http:
            with pytest.raises(SourceDown) as caught:
                await http.get("https://example.org/feed")
    assert (caught.value.state, status.decode() in caught.value.what) == ("proxy", True)
    assert "secret" not in str(caught.value)


async def test_a_very_long_header_is_no_fault(web: Site, http: Http) -> None:
    response = await http.get(web.put("/feed", Answer(200, {"Content-Security-Policy": "x" * 30_000}, b"<rss/>")))
    assert response.body == b"<rss/>"
