"""Names to addresses, in threads of their own: a name that no server answers for holds up no other, nor the house.

In: a host. Out: its addresses. asyncio's own threads are few, and pictures and files need them too.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult


class Names(AbstractResolver):
    """Looks up so many names at once. Whoever asked may give up; a lookup ends when the system's resolver lets it."""

    def __init__(self, lookups: int) -> None:
        self._threads = ThreadPoolExecutor(lookups, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        # Windows that is offline finds not even this host by the flag.
        flags = 0 if host == "localhost" else socket.AI_ADDRCONFIG
        lookup = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=flags)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, lookup)
        return [
            ResolveResult(
                hostname=host,
                host=_literal(address),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _literal(address: tuple[Any, ...]) -> str:
    """The address as text, with the interface that a link-local one needs."""
    scope = address[3] if len(address) > 3 else 0
    return f"{address[0]}%{scope}" if scope else str(address[0])
