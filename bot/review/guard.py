"""Who may ask and what the browser may do: hosts, headers, and forms that only our own pages can send.

In: requests. Out: the same, or refusals. Invariant: a request that changes anything comes from a page of ours, in this
browser: it says so in its Origin, and brings the token that belongs to this browser's cookie.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "placewire"
FORM_LIMIT = 1_000
"""Fields of one form: a decision over 500 hits fits."""


def policy(tiles: str | None = None) -> str:
    """The content security policy; pictures of a map come from the one host that the operator set, if any."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src 'self'{f' {_origin(tiles)}' if tiles else ''}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class SafeHeaders:
    """Adds the headers that forbid foreign scripts, frames and referrers to every answer."""

    def __init__(self, app: ASGIApp, tiles: Callable[[], str | None]) -> None:
        self.app, self.tiles = app, tiles
        self.headers = {
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers | {"content-security-policy": policy(self.tiles())})
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class KnownHosts:
    """Answers only requests that name a host of ours: a foreign name that leads here is not answered."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = scope["type"] != "http" or _host(Headers(scope=scope).get("host", "")) in self.hosts
        answer = self.app if known else PlainTextResponse(UNKNOWN_HOST, 400)
        await answer(scope, receive, send)


UNKNOWN_HOST = "This page is not known by this name. Set `review: public_url` in bot.yaml to the address that you use."


def _host(named: str) -> str:
    try:
        return urlsplit(f"//{named}").hostname or ""
    except ValueError:
        return ""


class Tokens:
    """Proof that a form was made by us for this browser: an HMAC over its cookie."""

    def __init__(self, secret: bytes, *, secure: bool = False) -> None:
        self.secure = secure
        """Whether the page is reached by https, as `public_url` says."""
        self._key = hmac.digest(secret, b"review forms", "sha256")

    def cookie_of(self, request: Request) -> str:
        """The browser's cookie; a new one is made for a browser that has none, or a made-up one."""
        if not hasattr(request.state, "cookie"):
            given = request.cookies.get(COOKIE, "")
            request.state.cookie = given if re.fullmatch(r"[\w-]{43}", given) else secrets.token_urlsafe(32)
        return str(request.state.cookie)

    def token(self, request: Request) -> str:
        return hmac.new(self._key, self.cookie_of(request).encode(), "sha256").hexdigest()

    def renew(self, request: Request) -> str:
        """A new cookie, for somebody who has just logged in: one that was planted before is worth nothing."""
        request.state.cookie = secrets.token_urlsafe(32)
        return str(request.state.cookie)

    def remember(self, request: Request, response: Response) -> Response:
        """The response, with the cookie if the browser does not have it yet.

        A form without a cookie is another site's: it must not take the place of the one that this browser keeps back.
        """
        given = request.cookies.get(COOKIE)
        if given != self.cookie_of(request) and (given or request.method == "GET"):
            cookie = self.cookie_of(request)
            response.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=self.secure)
        return response

    async def form(self, request: Request, hosts: Sequence[str]) -> FormData:
        """The form of a request that may change something. Raises 403 for one that is not ours."""
        refuse_foreign(request, hosts)
        form = await request.form(max_files=0, max_fields=FORM_LIMIT, max_part_size=64 * 1024)
        if not hmac.compare_digest(str(form.get("token", "")).encode(), self.token(request).encode()):
            raise HTTPException(403, "This form is not from this browser, or too old. Load the page again.")
        return form


def refuse_foreign(request: Request, hosts: Sequence[str]) -> None:
    """Raises 403 for what a page of another site sends."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"} or (origin and (urlsplit(origin).hostname or "") not in hosts):
        raise HTTPException(403, "This form comes from another site.")
