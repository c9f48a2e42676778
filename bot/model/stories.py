"""Reports of one thing, and how each belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.hits import StoredHit
from bot.model.sources import Source, StoredPost


class Relation(StrEnum):
    """How a post belongs to its story."""

    FIRST = "first"
    FORWARD = "forward"
    COPY = "copy"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where grouping put a post. `story` is the key of the story's first post; `reason` says by what it was joined."""

    post: str
    story: str
    relation: Relation
    reason: str
    within: str | None = None
    """For an included post, the story of the round-up it is part of, or of the report it includes."""
    related: tuple[str, ...] = ()
    sketch: bytes = field(default=b"", compare=False, repr=False)
    """What grouping wants to be given back of the post, when later ones are compared with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One post of a story, with all that a digest tells of it."""

    stored: StoredPost
    source: Source
    relation: Relation
    within: int | None = None
    """For an included report, the row of the story that it is part of, or that is part of it."""
    hits: tuple[StoredHit, ...] = ()
    before: str = ""
    """The words with which it was put into its story, where its author has changed them since."""

    @property
    def when(self) -> datetime:
        return self.stored.post.published or self.stored.seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Reports of one thing, the first report first. `row` is its number in the store."""

    row: int
    reports: tuple[Report, ...]

    @property
    def key(self) -> str:
        return f"s{self.row}"

    @property
    def first(self) -> Report:
        return self.reports[0]
