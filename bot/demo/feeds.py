"""Feed documents of the newsroom: RSS 2.0 in windows-1251, Atom, JSON Feed 1.1 and RDF (RSS 1.0).

In: a feed and the posts that are visible. Out: a content type and the bytes of one whole document, newest post first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.demo.newsroom import Form, Item, Outlet

MOSCOW = ZoneInfo("Europe/Moscow")
KYIV = ZoneInfo("Europe/Kyiv")


class Document(NamedTuple):
    """`kind` is a Content-Type, with a charset only where the real ones have it."""

    kind: str
    body: bytes


def feed_document(feed: Outlet, visible: Sequence[Item]) -> Document:
    """The feed as it stands. Raises KeyError for what is no feed."""
    return _WRITERS[feed.form](feed, tuple(reversed(visible)))


def address(feed: Outlet, item: Item) -> str:
    """Where the post could be read, if there were such a site."""
    return f"{feed.site}/{item.id.rpartition(':')[2]}"


def identity(feed: Outlet, item: Item) -> str:
    """What the document gives as the post's id: RDF has nothing but the address."""
    return address(feed, item) if feed.form is Form.RDF else item.id


def _rss(feed: Outlet, items: Sequence[Item]) -> Document:
    """Declares its charset in the XML declaration alone, as old agencies do."""
    entries = "".join(
        f"""
  <item>
    <title>{escape(item.title)}</title>
    <link>{address(feed, item)}</link>
    <guid isPermaLink="false">{item.id}</guid>
    <pubDate>{format_datetime(item.at.astimezone(MOSCOW))}</pubDate>
    <description><![CDATA[<p>{escape(item.text, quote=False)}</p>]]></description>
  </item>"""
        for item in items
    )
    document = f"""<?xml version="1.0" encoding="windows-1251"?>
<rss version="2.0"><channel>
  <title>{escape(feed.title)}</title>
  <link>{feed.site}</link>
  <description>{escape(feed.title)}</description>
  <language>{feed.language}</language>{entries}
</channel></rss>
"""
    return Document("application/rss+xml", document.encode("windows-1251", "xmlcharrefreplace"))


def _atom(feed: Outlet, items: Sequence[Item]) -> Document:
    entries = "".join(
        f"""
  <entry>
    <id>{item.id}</id>
    <title>{escape(item.title)}</title>
    <link href="{address(feed, item)}"/>
    <published>{item.at.astimezone(KYIV).isoformat()}</published>
    <updated>{(item.edited or item.at).astimezone(KYIV).isoformat()}</updated>
    <content type="html">{escape(f"<p>{escape(item.text)}</p>")}</content>
  </entry>"""
        for item in items
    )
    document = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language}">
  <id>{feed.site}/</id>
  <title>{escape(feed.title)}</title>
  <link href="{feed.site}/"/>
  <updated>{_newest(items)}</updated>{entries}
</feed>
"""
    return Document("application/atom+xml; charset=utf-8", document.encode())


def _newest(items: Sequence[Item]) -> str:
    moments = [item.edited or item.at for item in items]
    return max(moments, default=datetime.fromtimestamp(0, KYIV)).astimezone(KYIV).isoformat()


def _json(feed: Outlet, items: Sequence[Item]) -> Document:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.site,
        "language": feed.language,
        "items": [
            {
                "id": item.id,
                "url": address(feed, item),
                "title": item.title,
                "content_text": item.text,
                "date_published": item.at.isoformat(),
            }
            for item in items
        ],
    }
    return Document("application/feed+json", json.dumps(document, ensure_ascii=False, indent=1).encode())


def _rdf(feed: Outlet, items: Sequence[Item]) -> Document:
    places = "".join(f'\n      <rdf:li rdf:resource="{address(feed, item)}"/>' for item in items)
    entries = "".join(
        f"""
  <item rdf:about="{address(feed, item)}">
    <title>{escape(item.title)}</title>
    <link>{address(feed, item)}</link>
    <description>{escape(item.text)}</description>
    <dc:date>{item.at.isoformat()}</dc:date>
  </item>"""
        for item in items
    )
    document = f"""<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" \
xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="{feed.site}/">
    <title>{escape(feed.title)}</title>
    <link>{feed.site}</link>
    <description>{escape(feed.title)}</description>
    <items><rdf:Seq>{places}
    </rdf:Seq></items>
  </channel>{entries}
</rdf:RDF>
"""
    return Document("application/rdf+xml; charset=utf-8", document.encode())


_WRITERS = {Form.RSS_1251: _rss, Form.ATOM: _atom, Form.JSON: _json, Form.RDF: _rdf}
