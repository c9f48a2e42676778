"""One digest in the form of each destination.

In: a digest and a flavour. Out: its messages in order, to be frozen in the outbox. Invariant: all flavours tell the
same page, and the messages together hold the address of each story's first post exactly once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from bot.digests.data import document
from bot.digests.markup import article, entry
from bot.digests.page import Item, Line, Page
from bot.digests.split import split
from bot.digests.telling import Teller, addresses, tell
from bot.model import Destination, DestinationKind, Digest, Message


class Flavour(StrEnum):
    """The forms a digest takes."""

    PLAIN = "plain"
    RICH = "rich"
    ATOM = "atom"
    HTML = "html"
    """For a page of ours: no destination takes it."""
    JSON = "json"


def flavour_of(destination: Destination) -> Flavour:
    """The form that a destination takes."""
    if destination.kind is DestinationKind.FILE:
        return Flavour.ATOM if destination.feed else Flavour.PLAIN
    return _FLAVOURS[destination.kind]


def render(digest: Digest, *, flavour: Flavour) -> tuple[Message, ...]:
    """The messages of a digest: several parts where the destination limits them, else one."""
    return _RENDERERS[flavour](digest)


def illustrated(messages: tuple[Message, ...], card: str, to: Destination) -> tuple[Message, ...]:
    """The messages with the digest's picture: in a chat behind them, as one of its own, else with the first."""
    first, last = messages[0], messages[-1]
    if to.kind is not DestinationKind.TELEGRAM:
        return (replace(first, card=card), *messages[1:])
    number = last.part + 1
    caption = Message(text=first.title, part=number, parts=number, title=first.title, when=first.when, card=card)
    return (*messages, caption)


def plain(page: Page) -> str:
    """A page as text, addresses spelled out."""
    blocks = ["\n".join([_text(block.heading), *map(_plain_item, block.items)]) for block in page.blocks]
    head = "\n".join([page.title, *map(_text, page.notes)])
    return "\n\n".join(part for part in [head, *blocks, "\n".join(map(_text, page.footer))] if part)


def _plain_item(item: Item) -> str:
    first, *rest = [*map(_text, item.lines), *([item.address] if item.address else [])]
    return "\n".join([f"  {first}" if item.beside else f"• {first}", *(f"  {line}" for line in rest)])


def _text(line: Line) -> str:
    return "".join(span.text for span in line)


def _plain(digest: Digest) -> tuple[Message, ...]:
    page = tell(digest)
    return (_whole(digest, page.title, plain(page)),)


def _atom(digest: Digest) -> tuple[Message, ...]:
    page = tell(digest)
    return (_whole(digest, page.title, entry(page, route=digest.route.name, when=digest.slot)),)


def _html(digest: Digest) -> tuple[Message, ...]:
    page = tell(digest)
    return (_whole(digest, page.title, article(page, language=digest.route.language)),)


def _json(digest: Digest) -> tuple[Message, ...]:
    title = Teller.of(digest).title()
    return (_whole(digest, title, document(digest, title=title)),)


def _rich(digest: Digest) -> tuple[Message, ...]:
    page = tell(digest)
    parts = split(page)
    return tuple(
        Message(
            text=part.text,
            entities=part.entities,
            part=number,
            parts=len(parts),
            title=page.title,
            when=digest.slot,
            links=part.links,
        )
        for number, part in enumerate(parts, 1)
    )


def _whole(digest: Digest, title: str, text: str) -> Message:
    return Message(text=text, title=title, when=digest.slot, links=tuple(addresses(digest).values()))


_FLAVOURS = {
    DestinationKind.CONSOLE: Flavour.PLAIN,
    DestinationKind.TELEGRAM: Flavour.RICH,
    DestinationKind.WEBHOOK: Flavour.JSON,
}
_RENDERERS: Mapping[Flavour, Callable[[Digest], tuple[Message, ...]]] = {
    Flavour.PLAIN: _plain,
    Flavour.RICH: _rich,
    Flavour.ATOM: _atom,
    Flavour.HTML: _html,
    Flavour.JSON: _json,
}
