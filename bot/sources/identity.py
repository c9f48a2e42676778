"""What tells one item of a feed from another: chosen per feed, kept, and given up only when it stops working.

In: a document's items, the policy so far and the marks of the last document. Out: the policy, each item's id, and
which of the items are known under another id. Ids are unique in a document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from bot.model import Identity, Post
from bot.sources.parsing.document import Item

LONGEST_ID = 400
MARKED = 1_000
"""So many of the newest items are remembered; few feeds have more than a hundred."""
HALF = 8
NAMELESS = "-" * HALF
"""Stands in a mark for an id that a given-up policy gave: the words are known, and no other id is a change."""
ORDER = (Identity.GUID, Identity.LINK, Identity.CONTENT)
Named = Sequence[tuple[str, Item]]


def choose(items: Sequence[Item], kept: Identity | None, before: Sequence[str] = ()) -> Identity:
    """The kept policy while it tells most items apart, else the next one that does; never back to a given-up one.

    `before` are the marks of the last document: a policy that gives the same items other ids now is given up too.
    """
    candidates = ORDER[ORDER.index(kept) :] if kept else ORDER
    if kept and len(candidates) > 1 and _changed(before, marks(identified(items, kept))):
        candidates = candidates[1:]
    return next(policy for policy in candidates if policy is Identity.CONTENT or _fits(items, policy))


def marks(named: Named) -> tuple[str, ...]:
    """Of the newest items, each one's id and its words, hashed short. Dates and links may be new at each fetch."""
    return tuple(short(key) + short(_content(item)) for key, item in named[:MARKED])


def nameless(before: Sequence[str], fresh: Sequence[str] = ()) -> tuple[str, ...]:
    """The marks whose words `fresh` does not show, without the ids that another policy gave."""
    shown = {mark[HALF:] for mark in fresh}
    return tuple(NAMELESS + mark[HALF:] for mark in before if mark[HALF:] not in shown)


def known(named: Named, before: Sequence[str]) -> frozenset[str]:
    """The ids, hashed short, of those items whose words the marks of the last document show."""
    words = {mark[HALF:] for mark in before}
    return frozenset(short(key) for key, item in named if short(_content(item)) in words)


def short(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:HALF]


def _changed(before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether most items that stood in both documents have another id now."""
    earlier, later = _by_words(before), _by_words(now)
    met = [earlier[words] == later[words] for words in earlier.keys() & later.keys()]
    return met.count(False) * 2 > len(met)


def _by_words(found: Sequence[str]) -> dict[str, str]:
    """Ids by words, where one item alone has them: "all clear" said twice is no item met again."""
    counts = Counter(mark[HALF:] for mark in found)
    return {mark[HALF:]: mark[:HALF] for mark in found if counts[mark[HALF:]] == 1 and mark[:HALF] != NAMELESS}


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
    told = f"{item.title}\0{item.text}"
    if told == "\0":  # An item without words is known by what else it has.
        told = f"{item.link}\0{item.author}\0{item.published}"
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
        language=item.language,
    )
