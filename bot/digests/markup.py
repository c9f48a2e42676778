"""A page as markup: an Atom entry with XHTML content, or an element of HTML.

In: a page. Out: one `<entry>`, or one `<article>`. Invariant: everything between tags is escaped, so both are
well-formed whatever strangers wrote.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from uuid import NAMESPACE_URL, uuid5

from bot.digests.page import Block, Item, Line, Page, Span


def entry(page: Page, *, route: str, when: datetime, updated: datetime | None = None) -> str:
    """The digest as one entry; its id is the same whenever it is rendered again, also with what was `updated` since."""
    moment = f"{(updated or when).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"<entry>\n<id>urn:uuid:{uuid5(NAMESPACE_URL, f'placewire:{route}:{when.astimezone(UTC).isoformat()}')}</id>\n"
        f"<title>{escape(page.title)}</title>\n<updated>{moment}</updated>\n"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">\n{xhtml(page)}\n</div></content>\n</entry>'
    )


def article(page: Page, *, language: str) -> str:
    """The digest as an element of a page, well-formed as HTML and as XML."""
    return f'<article lang="{escape(language)}">\n<h2>{escape(page.title)}</h2>\n{xhtml(page)}\n</article>\n'


def xhtml(page: Page) -> str:
    """The page without its title."""
    notes, footer = (("".join(f"<p>{_line(line)}</p>" for line in lines)) for lines in (page.notes, page.footer))
    return "\n".join(part for part in [notes, *map(_block, page.blocks), footer] if part)


def _block(block: Block) -> str:
    items = "\n".join(f"<li>{_item(item)}</li>" for item in block.items)
    return f"<h3>{''.join(escape(span.text) for span in block.heading)}</h3>\n<ul>\n{items}\n</ul>"


def _item(item: Item) -> str:
    return "<br/>\n".join(map(_line, item.lines))


def _line(line: Line) -> str:
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    text = escape(span.text)
    text = f"<b>{text}</b>" if span.bold else text
    if span.url:
        return f'<a href="{escape(span.url)}">{text}</a>'
    if span.quoted and span.language:
        return f'<span lang="{escape(span.language)}" xml:lang="{escape(span.language)}">{text}</span>'
    return text
