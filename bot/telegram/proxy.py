"""A proxy on the way to Telegram: SOCKS5, HTTP or MTProxy.

In: an address, as `socks5://user:password@host:1080` or `mtproxy://secret@host:443`. Out: what Telethon wants. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

NETWORK = "check the network and, where one is set, the proxy (`http: {proxy: ...}`, PLACEWIRE_TELEGRAM_PROXY)"
"""What to do when Telegram does not answer."""
KINDS = {"socks5": "socks5", "socks5h": "socks5", "http": "http", "mtproxy": "mtproxy"}
PORTS = {"socks5": 1080, "http": 8080, "mtproxy": 443}


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


def proxy_of(address: str) -> Proxy | None:
    """None for an address of a kind that Telegram cannot be reached through."""
    parts = urlsplit(address)
    kind = KINDS.get(parts.scheme)
    if kind is None or not parts.hostname:
        return None
    user, password = (unquote(each) if each else None for each in (parts.username, parts.password))
    return Proxy(kind=kind, host=parts.hostname, port=parts.port or PORTS[kind], user=user, password=password)
