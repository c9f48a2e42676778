"""What the operator may set about HTTP, and the limits that nobody may lift.

In: plain values of `bot.yaml`. Out: a frozen `HttpSettings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot import __version__

CONTACT = "https://github.com/placewire/placewire"
USER_AGENT = f"placewire/{__version__} (+{CONTACT})"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """`proxy` is an http:// address. Sizes are bytes, times are seconds."""

    allow_private_networks: bool = False
    proxy: str | None = None
    user_agent: str = USER_AGENT
    max_wire: int = 10_000_000
    max_decoded: int = 15_000_000
    max_redirects: int = 5
    connect_timeout: float = 10.0
    total_timeout: float = 30.0
    per_host: int = 2
    concurrency: int = 48
