"""A watch found in a post: where, by what rule, on what evidence, and what a person said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """The rule that made a form: why the matcher knows this spelling."""

    BASE = "base"
    RULE = "rule"
    DICTIONARY = "dictionary"
    TRANSLITERATION = "transliteration"
    ALIAS = "alias"
    ADJECTIVE = "adjective"
    KEY = "key"
    TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A mention of a watch: `text` is exactly the body from `start` to `end`; form, origin and evidence say why."""

    watch: str
    start: int
    end: int
    text: str
    form: str
    origin: Origin
    confidence: float
    evidence: tuple[str, ...] = ()
    """The words of the evidence, strongest first."""
    candidates: tuple[str, ...] = ()
    """Other watches of the same name that it may be instead; not empty means unresolved."""

    @property
    def why(self) -> tuple[str, ...]:
        return (self.origin.value, *self.evidence)


@dataclass(frozen=True, slots=True)
class Preference:
    """A maintainer's decision on two places of one name: where a text does not tell, `prefer` is meant, not `over`.

    It holds for posts of one source, or of all.
    """

    prefer: str
    over: str
    source: str | None = None


class HitState(StrEnum):
    LIVE = "live"
    EDITED_OUT = "edited_out"
    DELETED = "deleted"
    RULED_OUT = "ruled_out"
    """`rematch` did not find it by today's rules."""
    EXPIRED = "expired"
    """The words of its post were removed, by age or for good; what was found, and where, stays known."""


class Verdict(StrEnum):
    """What a person decided on a hit."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Rejection(StrEnum):
    """Why a person rejected a hit."""

    HOMONYM = "homonym"
    PERSON = "person"
    WORD = "word"
    PART = "part"
    BACKGROUND = "background"
    OLD = "old"
    ADVERTISEMENT = "advertisement"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHit:
    """A hit with what the store knows of it. `row` is its number there; `key` is what every command prints."""

    row: int
    hit: Hit
    revision: int = 1
    state: HitState = HitState.LIVE
    late: bool = False
    found: datetime
    verdict: Verdict | None = None
    meant: str | None = None
    """The watch that a person chose instead of the matcher's."""

    @property
    def key(self) -> str:
        return f"h{self.row}"
