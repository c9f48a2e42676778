"""What the steps of the service give to the store and are given back, beside the nouns of the house.

A poll and what it changed; a page of posts to be matched again; a digest or a notice with its messages, saved whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model import Action, Decision, Destination, Message, NoticeKind, Reading, SourceMemory, StoredPost


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of one source: what it came to, and what to remember after it."""

    reading: Reading
    memory: SourceMemory
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What one reading changed, as keys of posts."""

    new: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    """Were deleted, and are there again."""

    def __add__(self, other: Committed) -> Committed:
        return Committed(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A source passed from one state to another. `row` is what `mark_changes_told` takes."""

    row: int
    source: str
    title: str
    at: datetime
    previous: str
    state: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Letters:
    """How often each form stands small, and with a capital inside a sentence, in the posts up to the row `upto`.

    `vocabulary` names the forms that were looked for: counts of another vocabulary are no part of these.
    """

    vocabulary: str
    upto: int
    cases: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Holding:
    """A page of posts that may hold a name; the row of the wording to go on behind, None at the end."""

    posts: Sequence[StoredPost]
    after: int | None


@dataclass(frozen=True, slots=True)
class Sought:
    """A watch that waits to be searched for: in wordings behind the row `searched`, up to `until`."""

    id: str
    key: bytes
    searched: int
    until: int


@dataclass(frozen=True, slots=True)
class Swept:
    """One step of retention: the row to go on behind, None at the end; how many posts lost their words."""

    after: int | None
    expired: int


@dataclass(frozen=True, slots=True)
class RouteMark:
    """Since when a route is known, and the last slot that it passed."""

    first_seen: datetime
    last_slot: datetime | None


OUR_OWN: frozenset[int] = frozenset()
"""A message that holds no words of posts."""


class DigestState(StrEnum):
    """What became of a slot."""

    COMPOSED = "composed"
    EMPTY = "empty"
    """Nothing to tell, and the route does not send empty digests."""
    COVERED = "covered"
    """Missed, and told by a later digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message for the outbox. A key that was queued once is never queued again.

    An edit or a pin names by `of` the key of the row whose message it changes, queued before it or beside it; an edit
    replaces every earlier one of the same message that is not sent yet.
    """

    idempotency: str
    to: Destination
    message: Message
    words_of: frozenset[int] | None
    """Rows of the posts whose words it holds: when one of them has lost its words, it is not saved.

    None for an edit that repeats the words of the message that it changes.
    """
    thread: int | None = None
    action: Action = Action.SEND
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """One revision of what a route sends outside of its digests; it is saved as a whole."""

    route: str
    kind: NoticeKind
    subject: str
    revision: int = 1
    text: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
    messages: tuple[Outgoing, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reopens: tuple[int, ...] = ()
    """Stories that were told and are news again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDigest:
    """All that one slot of a route came to; it is saved as a whole."""

    route: str
    slot: datetime
    since: datetime
    state: DigestState = DigestState.COMPOSED
    covered: tuple[datetime, ...] = ()
    """Earlier slots that this digest makes up for."""
    messages: tuple[Outgoing, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notices: tuple[NewNotice, ...] = ()
    """Corrections that this digest tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that was queued, as its last edit has it; `arrived` says whether the destination has it."""

    idempotency: str
    message: Message
    original: Message
    """As it was first."""
    arrived: bool
    sent: datetime | None
    follows: bool = False
    """Whether the card that told the story sent it besides, with another revision."""


@dataclass(frozen=True, slots=True)
class Amended:
    """When a story was told, and what edits changed since."""

    told: datetime
    gone: frozenset[int] = frozenset()
    """Rows of hits that they took out."""
    said: Mapping[int, str] = field(default_factory=dict)
    """What edited posts said then, by row."""
    note: str = ""
    """What was noted then: under which watch."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Posts that name a watch, and when the last of them was written."""

    posts: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a time came to: posts seen, posts with a hit, stories told, messages delivered."""

    seen: int
    matched: int
    told: int
    delivered: int
