"""Addresses of proxies to Telegram: what is taken, and which form a refused one should have."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from bot.config import ProxySettings, load
from bot.config.proxies import way_to_telegram
from bot.config.secret import Secret

SECRET = "dd00112233445566778899aabbccddeeff"
KIND = "is no proxy that Telegram is reached through"
NO_SECRET = "has no MTProxy secret"
PORT = "has no port from 1 to 65535"
LINK = "is a link for Telegram's own apps"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (
            "socks5://u:p%40ss@10.0.0.1:1081",
            ProxySettings(kind="socks5", host="10.0.0.1", port=1081, user=Secret("u"), password=Secret("p@ss")),
        ),
        ("socks5h://proxy.example", ProxySettings(kind="socks5", host="proxy.example", port=1080)),
        ("http://[::1]:3128", ProxySettings(kind="http", host="::1", port=3128)),
        (
            f"mtproxy://{SECRET}@p.example",
            ProxySettings(kind="mtproxy", host="p.example", port=443, user=Secret(SECRET)),
        ),
    ],
)
def test_a_proxy_is_taken_apart(written: str, found: ProxySettings) -> None:
    assert way_to_telegram(written) == found
    assert "p@ss" not in repr(found)


@pytest.mark.parametrize(
    ("written", "what", "form"),
    [
        ("", KIND, "socks5://USER:PASSWORD@HOST:PORT, http://USER:PASSWORD@HOST:PORT or mtproxy://SECRET@HOST:PORT"),
        ("proxy.example:1080", KIND, "mtproxy://SECRET@HOST:PORT"),
        ("socks5://proxy example:1", KIND, "socks5://"),
        ("socks5://[::1", KIND, "socks5://"),
        ("ftp://proxy.example", KIND, "socks5://"),
        ("socks5://", KIND, "socks5://"),
        ("socks5://proxy.example:99999", PORT, "socks5://...@HOST:PORT"),
        ("socks5://proxy.example:0", PORT, "socks5://...@HOST:PORT"),
        ("mtproxy://proxy.example", NO_SECRET, "32 hex digits"),
        ("mtproxy://zz@proxy.example", NO_SECRET, "32 hex digits"),
        ("mtproxy://@proxy.example", NO_SECRET, "32 hex digits"),
        ("mtproxy://dd0011@proxy.example", NO_SECRET, "32 hex digits"),
        ("mtproxy://AAAAA@proxy.example", NO_SECRET, "32 hex digits"),
        (f"mtproxy://{'ы' * 40}@proxy.example", NO_SECRET, "32 hex digits"),
        (f"tg://proxy?server=a.example&port=443&secret={SECRET}", LINK, "mtproxy://SECRET@HOST:PORT"),
        (f"https://t.me/proxy?server=a.example&port=443&secret={SECRET}", LINK, "mtproxy://SECRET@HOST:PORT"),
        ("t.me/socks?server=a.example&port=1080", LINK, "socks5://USER:PASSWORD@HOST:PORT"),
    ],
)
def test_what_is_none_is_refused_with_the_right_form(written: str, what: str, form: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        way_to_telegram(written)
    words = str(caught.value)
    assert what in words
    assert form in words
    assert "proxy.example" not in words, "an address may hold a secret"


def test_the_environment_goes_before_the_file_and_that_before_the_proxy_of_the_web(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    file = tmp_path / "bot.yaml"

    def host(text: str, **environ: str) -> str | None:
        file.write_text(f"database: sqlite:///x.db\n{text}", encoding="utf-8")
        way = load(tmp_path, environ).telegram.proxy
        return way.host if way else None

    both = "http: {proxy: 'http://web:1'}\ntelegram: {proxy: 'socks5://file:1'}\n"
    assert host("") is None
    assert host("http: {proxy: 'http://web:1'}\n") == "web"
    assert host(both) == "file"
    assert host(both, PLACEWIRE_TELEGRAM_PROXY="socks5://u:p@environment:1") == "environment"
