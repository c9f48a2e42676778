"""Did it arrive? What a channel's newest posts tell of a message whose answer was lost.

In: the posts and what is known of the message. Out: a `Look`. Pure. Invariant: that a message is not among the posts
is no proof, for the page may be old, and somebody may have changed or deleted the message since.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.model import Post
from bot.telegram import sendable

SKEW = timedelta(minutes=10)
"""So far apart may our clock and Telegram's be, and so late may a try still arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A message that may have arrived between `since` and `until`."""

    text: str
    since: datetime
    until: datetime
    taken: frozenset[int] = frozenset()
    """Ids of posts that are other messages of ours."""
    open: tuple[str, ...] = ()
    """Texts of our other messages to the same channel that may have arrived as well."""


@dataclass(frozen=True, slots=True)
class Look:
    """The id that the message has, or that it is `absent` for certain; neither where it cannot be told."""

    arrived: int | None = None
    absent: bool = False


def looked(posts: Sequence[Post], trace: Trace) -> Look:
    """What the posts tell."""
    sign = signs(sendable(trace.text))
    alike = [post for post in posts if sign and int(post.id) not in trace.taken and signs(post.text) == sign]
    if not alike:
        return Look(absent=bool(sign) and _nothing_came(posts, trace))
    in_time = [post for post in alike if _came(post, trace) and not post.forwarded_from]
    if not in_time or sign in map(signs, map(sendable, trace.open)):
        return Look()
    return Look(arrived=int(in_time[0].id))


def _nothing_came(posts: Sequence[Post], trace: Trace) -> bool:
    """Whether each id that was given out while the message could arrive is another message of ours.

    A post deleted since leaves a gap, and one changed since stands there with other words: both are doubts.
    """
    ordered = sorted(posts, key=lambda post: int(post.id))
    dates = [post.published for post in ordered if post.published]
    if len(dates) < len(ordered) or any(later < earlier for earlier, later in pairwise(dates)):
        return False
    before = [
        max(map(int, (post.id, *post.parts))) for post, at in zip(ordered, dates, strict=True) if at < trace.since
    ]
    after = [int(post.id) for post, at in zip(ordered, dates, strict=True) if at > trace.until]
    return bool(before and after) and trace.taken.issuperset(range(before[-1] + 1, after[0]))


def _came(post: Post, trace: Trace) -> bool:
    return post.published is not None and trace.since <= post.published <= trace.until


def signs(text: str) -> str:
    """Letters, digits and symbols such as emoji: blanks and marks may be shown differently."""
    return "".join(each for each in text if each.isalnum() or unicodedata.category(each) == "So")
