"""The one HTTP session: guarded, bounded, polite, and with every failure in words.

In: an address. Out: a `Response` whose body is whole and decoded, or a SourceError.
No response leaves here that was cut short.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.errors import SourceBusy, SourceDown, SourceError
from bot.http.bodies import Body
from bot.http.guard import RefusedAddress, guarded_socket, refused_literal
from bot.http.names import Names
from bot.http.pace import Paces
from bot.http.settings import HttpSettings
from bot.http.trouble import FAULTS, fault, refusal
from bot.slots import Clock

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
WEB = frozenset({"http", "https"})
FIRST_ERROR = 400
LED_NOWHERE = frozenset(range(300, FIRST_ERROR)) - {HTTPStatus.NOT_MODIFIED}
"""Redirects that name no address."""
WHOLE_HOST = frozenset({429, 503})
"""Asking for patience with these, a server speaks for all its addresses; with another error for the one asked."""
MAX_HEADER = 65_536
LOOKUPS_A_POLL = 2
"""A lookup may outlast the poll that gave it up, and the next one must not wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer. `url` is where it came from in the end; `headers` ignore case; `body` is decoded and complete."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    moved_to: str | None = None
    """Where permanent redirects from the very first address lead."""
    seconds: float = 0.0
    """How long the answer took, waiting for our turn not counted."""


class Http:
    """`async with Http(settings, clock=clock) as http`: all requests of a process share its connections."""

    def __init__(self, settings: HttpSettings, *, clock: Clock) -> None:
        self._settings = settings
        self.clock = clock
        """What time answers are taken at: a request may have waited long for its turn."""
        self._paces = Paces(clock, per_host=settings.per_host, concurrency=settings.concurrency)
        self._session: aiohttp.ClientSession | None = None
        self._names: Names | None = None

    async def __aenter__(self) -> Self:
        # Behind a proxy the only address connected to is the operator's own proxy.
        guard = not (self._settings.allow_private_networks or self._settings.proxy)
        self._names = Names(LOOKUPS_A_POLL * self._settings.concurrency)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._settings.concurrency,
                limit_per_host=self._settings.per_host,
                socket_factory=guarded_socket if guard else None,
                resolver=self._names,
                ttl_dns_cache=300,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._settings.connect_timeout),
            # Security policies alone are longer than aiohttp's 8 KB on some sites.
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
            headers={"User-Agent": self._settings.user_agent, "Accept-Encoding": "gzip, deflate"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()
        if self._names:
            await self._names.close()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        private: Mapping[str, str] | None = None,
        follow: bool = True,
        every: timedelta | None = None,
    ) -> Response:
        """Fetch `url`; 2xx and 304 are answers, with `follow=False` a redirect too.

        `private` headers (the operator's keys) go to the first host only. With `every` requests to this host run one
        at a time, so far apart. Raises SourceDown, SourceBusy (with its delay) or SourceGone; `state` says which.
        """
        async with self._paces.turn(_host(url), every):
            try:
                async with asyncio.timeout(self._settings.total_timeout):
                    response = await self._follow(url, headers or {}, private or {}, follow=follow)
            except FAULTS as error:
                raise fault(_shown(url), error) from error
            if response.status >= FIRST_ERROR or (follow and response.status in LED_NOWHERE):
                raise self._refused(url, response)
        return response

    async def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
        """Send `body`; every status is an answer, redirects are not followed. Raises SourceError where none came."""
        async with self._paces.turn(_host(url), None):
            try:
                async with asyncio.timeout(self._settings.total_timeout):
                    return await self._ask("POST", URL(url), headers or {}, body)
            except FAULTS as error:
                raise fault(_shown(url), error) from error

    def _refused(self, url: str, response: Response) -> SourceError:
        error = refusal(_shown(url), response.status, response.headers, self.clock.now())
        if isinstance(error, SourceBusy) and response.status in WHOLE_HOST:
            self._paces.leave_alone(_host(response.url), URL(response.url).path, error.delay)
        return error

    async def _follow(
        self, url: str, headers: Mapping[str, str], private: Mapping[str, str], *, follow: bool
    ) -> Response:
        """Ask, and go where redirects lead; the operator's headers stay with the host they were meant for."""
        first = target = URL(url)
        moved: URL | None = None
        permanent = True
        seconds = 0.0
        for _ in range(self._settings.max_redirects + 1):
            own = private if same_host(first, target) else {}
            response = await self._ask("GET", target, {**headers, **own})
            seconds += response.seconds
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or not location or not follow:
                return Response(
                    status=response.status,
                    url=str(target.with_user(None)),
                    headers=response.headers,
                    body=response.body,
                    moved_to=str(moved.with_user(None)) if moved else None,
                    seconds=seconds,
                )
            permanent = permanent and response.status in PERMANENT
            target = _led(target, location)
            moved = target if permanent else moved
        raise SourceDown(_shown(url), "it redirects in circles", "check the address in a browser", state="redirects")

    async def _ask(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Response:
        """One request, one whole answer."""
        self._check(url)
        session = self._session
        if session is None:
            raise RuntimeError("Http is used outside its `async with`")
        began = asyncio.get_running_loop().time()
        async with session.request(
            method, url, headers=headers, data=body, allow_redirects=False, proxy=self._settings.proxy
        ) as answer:
            content = await self._read(answer)
            return Response(
                status=answer.status,
                url=str(url),
                headers=answer.headers,
                body=content,
                seconds=asyncio.get_running_loop().time() - began,
            )

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        """The body of an answer that is good for something; of others (errors, redirects) no body is read."""
        if answer.method == "GET" and not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return b""
        limits = self._settings
        body = Body(
            answer.headers.get("Content-Encoding", ""), max_wire=limits.max_wire, max_decoded=limits.max_decoded
        )
        async for chunk in answer.content.iter_any():
            body.feed(chunk)
        return body.finish()

    def _check(self, url: URL) -> None:
        """Only http and https; a literal private address is refused even where a proxy would connect to it."""
        if url.scheme not in WEB or not url.host:
            raise aiohttp.InvalidURL(url, "only http and https addresses are read")
        if not self._settings.allow_private_networks and self._settings.proxy and refused_literal(url.host):
            raise RefusedAddress(f"{url.host} is not an address of the public internet")


def _host(url: str) -> str:
    try:
        return URL(url).authority.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _shown(url: str) -> str:
    """The address without a name and password that may stand in it."""
    try:
        return str(URL(url).with_user(None))
    except ValueError:
        return "the address"


def _led(asked: URL, location: str) -> URL:
    """Where a redirect leads; it may lead to http and https only."""
    try:
        led = asked.join(URL(location))
    except ValueError:
        led = URL()
    if led.scheme not in WEB or not led.host:
        what = "it redirects to what is no http:// or https:// address"
        raise SourceDown(_shown(str(asked)), what, "check the address in a browser", state="address")
    return led


def same_host(first: URL, second: URL) -> bool:
    """Whether headers meant for `first` may go to `second`: the same origin, or its step from http to https."""
    if first.host != second.host:
        return False
    upgraded = (first.scheme, second.scheme) == ("http", "https") and first.is_default_port()
    return first.origin() == second.origin() or (upgraded and second.is_default_port())
