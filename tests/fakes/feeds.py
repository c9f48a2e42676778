"""Feeds written by the tests themselves."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape


def item(number: int, *, guid: str | None = "", link: str | None = "", text: str = "", date: str = "") -> str:
    """An RSS item; guid and link are made of the number unless given, and left out if None."""
    parts = [f"<title>Новость {number}</title>"]
    if guid is not None:
        parts.append(f'<guid isPermaLink="false">{guid or f"id-{number}"}</guid>')
    if link is not None:
        parts.append(f"<link>{link or f'https://example.org/{number}'}</link>")
    parts.append(f"<description>{escape(text or f'Бои у Суджи, день {number}')}</description>")
    parts.append(f"<pubDate>{date or f'Mon, {number % 28 + 1:02} Jan 2024 10:00:00 +0300'}</pubDate>")
    return f"<item>{''.join(parts)}</item>"


def rss(items: Iterable[str], *, head: str = "", encoding: str = "utf-8") -> str:
    """A whole feed, the newest item first as they come."""
    body = "\n".join(items)
    atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0" {atom}><channel>'
        f"<title>Газета</title>{head}{body}</channel></rss>\n"
    )
