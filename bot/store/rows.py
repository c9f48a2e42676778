"""Rows as commands print them: flat and frozen. Times are in UTC; None is for what is not known or has not happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Arrival
from bot.store.steps import DigestState


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
    """A mention. `text` is the body of the post from `start` to `end` (code points, end excluded); `why`: its evidence.

    `confidence` is from 0 to 1; `state` is a `model.HitState`; `story` is the id of the story, once there is one.
    """

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
    """A source in use, and how it is doing. `since`: in this `state`; `until`: at rest, as it asked for.

    `dropped` counts items of the last reading that could not be read; `gaps` are message ids not read yet, both ends
    included; `posts` counts those that are stored.
    """

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
    """A message for one destination: `part` of `parts`, in a `model.Outcome`. `receipt`: what the destination said."""

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
    """When the post that came first was seen."""
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
