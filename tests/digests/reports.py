"""A report that names a place: what tests of digests, and their benchmark, make stories of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.model import Hit, Origin, Post, Relation, Report, Source, StoredHit, StoredPost


def mention(
    text: str,
    watch: str,
    start: int,
    found: datetime,
    *,
    row: int = 1,
    confidence: float = 0.9,
    candidates: tuple[str, ...] = (),
    **known: Any,
) -> StoredHit:
    """A stored hit of `text`; `known` is what else the store knows of it."""
    hit = Hit(
        watch=watch,
        start=start,
        end=start + len(text),
        text=text,
        form=text.lower(),
        origin=Origin.RULE,
        confidence=confidence,
        candidates=candidates,
    )
    return StoredHit(row=row, hit=hit, found=found, **known)


def naming(
    source: Source,
    row: int,
    text: str,
    when: datetime,
    watches: Mapping[str, str],
    *,
    number: int | None = None,
    relation: Relation = Relation.FIRST,
    **more: Any,
) -> Report:
    """A report with a mention of each watch, where its form in `watches` stands first; `number` is the post's own."""
    own = row if number is None else number
    post = Post(source=source.name, id=str(own), url=f"https://t.me/{source.name}/{own}", text=text, published=when)
    hits = tuple(mention(form, watch, text.index(form), when, row=row, **more) for form, watch in watches.items())
    return Report(stored=StoredPost(row=row, post=post, seen=when), source=source, relation=relation, hits=hits)
