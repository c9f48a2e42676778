"""What strangers wrote, made safe to show: one line, no hidden characters, no live links, a bounded length.

In: any text. Out: text that cannot break a message, change its direction, call anybody or lead anywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

NAME = 48
"""The longest name shown, in characters."""
_LONGEST_ADDRESS = 2048

_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u115f\u1160\u2800\u3164\uffa0]+")
_HIDDEN = re.compile(
    # Format characters: soft hyphens, zero widths, marks and overrides of direction, tags. Not U+200D: emoji need it.
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NO_CHARACTER = re.compile("[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_PILE = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489]+"
)
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,15})?://\S*|(?<![a-z0-9])(?:javascript|vbscript|data|file|tg|tel|mailto):\S+"
    r"|(?<![a-z0-9])(?:(?:t|telegram)\.(?:me|dog)/|www\.)\S*",
    re.IGNORECASE,
)
_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:/[A-Za-z0-9._~/?=&%+,;:!-]*)?")
"""What nearly all addresses look like, and needs no closer look."""
_LEFT_OUT = "(…)"


def clean(text: str) -> str:
    """One line without hidden characters and live links; a space at either end stays one space."""
    text = _NO_CHARACTER.sub("\ufffd", _HIDDEN.sub("", text))
    text = _LINK.sub(_LEFT_OUT, _SPACE.sub(" ", _PILE.sub(r"\1", text)))
    return text.replace("@", "＠")


@lru_cache(maxsize=4096)
def name(text: str, limit: int = NAME) -> str:
    """A name or another short text, cleaned and cut to `limit` characters; never empty."""
    cleaned = clean(text[: 4 * limit]).strip() or _LEFT_OUT
    return cleaned if len(cleaned) <= limit else f"{cleaned[: limit - 1].rstrip()}…"


def safe_address(url: str | None) -> str | None:
    """The address, letter for letter, if it is a plain http or https one; else None."""
    if url and len(url) <= _LONGEST_ADDRESS and _PLAIN_ADDRESS.fullmatch(url):
        return url
    if not url or len(url) > _LONGEST_ADDRESS or _is_unsafe(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else None


def _is_unsafe(url: str) -> bool:
    broken = _SPACE.search(url) or _HIDDEN.search(url) or _NO_CHARACTER.search(url)
    return broken is not None or any(char in '<>"`{}|\\^\u200d' for char in url)
