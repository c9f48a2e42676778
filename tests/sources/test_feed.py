"""Feeds over real HTTP and the real parse process: what is asked, what is kept, what is told."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.http import Http, HttpSettings
from bot.http.serving import Answer, Request
from bot.model import Arrival, Identity, Reading, Source, SourceKind, SourceMemory
from bot.sources import Reader, after, poll_lines
from tests.fakes.clock import START, StepClock
from tests.fakes.feeds import item, rss
from tests.fakes.web import Page, Site, site


class Poller:
    """Polls one feed again and again, as the service does."""

    def __init__(self, reader: Reader, clock: StepClock, web: Site) -> None:
        self.reader, self.clock, self.web = reader, clock, web
        self.source = Source(name="gazeta", kind=SourceKind.FEED, address=web.url + "/feed")
        self.memory = SourceMemory(name="gazeta")

    async def poll(self, page: Page | None = None, **change: object) -> Reading:
        if page is not None:
            self.web.put("/feed", page)
        self.source = replace(self.source, **change)  # type: ignore[arg-type]
        reading = await self.reader.read(self.source, self.memory, self.clock.now())
        self.memory = after(self.source, self.memory, reading, self.clock.now())
        self.clock.moment += timedelta(minutes=10)
        return reading

    @property
    def asked(self) -> Request:
        return self.web.asked[-1]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def hand() -> StepClock:
    return StepClock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(hand: StepClock) -> AsyncIterator[Reader]:
    """One reader for all: each would start a process of its own."""
    async with Http(HttpSettings(allow_private_networks=True), clock=hand) as http, Reader(http) as reader:
        yield reader


@pytest_asyncio.fixture(loop_scope="module")
async def poller(shared: Reader, hand: StepClock) -> AsyncIterator[Poller]:
    hand.moment = START
    async with site() as web:
        yield Poller(shared, hand, web)


def ids(reading: Reading) -> list[str]:
    return [post.id for post in reading.posts]


def validated(body: str, *, etag: str = '"1"') -> Page:
    """A page that knows its validators."""

    def answer(request: Request) -> Answer:
        if request.headers.get("If-None-Match") == etag:
            return Answer(304, {"ETag": etag})
        return Answer(200, {"ETag": etag, "Last-Modified": "Tue, 06 Jan 2026 08:00:00 GMT"}, body.encode())

    return answer


async def test_a_feed_becomes_posts(poller: Poller) -> None:
    reading = await poller.poll(rss([item(2), item(1, text="<p>Бои у&nbsp;Суджи</p><p>и &amp; вокруг</p>")]))
    assert (reading.condition.state, reading.arrival, reading.dropped) == ("ok", Arrival.BASELINE, 0)
    assert poll_lines(reading)[1] == {
        "source": "gazeta",
        "id": "id-1",
        "url": "https://example.org/1",
        "title": "Новость 1",
        "text": "Бои у Суджи\nи & вокруг",
        "published": "2024-01-02T07:00:00+00:00",
        "edited": None,
        "author": None,
        "forwarded_from": None,
        "album": None,
        "complete": True,
    }
    assert (await poller.poll(rss([item(3), item(2)]))).arrival is Arrival.LIVE


async def test_an_empty_feed_was_read_and_its_first_item_is_news(poller: Poller) -> None:
    assert (await poller.poll(rss([]))).condition.state == "empty"
    reading = await poller.poll(rss([item(1)]))
    assert (ids(reading), reading.arrival) == (["id-1"], Arrival.LIVE)


# ---------------------------------------------------------------- what did not change


async def test_validators_are_sent_and_not_modified_costs_nothing(poller: Poller) -> None:
    await poller.poll(validated(rss([item(1)])))
    assert not {"If-None-Match", "If-Modified-Since"} & set(poller.asked.headers)
    reading = await poller.poll()
    assert (reading.condition.state, reading.posts) == ("not_modified", ())
    assert poller.asked.headers["If-None-Match"] == '"1"'
    assert poller.asked.headers["If-Modified-Since"] == "Tue, 06 Jan 2026 08:00:00 GMT"


async def test_the_same_body_is_not_parsed_again(poller: Poller) -> None:
    await poller.poll(rss([item(1)]))
    reading = await poller.poll()
    assert (reading.condition.state, reading.posts) == ("not_modified", ())


async def test_now_and_then_the_whole_feed_is_asked_for(poller: Poller) -> None:
    """A server that answers 304 for ever must not silence a feed for ever."""
    await poller.poll(validated(rss([item(1)])))
    await poller.poll()
    poller.web.put("/feed", validated(rss([item(2)])))
    assert (await poller.poll()).condition.state == "not_modified"
    poller.clock.moment += timedelta(hours=24)
    assert ids(await poller.poll()) == ["id-2"]


@pytest.mark.parametrize("etag", ['"\udcff"', '"Суджа"', f'"{"x" * 5_000}"', '"a\x01b"'])
async def test_a_validator_that_cannot_be_given_back_is_not(poller: Poller, etag: str) -> None:
    await poller.poll(rss([item(1)]))
    cursor = replace(poller.memory.cursor, etag=etag, last_modified="Tue, 06 Jan 2026 08:00:00 GMT")
    poller.memory = replace(poller.memory, cursor=cursor)
    assert (await poller.poll(rss([item(2)]))).condition.state == "ok"
    assert "If-None-Match" not in poller.asked.headers
    assert "If-Modified-Since" in poller.asked.headers


async def test_a_server_whose_304_has_a_body_is_asked_for_the_whole(poller: Poller) -> None:
    body = rss([item(1)]).encode()
    whole = b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n%s' % (len(body), body)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n' + body if b"If-None-Match" in head else whole)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        poller.source = replace(poller.source, address=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        states = [(await poller.poll()).condition.state for _ in range(3)]
    assert states == ["ok", "not_modified", "not_modified"]


async def test_304_to_an_unconditional_request_is_a_fault(poller: Poller) -> None:
    assert (await poller.poll(Answer(304))).condition.state == "http_304"


# ---------------------------------------------------------------- documents that are not whole


async def test_a_document_without_its_end_is_read_and_its_validators_are_not_kept(poller: Poller) -> None:
    whole = rss([item(3), item(2), item(1)])
    reading = await poller.poll(validated(whole[: whole.index("<item>", whole.index("id-2"))]))
    assert (reading.condition.state, ids(reading)) == ("truncated", ["id-3", "id-2"])
    cursor = reading.cursor
    assert (cursor.etag, cursor.last_modified, cursor.body_hash) == (None, None, None)
    reading = await poller.poll(validated(whole))
    assert (reading.condition.state, ids(reading)) == ("ok", ["id-3", "id-2", "id-1"])


async def test_a_truncated_gzip_body_keeps_nothing(poller: Poller) -> None:
    await poller.poll(validated(rss([item(1)])))
    before = poller.memory.cursor
    packed = gzip.compress(rss([item(number) for number in range(50)]).encode())
    reading = await poller.poll(Answer(200, {"Content-Encoding": "gzip", "ETag": '"2"'}, packed[:-20]))
    assert (reading.condition.state, reading.posts, reading.cursor) == ("truncated", (), before)


async def test_an_item_that_is_broken_does_not_cost_the_others(poller: Poller) -> None:
    broken = "<item><title>Плохой & <b>кривой</title><link>https://example.org/x</link></item>"
    reading = await poller.poll(rss([item(2), broken, item(1)]))
    assert {"id-2", "id-1"} <= set(ids(reading))


async def test_an_attribute_bomb_is_refused_quickly_and_its_neighbours_are_read(poller: Poller) -> None:
    bomb = "<item><title x " + " ".join(f'a{number}="1"' for number in range(20_000)) + ">Бомба</item>"
    reading = await poller.poll(rss([item(2), bomb, item(1)]))
    assert {"id-2", "id-1"} <= set(ids(reading))


@pytest.mark.parametrize(
    ("body", "state", "word"),
    [
        ("", "parse", "empty"),
        ("{broken", "parse", "JSON"),
        ('{"version": "1"}', "not_a_feed", "items"),
        ("<rss><channel><title>", "truncated", "no end"),
        ("<!doctype html><html><body>Hi</body></html>", "not_a_feed", "web page"),
        (
            '<html><link rel="alternate" type="application/rss+xml" href="/rss.xml"></html>',
            "not_a_feed",
            "/rss.xml",
        ),
        ("just words", "not_a_feed", "neither"),
    ],
)
async def test_what_is_no_feed_is_told_in_words(body: str, state: str, word: str, poller: Poller) -> None:
    reading = await poller.poll(body)
    assert (reading.condition.state, reading.posts) == (state, ())
    assert word in reading.condition.detail
    assert reading.condition.remedy


async def test_a_fault_leaves_the_cursor_where_it_was(poller: Poller) -> None:
    await poller.poll(validated(rss([item(1)])))
    before = poller.memory.cursor
    assert (await poller.poll("<html></html>")).cursor == before
    assert (await poller.poll(Answer(500))).cursor == before


async def test_garbled_text_raises_the_alarm_and_is_asked_for_again(poller: Poller) -> None:
    twice = rss([item(1)]).encode().decode("cp1251", "replace").replace("cp1251", "utf-8")
    reading = await poller.poll(validated(twice))
    assert (reading.condition.state, len(reading.posts)) == ("mojibake", 1)
    assert reading.cursor.etag is None


async def test_an_item_of_megabytes_is_cut_and_said_to_be(poller: Poller) -> None:
    titled = item(2).replace("Новость", "Новость " * 100_000)
    reading = await poller.poll(rss([item(3, text="слово " * 300_000), titled, item(1)]))
    sizes = [(len(post.title), len(post.text), post.complete) for post in reading.posts]
    assert sizes[0] == (9, 99_991, False)
    assert sizes[1] == (100_000, 0, False)
    assert sizes[2][2]
    assert (await poller.poll()).condition.state == "not_modified"


# ---------------------------------------------------------------- moving, secrets, refusals


async def test_a_permanent_move_is_told(poller: Poller) -> None:
    poller.web.put("/new", rss([item(1)]))
    reading = await poller.poll(Answer(301, {"Location": "/new"}))
    assert (reading.condition.state, reading.moved_to) == ("ok", poller.web.url + "/new")


async def test_the_operators_headers_are_sent(poller: Poller) -> None:
    await poller.poll(rss([item(1)]), headers={"X-Api-Key": "secret"})
    assert poller.asked.headers["X-Api-Key"] == "secret"


async def test_a_feed_that_asks_for_patience_gets_it(poller: Poller) -> None:
    now = poller.clock.now()
    reading = await poller.poll(Answer(429, {"Retry-After": "7200"}))
    assert (reading.condition.state, reading.condition.until) == ("rate_limited", now + timedelta(hours=2))
    assert poller.memory.due
    assert poller.memory.due >= now + timedelta(hours=2)


async def test_only_web_links_leave_the_room(poller: Poller) -> None:
    links = ["javascript:alert(1)", "ftp://example.org/x", "/relative", "http://[::1", "HTTPS://Example.org/ok"]
    reading = await poller.poll(rss([item(n, link=link) for n, link in enumerate(links)]))
    assert [post.url for post in reading.posts] == [
        None,
        None,
        poller.web.url + "/relative",
        None,
        "HTTPS://Example.org/ok",
    ]


# ---------------------------------------------------------------- identity


async def test_the_identity_is_chosen_and_kept(poller: Poller) -> None:
    reading = await poller.poll(rss([item(2), item(1)]))
    assert reading.cursor.identity is Identity.GUID
    reading = await poller.poll(rss([item(4, guid=None), item(3), item(2)]))
    assert reading.cursor.identity is Identity.GUID
    assert ids(reading) == ["https://example.org/4", "id-3", "id-2"]


@pytest.mark.parametrize(
    ("guid", "link", "identity"),
    [(None, "", Identity.LINK), ("same", "", Identity.LINK), ("same", "https://example.org/", Identity.CONTENT)],
)
async def test_missing_and_shared_keys_are_seen(
    guid: str | None, link: str, identity: Identity, poller: Poller
) -> None:
    reading = await poller.poll(rss([item(number, guid=guid, link=link) for number in (3, 2, 1)]))
    assert reading.cursor.identity is identity
    assert len(set(ids(reading))) == 3


def dynamic(*numbers: int, poll: int, link: str = "") -> str:
    """A feed that is built at each fetch: its guids and its dates are of that moment."""
    date = f"Mon, {poll:02} Jan 2024 12:00:00 +0300"
    return rss(
        [item(n, guid=f"p{poll}-{n}", link=link and f"https://example.org/{n}?{link}", date=date) for n in numbers]
    )


def titles(reading: Reading) -> list[str]:
    return [post.title for post in reading.posts]


async def test_guids_and_dates_that_change_at_each_fetch_announce_nothing_again(poller: Poller) -> None:
    await poller.poll(dynamic(3, 2, 1, poll=1))
    reading = await poller.poll(dynamic(3, 2, 1, poll=2))
    assert (reading.cursor.identity, reading.posts) == (Identity.LINK, ())
    assert (await poller.poll(dynamic(3, 2, 1, poll=3))).posts == ()


async def test_what_is_new_in_the_poll_that_switches_the_identity_is_news(poller: Poller) -> None:
    await poller.poll(dynamic(3, 2, 1, poll=1))
    reading = await poller.poll(dynamic(4, 3, 2, 1, poll=2))
    assert (ids(reading), reading.arrival) == (["https://example.org/4"], Arrival.LIVE)
    reading = await poller.poll(dynamic(5, 4, 3, 2, poll=3))
    assert (ids(reading), reading.arrival) == (["https://example.org/5", "https://example.org/4"], Arrival.LIVE)


async def test_links_that_change_too_leave_the_words(poller: Poller) -> None:
    await poller.poll(dynamic(3, 2, 1, poll=1, link="a"))
    assert titles(await poller.poll(dynamic(4, 3, 2, 1, poll=2, link="b"))) == ["Новость 4"]
    four = await poller.poll(dynamic(4, 3, 2, 1, poll=3, link="c"))
    assert (four.cursor.identity, four.posts) == (Identity.CONTENT, ())
    assert four.condition.detail == "items told apart by content since their guids or links change"
    five = await poller.poll(dynamic(5, 4, 3, 2, 1, poll=4, link="d"))
    assert (titles(five), five.arrival) == (["Новость 5"], Arrival.LIVE)
    assert ids(await poller.poll(dynamic(5, 4, 3, poll=5, link="e"))) == ids(five)


async def test_guids_that_come_to_be_shared_announce_nothing_again(poller: Poller) -> None:
    await poller.poll(rss([item(2), item(1)]))
    reading = await poller.poll(rss([item(number, guid="same") for number in (3, 2, 1)]))
    assert ids(reading) == ["https://example.org/3"]


async def test_what_was_known_at_the_switch_stays_known(poller: Poller) -> None:
    """Also where it is away for a while, comes with other words, or the document breaks off."""
    await poller.poll(dynamic(3, 2, 1, poll=1))
    await poller.poll(dynamic(3, 2, 1, poll=2))
    await poller.poll(rss([]))
    await poller.poll(dynamic(4, poll=3))
    changed = rss([item(3, guid="p4-3", text="Другие слова"), item(2, guid="p4-2"), item(1, guid="p4-1")])
    assert (await poller.poll(changed)).posts == ()


async def test_a_document_without_its_end_does_not_make_the_others_unknown(poller: Poller) -> None:
    await poller.poll(dynamic(4, 3, 2, 1, poll=1))
    whole = rss([item(4, guid="p1-4", text="Дополнено"), item(3, guid="p1-3")])
    assert (await poller.poll(whole[: whole.index("</channel>")])).condition.state == "truncated"
    assert (await poller.poll(dynamic(3, 2, 1, poll=3))).posts == ()


@pytest.mark.parametrize("links_change", [False, True])
async def test_ids_that_change_in_a_document_without_its_end_announce_nothing_again(
    poller: Poller, links_change: bool
) -> None:
    def page(*numbers: int, poll: int) -> str:
        return dynamic(*numbers, poll=poll, link=f"s={poll}" if links_change else "")

    await poller.poll(page(4, 3, 2, 1, poll=1))
    for poll, cut in enumerate((True, True, False, True, False), 2):
        whole = page(4, 3, 2, 1, poll=poll)
        assert titles(await poller.poll(whole[: whole.index("<title>Новость 2")] if cut else whole)) == []
    assert titles(await poller.poll(page(5, 4, 3, 2, 1, poll=7))) == ["Новость 5"]


@pytest.mark.parametrize("tag", ["<guid", "<link>", "</title>", "</description>"])
async def test_an_item_in_which_a_document_breaks_off_is_read_when_it_is_whole(poller: Poller, tag: str) -> None:
    """Half of it would be another item: its id or its words are cut."""
    whole = rss([item(3), item(2), item(1)])
    cut = whole[: whole.rindex(tag) + 1]
    reading = await poller.poll(cut)
    assert (ids(reading), reading.condition.state, reading.dropped) == (["id-3", "id-2"], "truncated", 1)
    assert ids(await poller.poll(whole)) == ["id-3", "id-2", "id-1"]


async def test_a_garbled_document_does_not_make_items_unknown(poller: Poller) -> None:
    await poller.poll(dynamic(3, 2, 1, poll=1))
    garbled = dynamic(3, 2, 1, poll=1).encode().decode("cp1251", "replace").replace("cp1251", "utf-8")
    assert (await poller.poll(garbled)).condition.state == "mojibake"
    assert (await poller.poll(dynamic(3, 2, 1, poll=3))).posts == ()


async def test_the_same_words_again_and_again_are_no_sign_of_changing_guids(poller: Poller) -> None:
    def alarms(*numbers: int) -> str:
        words = ("Тревога", "Отбой")
        return rss(item(n, text=words[n % 2]).replace(f"Новость {n}", words[n % 2]) for n in numbers)

    await poller.poll(alarms(4, 3, 2, 1))
    reading = await poller.poll(alarms(8, 7, 6, 5))
    assert (ids(reading), reading.cursor.identity) == (["id-8", "id-7", "id-6", "id-5"], Identity.GUID)


async def test_an_identity_other_than_guid_from_the_first_reading_is_no_switch(poller: Poller) -> None:
    linked = [item(number, guid=None) for number in (3, 2, 1)]
    assert len((await poller.poll(rss(linked[1:]))).posts) == 2
    reading = await poller.poll(rss(linked))
    assert (len(reading.posts), reading.arrival, reading.condition.detail) == (3, Arrival.LIVE, "")


async def test_a_switch_is_told_as_long_as_it_holds(poller: Poller) -> None:
    told = "items told apart by link since their guids change"
    await poller.poll(dynamic(2, 1, poll=1))
    for page in (dynamic(2, 1, poll=2), dynamic(3, 2, 1, poll=3), None, validated(rss([item(4)])), None):
        reading = await poller.poll(page)
        assert told in reading.condition.detail, reading.condition
    assert reading.condition.state == "not_modified"


async def test_an_identity_that_the_operator_changes_announces_nothing_again(poller: Poller) -> None:
    await poller.poll(rss([item(2), item(1)]), identity=Identity.CONTENT)
    reading = await poller.poll(rss([item(3), item(2), item(1)]), identity=Identity.LINK)
    assert (ids(reading), reading.condition.detail) == (["https://example.org/3"], "")


async def test_the_operator_may_choose_the_identity(poller: Poller) -> None:
    reading = await poller.poll(rss([item(1)]), identity=Identity.LINK)
    assert ids(reading) == ["https://example.org/1"]


# ---------------------------------------------------------------- backfill


async def test_backfill_marks_the_newest_and_follows_older_pages(poller: Poller) -> None:
    older = '<atom:link rel="prev-archive" href="/feed/old"/>'
    poller.web.put(
        "/feed/old", rss([item(number) for number in (3, 2, 1)], head='<atom:link rel="next" href="/gone"/>')
    )
    reading = await poller.poll(rss([item(5), item(4)], head=older), backfill=4)
    assert ids(reading) == ["id-5", "id-4", "id-3", "id-2", "id-1"]
    assert reading.backfilled == {"id-5", "id-4", "id-3", "id-2"}
    assert [request.path for request in poller.web.asked] == ["/feed", "/feed/old"]
    assert (await poller.poll(rss([item(6), item(5)], head=older))).backfilled == frozenset()


async def test_older_pages_that_fail_or_go_in_circles_cost_nothing(poller: Poller) -> None:
    poller.web.put("/loop", rss([item(1)], head='<atom:link rel="next" href="/loop"/>'))
    reading = await poller.poll(rss([item(2)], head='<atom:link rel="next" href="/loop"/>'), backfill=50)
    assert ids(reading) == ["id-2", "id-1"]


async def test_dates_are_moments_in_utc(poller: Poller) -> None:
    reading = await poller.poll(rss([item(1, date="Mon, 12 Aug 2024 10:00:00 MSK")]))
    assert reading.posts[0].published == datetime(2024, 8, 12, 7, tzinfo=UTC)
