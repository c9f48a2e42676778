"""Messages outside and inside of digests, and where each row of the outbox stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model.routes import Destination


class NoticeKind(StrEnum):
    """What a route sends outside of its digests."""

    URGENT = "urgent"
    SPIKE = "spike"
    LULL = "lull"
    CORRECTION = "correction"
    OPS = "ops"
    PIN = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One revision of a notice: what it is about (`subject`), and what the next revision must know (`state`)."""

    row: int
    route: str
    kind: NoticeKind
    subject: str
    revision: int
    at: datetime
    text: str = ""
    """What was sent or held, in words, for the operator."""
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"n{self.row}"


class EntityKind(StrEnum):
    BOLD = "bold"
    ITALIC = "italic"
    LINK = "link"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Entity:
    """Formatting of a span of a message, in code points of its text; a LINK has a `url`."""

    kind: EntityKind
    start: int
    end: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one outbox row sends, frozen: text with formatting as objects, never concatenated markup."""

    text: str
    entities: tuple[Entity, ...] = ()
    part: int = 1
    parts: int = 1
    title: str = ""
    when: datetime | None = None
    links: tuple[str, ...] = ()
    """The address of each told story's first post, each exactly once over all parts."""
    silent: bool = False
    """It makes no sound where it arrives, and so quiet hours do not hold it."""
    card: str = ""
    """The digest as a picture in SVG, where the route asks for it; in a chat, a message of its own."""


class Action(StrEnum):
    """What a row of the outbox does. EDIT and PIN change the message of an earlier row; doing so twice is harmless."""

    SEND = "send"
    EDIT = "edit"
    PIN = "pin"


class Outcome(StrEnum):
    """Where a row of the outbox stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"
    UNKNOWN = "unknown"
    DROPPED = "dropped"
    """Nothing is left to do: a later edit replaced it, or the message that it changes is gone."""


SETTLED = frozenset({Outcome.SENT, Outcome.DROPPED})
"""Nothing more happens to such a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message on its way to one destination. `idempotency` is the same at every repeat of this very part."""

    row: int
    route: str
    to: Destination
    message: Message
    idempotency: str
    action: Action = Action.SEND
    of: str | None = None
    """For EDIT and PIN: the idempotency key of the row whose message they change."""
    target: str | None = None
    """That row's receipt; None as long as it is not sent."""
    thread: int | None = None
    digest: int | None = None
    outcome: Outcome = Outcome.WAITING
    reason: str = ""
    attempts: int = 0
    not_before: datetime | None = None
    tried: datetime | None = None
    """Since when an earlier try may have reached it; None if certainly none did."""
    offset: int | None = None
    """For a file: its length before the first try."""
    receipt: str | None = None
    """What the destination answered: a message id, a status."""

    @property
    def key(self) -> str:
        return f"o{self.row}"
