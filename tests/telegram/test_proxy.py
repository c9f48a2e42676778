from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from pathlib import Path

import pytest
from telethon.network.connection.tcpmtproxy import TcpMTProxy

from bot.config import load
from bot.errors import PlacewireError
from bot.service.telegram import keys_of
from bot.telegram import Account, Keys, Proxy, ProxyFault, Server, TelegramError, Trouble, proxy_of
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
    assert isinstance(proxy, Proxy)
    assert proxy.parts == (parts or ("proxy.example", 443, "dd00112233445566778899aabbccddeeff"))
    assert proxy.is_mtproxy is (parts is None)
    assert "p@ss" not in repr(proxy)
    assert "dd0011" not in repr(proxy)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", ProxyFault.KIND),
        ("proxy.example:1080", ProxyFault.KIND),
        ("ftp://proxy.example", ProxyFault.KIND),
        ("socks5://", ProxyFault.KIND),
        ("socks5://proxy.example:99999", ProxyFault.PORT),
        ("mtproxy://proxy.example", ProxyFault.NO_KEY),
        ("mtproxy://zz@proxy.example", ProxyFault.NO_KEY),
        ("mtproxy://@proxy.example", ProxyFault.NO_KEY),
        ("mtproxy://dd0011@proxy.example", ProxyFault.NO_KEY),
        ("mtproxy://AAAAA@proxy.example", ProxyFault.NO_KEY),
        (f"mtproxy://{'ы' * 40}@proxy.example", ProxyFault.NO_KEY),
    ],
)
def test_other_addresses_are_no_proxies(written: str, fault: ProxyFault) -> None:
    assert proxy_of(written) is fault
    assert fault.remedy


@pytest.mark.parametrize("secret", ["00" * 16, "dd" + "00" * 16, "ee" + "00" * 16 + "6578", "AAAAAAAAAAAAAAAAAAAAAA=="])
def test_secrets_that_are_accepted_are_those_that_telethon_can_read(secret: str) -> None:
    proxy = proxy_of(f"mtproxy://{secret}@proxy.example")
    assert isinstance(proxy, Proxy)
    assert len(TcpMTProxy.normalize_secret(proxy.user)) == 16


def test_a_wrong_secret_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "bot.yaml").write_text("database: sqlite:///x.db\n", encoding="utf-8")
    config = load(tmp_path, {"PLACEWIRE_TELEGRAM_PROXY": "mtproxy://zz@127.0.0.1:1"})
    with pytest.raises(PlacewireError, match="has no MTProxy secret"):
        keys_of(config, 1, "hash")


# Telethon leaves a connection that its proxy ended at once to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
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
    gc.collect()
