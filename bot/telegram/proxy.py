"""A proxy on the way to Telegram, as Telethon wants it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

NETWORK = (
    "check the network and, where one is set, the proxy (`http:` or `telegram: {proxy: ...}`, PLACEWIRE_TELEGRAM_PROXY)"
)
"""What to do when Telegram does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """`kind` is socks5, http or mtproxy."""

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
