"""Looking into documents that may hold anything: entries, their texts, the id a watch has or gets.

Enters: a document as it is written, faults and all. Leaves: what can be made out in it, with the way to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.config.nodes import Document, Loc
from bot.language import slug

Entry = tuple[Loc, dict[str, object]]


def sources(document: Document) -> Iterator[Entry]:
    yield from document.items("feeds")
    yield from document.items("channels")


def watches(document: Document) -> Iterator[Entry]:
    yield from document.items("places")
    yield from document.items("terms")


def routes(document: Document) -> Iterator[Entry]:
    yield from document.items("routes")


def readers(document: Document) -> Iterator[Entry]:
    found = mapping(document, "telegram").get("readers")
    for index, reader in enumerate(found if isinstance(found, list) else ()):
        if isinstance(reader, dict):
            yield ("telegram", "readers", index), reader


def mapping(document: Document, key: str) -> dict[str, object]:
    """The mapping under a key of the root; an empty one where there is none."""
    value = document.meant(key)
    return value if isinstance(value, dict) else {}


def texts(value: object) -> list[str]:
    """One text or a list of them, as a list."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def wanted(document: Document, key: str) -> Iterator[tuple[Loc, str]]:
    """What the routes' filters name under tags, places or sides, one by one."""
    for loc, route in routes(document):
        watch = route.get("watch")
        value = watch.get(key) if isinstance(watch, dict) else None
        if isinstance(value, str):
            yield (*loc, "watch", key), value
        for index, text in enumerate(value if isinstance(value, list) else ()):
            if isinstance(text, str):
                yield (*loc, "watch", key, index), text


def watch_id(entry: dict[str, object]) -> str | None:
    """The id a watch has or gets; None where neither id nor name is a text."""
    given, name = entry.get("id"), entry.get("name")
    if isinstance(given, str) and given.strip():
        return given.strip()
    return slug(name) if isinstance(name, str) and name.strip() else None
