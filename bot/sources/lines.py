"""Posts as the `poll` command prints them, one JSON object each (contract: keys and nulls).

In: a `Reading`. Out: plain dictionaries.
"""

from __future__ import annotations

from datetime import datetime

from bot.model import Post, Reading

Line = dict[str, str | bool | None]


def poll_lines(reading: Reading) -> list[Line]:
    return [_line(post) for post in reading.posts]


def _line(post: Post) -> Line:
    return {
        "source": post.source,
        "id": post.id,
        "url": post.url,
        "title": post.title,
        "text": post.text,
        "published": _iso(post.published),
        "edited": _iso(post.edited),
        "author": post.author,
        "forwarded_from": post.forwarded_from,
        "album": post.album,
        "complete": post.complete,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
