"""A small world to store: sources, posts and hits with sensible defaults, and the walk from post to outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import (
    Arrival,
    Condition,
    Cursor,
    Decision,
    Destination,
    DestinationKind,
    Gap,
    Hit,
    Message,
    NoticeKind,
    Origin,
    Placement,
    Post,
    Reading,
    Reason,
    Relation,
    SideKind,
    Silence,
    Source,
    SourceKind,
    SourceMemory,
    StoredPost,
)
from bot.store import OUR_OWN, Committed, NewDigest, NewNotice, Outgoing, Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CONSOLE = Destination(DestinationKind.CONSOLE)

RYBAR = Source(
    name="rybar",
    kind=SourceKind.CHANNEL,
    address="https://t.me/rybar",
    title="Рыбарь",
    side="ru",
    side_kind=SideKind.PARTY,
)
DEEPSTATE = replace(RYBAR, name="deepstate", address="https://t.me/deepstate", title="DeepState", side="ua")
ISW = Source(
    name="isw", kind=SourceKind.FEED, address="https://isw.example/feed", side_kind=SideKind.OBSERVER, side="tt"
)


def post(number: int, text: str = "Бои за Суджу", *, source: str = "rybar", **more: Any) -> Post:
    url = f"https://t.me/{source}/{number}"
    return Post(source=source, id=str(number), url=url, text=text, published=NOW + number * MINUTE, **more)


def reading(*posts: Post, source: str = "rybar", window: Gap | None = None, **more: Any) -> Reading:
    known: dict[str, Any] = {"condition": Condition(state="ok"), "cursor": Cursor(newest=len(posts))} | more
    return Reading(source=source, posts=posts, window=window, **known)


def memory(read: Reading, now: datetime = NOW, **more: Any) -> SourceMemory:
    known: dict[str, Any] = {"first_read": now, "last_ok": now, "interval": 5 * MINUTE, "due": now + 5 * MINUTE} | more
    return SourceMemory(name=read.source, cursor=read.cursor, condition=read.condition, **known)


async def commit(store: Store, read: Reading, now: datetime = NOW) -> Committed:
    return await store.commit_reading(read, memory(read, now), now)


def mention(stored: StoredPost | Post, text: str = "Суджу", watch: str = "sudzha", **more: Any) -> Hit:
    body = stored.post.body if isinstance(stored, StoredPost) else stored.body
    start = body.index(text)
    known: dict[str, Any] = {"form": text, "origin": Origin.RULE, "confidence": 0.9, "evidence": ("capital",)} | more
    return Hit(watch=watch, start=start, end=start + len(text), text=text, **known)


async def match(store: Store, text: str = "Суджу", now: datetime = NOW, *, watch: str = "sudzha") -> list[StoredPost]:
    """Match all that waits: a hit wherever `text` stands."""
    found = await store.unmatched(100)
    hits = [(item, [mention(item, text, watch)] if text in item.post.body else []) for item in found]
    await store.save_matches(hits, now)
    return found


def first(stored: StoredPost) -> Placement:
    return Placement(
        post=stored.post.key, story=stored.post.key, relation=Relation.FIRST, reason="nothing like it in 48 h"
    )


def copy_of(stored: StoredPost, story: str, **more: Any) -> Placement:
    return Placement(post=stored.post.key, story=story, relation=Relation.COPY, reason="same text", **more)


async def group(store: Store, now: datetime = NOW) -> list[StoredPost]:
    """Give each post that waits a story of its own."""
    found = await store.ungrouped(100)
    await store.save_placements([(item, first(item)) for item in found], now)
    return found


async def walk(store: Store, *posts: Post, now: datetime = NOW, arrival: Arrival = Arrival.LIVE) -> None:
    """Bring posts of one source from the reading to their stories."""
    await commit(store, reading(*posts, source=posts[0].source, arrival=arrival), now)
    await match(store, now=now)
    await group(store, now)


def outgoing(key: str, to: Destination = CONSOLE, *, words_of: frozenset[int] = OUR_OWN, **more: Any) -> Outgoing:
    return Outgoing(idempotency=key, to=to, message=Message(text=f"message {key}", **more), words_of=words_of)


def digest(*stories: int, slot: datetime = NOW, messages: Sequence[Outgoing] = (), **more: Any) -> NewDigest:
    decisions = tuple(Decision(story=row, reason=Reason.TOLD) for row in stories)
    known: dict[str, Any] = {"route": "kursk", "since": slot - timedelta(hours=9), "decisions": decisions} | more
    return NewDigest(slot=slot, messages=tuple(messages), **known)


def notice(*stories: int, subject: str = "s1", messages: Sequence[Outgoing] = (), **more: Any) -> NewNotice:
    decisions = tuple(Decision(story=row, reason=Reason.URGENT) for row in stories)
    known: dict[str, Any] = {"route": "kursk", "kind": NoticeKind.URGENT, "decisions": decisions} | more
    return NewNotice(subject=subject, messages=tuple(messages), **known)


def silence(**more: Any) -> Silence:
    known: dict[str, Any] = {"since": NOW, "until": NOW + 60 * MINUTE, "author": "anna", "comment": "drill"} | more
    return Silence(
        **({"place": "sudzha"} | known if known.keys() == {"since", "until", "author", "comment"} else known)
    )
