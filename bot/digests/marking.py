"""How a message that was sent is changed: marks beside a report, a card's head, and the counts of its items.

In: a message as it stands, and what is to be said. Out: the message with its entities moved. Invariant: a mark goes
beside the link of its report, and a message without that link is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from bot.model import Entity, EntityKind, Message


def marked(message: Message, address: str, word: str) -> Message | None:
    """The message with a word in brackets behind the link that leads to this address; None if it has no such link."""
    link = next((each for each in message.entities if each.kind is EntityKind.LINK and each.url == address), None)
    added = f" ({word})"
    if link is None or message.text[link.end :].startswith(added):
        return None
    text = message.text[: link.end] + added + message.text[link.end :]
    entities = tuple(_moved(each, link.end, len(added)) for each in message.entities)
    return replace(message, text=text, entities=entities)


def unmarked(message: Message, address: str, word: str) -> Message | None:
    """The message without that word behind the link that leads to this address; None if it is not there."""
    link = next((each for each in message.entities if each.kind is EntityKind.LINK and each.url == address), None)
    added = f" ({word})"
    at = message.text.find(added, link.end) if link else -1
    if link is None or at < 0 or not _MARKS.fullmatch(message.text[link.end : at]):
        return None
    text = message.text[:at] + message.text[at + len(added) :]
    return replace(message, text=text, entities=tuple(_moved(each, at, -len(added)) for each in message.entities))


_MARKS = re.compile(r"(?: \([^()\n]*\))*")
"""Other marks between a link and the one that is sought."""


def _moved(entity: Entity, at: int, by: int) -> Entity:
    if entity.end <= at:
        return entity
    return replace(entity, start=entity.start + (by if entity.start >= at else 0), end=entity.end + by)


def reheaded(message: Message, title: str, line: str) -> Message:
    """A card with another title and first line above its reports."""
    old, head = len(message.text.partition("\n\n")[0]), f"{title}\n{line}"
    reports = (_moved(each, old, len(head) - old) for each in message.entities if each.start >= old)
    entities = (Entity(EntityKind.BOLD, 0, len(title)), *reports)
    return replace(message, text=head + message.text[old:], entities=entities, title=title)


def recounted(message: Message, told: Collection[str], line_of: Callable[[Sequence[str]], str | None]) -> Message:
    """A card with other lines on who carries each item, by the addresses of its stories; where there is None it stays.

    `told` are the addresses of all its stories: the line stands above that which leads to the item's first.
    """
    for start, end in reversed([found.span() for found in _PARAGRAPH.finditer(message.text)][1:]):
        links = [each for each in message.entities if start <= each.start < end and each.url in told]
        names = message.text.rfind("\n", start, links[0].start) if links else -1
        line = line_of([each.url for each in links if each.url]) if names >= 0 else None
        if line is not None:
            message = _replaced(message, message.text.rfind("\n", start, names) + 1, names, line)
    return message


_PARAGRAPH = re.compile(r"(?:(?!\n\n).)+", re.DOTALL)


def _replaced(message: Message, start: int, end: int, line: str) -> Message:
    text = message.text[:start] + line + message.text[end:]
    entities = tuple(_moved(each, end, len(line) - (end - start)) for each in message.entities)
    return replace(message, text=text, entities=entities)
