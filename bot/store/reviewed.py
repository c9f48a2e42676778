"""What people decide, and what they are shown for it: acts and their audit, doubtful hits, stories whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model import Rejection, StoredHit, StoredPost, Story
from bot.store.rows import Event, ExportRow


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


@dataclass(frozen=True, slots=True)
class Alike:
    """A hit that is like another, in its post."""

    stored: StoredPost
    found: StoredHit


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
