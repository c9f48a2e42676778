from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.telegram import Account, Keys, Proxy, Server, TelegramError, Trouble, proxy_of
from tests.fakes.telegram.keys import DC, public_pem, session_of, shared_key


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("socks5://u:p%40ss@10.0.0.1:1080", ("socks5", "10.0.0.1", 1080, True, "u", "p@ss")),
        ("socks5h://proxy.example", ("socks5", "proxy.example", 1080, True, None, None)),
        ("http://proxy.example:3128", ("http", "proxy.example", 3128, True, None, None)),
        ("mtproxy://dd00112233445566778899aabbccddeeff@proxy.example", None),
    ],
)
def test_proxies_become_what_telethon_wants(written: str, parts: tuple[object, ...] | None) -> None:
    proxy = proxy_of(written)
    assert proxy is not None
    assert proxy.parts == (parts or ("proxy.example", 443, "dd00112233445566778899aabbccddeeff"))
    assert proxy.is_mtproxy is (parts is None)
    assert "p@ss" not in repr(proxy)
    assert "dd0011" not in repr(proxy)


@pytest.mark.parametrize("written", ["", "proxy.example:1080", "ftp://proxy.example", "socks5://"])
def test_other_addresses_are_no_proxies(written: str) -> None:
    assert proxy_of(written) is None


async def test_an_mtproxy_is_spoken_to_and_never_gone_round() -> None:
    met: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            met.append(await reader.readexactly(64))
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    async with server:
        way = Proxy(kind="mtproxy", host="127.0.0.1", port=server.sockets[0].getsockname()[1], user="dd" + "0" * 32)
        there = Server(dc_id=DC, host="127.0.0.1", port=9, public_key=public_pem())
        keys = Keys(api_id=1, api_hash="h", server=there, proxy=way)
        account = Account(keys, session_of(shared_key("x"), 9), patience=3)
        with pytest.raises(TelegramError) as caught:
            await account.me()
        assert caught.value.trouble in {Trouble.DOWN, Trouble.LOST}
        await account.close()
    assert len(met[0]) == 64
