"""What a page says of the channel itself: whether it is the one we mean, and whether it may be read.

In: a page of the preview, or the page behind its redirect. Out: a `Condition` that parks the source, or None. Pure.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from bot.errors import SourceDown
from bot.model import Condition, Source, SourceMemory
from bot.sources.names import PUBLIC_ONLY
from bot.sources.page import Page, bare_id
from bot.sources.yielding import CHANGED

MEMBERS = re.compile(r"\b(members?|online)\b|участник|учасник", re.IGNORECASE)
NO_SUCH_NAME = re.compile(r"Telegram:\s*Contact\s*@", re.IGNORECASE)

NO_PREVIEW = Condition(
    state="no_preview",
    detail="the channel's public preview is off",
    remedy="read it with an account: set `via: auto` and add a reader under `telegram: readers` in bot.yaml",
)
WAITS_FOR_LOGIN = frozenset({"needs_reader", "reader_in_use", "account_lost", "account_banned", "session_in_use"})
"""States that another session may end: asked again at once when the house is opened."""
NEEDS_READER = Condition(
    state="needs_reader",
    detail="this channel is read with an account, and none is set up",
    remedy="add a reader under `telegram: readers` in bot.yaml (`placewire login` makes its session)",
)
GROUP = Condition(
    state="refused",
    detail="this is a group, not a broadcast channel",
    remedy=f"remove it: {PUBLIC_ONLY}, never groups or their members",
)
NO_SUCH_CHANNEL = Condition(
    state="not_found",
    detail="no channel has this name",
    remedy="check the name in t.me/NAME; it is still asked now and then",
)


def behind_redirect(html: str) -> Condition:
    """Why t.me/s/NAME redirects, by the page t.me/NAME: a group, nobody's name, or a preview that is off."""
    tree = LexborHTMLParser(html)
    extra = tree.css_first(".tgme_page_extra")
    if extra and MEMBERS.search(extra.text()):
        return GROUP
    title = tree.css_first("title")
    if title and NO_SUCH_NAME.search(title.text()) and not extra:
        return NO_SUCH_CHANNEL
    return NO_PREVIEW


def checked(page: Page, source: Source) -> Page:
    """The page, if it has the marks that every page of the preview has: messages, or the word that there are none."""
    if page.messages or page.end:
        return page
    what = "no message on the page could be read" if page.unreadable else "the page has no marks of a channel's preview"
    raise changed(source, what)


def changed(source: Source, what: str) -> SourceDown:
    return SourceDown(source.address, what, "if it stays, look for a newer placewire", state=CHANGED)


def parked(source: Source, memory: SourceMemory, page: Page) -> Condition | None:
    """Another channel under the same name, or the same under another: nothing is taken until the operator says so."""
    shown = channel_id(page)
    meant = source.id if source.id is not None else memory.cursor.channel_id
    if shown is not None and meant is not None and shown != bare_id(meant):
        return Condition(
            state="replaced",
            detail=f"the name now belongs to channel {shown}, before it was {bare_id(meant)}",
            remedy=f"if this is the channel you mean, set `id: {shown}` for it in sources.yaml",
        )
    if new_name(source, page) and (shown is None or meant is None):
        return renamed(new_name(source, page))
    return None


def renamed(name: str | None) -> Condition:
    return Condition(
        state="renamed", detail=f"the channel is now @{name}", remedy=f"write `name: {name}` in sources.yaml"
    )


def new_name(source: Source, page: Page) -> str | None:
    """The name on the page's messages if none of them has the name that we asked for."""
    names = [each.channel for each in page.messages]
    asked = source.address.rstrip("/").rpartition("/")[2].casefold()
    return names[-1] if names and asked not in {name.casefold() for name in names} else None


def channel_id(page: Page) -> int | None:
    return next((each.channel_id for each in page.messages if each.channel_id is not None), None)
