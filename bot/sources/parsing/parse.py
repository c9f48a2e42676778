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
from bot.sources.parsing.plain import tangled
from bot.sources.parsing.quick import web_link

HTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|feed|rdf|channel|item|entry)[\s>/]", re.IGNORECASE)
HALVES = re.compile(r"&#(?:[xX]0{0,4}([dD][89a-fA-F][0-9a-fA-F]{2})|0{0,4}(5[5-7][0-9]{3}));")
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
    text = whole_characters(text)
    if found := quick.read(text, address):
        return found
    if not FEED_ROOT.search(text):
        return _not_a_feed(text, address)
    from bot.sources.parsing import slow  # noqa: PLC0415 - feedparser is slow to load, and rarely needed

    return slow.read(text, address)


def whole_characters(text: str) -> str:
    """References to the halves of a character put together; a half that stands alone, which no parser takes, replaced.

    Programs that think in UTF-16 write 😀 as `&#xD83D;&#xDE00;`.
    """
    joined = HALVES.sub(_half, text)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if joined != text else text


def _half(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if 0xD800 <= code <= 0xDFFF else found[0]


def _not_a_feed(text: str, address: str) -> Document:
    if not HTML.search(text[:2000]):
        return Document(fault=Fault.NOT_A_FEED, complete=False, detail="it is neither RSS, Atom, RDF nor JSON Feed")
    links = [] if tangled(text) else LexborHTMLParser(text).css(FEED_LINKS)
    offered = next(filter(None, (web_link(link.attributes.get("href") or "", address) for link in links)), None)
    detail = f"it is a web page, and its feed is {offered}" if offered else "it is a web page without a feed"
    return Document(fault=Fault.NOT_A_FEED, detail=detail)
