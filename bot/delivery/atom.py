"""The Atom feed around entries: a head that is written once, and an end that every append rewrites.

In: a row whose text is one `<entry>`. Out: bytes. `updated` stands behind the entries (Atom gives no order of
elements), so that appending never touches what was written, and the document is well-formed after each append.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from uuid import NAMESPACE_URL, uuid5

from bot.model import Delivery

_END = re.compile(rb"<updated>[^<]{20}</updated>\n</feed>\s*\Z")
_LAST_ENTRY = b"</entry>\n"
_NEAR = 256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def entry(delivery: Delivery, *, first: bool) -> bytes:
    """The row's entry, with the head of the feed before the first one."""
    text = f"{delivery.message.text}\n"
    return (_head(delivery.route) + text if first else text).encode(errors="replace")


def end(delivery: Delivery) -> bytes:
    """The end of the feed as of this row."""
    when = (delivery.message.when or _EPOCH).astimezone(UTC)
    return f"<updated>{when:%Y-%m-%dT%H:%M:%SZ}</updated>\n</feed>\n".encode()


def find_end(last_bytes: Callable[[int], bytes], size: int) -> int | None:
    """Where the feed's end begins; behind its last entry if the end was lost; None if this is no feed of ours."""
    if size == 0:
        return 0
    near = last_bytes(_NEAR)
    found = _END.search(near)
    if found:
        return size - len(near) + found.start()
    whole = last_bytes(size)
    last = whole.rfind(_LAST_ENTRY)
    return last + len(_LAST_ENTRY) if whole.startswith(b"<?xml") and last >= 0 else None


def _head(route: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>urn:uuid:{uuid5(NAMESPACE_URL, f'placewire:{route}')}</id>\n"
        f"<title>{escape(route)}</title>\n<author><name>placewire</name></author>\n"
    )
