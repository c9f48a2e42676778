from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from telethon.network.connection.tcpmtproxy import TcpMTProxy

from bot.config import Config, load
from bot.config.proxies import way_to_telegram
from bot.errors import PlacewireError
from bot.service.telegram import keys_of
from bot.telegram import Account, Keys, Proxy, Server, TelegramError, Trouble
from tests.fakes.telegram.keys import DC, public_pem, session_of, shared_key

WAYS = {
    "socks5://u:p%40ss@10.0.0.1:1080": ("socks5", "10.0.0.1", 1080, True, "u", "p@ss"),
    "http://proxy.example:3128": ("http", "proxy.example", 3128, True, None, None),
    f"mtproxy://dd{'0' * 32}@proxy.example": ("proxy.example", 443, "dd" + "0" * 32),
}


@pytest.mark.parametrize("written", WAYS)
def test_a_proxy_becomes_what_telethon_wants(written: str, config: Callable[..., Config]) -> None:
    proxy = keys_of(config(written), 1, "hash").proxy
    assert proxy is not None
    assert proxy.parts == WAYS[written]
    assert "p@ss" not in repr(proxy)
    assert "dd000" not in repr(proxy)


@pytest.mark.parametrize("secret", ["00" * 16, "dd" + "00" * 16, "ee" + "00" * 16 + "6578", "AAAAAAAAAAAAAAAAAAAAAA=="])
def test_secrets_that_are_accepted_are_those_that_telethon_can_read(secret: str) -> None:
    way = way_to_telegram(f"mtproxy://{secret}@proxy.example")
    assert way.user is not None
    assert len(TcpMTProxy.normalize_secret(way.user.reveal())) == 16


def test_a_proxy_that_telethon_would_go_round_is_refused(
    config: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.telegram.find_spec", lambda _name: None)
    keys_of(config(f"mtproxy://{'0' * 32}@proxy.example"), 1, "hash")
    with pytest.raises(PlacewireError, match=r"the package for it is missing; install placewire\[socks\]"):
        keys_of(config("socks5://proxy.example"), 1, "hash")


@pytest.fixture
def config(tmp_path: Path) -> Callable[..., Config]:
    """A configuration with this proxy."""
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "bot.yaml").write_text("database: sqlite:///x.db\n", encoding="utf-8")
    return lambda written: load(tmp_path, {"PLACEWIRE_TELEGRAM_PROXY": written})


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
