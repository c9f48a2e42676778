"""The fallback: feedparser for what is not well-formed, and item by item where feedparser itself gives up.

In: decoded XML that the fast path declined. Out: a `Document`; items that cannot be read are counted, never the
reason to lose their neighbours.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.parsers import expat
from xml.sax import SAXException

import feedparser

from bot.language.detect import of_tag
from bot.sources.parsing import quick
from bot.sources.parsing.dates import parse as parse_date, utc
from bot.sources.parsing.document import Document, Fault, Item
from bot.sources.parsing.plain import clean, plain, tidy
from bot.sources.parsing.quick import web_link

# feedparser promises not to raise and does, in eleven places and with as many kinds.
FEEDPARSER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    SAXException,
    TypeError,
    ValueError,
)
MAX_ATTRIBUTES = 500
MAX_DEPTH = 500
MAX_PIECES = 1_000
HUGE_TAG = re.compile(r"<[^<>]{50000}")
BORDER = re.compile(r"<(/?)(?:[A-Za-z_][\w.-]{0,30}:)?(item|entry)(?=[\s/>])", re.IGNORECASE)
ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|feed|rdf))\b[^<>]{0,5000}>", re.IGNORECASE)
END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL)
DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]{0,1000}(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
"""Entities that multiply are declared there, and no feed needs it."""
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BARE = ("<rss>", "rss")
HEADERS = {"content-type": "application/xml; charset=utf-8"}


class Bomb(Exception):
    """Markup on which feedparser would spend minutes."""


def read(text: str, address: str) -> Document:
    complete = bool(END.search(text[-5000:]))
    if not complete and (cut := _cut_off(text)) is not None:
        document = _read(text[:cut], address, complete=False)
        return replace(document, dropped=document.dropped + 1)
    return _read(text, address, complete=complete)


def _cut_off(text: str) -> int | None:
    """Where the item begins at which the document breaks off: half of an item would be another one than the whole."""
    last = deque(BORDER.finditer(text), maxlen=1)
    return last[0].start() if last and not last[0][1] else None


def _read(text: str, address: str, *, complete: bool) -> Document:
    text = _close_cdata(DOCTYPE.sub("", text))
    try:
        scan(text)
        found = _feedparser(text)
    except (Bomb, *FEEDPARSER_FAULTS):
        return _pieces(text, address, complete=complete)
    if not found.entries and BORDER.search(text):
        return _pieces(text, address, complete=complete)
    if not found.entries and not found.version:
        return Document(fault=Fault.PARSE, complete=False, detail="it has neither items nor the marks of a feed")
    language = of_tag(_string(found.feed, "language"))
    read = (replace(_item(entry, address), language=language) for entry in found.entries)
    items = tuple(item for item in read if complete or _told(item))
    return Document(items=items, dropped=len(found.entries) - len(items), complete=complete)


def scan(text: str) -> None:
    """Raise Bomb for a tag with an absurd number of attributes or characters, in linear time."""
    if HUGE_TAG.search(text) or len(BORDER.findall(text)) > 2 * MAX_PIECES:
        raise Bomb

    depth = 0

    def start(_name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if len(attributes) > 2 * MAX_ATTRIBUTES or depth > MAX_DEPTH:
            raise Bomb

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text.encode(errors="replace"), True)
    except expat.ExpatError:
        return  # It is not well-formed: that is why it is here.


def _close_cdata(text: str) -> str:
    """The text of a CDATA section that nobody closed is lost in feedparser."""
    return f"{text}]]>" if text.rfind("<![CDATA[") > text.rfind("]]>") else text


def _feedparser(text: str) -> Any:
    return feedparser.parse(
        BytesIO(text.encode(errors="replace")),
        response_headers=HEADERS,
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _item(entry: Any, address: str) -> Item:
    published = _date(entry, "published") or _date(entry, "created")
    updated = _date(entry, "updated") if "updated" in entry.keys() else None  # noqa: SIM118 - .get() would lie
    texts = [_string(part, "value") for part in entry.get("content", ())] + [_string(entry, "summary")]
    return Item(
        guid=clean(" ".join(_string(entry, "id").split())),
        link=web_link(_string(entry, "link"), address),
        title=plain(_string(entry, "title")).replace("\n", " "),
        text=max(map(plain, texts), key=len),
        author=tidy(_string(entry, "author")).replace("\n", " ") or None,
        published=published or updated,
        updated=updated if published else None,
    )


def _string(holder: Any, name: str) -> str:
    """Broken markup leaves None, and now and then other things, where feedparser promises text."""
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _date(entry: Any, name: str) -> datetime | None:
    if found := parse_date(str(entry.get(name) or "")):
        return found
    parsed = entry.get(f"{name}_parsed")
    return utc(*parsed[:6]) if parsed else None


# ---------------------------------------------------------------- item by item


def _pieces(text: str, address: str, *, complete: bool) -> Document:
    """Each item alone in a document of its own, so that only those that cannot be read are lost."""
    text = COMMENT.sub("", text)
    root = ROOT.search(text)
    roots = [(root[0], root[1]), BARE] if root else [BARE]
    items: list[Item] = []
    spans = _spans(text)
    for low, high in spans[:MAX_PIECES]:
        items += _piece(roots, text[low:high], address)
    if not items:
        what = "none of its items can be read" if spans else "it cannot be read as a feed"
        return Document(fault=Fault.PARSE, complete=False, detail=what, dropped=len(spans))
    beyond = max(0, len(spans) - MAX_PIECES)
    return Document(items=tuple(items), dropped=len(spans) - len(items), beyond=beyond, complete=complete)


def _told(item: Item) -> bool:
    """Whether anything of a broken item was saved."""
    return bool(item.guid or item.link or item.title or item.text)


def _spans(text: str) -> list[tuple[int, int]]:
    """Where items begin and end; an item that is not closed ends where the next one begins."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for border in BORDER.finditer(text):
        if start is not None:
            end = text.find(">", border.end()) + 1 if border[1] else border.start()
            spans.append((start, end or len(text)))
        start = None if border[1] else border.start()
    return [*spans, (start, len(text))] if start is not None else spans


def _piece(roots: list[tuple[str, str]], item: str, address: str) -> list[Item]:
    """What one item tells in its document's root, which may itself be broken, or in a bare one."""
    for start, name in roots:
        document = f"{start}{item}</{name}>"
        found = quick.read(document, address) or quick.read(document, address, recover=True)
        if found and (told := list(filter(_told, found.items))):
            return told
    return []
