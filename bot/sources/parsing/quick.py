"""The fast path: a well-formed RSS, RDF or Atom document read strictly, every text field collected.

In: decoded XML. Out: a `Document`, or None where the document is not for this path (not well-formed, of another
kind, items inside items): then feedparser reads it. Nothing is guessed here.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections import defaultdict
from html.entities import html5
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from bot.language.detect import of_tag
from bot.sources.parsing.dates import parse as parse_date
from bot.sources.parsing.document import MAX_ITEMS, Document, Item
from bot.sources.parsing.plain import BLOCKS, SILENT, clean, plain, tidy, tidy_lines

ATOM = "http://www.w3.org/2005/Atom"
PREFIXES = {  # by the namespace in small letters: feeds write them as they like
    ATOM.lower(): "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://news.yandex.ru": "yandex",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
ROOTS = frozenset({"rss", "feed", "rdf"})
ITEMS = frozenset({"item", "entry"})
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

TITLES = ("title", "atom:title", "dc:title", "media:title", "itunes:title")
TEXTS = (
    "content:encoded",
    "encoded",
    "content",
    "atom:content",
    "yandex:full-text",
    "full-text",
    "fulltext",
    "xhtml:body",
    "body",
    "description",
    "summary",
    "atom:summary",
    "dc:description",
    "media:description",
    "itunes:summary",
    "abstract",
    "dcterms:abstract",
)
PUBLISHED = ("pubdate", "published", "atom:published", "issued", "atom:issued", "dc:date", "dcterms:issued",
             "dcterms:created", "created", "atom:created")  # fmt: skip
UPDATED = ("updated", "atom:updated", "modified", "atom:modified", "dcterms:modified", "lastbuilddate")
AUTHORS = ("author", "atom:author", "dc:creator", "dc:author", "itunes:author")
OLDER = ("prev-archive", "next")

ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
DECLARATION = re.compile(r"^\s*<\?xml.{0,300}?\?>", re.DOTALL)
NAMED_AUTHOR = re.compile(r"^\S+@\S+ \((.+)\)$")
TAG = re.compile(r"</?[a-z][a-z0-9]*[^<>]*>", re.IGNORECASE)

Fields = dict[str, list[Any]]


def read(text: str, address: str, *, recover: bool = False) -> Document | None:
    """The document's items in its order; links resolved against xml:base and `address`.

    With `recover` a document that is not well-formed is read as far as libxml2 can make sense of it.
    """
    root = _tree(text, address, recover=recover)
    if root is None or _local(root) not in ROOTS:
        return None
    found = [element for element in root.iter(etree.Element) if _local(element) in ITEMS]
    if any(_local(parent) in ITEMS for element in found for parent in element.iterancestors()):
        return None
    beyond, language = max(0, len(found) - MAX_ITEMS), _declared(root)
    return Document(
        items=tuple(_item(element, address, language) for element in found[:MAX_ITEMS]),
        dropped=beyond,
        beyond=beyond,
        older=_older(root, address),
    )


def named_entities(text: str) -> str:
    """HTML's named entities as characters: no feed declares them, many use them. Those of XML stay."""
    return ENTITY.sub(lambda found: html5.get(f"{found[1]};", found[0]), text)


def _tree(text: str, address: str, *, recover: bool) -> Any | None:
    text = ILLEGAL.sub("", DECLARATION.sub("", text, count=1)).lstrip()
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(named_entities(text).encode(errors="replace"), parser, base_url=address or None)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _local(element: Any) -> str:
    name: str = element.tag
    return name.rpartition("}")[2].lower()


def _key(child: Any, home: str) -> str:
    """The child's name with the prefix that we know it by; the item's own namespace has none."""
    space, _, name = child.tag.rpartition("}")
    space = space[1:].strip()
    prefix = "" if space in {"", home} else PREFIXES.get(space.lower(), "other")
    return f"{prefix}:{name.lower()}" if prefix else name.lower()


def _declared(root: Any) -> str:
    """The language that the feed or its channel names in an element of its own."""
    heads = (root, *(child for child in root.iterchildren(etree.Element) if _local(child) == "channel"))
    named = (child for head in heads for child in head.iterchildren(etree.Element) if _local(child) == "language")
    return next((_raw(child) for child in named), "")


def _language(element: Any, declared: str) -> str | None:
    """By the nearest xml:lang, else as the feed declares."""
    tags = (each.get(XML_LANG) for each in (element, *element.iterancestors()))
    return of_tag(next(filter(None, tags), declared))


def _item(element: Any, address: str, declared: str) -> Item:
    home = element.tag.rpartition("}")[0][1:]
    atom = PREFIXES.get(home.lower()) == "atom"
    fields: Fields = defaultdict(list)
    for child in element.iterchildren(etree.Element):
        fields[_key(child, home)].append(child)
        if _local(child) in {"group", "content"} and not atom:
            for inner in child.iterchildren(etree.Element):
                fields[_key(inner, home)].append(inner)
    published = _date(fields, PUBLISHED)
    updated = _date(fields, UPDATED)
    return Item(
        guid=_guid(element, fields),
        link=_link(fields, address),
        title=_first(fields, TITLES, atom=atom).replace("\n", " "),
        text=_fullest(fields, atom=atom),
        author=_author(fields),
        published=published or updated,
        updated=updated if published else None,
        language=_language(element, declared),
    )


def _guid(element: Any, fields: Fields) -> str:
    for name in ("guid", "id", "atom:id", "dc:identifier"):
        for child in fields.get(name, ()):
            if value := " ".join(_raw(child).split()):
                return clean(value)
    return clean(element.get(ABOUT, "").strip())


def _raw(element: Any) -> str:
    return "".join(element.itertext())


# ---------------------------------------------------------------- texts


def _first(fields: Fields, names: tuple[str, ...], *, atom: bool) -> str:
    texts = (_text(child, name, atom=atom) for name in names for child in fields.get(name, ()))
    return next(filter(None, texts), "")


def _fullest(fields: Fields, *, atom: bool) -> str:
    texts = (_text(child, name, atom=atom) for name in TEXTS for child in fields.get(name, ()))
    return max(texts, key=len, default="")


def _text(element: Any, name: str, *, atom: bool) -> str:
    """One text construct as plain text, by the rules of its format and type."""
    if len(element):
        parts: list[str] = []
        _collect(element, parts)
        return tidy_lines("".join(parts))
    value = _raw(element)
    if element.get("mode") == "base64":
        return _from_base64(value)
    if not (atom or name.startswith("atom:")):
        return plain(value)
    return _atom_text(value, element.get("type", "").strip().lower(), body=name in TEXTS)


def _atom_text(value: str, kind: str, *, body: bool) -> str:
    if kind in {"text", "text/plain"} or (not kind and not TAG.search(value)):
        return tidy(value)
    if kind == "application/octet-stream":
        return _from_base64(value)
    if not body or kind in {"", "html", "xhtml"} or kind.startswith("text/") or kind.endswith("xml"):
        return plain(value)
    return _from_base64(value)


def _from_base64(value: str) -> str:
    try:
        return plain(b64decode("".join(value.split()), validate=True).decode())
    except ValueError:
        return ""


def _collect(element: Any, parts: list[str]) -> None:
    """The text below an element whose markup was not escaped: blocks become lines, as in HTML."""
    parts.append(" ".join((element.text or "").splitlines()))
    for child in element.iterchildren():
        if isinstance(child.tag, str) and (name := _local(child)) not in SILENT:
            border = "\n" if name in BLOCKS or name == "br" else ""
            parts.append(border)
            _collect(child, parts)
            parts.append(border)
        parts.append(" ".join((child.tail or "").splitlines()))


def _author(fields: Fields) -> str | None:
    for name in AUTHORS:
        for child in fields.get(name, ()):
            inner = next((part for part in child.iterchildren(etree.Element) if _local(part) == "name"), child)
            if value := tidy(_raw(inner)).replace("\n", " "):
                named = NAMED_AUTHOR.match(value)
                return named[1] if named else value
    return None


def _date(fields: Fields, names: tuple[str, ...]) -> Any:
    dates = (parse_date(_raw(child)) for name in names for child in fields.get(name, ()))
    return next(filter(None, dates), None)


# ---------------------------------------------------------------- links


def web_link(written: str, base: str) -> str | None:
    """An absolute http or https address, or None: no other scheme leaves this room."""
    written = clean(written).strip()
    try:
        link = urljoin(base, written) if written else ""
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if parts.scheme in {"http", "https"} and parts.hostname else None


def _base(element: Any, address: str) -> str:
    """What relative links below `element` stand on."""
    if not any(ancestor.get(XML_BASE) for ancestor in (element, *element.iterancestors())):
        return address
    return element.base or address


def _link(fields: Fields, address: str) -> str | None:
    """RSS's <link>, else the first alternate, else a guid that says it is an address."""
    alternates = [child for name in ("link", "atom:link") for child in fields.get(name, ())]
    for child in sorted(alternates, key=_unlikely):
        page = child.get("rel", "alternate") == "alternate" or not child.get("href")
        if page and (link := web_link(child.get("href") or _raw(child), _base(child, address))):
            return link
    for child in fields.get("guid", ()):
        value = _raw(child).strip()
        if child.get("isPermaLink", "true").lower() != "false" and value.startswith(("http://", "https://")):
            return web_link(value, address)
    return None


def _unlikely(link: Any) -> bool:
    """Whether an alternate is something else than a page for people."""
    return link.get("type", "text/html") not in {"text/html", "application/xhtml+xml"}


def _older(root: Any, address: str) -> str | None:
    """Where the document says that it continues (RFC 5005)."""
    for rel in OLDER:
        for link in root.iter(f"{{{ATOM}}}link"):
            if link.get("rel") == rel and _local(link.getparent()) not in ITEMS:
                return web_link(link.get("href", ""), _base(link, address))
    return None
