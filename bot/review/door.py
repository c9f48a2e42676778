"""The door: who is asking, and whether they may. Without a users file everybody on this machine is the one who runs it.

In: requests. Out: the same with a user, a way to the login page, or a refusal. Invariant: with a users file nothing but
the login page and /healthz answers somebody unknown, a viewer changes nothing, and a wrong password costs time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.config.operator import operator
from bot.review.users import Role, User, Users
from bot.slots import Clock

IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
TRIES, PATIENCE = 5, timedelta(minutes=15)
SESSIONS = 1_000
OPEN = ("/login", "/static/", "/healthz", "/readyz")
FOR_ALL = ("/language", "/logout", "/login")
"""What a viewer may send."""


@dataclass(slots=True)
class Session:
    user: User
    began: datetime
    used: datetime

    def lasts(self, now: datetime) -> bool:
        return now - self.used < IDLE and now - self.began < LONGEST


@dataclass(slots=True)
class Sessions:
    """Who is logged in, by the hash of their cookie; only in memory, so that a restart logs everybody out."""

    clock: Clock
    held: dict[str, Session] = field(default_factory=dict)

    def begin(self, cookie: str, user: User) -> None:
        now = self.clock.now()
        self.held = {key: session for key, session in self.held.items() if session.lasts(now)}
        while len(self.held) >= SESSIONS:
            self.held.pop(min(self.held, key=lambda key: self.held[key].used))
        self.held[_key(cookie)] = Session(user, now, now)

    def end(self, cookie: str) -> None:
        self.held.pop(_key(cookie), None)

    def user(self, cookie: str, users: Users) -> User | None:
        """Whose session it is, if it lasts and the user is still in the file, with the same password and role."""
        session = self.held.get(_key(cookie))
        now = self.clock.now()
        if session is None or not session.lasts(now) or users.known.get(session.user.name) != session.user:
            self.end(cookie)
            return None
        session.used = now
        return session.user


def _key(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()


@dataclass(slots=True)
class Patience:
    """Wrong passwords, by address and by name: after five, none is looked at for a quarter of an hour."""

    clock: Clock
    wrong: dict[str, list[datetime]] = field(default_factory=dict)

    def is_spent(self, *keys: str) -> bool:
        now = self.clock.now()
        self.wrong = {
            key: recent for key, times in self.wrong.items() if (recent := [at for at in times if now - at < PATIENCE])
        }
        return any(len(self.wrong.get(key, ())) >= TRIES for key in keys)

    def note(self, *keys: str) -> None:
        for key in keys:
            self.wrong.setdefault(key, []).append(self.clock.now())


@dataclass(slots=True)
class Door:
    """`users` is None where there is no users file."""

    clock: Clock
    users: Users | None
    sessions: Sessions = field(init=False)
    patience: Patience = field(init=False)
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """A password takes 64 MB to try: one at a time."""

    def __post_init__(self) -> None:
        self.sessions, self.patience = Sessions(self.clock), Patience(self.clock)

    async def log_in(self, name: str, password: str, address: str) -> User | None:
        """The user, or None for a wrong name or password. Raises `TooMany` when too many were wrong."""
        keys = (f"from {address}", f"as {name}")
        if self.patience.is_spent(*keys):
            raise TooMany
        assert self.users is not None
        async with self.at_once:
            user = await asyncio.to_thread(self.users.by_password, name, password)
        if user is None:
            self.patience.note(*keys)
        return user

    def user(self, request: Request, cookie: str) -> User | None:
        """Who is asking: by a script's token, or by a session."""
        if self.users is None:
            return User(operator(), Role.REVIEWER, "")
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self.users.by_token(token.strip())
        return self.sessions.user(cookie, self.users)


class TooMany(Exception):
    """Too many wrong passwords."""


class Doorkeeper:
    """Stands before every page."""

    def __init__(
        self,
        app: ASGIApp,
        door: Door,
        cookie_of: Callable[[Request], str],
        refused: Callable[[Request, HTTPException], Awaitable[Response]],
    ) -> None:
        self.app, self.door, self.cookie_of, self.refused = app, door, cookie_of, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        user = self.door.user(request, self.cookie_of(request))
        request.state.user = user
        answer = await self._refusal(request, user) or self.app
        await answer(scope, receive, send)

    async def _refusal(self, request: Request, user: User | None) -> Response | None:
        path = request.url.path
        if user is None and not path.startswith(OPEN):
            return _unknown(request)
        changing = request.method not in {"GET", "HEAD"}
        if user is not None and user.role is Role.VIEWER and changing and path not in FOR_ALL:
            return await self.refused(request, HTTPException(403, "A viewer may look, and changes nothing."))
        return None


def _unknown(request: Request) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": "send a token: Authorization: Bearer ..."}, 401, {"www-authenticate": "Bearer"})
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"hx-redirect": _login(request.headers.get("hx-current-url", ""))})
    return RedirectResponse(_login(str(request.url) if request.method == "GET" else ""), 303)


def _login(address: str) -> str:
    """The login page, which leads on to the page that was asked for."""
    parts = urlsplit(address)
    wanted = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return f"/login?back={quote(wanted)}" if wanted.strip("/") else "/login"
