"""Lists of sources that others keep: OPML of a feed reader, or plain lines of addresses and @channels.

In: the bytes of a file. Out: what may be a source, with its title, and what may not, with the reason. Invariant:
nothing is fetched, no entity is unfolded, and no document is deeper than the parser allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml import etree

from bot.language import slug
from bot.model import Source, SourceKind
from bot.sources.names import TELEGRAM_HOSTS, USERNAME, Refusal, feed_name, target

MAX_BYTES = 4 * 1024 * 1024
LONGEST = 200
"""Characters of a title or an address that are shown."""
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a list offers: `source` is None for what cannot be one, and `refusal` says why."""

    number: int
    written: str
    group: str = ""
    source: Source | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    address: str
    title: str = ""
    group: str = ""


def read(content: bytes) -> list[Offer]:
    """Every source that the list names, each once, in its order. Raises ValueError for what is no list at all."""
    return list(_offers(_outlines(content) if _is_xml(content) else _plain(content)))


def broken(content: bytes) -> str | None:
    """Where OPML is damaged first, as when it was cut off; None for what is whole, and for plain lines."""
    if not _is_xml(content):
        return None
    try:
        etree.fromstring(content, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        return seemly(str(error.msg))
    return None


def _is_xml(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=recover, huge_tree=False)


def _outlines(content: bytes) -> list[_Line]:
    """The outlines of OPML that have an address, whatever is broken around them."""
    try:
        root = etree.fromstring(content, _parser(recover=True))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is no XML: {error.msg}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ValueError("it is XML, but no OPML")
    return [line for outline in root.iter("{*}outline") if (line := _outline(outline))]


def _outline(outline: etree._Element) -> _Line | None:
    given = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
    address = given.get("xmlurl") or given.get("url")
    if not address:
        return None
    parent = outline.getparent()
    above = {} if parent is None else {str(name).lower(): str(value) for name, value in parent.attrib.items()}
    return _Line(address, _name(given), _name(above))


def _name(attributes: dict[str, str]) -> str:
    return attributes.get("text") or attributes.get("title") or ""


def _plain(content: bytes) -> list[_Line]:
    """One address or @channel a line, its title behind it; # begins a comment."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is neither OPML nor text in UTF-8") from error
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines())
    parts = (line.partition(" ") for line in lines if line)
    return [_Line(_written_out(address), title) for address, _, title in parts]


def _written_out(address: str) -> str:
    """A channel as people write it, NAME or t.me/NAME, as `target` takes it."""
    if USERNAME.fullmatch(address):
        return f"@{address}"
    return f"https://{address}" if address.partition("/")[0].lower() in TELEGRAM_HOSTS else address


def _offers(lines: Iterable[_Line]) -> Iterator[Offer]:
    seen: set[str] = set()
    taken: set[str] = set()
    for line in lines:
        found = target(line.address)
        key = found.address.casefold() if isinstance(found, Source) else line.address
        if key in seen:
            continue
        seen.add(key)
        offer = Offer(number=len(seen), written=seemly(line.address), group=seemly(line.group))
        if isinstance(found, Refusal):
            yield replace(offer, refusal=Refusal(seemly(found.what), found.remedy))
            continue
        title = seemly(line.title)
        name = found.name if found.kind is SourceKind.CHANNEL else _unique(_short(title, found.address), taken)
        taken.add(name)
        yield replace(offer, source=replace(found, name=name, title="" if title in {name, f"@{name}"} else title))


def _short(title: str, address: str) -> str:
    """A feed's name: its title in Latin letters, else its host."""
    named = slug(title)[:40].strip("-") if any(map(str.isalnum, title)) else ""
    host = (urlsplit(address).hostname or "").removeprefix("www.").replace(".", "-")
    fits = re.fullmatch(r"[A-Za-z0-9_-]+", host)
    return named if named not in {"", "place"} else host if fits else feed_name(address)


def _unique(name: str, taken: set[str]) -> str:
    return next(each for each in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def seemly(text: str) -> str:
    """On one line, without characters that act, not longer than people read."""
    return " ".join(_UNSEEN.sub(" ", text).split())[:LONGEST]
