"""JSON Feed, versions 1.0 and 1.1.

In: decoded JSON. Out: a `Document`. An item that is not an object is counted and dropped.
"""

from __future__ import annotations

import json
from typing import Any

from bot.language.detect import of_tag
from bot.sources.parsing.dates import parse as parse_date
from bot.sources.parsing.document import MAX_ITEMS, Document, Fault, Item
from bot.sources.parsing.plain import clean, plain, tidy
from bot.sources.parsing.quick import web_link


def read(text: str, address: str) -> Document:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Document(fault=Fault.PARSE, complete=False, detail=f"its JSON is broken: {error}"[:200])
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Document(fault=Fault.NOT_A_FEED, detail="this JSON has no list of items")
    objects = [item for item in feed["items"][:MAX_ITEMS] if isinstance(item, dict)]
    declared = _string(feed, "language")
    items = tuple(_item(item, address, declared) for item in objects)
    return Document(
        items=items,
        dropped=len(feed["items"]) - len(items),
        beyond=max(0, len(feed["items"]) - MAX_ITEMS),
        older=web_link(_string(feed, "next_url"), address),
    )


def _string(holder: dict[str, Any], name: str) -> str:
    """The value as text: some feeds number their items."""
    value = holder.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _item(item: dict[str, Any], address: str, declared: str) -> Item:
    published = parse_date(_string(item, "date_published"))
    updated = parse_date(_string(item, "date_modified"))
    texts = (plain(_string(item, "content_html")), tidy(_string(item, "content_text")), tidy(_string(item, "summary")))
    return Item(
        guid=clean(_string(item, "id").strip()),
        link=web_link(_string(item, "url"), address) or web_link(_string(item, "external_url"), address),
        title=tidy(_string(item, "title")).replace("\n", " "),
        text=max(texts, key=len),
        author=_author(item),
        published=published or updated,
        updated=updated if published else None,
        language=of_tag(_string(item, "language") or declared),
    )


def _author(item: dict[str, Any]) -> str | None:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [tidy(_string(author, "name")) for author in authors or () if isinstance(author, dict)]
    return ", ".join(filter(None, names)) or None
