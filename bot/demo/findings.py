"""What the store holds when the morning is over, gathered for the last page.

In: the store, the route, and the newsroom for the words of posts that nothing was found in. Out: `Findings`. The store
is asked with the same methods as the commands `stories`, `sources` and `trace` ask it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.demo.feeds import identity
from bot.demo.newsroom import Form, Item, Newsroom
from bot.demo.troubles import Episode
from bot.errors import StoreError
from bot.model import Placement, Reason, Route, Source, Story, Watch
from bot.store import Counts, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A post without a hit, and what the store says of it: seen, perhaps edited, and why it went no further."""

    source: str
    when: datetime
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`decisions` are by story row, `placements` by post key; `zone` is the route's, `confidence` its bound."""

    counts: Counts
    sources: Sequence[Source]
    watches: Sequence[Watch]
    stories: Sequence[Story]
    placements: Mapping[str, Placement] = field(default_factory=dict)
    decisions: Mapping[int, Reason] = field(default_factory=dict)
    unwatched: Sequence[Traced] = ()
    episodes: Sequence[Episode] = ()
    zone: str
    confidence: float


async def gather(
    store: Store, newsroom: Newsroom, sources: Sequence[Source], watches: Sequence[Watch], route: Route
) -> Findings:
    """Ask the store for everything; `episodes` are the caller's."""
    start = newsroom.items[0].at
    placed = await store.placed_since(start)
    return Findings(
        counts=await store.counts(),
        sources=sources,
        watches=watches,
        stories=await store.stories_since(start),
        placements={stored.post.key: placement for stored, placement in placed},
        decisions=await store.decisions(route.name),
        unwatched=await _unwatched(store, newsroom, {stored.post.key for stored, _ in placed}),
        zone=newsroom.zone,
        confidence=route.confidence,
    )


async def _unwatched(store: Store, newsroom: Newsroom, placed: set[str]) -> list[Traced]:
    """Posts that are stored and in no story."""
    found = []
    for item in newsroom.items:
        key = stored_key(newsroom, item)
        if key not in placed and (why := await _why(store, key)):
            text = f"{item.title} {item.text}".strip() or " ".join(item.poll)
            found.append(Traced(source=item.source, when=item.at, text=text, why=why))
    return found


async def _why(store: Store, key: str) -> str:
    """The last thing that is known of a post; empty if it was never read."""
    try:
        events = await store.trace(key)
    except StoreError:
        return ""
    return events[-1].text


def stored_key(newsroom: Newsroom, item: Item) -> str:
    """The post's id as every command prints it."""
    outlet = newsroom.by_name[item.source]
    return item.key if outlet.form is Form.CHANNEL else f"{item.source}/{identity(outlet, item)}"
