"""A document's bytes to its items: the one function that the worker process runs.

In: bytes, the charset that HTTP named, the address. Out: a `Document`. Pure; it may be slow or die on hostile input,
which is why it runs in a process with limits.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from bot.sources.parsing import jsonfeed, quick
from bot.sources.parsing.charset import decode
from bot.sources.parsing.document import Document, Fault
from bot.sources.parsing.quick import web_link

HTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|feed|rdf|channel|item|entry)[\s>/]", re.IGNORECASE)
FEED_LINKS = 'link[rel~="alternate"][type="application/rss+xml"], link[rel~="alternate"][type="application/atom+xml"]'


def parse(body: bytes, declared: str | None, address: str) -> Document:
    decoded = decode(body, declared)
    document = _read(decoded.text, address)
    return replace(document, charset=decoded.charset, garbled=decoded.garbled)


def _read(text: str, address: str) -> Document:
    text = text.lstrip("\ufeff \t\r\n\0")
    if not text:
        return Document(fault=Fault.PARSE, complete=False, detail="the answer is empty")
    if text.startswith(("{", "[")):
        return jsonfeed.read(text, address)
    if found := quick.read(text, address):
        return found
    if not FEED_ROOT.search(text):
        return _not_a_feed(text, address)
    from bot.sources.parsing import slow  # noqa: PLC0415 - feedparser is slow to load, and rarely needed

    return slow.read(text, address)


def _not_a_feed(text: str, address: str) -> Document:
    if not HTML.search(text[:2000]):
        return Document(fault=Fault.NOT_A_FEED, complete=False, detail="it is neither RSS, Atom, RDF nor JSON Feed")
    links = LexborHTMLParser(text).css(FEED_LINKS)
    offered = next(filter(None, (web_link(link.attributes.get("href") or "", address) for link in links)), None)
    detail = f"it is a web page, and its feed is {offered}" if offered else "it is a web page without a feed"
    return Document(fault=Fault.NOT_A_FEED, detail=detail)
