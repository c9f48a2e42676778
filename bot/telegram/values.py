"""What both ways of posting share, without Telethon: the chat, and how Telegram counts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Entity

MARK = 10**12
"""Channel ids outside MTProto are -100 and the id: -(10**12 + id)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Where messages go. `id` is without the -100; `name` the public name, if it has one."""

    id: int
    access_hash: int = 0
    name: str | None = None


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
