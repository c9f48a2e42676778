"""The pinned message: what a channel is, for those who read it.

In: a route. Out: its text; or the notice that sends and pins it, or changes what is pinned. Invariant: pinned once; the
same text again does nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.config import Config
from bot.digests import flavour_of
from bot.digests.notices import MOST_SLOTS, Slip, pin_page, write
from bot.digests.page import Page
from bot.digests.render import plain
from bot.model import Action, NoticeKind, Route
from bot.notices.desk import Desk, Keys
from bot.slots import due_slots
from bot.store import OUR_OWN, NewNotice

WEEK = timedelta(days=7)


def pin_text(config: Config, route: Route, now: datetime) -> str:
    """The message as text."""
    return plain(_page(config, route, now))


async def pinned(desk: Desk, route: Route, now: datetime) -> NewNotice | None:
    """What has to be done so that the route's message is pinned as it should read now; None if it is."""
    keys = Keys(desk.secret, route, NoticeKind.PIN, str(route.to))
    page, last = _page(desk.config, route, now), await desk.store.notices.last(route.name, keys.kind, keys.subject)
    text = plain(page)
    if last is not None and last.state.get("text") == text:
        return None
    revision = last.revision + 1 if last else 1
    slip = Slip(
        route=route,
        kind=NoticeKind.PIN,
        subject=keys.subject,
        revision=revision,
        opened=now,
        now=now,
        silent=True,
    )
    message = write(page, slip, flavour_of(route.to))
    of = await desk.store.notices.message_of(last.row) if last else None
    first = (
        keys.send(message, revision, OUR_OWN),
        keys.change(message, keys.key(revision), revision, OUR_OWN, Action.PIN),
    )
    return NewNotice(
        route=route.name,
        kind=NoticeKind.PIN,
        subject=keys.subject,
        revision=revision,
        text="pinned" if last is None else "changed",
        state={"text": text},
        messages=(keys.change(message, of, revision, OUR_OWN),) if of else first,
    )


def _page(config: Config, route: Route, now: datetime) -> Page:
    digest = route.digest
    slots = due_slots(digest.cron, digest.timezone, now, now + WEEK, limit=MOST_SLOTS) if digest else ()
    return pin_page(route, config.watches, config.sources, slots)
