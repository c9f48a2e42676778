"""Values without Telethon: the chat, a page of its history, and how Telegram counts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model import Entity

MARK = 10**12
"""Channel ids outside MTProto are -100 and the id: -(10**12 + id)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Where messages go. `id` is without the -100; `name` the public name, if it has one."""

    id: int
    access_hash: int = 0
    name: str | None = None
    can_post: bool = True
    """Whether we have the right, as far as it was told with the chat."""


def bare(address: str) -> int | None:
    """The number in "-100..." without its mark; None for a name."""
    if not address.lstrip("-").isdigit():
        return None
    number = abs(int(address))
    return number - MARK if number > MARK else number


def utf16_span(text: str, entity: Entity) -> tuple[int, int]:
    """Offset and length in UTF-16 units."""
    start, end = (len(text[:place].encode("utf-16-le", "surrogatepass")) // 2 for place in (entity.start, entity.end))
    return start, end - start


def sendable(text: str) -> str:
    """The text without lone surrogates, which no encoding can carry; every place in it stays the same."""
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of a channel's history. `album` is the same number for all parts of an album.

    Of one that could not be decoded only the id is known, and `published` is None.
    """

    id: int
    published: datetime | None
    text: str = ""
    edited: datetime | None = None
    author: str | None = None
    forwarded_from: str | None = None
    reply_to: str | None = None
    album: int | None = None
    poll: tuple[str, ...] = ()
    """The question, then the options."""
    complete: bool = True
    service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page of a channel's history, the newest message first, and what the channel is like now."""

    id: int
    name: str | None
    group: bool = False
    restricted: str | None = None
    said: tuple[Said, ...] = ()
