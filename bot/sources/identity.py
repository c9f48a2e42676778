"""What tells one item of a feed from another: chosen per feed, kept, and given up only when it stops working.

In: a document's items and the policy so far. Out: the policy, and each item's id. Ids are unique in a document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from bot.model import Identity, Post
from bot.sources.parsing.document import Item

LONGEST_ID = 400
MARKED = 30
HALF = 8
ORDER = (Identity.GUID, Identity.LINK, Identity.CONTENT)


def choose(items: Sequence[Item], kept: Identity | None, before: Sequence[str] = ()) -> Identity:
    """The kept policy while it tells most items apart, else the next one that does; never back to a given-up one.

    `before` are the marks of the last document: a policy whose keys changed under the same items is given up too.
    """
    candidates = ORDER[ORDER.index(kept) :] if kept else ORDER
    if kept and _changed(before, marks(items, kept)):
        candidates = candidates[1:]
    return next(policy for policy in candidates if policy is Identity.CONTENT or _fits(items, policy))


def marks(items: Sequence[Item], policy: Identity) -> tuple[str, ...]:
    """Of the newest items, each one's key and its content, hashed short; nothing where content is the key."""
    if policy is Identity.CONTENT:
        return ()
    return tuple(
        _short(_key(item, policy)) + _short(f"{item.title}\0{item.text}\0{item.published}") for item in items[:MARKED]
    )


def _short(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:HALF]


def _changed(before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether most items that stood in both documents have another key now."""
    known = {mark[HALF:]: mark[:HALF] for mark in before}
    met = [known[mark[HALF:]] == mark[:HALF] for mark in now if mark[HALF:] in known]
    return met.count(False) * 2 > len(met)


def _fits(items: Sequence[Item], policy: Identity) -> bool:
    """Whether more than half of the items have a key of their own; copies of one item count once."""
    distinct = list(dict.fromkeys(items))
    counts = Counter(_key(item, policy) for item in distinct)
    own = sum(1 for item in distinct if (key := _key(item, policy)) and counts[key] == 1)
    return own * 2 > len(distinct) or not distinct


def _key(item: Item, policy: Identity) -> str:
    if policy is Identity.GUID:
        return item.guid
    return item.link or "" if policy is Identity.LINK else _content(item)


def _content(item: Item) -> str:
    told = "\0".join((item.link or "", item.title, item.text))
    if not told.strip("\0"):  # An item without words is known by what else it has.
        told = f"{item.author}\0{item.published}"
    return sha256(told.encode(errors="surrogatepass")).hexdigest()[:20]


def identified(items: Sequence[Item], policy: Identity) -> list[tuple[str, Item]]:
    """Each item with its id. One that lacks the policy's key, or shares it with an older item, takes the next kind."""
    kinds = ORDER[ORDER.index(policy) :]
    taken: dict[str, Item] = {}
    # Feeds put the newest first: the oldest bearer of a key keeps it, so a newcomer never changes an older one's id.
    for item in reversed(items):
        keys = (_bounded(key) for kind in kinds if (key := _key(item, kind)))
        own = next((key for key in keys if key not in taken or taken[key] == item), None)
        if own is not None:
            taken.setdefault(own, item)
    return [(key, item) for key, item in reversed(taken.items())]


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST_ID else sha256(key.encode(errors="surrogatepass")).hexdigest()


def post(source: str, key: str, item: Item) -> Post:
    edited = item.updated if item.updated and item.published and item.updated > item.published else None
    return Post(
        source=source,
        id=key,
        url=item.link,
        title=item.title,
        text=item.text,
        published=item.published,
        edited=edited,
        author=item.author,
    )
