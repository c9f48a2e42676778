"""What people do on the page: decide, undo, pause a source. The only requests that change something.

In: forms of ours. Out: back to the page that the form stood on, or, for htmx, what takes the place of the card.
Invariant: what cannot be done says why on the page, and changes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import Overtaken, PlacewireError
from bot.model import Rejection
from bot.review import muting
from bot.review.asked import whole
from bot.review.desk import LANGUAGE, act, back, desk_of, fragment, language_of, ours, show
from bot.review.labels import MANY
from bot.review.language import languages
from bot.store import Act, Acted, ActKind, How

PAGE_KINDS = frozenset(ActKind) - {ActKind.UNDO, ActKind.MUTE}
"""The others have forms of their own."""


async def decide(request: Request) -> Response:
    """One decision over all `targets`: ids, apart by spaces; a field may be repeated."""
    form = await _form(request)
    kind = _kind(form)
    targets = tuple(key for value in form.getlist("targets") for key in str(value).split())
    if not targets:
        raise HTTPException(400, "Nothing is ticked or named: choose what the decision is about.")
    wanted = act(
        request,
        kind,
        targets,
        reason=_reason(form) if kind is ActKind.REJECT else None,
        note=str(form.get("note", "")).strip(),
        to=_place(request, form) if kind is ActKind.MOVE else str(form.get("to", "")) or None,
        seen=whole(str(form.get("seen", ""))),
    )
    desk = desk_of(request)
    try:
        done = await desk.store.reviews.perform(wanted, desk.now)
    except PlacewireError as error:
        return await _refused(request, error)
    return await _done(request, form, done, wanted)


async def undo(request: Request) -> Response:
    """Take back one act, or the last of this person."""
    form = await _form(request)
    desk = desk_of(request)
    try:
        done = await desk.store.reviews.undo(act(request, ActKind.UNDO), str(form.get("act", "")) or None, desk.now)
    except PlacewireError as error:
        return await _refused(request, error)
    return back(_origin(form), undone=done.id)


async def poll(request: Request) -> Response:
    """Poll a source now."""
    form = await _form(request)
    desk = desk_of(request)
    try:
        await desk.store.reviews.poll_now(request.path_params["name"], desk.now)
    except PlacewireError as error:
        return await _refused(request, error)
    return back(_origin(form))


async def mute(request: Request) -> Response:
    """Let a place or a source not ring for a while."""
    form = await _form(request)
    place, source = (str(form.get(name, "")) or None for name in ("place", "source"))
    done = await muting.mute(request, How.PAGE, place=place, source=source, until=_until(form, desk_of(request).now))
    return back(_origin(form), done=done.id)


def _until(form: FormData, now: datetime) -> datetime | None:
    """When it ends: a moment of UTC, or in so many hours. None for what is neither."""
    hours, given = (str(form.get(name, "")) for name in ("hours", "until"))
    try:
        return datetime.fromisoformat(given).replace(tzinfo=UTC) if given else now + timedelta(hours=int(hours[:4]))
    except ValueError:
        return None


async def unmute(request: Request) -> Response:
    """Let it ring again."""
    form = await _form(request)
    desk, key = desk_of(request), str(form.get("silence", ""))
    named = next(
        (each.place or each.source or each.named for each in await desk.store.notices.silences() if each.key == key), ""
    )
    try:
        done = await desk.store.reviews.perform(act(request, ActKind.UNMUTE, (key,), note=named), desk.now)
    except PlacewireError as error:
        return await _refused(request, error)
    return back(_origin(form), done=done.id)


async def choose_language(request: Request) -> Response:
    """Remember the reader's language."""
    form = await _form(request)
    response = back(_origin(form))
    if (name := str(form.get("language", ""))) in languages():
        response.set_cookie(LANGUAGE, name, max_age=365 * 86_400, httponly=True, samesite="lax")
    return response


async def _form(request: Request) -> FormData:
    desk = desk_of(request)
    form = await desk.tokens.form(request, desk.hosts)
    _origin(form)
    return form


def _origin(form: FormData) -> str:
    """The page on which the form stood."""
    return ours(str(form.get("back", "/")))


def _kind(form: FormData) -> ActKind:
    """A button that names a reason is a rejection, one that names a place a move."""
    implied = "reject" if form.get("reason") else "move" if form.get("meant") else ""
    try:
        kind = ActKind(str(form.get("kind") or implied))
    except ValueError as error:
        raise HTTPException(400, "No such decision.") from error
    if kind not in PAGE_KINDS:
        raise HTTPException(400, "No such decision.")
    return kind


def _reason(form: FormData) -> Rejection:
    given = str(form.get("reason", ""))
    return Rejection(given) if given in set(Rejection) else Rejection.OTHER


def _place(request: Request, form: FormData) -> str:
    """The id of the watch that is meant, or the only one of this name."""
    found = desk_of(request).named(str(form.get("meant") or form.get("to", "")).strip())
    if found is None:
        raise HTTPException(400, "Choose one of the watched places.")
    return found


async def _done(request: Request, form: FormData, done: Acted, wanted: Act) -> Response:
    to, ruled = _origin(form), await _rule(request, wanted)
    if "hx-request" not in request.headers:
        return back(to, done=done.id, rule=ruled)
    reviews = desk_of(request).store.reviews
    waiting = await reviews.waiting(MANY)
    context: dict[str, Any] = {"done": done.id or "", "ruled": ruled, "waiting": waiting, "path": to}
    return fragment(request, "done.html", seen=await reviews.head(), **context)


async def _rule(request: Request, wanted: Act) -> str | None:
    """Where a rule can be made of a rejection of a hit."""
    key = wanted.targets[0] if wanted.targets else ""
    if wanted.kind is not ActKind.REJECT or not key.startswith("h"):
        return None
    place = await desk_of(request).store.reviews.watch_of(key)
    return f"/places/{place}/rule?hit={key}&reason={wanted.reason or ''}"


async def _refused(request: Request, error: PlacewireError) -> Response:
    """Why it was not done: as a page, or in the place of the card."""
    words = language_of(request).trouble(error)
    if "hx-request" in request.headers:
        return fragment(request, "refused.html", error=words)
    status = 409 if isinstance(error, Overtaken) else 400
    return await show(request, "error.html", "", status=status, title=words)
