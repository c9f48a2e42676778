"""What enters and leaves the store beside the nouns of the house: frozen rows, flat, as commands print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model import (
    Action,
    Arrival,
    Decision,
    Destination,
    Message,
    NoticeKind,
    Reading,
    Rejection,
    SourceMemory,
    StoredHit,
    StoredPost,
    Story,
)


@dataclass(frozen=True, slots=True)
class Letters:
    """How often each form stands small, and with a capital inside a sentence, in the posts up to the row `upto`.

    `vocabulary` names the forms that were looked for: counts of another vocabulary are no part of these.
    """

    vocabulary: str
    upto: int
    cases: Mapping[str, tuple[int, int]]


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
class RouteMark:
    """Since when a route is known, and the last slot that it passed."""

    first_seen: datetime
    last_slot: datetime | None


class DigestState(StrEnum):
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


@dataclass(frozen=True, slots=True)
class Amended:
    """When a story was told, and the rows of its hits that an edit took out since."""

    told: datetime
    gone: frozenset[int] = frozenset()


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
    arrived: bool
    sent: datetime | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """A slot that passed. `told` counts stories; `held` counts them by reason, where this slot decided last."""

    id: str
    route: str
    slot: datetime
    since: datetime
    composed: datetime
    state: DigestState
    told: int = 0
    held: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    id: str
    post: str
    source: str
    url: str | None
    watch: str
    start: int
    end: int
    text: str
    confidence: float
    why: tuple[str, ...]
    state: str
    story: str | None
    late: bool
    verdict: str | None = None
    """What a person decided: confirmed or rejected."""
    meant: str | None = None
    """The watch that a person chose instead."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A hit that is like another, in its post."""

    stored: StoredPost
    found: StoredHit


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A hit with what its post said, where and when; `body` is the wording that it was found in."""

    hit: HitRow
    form: str
    candidates: tuple[str, ...]
    revision: int
    found: datetime
    source_title: str
    side: str | None
    published: datetime | None
    edited: datetime | None
    seen: datetime
    deleted: datetime | None
    author: str | None
    forwarded_from: str | None
    language: str | None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A post that `search` found, in the newest wording that holds the words."""

    id: str
    source: str
    url: str | None
    published: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story: its first post, how many reports of how many sources and parties, and which routes told it."""

    id: str
    post: str
    source: str
    url: str | None
    published: datetime | None
    text: str
    """The first post's, whole."""
    watches: tuple[str, ...]
    posts: tuple[str, ...]
    """Every report, the first one first."""
    sources: tuple[str, ...]
    sides: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    id: str
    kind: str
    address: str
    title: str
    side: str | None
    state: str
    detail: str
    remedy: str
    since: datetime | None
    until: datetime | None
    first_read: datetime | None
    last_ok: datetime | None
    due: datetime | None
    failures: int
    dropped: int
    gaps: tuple[tuple[int, int], ...]
    moved_to: str | None
    posts: int
    paused: datetime | None = None
    interval: float | None = None
    """Seconds between two polls, as adapted; None until the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    id: str
    route: str
    to: str
    action: str
    of: str | None
    """The id of the delivery whose message an edit or a pin changes."""
    digest: str | None
    part: int
    parts: int
    outcome: str
    reason: str
    attempts: int
    not_before: datetime | None
    receipt: str | None
    created: datetime
    sent: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of what happened to something; `at` is None for what still has to happen."""

    at: datetime | None
    step: str
    text: str


class ActKind(StrEnum):
    """What a person did."""

    CONFIRM = "confirm"
    REJECT = "reject"
    MOVE = "move"
    """The hit means another place."""
    MERGE = "merge"
    SPLIT = "split"
    PIN = "pin"
    UNPIN = "unpin"
    NOTE = "note"
    PAUSE = "pause"
    """A source is not asked any more."""
    RESUME = "resume"
    MUTE = "mute"
    """A place or a source does not ring for a while."""
    UNMUTE = "unmute"
    CORRECT = "correct"
    """What a route told of a story is put right, in the words of the note; without words no more."""
    ARRIVED = "arrived"
    """A delivery of unknown outcome is where it should be."""
    AGAIN = "again"
    """A delivery that stayed behind is sent again."""
    UNDO = "undo"


class How(StrEnum):
    """Where a person decided."""

    PAGE = "page"
    CLI = "cli"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a person wants done. `targets` are ids of hits, stories, posts or deliveries."""

    kind: ActKind
    targets: tuple[str, ...] = ()
    who: str
    how: How
    reason: Rejection | None = None
    note: str = ""
    to: str | None = None
    """For a move: the watch that is meant; for a correction: the route; for what arrived: the message's address."""
    until: datetime | None = None
    """For a mute: when it ends."""
    seen: int | None = None
    """The last act that the person could know of: what others decided after it is not overruled. None overrules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What came of an act: its id and what it changed; no id if all was so already."""

    id: str | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """A line of the audit. `before` and `after` hold the state of each target, by its key."""

    id: str
    at: datetime
    who: str
    how: str
    kind: str
    reason: str | None
    note: str
    undoes: str | None
    undone: str | None
    """The act that took it back."""
    before: Mapping[str, Mapping[str, Any]]
    after: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A hit that wants a person, with the row of its story."""

    story: int
    hit: int
    watch: str
    confidence: float
    unresolved: bool
    late: bool
    sampled: bool = False
    """It is here by lot: the matcher is sure of it, or sure that it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A post's words as they were seen from then on."""

    number: int
    body: str
    edited: datetime | None
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A hit for those who must prove what was said when. `hashes`: SHA-256 of title, NUL and text, by wording."""

    row: ExportRow
    wordings: Sequence[Wording]
    hashes: Mapping[int, str]
    watch: Mapping[str, Any] | None
    """The watch that is meant, as it was configured last."""
    acts: Sequence[ActRow]
    events: Sequence[Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """Hits of a watch on one day of UTC, as YYYY-MM-DD."""

    watch: str
    day: str
    hits: int


class Aspect(StrEnum):
    """By what judged hits are counted: EVIDENCE has the form's origin among it, CONFIDENCE is the number of a band."""

    WATCH = "watch"
    SOURCE = "source"
    EVIDENCE = "evidence"
    CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """A form of a watch, and how often it fired."""

    form: str
    origin: str
    hits: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFile:
    """A story with all that is known of it. `wordings` are by the row of the post."""

    story: Story
    pinned: datetime | None
    told: Mapping[str, str]
    """The routes that told it, each with what a person put right, or nothing."""
    wordings: Mapping[int, Sequence[Wording]]
    events: Sequence[Event]
    related: Sequence[Story]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the engine says of itself. Sizes are bytes; `log_size` is that of SQLite's write-ahead log."""

    engine: str
    journal: str
    size: int
    log_size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The store in numbers, for `doctor`. Sizes are bytes."""

    posts: int
    revisions: int
    hits: int
    stories: int
    digests: int
    sources: int
    unmatched: int
    """Posts whose last revision waits to be matched."""
    ungrouped: int
    expired: int
    """Posts whose words were removed by age."""
    waiting: int
    """Deliveries that are not sent, parked ones not counted."""
    parked: int
    unknown: int
    oldest_waiting: datetime | None
    oldest_post: datetime | None
    last_post: datetime | None
    """When the newest post was seen."""
    gaps: int
    """Message ids in recorded gaps, over all sources."""
    arrivals: Mapping[Arrival, int]
    size: int
    log_size: int | None
    """SQLite's write-ahead log; none where it is the server's."""
    schema: str
    engine: str
    """With its version."""
    journal: str


@dataclass(frozen=True, slots=True)
class Swept:
    """One step of retention: the row to go on behind, None at the end; how many posts lost their words."""

    after: int | None
    expired: int


@dataclass(frozen=True, slots=True)
class Held:
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
