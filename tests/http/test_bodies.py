"""Bodies are bounded, and whole or not at all."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, strategies as st

from bot.errors import SourceDown
from bot.http import Http
from bot.http.bodies import GZIP_MAGIC, Body, TooLarge, Truncated
from bot.http.serving import Answer
from tests.fakes.web import Site, raw_server


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


def collect(coding: str, data: bytes, step: int = 7, *, limit: int = 1_000_000) -> bytes:
    body = Body(coding, max_wire=limit, max_decoded=limit)
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    return body.finish()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "x-gzip": gzip.compress,
    "": bytes,
    "identity": bytes,
}


@example(b"", "deflate", 1)
@given(st.binary(max_size=3000), st.sampled_from(sorted(CODINGS)), st.integers(1, 400))
def test_what_was_packed_comes_out(data: bytes, coding: str, step: int) -> None:
    assume(CODINGS[coding] is not bytes or not data.startswith(GZIP_MAGIC))
    assert collect(coding, CODINGS[coding](data), step) == data


def test_raw_deflate_and_several_members_and_padding_are_read() -> None:
    assert collect("deflate", raw_deflate(b"feed" * 99), 50) == b"feed" * 99
    assert collect("gzip", gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 20) == b"one two"


@given(st.binary(min_size=50, max_size=500), st.data())
def test_a_stream_cut_anywhere_is_truncated(data: bytes, draw: st.DataObject) -> None:
    packed = gzip.compress(data)
    cut = draw.draw(st.integers(2, len(packed) - 1))
    with pytest.raises(Truncated):
        collect("gzip", packed[:cut])


def test_a_bomb_is_stopped_while_it_unfolds() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    body = Body("gzip", max_wire=10**7, max_decoded=1_000_000)
    with pytest.raises(TooLarge):
        body.feed(bomb)


def test_gzip_that_nobody_declares_is_read_too() -> None:
    assert collect("", gzip.compress(b"<rss/>")) == b"<rss/>"
    with pytest.raises(TooLarge):
        collect("", gzip.compress(bytes(2_000_000)))


def test_plain_text_called_gzip_is_read_as_it_is() -> None:
    assert collect("gzip", b"<rss/>") == b"<rss/>"


async def test_truncated_gzip_with_a_right_length_is_no_answer(web: Site, http: Http) -> None:
    url = web.put(
        "/feed", Answer(200, {"Content-Encoding": "gzip", "ETag": '"1"'}, gzip.compress(b"<rss/>" * 500)[:-9])
    )
    with pytest.raises(SourceDown) as caught:
        await http.get(url)
    assert caught.value.state == "truncated"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
    ],
)
async def test_a_body_that_breaks_off_is_truncated(answer: bytes, http: Http) -> None:
    async with raw_server(answer) as url:
        with pytest.raises(SourceDown) as caught:
            await http.get(url)
    assert caught.value.state == "truncated"


@pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {}])
async def test_too_much_is_too_large(headers: dict[str, str], web: Site, http: Http) -> None:
    body = b"\0" * 15_100_000
    url = web.put("/feed", Answer(200, headers, gzip.compress(body) if headers else body))
    with pytest.raises(SourceDown) as caught:
        await http.get(url)
    assert caught.value.state == "too_large"


async def test_a_coding_nobody_asked_for_is_refused(web: Site, http: Http) -> None:
    with pytest.raises(SourceDown) as caught:
        await http.get(web.put("/feed", Answer(200, {"Content-Encoding": "br"}, b"x")))
    assert caught.value.state == "encoding"
    assert web.asked[0].headers["Accept-Encoding"] == "gzip, deflate"
