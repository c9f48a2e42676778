"""The newsroom over real HTTP: conditions, compression, paging, redirects and trouble, each at its hour."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.demo.newsroom import Item, Newsroom, load
from bot.demo.server import open_newsroom
from bot.errors import SourceDown, SourceGone
from bot.http import Http, HttpSettings, Response


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return load()


class Visitor:
    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url

    async def get(self, path: str, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._http.get(self._url + path, headers=named, follow=False)


@asynccontextmanager
async def visiting(newsroom: Newsroom, clock: Any) -> AsyncIterator[Visitor]:
    async with (
        open_newsroom(newsroom, clock) as server,
        Http(HttpSettings(allow_private_networks=True), clock=clock) as http,
    ):
        yield Visitor(http, server.url)


async def test_an_unchanged_feed_is_not_sent_again(newsroom: Newsroom, hand: Any) -> None:
    async with visiting(newsroom, hand) as visitor:
        first = await visitor.get("/feeds/meridian_wire")
        again = await visitor.get("/feeds/meridian_wire", If_None_Match=first.headers["ETag"])
        hand.kyiv(7)
        later = await visitor.get("/feeds/meridian_wire", If_None_Match=first.headers["ETag"])
    assert (first.status, again.status, later.status) == (200, 304, 200)
    assert first.headers["Content-Encoding"] == "gzip"
    assert [item["id"] for item in json.loads(later.body)["items"]] == ["mw-0106-01"]


async def test_the_agency_writes_windows_1251(newsroom: Newsroom, hand: Any) -> None:
    async with visiting(newsroom, hand) as visitor:
        feed = await visitor.get("/feeds/polevoy_vestnik")
    assert "Ведомство сообщает" in feed.body.decode("windows-1251")


async def test_a_source_that_is_down_says_so_and_recovers(newsroom: Newsroom, hand: Any) -> None:
    async with visiting(newsroom, hand) as visitor:
        hand.kyiv(8, 30)
        with pytest.raises(SourceDown) as caught:
            await visitor.get("/feeds/polevoy_vestnik")
        hand.kyiv(9, 30)
        recovered = await visitor.get("/feeds/polevoy_vestnik")
    assert caught.value.state == "http_503"
    assert "Самбист" in recovered.body.decode("windows-1251")


async def test_a_preview_that_is_off_redirects_like_a_name_that_nobody_has(newsroom: Newsroom, hand: Any) -> None:
    async with visiting(newsroom, hand) as visitor:
        hand.kyiv(11)
        on = await visitor.get("/s/karta_dnya_demo")
        hand.kyiv(11, 45)
        answers = [await visitor.get(path) for path in ("/s/karta_dnya_demo", "/s/nobody_at_all", "/s/rubizh_desk")]
    assert on.status == 200
    assert [answer.status for answer in answers] == [302, 302, 302]
    assert answers[0].headers["Location"] == "/karta_dnya_demo"


async def test_what_is_not_there_is_not_found(newsroom: Newsroom, hand: Any) -> None:
    async with visiting(newsroom, hand) as visitor:
        for path in ("/feeds/nobody", "/feeds/kursk_front_demo", "/"):
            with pytest.raises(SourceGone):
                await visitor.get(path)


async def test_a_long_channel_is_paged(newsroom: Newsroom, hand: Any) -> None:
    hand.kyiv(11)
    async with visiting(_long(newsroom, 45), hand) as visitor:
        newest = (await visitor.get("/s/kursk_front_demo")).body.decode()
        middle = (await visitor.get("/s/kursk_front_demo?before=26")).body.decode()
        last = (await visitor.get("/s/kursk_front_demo?before=6")).body.decode()
        beyond = (await visitor.get("/s/kursk_front_demo?before=1")).body.decode()
    assert [_ids(page) for page in (newest, middle, last)] == [
        list(range(26, 46)),
        list(range(6, 26)),
        list(range(1, 6)),
    ]
    assert ['data-before="26"' in newest, 'data-before="6"' in middle, "data-before" in last] == [True, True, False]
    assert "tme_no_messages_found" in beyond


def _long(newsroom: Newsroom, posts: int) -> Newsroom:
    items = tuple(
        Item(source="kursk_front_demo", id=str(n), at=newsroom.opens + timedelta(minutes=n), text=f"Сообщение {n}")
        for n in range(1, posts + 1)
    )
    return replace(newsroom, items=items)


def _ids(page: str) -> list[int]:
    return [int(part.partition('"')[0]) for part in page.split('data-post="kursk_front_demo/')[1:]]
