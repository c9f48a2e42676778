"""What every page works with, and how it answers: the store, the configuration, the clock; HTML in the reader's words.

In: a request. Out: a page from a template that escapes everything. Invariant: no text leaves without losing its control
and direction characters, so that no stranger's text can turn ours round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.calibration import Curve, curve
from bot.config import Config
from bot.export.formats import web
from bot.model import Place, Priority, Source, Watch
from bot.review import labels
from bot.review.door import Door
from bot.review.guard import Tokens
from bot.review.language import Language, languages, preferred
from bot.slots import Clock
from bot.store import Act, ActKind, Aspect, How, Store

HERE = Path(__file__).parent
LANGUAGE = "language"
UNSAFE = {n: None for n in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)) if n != 10}


@dataclass(frozen=True, slots=True)
class Desk:
    """One for the whole page."""

    store: Store
    config: Config
    clock: Clock
    tokens: Tokens
    hosts: tuple[str, ...]
    door: Door
    watches: Mapping[str, Watch] = field(init=False)
    sources: Mapping[str, Source] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "watches", {watch.id: watch for watch in self.config.watches})
        object.__setattr__(self, "sources", {source.name: source for source in self.config.sources})

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def urgent(self) -> frozenset[str]:
        return frozenset(watch.id for watch in self.config.watches if watch.priority is Priority.URGENT)

    def name(self, watch: str) -> str:
        """A watch as the operator calls it; the id of one that is watched no more."""
        return self.watches[watch].name if watch in self.watches else watch

    def named(self, text: str) -> str | None:
        """The id of the watch that a person means: by its id, or the only one of this name."""
        if text in self.watches:
            return text
        found = [watch.id for watch in self.watches.values() if watch.name.casefold() == text.casefold()]
        return found[0] if len(found) == 1 else None

    def region(self, watch: str) -> str:
        found = self.watches.get(watch)
        return (found.within or "") if isinstance(found, Place) else ""


FRESH = timedelta(minutes=10)
"""So long a curve is used; one more decision hardly moves it."""


@dataclass(slots=True)
class Desks:
    """The desk, made anew when the configuration has changed, and what confidence came to mean, now and then."""

    desk: Desk
    read: Callable[[], Config]
    curve: Curve = field(default_factory=Curve)
    made: datetime | None = None

    async def calibrated(self) -> Curve:
        now = self.desk.now
        if self.made is None or not self.made <= now < self.made + FRESH:
            self.curve, self.made = await confidence_curve(self.desk.store), now
        return self.curve

    def current(self) -> Desk:
        if (config := self.read()) is not self.desk.config:
            self.desk = replace(self.desk, config=config)
        return self.desk


def desk_of(request: Request) -> Desk:
    """The desk of this request: the same from its beginning to its end."""
    if not hasattr(request.state, "desk"):
        desks = request.app.state.desks
        assert isinstance(desks, Desks)
        request.state.desk = desks.current()
    desk = request.state.desk
    assert isinstance(desk, Desk)
    return desk


async def curve_of(request: Request) -> Curve:
    """What confidence means on this page."""
    desks = request.app.state.desks
    assert isinstance(desks, Desks)
    return await desks.calibrated()


async def confidence_curve(store: Store) -> Curve:
    """What confidence came to mean by all that was decided."""
    return curve({int(each.of): each for each in await store.reviews.judged(Aspect.CONFIDENCE)})


def language_of(request: Request) -> Language:
    return preferred(request.cookies.get(LANGUAGE), request.headers.get("accept-language", ""))


def who(request: Request) -> str:
    """The person at the page: the user who logged in, else whoever runs the service."""
    user = request.state.user
    return user.name if user else ""


def act(request: Request, kind: ActKind, targets: tuple[str, ...] = (), **more: Any) -> Act:
    """What this person wants done."""
    return Act(kind=kind, targets=targets, who=who(request), how=How.PAGE, **more)


async def show(request: Request, template: str, page: str, *, status: int = 200, **context: Any) -> Response:
    """A whole page. `page` names it in the navigation."""
    desk = desk_of(request)
    reviews = desk.store.reviews
    shared = {
        "page": page,
        "seen": await reviews.head(),
        "waiting": await reviews.waiting(labels.MANY),
        "done": request.query_params.get("done", "")[:20],
        "undone": request.query_params.get("undone", "")[:20],
        "said": labels.SAID.get(request.query_params.get("said", "")),
        "curve": await curve_of(request),
        "ruled": ours(rule) if (rule := request.query_params.get("rule", "")) else None,
    }
    return fragment(request, template, status=status, **shared, **context)


def fragment(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A template as it is."""
    desk, language = desk_of(request), language_of(request)
    shared = {
        "desk": desk,
        "language": language,
        "languages": languages().values(),
        "now": desk.now,
        "token": desk.tokens.token(request),
        "labels": labels,
        "path": f"{request.url.path}?{request.url.query}".removesuffix("?"),
        "user": request.state.user,
        "has_users": desk.door.users is not None,
        **language.context,
    }
    html = environment.get_template(template).render({**shared, **context})
    return desk.tokens.remember(request, HTMLResponse(html, status))


def trouble(request: Request, words: str, status: int) -> Response:
    """Why htmx does not get what it asked for: words beside the card, which stays."""
    response = fragment(request, "trouble.html", status=status, words=words)
    response.headers.update({"hx-retarget": "#toast", "hx-reswap": "innerHTML"})
    return response


def ours(address: str) -> str:
    """An address of this page. Raises 400 for any other."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        raise HTTPException(400, "This address is not ours.")
    return address


TOLD = ("done", "undone", "rule", "said")
"""What the page that one comes back to is to say."""


def back(to: str, **told: str | None) -> Response:
    """Back to a page of ours.

    It says what was `done` or `undone` (an act), where a `rule` can be made of it, or what else was `said` (of `SAID`).
    """
    parts = urlsplit(ours(to))
    kept = [part for part in parts.query.split("&") if part and part.partition("=")[0] not in TOLD]
    fresh = [f"{name}={quote(value)}" for name, value in told.items() if value]
    query = "&".join([*kept, *fresh])
    return RedirectResponse(f"{parts.path}?{query}" if query else parts.path, 303)


# ---------------------------------------------------------------- templates


def clean(value: Any) -> Any:
    """Text without control and direction characters; anything else as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return value.translate(UNSAFE).encode("utf-8", "replace").decode()


environment = Environment(
    loader=PackageLoader("bot.review"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
    finalize=clean,
)
environment.filters |= {"link": web, "zip": zip}
environment.newstyle_gettext = True  # type: ignore[attr-defined]
