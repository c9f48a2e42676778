"""Certain keys: what two posts can only share if they tell the same thing.

In: a post and its essence. Out: strings, equal for posts that belong together: an origin "channel/id", an album, the
address of an article. Pure.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.model import Post

_LINK = re.compile(r"https?://[^\s<>«»\"'()\[\]{}]+", re.IGNORECASE)
_TRACKING = re.compile(
    r"^(?:utm_|mc_|fb|gclid|yclid|_openstat|ysclid|igsh|ref$|from$|source$|amp$|share|cmpid|_gl$|_ga|gaa_|ocid$|smid$"
    r"|at_medium|at_campaign|guc|xtor$|wt_mc|spm$)",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:www|m|amp|mobile)\.")
_NO_ARTICLE = re.compile(
    r"(?:^|\.)(?:t\.me|telegram\.me|telegram\.org|youtube\.com|youtu\.be|instagram\.com|facebook\.com|x\.com|twitter\.com"
    r"|tiktok\.com|vk\.com|ok\.ru|viber\.com|whatsapp\.com|max\.ru|rutube\.ru|dzen\.ru|boosty\.to|patreon\.com"
    r"|privatbank\.ua|monobank\.ua|paypal\.com|discord\.gg|threads\.net|google\.com|goo\.gl)$"
)
_MIN_PATH = 8
_MAX_LINKS = 40


def names(post: Post) -> tuple[str, ...]:
    """The names by which a forward may call this post: its own key, and one for each further part of an album."""
    return tuple(f"{post.source}/{number}".casefold() for number in (post.id, *post.parts))


def origin(post: Post) -> str | None:
    """The "channel/id" a post was forwarded from; None where only the channel is known."""
    if post.forwarded_from is None or "/" not in post.forwarded_from:
        return None
    return post.forwarded_from.lstrip("@").casefold()


def album(post: Post) -> str | None:
    return f"{post.source}/album/{post.album}".casefold() if post.album else None


def own_article(post: Post) -> str | None:
    """The article a feed's item stands for."""
    return article(post.url) if post.url else None


def linked_article(post: Post) -> str | None:
    """The one article that a text links to; None if it links to none or to several."""
    if "://" not in post.text:
        return None
    found = {made for match in _LINK.findall(post.text, 0)[:_MAX_LINKS] if (made := article(match))}
    return found.pop() if len(found) == 1 else None


def article(url: str) -> str | None:
    """The address in one spelling, without tracking; None for what is no article: a front page, a network's post."""
    try:
        parts = urlsplit(url.strip().rstrip(".,;:!?…"))
        host = _HOST.sub("", (parts.hostname or "").lower())
        query = urlencode(sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k)))
    except ValueError:
        return None
    path = parts.path.rstrip("/").removesuffix("/amp").removesuffix("/index.html")
    if not host or _NO_ARTICLE.search(host) or len(path) + len(query) < _MIN_PATH:
        return None
    return f"{host}{path}?{query}" if query else f"{host}{path}"
