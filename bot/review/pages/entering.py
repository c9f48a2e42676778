"""Logging in and out.

In: a name and a password. Out: a session under a cookie made anew, or a message. Invariant: which of name and password
was wrong is never said, nor by how long the answer takes.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review import labels
from bot.review.desk import back, desk_of, fragment, language_of, ours
from bot.review.door import TooMany

LONGEST_PASSWORD = 1_024


async def login_page(request: Request) -> Response:
    """The form; who is in already goes on."""
    to = ours(request.query_params.get("back", "/"))
    return back(to) if request.state.user is not None else _form(request, to)


async def login(request: Request) -> Response:
    desk, words = desk_of(request), language_of(request)
    form = await desk.tokens.form(request, desk.hosts)
    name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))[:LONGEST_PASSWORD]
    address = request.client.host if request.client else ""
    to = ours(str(form.get("back", "/")))
    if desk.door.users is None:
        return back(to)
    try:
        user = await desk.door.log_in(name, password, address)
    except TooMany:
        fault = words.word(labels.TOO_MANY)
        return _form(request, to, name, fault, status=429)
    if user is None:
        return _form(request, to, name, words.word(labels.WRONG), status=401)
    desk.door.sessions.begin(desk.tokens.renew(request), user)
    return desk.tokens.remember(request, back(to))


async def logout(request: Request) -> Response:
    desk = desk_of(request)
    await desk.tokens.form(request, desk.hosts)
    desk.door.sessions.end(desk.tokens.cookie_of(request))
    return RedirectResponse("/login", 303)


def _form(request: Request, to: str, name: str = "", fault: str = "", status: int = 200) -> Response:
    shared = {"page": "login", "seen": 0, "waiting": 0, "done": "", "undone": "", "said": "", "path": to}
    return fragment(request, "login.html", status=status, name=name, fault=fault, **shared)
