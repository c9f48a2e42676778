"""The slow round: stored posts that no sweep reaches any more are read once more, for late edits and deletions.

In: ids that the store has, and what the channel shows of them now. Out: a `Reading` that revises and marks as deleted,
and tells in its cursor how far down the round has come. Invariant: nothing rings: a post that is new after all (an
album that lost its first part) is a baseline, and nothing is taken that the store did not have. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.model import Arrival, Reading, Source, SourceMemory
from bot.sources.walk import post_of
from bot.sources.window import Span

BATCH = 100
"""Ids that an account asks for at once: as many as Telegram gives. A page of the preview shows some 20 of them."""
HORIZON = timedelta(days=30)
"""Older posts are not read again: so long after, an author hardly mends them."""

Known = Sequence[tuple[int, ...]]
"""Posts that the store has, the newest first: each its id, and those of its further parts."""


def batch(known: Known) -> Known:
    """As many of the posts as one request asks for; the parts of an album stay together."""
    taken: list[tuple[int, ...]] = []
    for post in known:
        if taken and sum(map(len, taken)) + len(post) > BATCH:
            break
        taken.append(post)
    return taken


def reread(source: Source, memory: SourceMemory, known: Known, span: Span) -> Reading:
    """What a span that shows `known`, or the newest of them, comes to. It ends with the first id of the newest."""
    ours = {number for post in known for number in post}
    there = [each for number, each in sorted(span.messages.items()) if number in ours and not each.service]
    return Reading(
        source=source.name,
        condition=memory.condition,
        cursor=replace(memory.cursor, again=span.low),
        posts=tuple(post_of(source, each) for each in there),
        window=span.window,
        arrival=Arrival.BASELINE,
    )
