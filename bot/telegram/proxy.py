"""A proxy on the way to Telegram: SOCKS5, HTTP or MTProxy.

In: an address, as `socks5://user:password@host:1080` or `mtproxy://secret@host:443`. Out: what Telethon wants, or the
fault in words. Pure.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

NETWORK = "check the network and, where one is set, the proxy (`http: {proxy: ...}`, PLACEWIRE_TELEGRAM_PROXY)"
"""What to do when Telegram does not answer."""
KINDS = {"socks5": "socks5", "socks5h": "socks5", "http": "http", "mtproxy": "mtproxy"}
PORTS = {"socks5": 1080, "http": 8080, "mtproxy": 443}
LENGTH = 16
"""Bytes of an MTProxy's secret."""
MODES = ("dd", "ee")
"""What may stand before it."""


class ProxyFault(StrEnum):
    """What is wrong with a proxy's address."""

    KIND = "is no proxy to Telegram"
    PORT = "has no port between 0 and 65535"
    NO_KEY = "has no MTProxy secret"

    @property
    def remedy(self) -> str:
        if self is ProxyFault.NO_KEY:
            return "write mtproxy://SECRET@HOST:PORT with the secret of 32 hex digits, or dd and these"
        return "write socks5://HOST:PORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    kind: str
    host: str
    port: int
    user: str | None = field(default=None, repr=False)
    """For an MTProxy its secret."""
    password: str | None = field(default=None, repr=False)

    @property
    def is_mtproxy(self) -> bool:
        return self.kind == "mtproxy"

    @property
    def parts(self) -> tuple[object, ...]:
        if self.is_mtproxy:
            return self.host, self.port, self.user or ""
        return self.kind, self.host, self.port, True, self.user, self.password


def proxy_of(address: str) -> Proxy | ProxyFault:
    """The proxy, or why Telegram cannot be reached through this address."""
    parts = urlsplit(address)
    kind = KINDS.get(parts.scheme)
    if kind is None or not parts.hostname:
        return ProxyFault.KIND
    try:
        port = parts.port or PORTS[kind]
    except ValueError:
        return ProxyFault.PORT
    user, password = (unquote(each) if each else None for each in (parts.username, parts.password))
    proxy = Proxy(kind=kind, host=parts.hostname, port=port, user=user, password=password)
    return ProxyFault.NO_KEY if proxy.is_mtproxy and not _is_secret(user or "") else proxy


def _is_secret(text: str) -> bool:
    """Whether Telethon can read it: hex digits or base64, and would else raise what it likes."""
    bare = text[2:] if text[:2] in MODES else text
    try:
        secret = bytes.fromhex(bare)
    except ValueError:
        try:
            secret = b64decode(bare + "=" * (-len(bare) % 4), validate=True)
        except ValueError:
            return False
    return len(secret) >= LENGTH
