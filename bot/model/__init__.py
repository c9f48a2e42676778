"""The nouns of the house, as frozen values.

Source -> Post -> Hit -> Story -> Digest -> Delivery, and beside them Watch (Place or Term), Route and Cursor.
Nothing here reads, writes or waits. Every `datetime` is aware and in UTC; every span counts Unicode code points.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.model.deliveries import SETTLED, Action, Delivery, Entity, EntityKind, Message, Notice, NoticeKind, Outcome
from bot.model.digests import ANNOUNCED, HELD, IN_WORDS, Decision, Digest, District, Reason, Section
from bot.model.hits import Hit, HitState, Origin, Preference, Rejection, StoredHit, Verdict
from bot.model.routes import (
    Destination,
    DestinationKind,
    Filter,
    Foreign,
    Grouping,
    Lull,
    Quiet,
    Route,
    Schedule,
    Silence,
    Spike,
    Translation,
    Urgent,
)
from bot.model.sources import (
    NO_ROOM,
    WORKING,
    Access,
    Arrival,
    Condition,
    Cursor,
    Gap,
    Identity,
    Post,
    Reading,
    SideKind,
    Source,
    SourceKind,
    SourceMemory,
    StoredPost,
    Via,
    body_of,
)
from bot.model.stories import Placement, Relation, Report, Story
from bot.model.watches import Near, Place, Priority, Term, Watch

__all__ = [
    "ANNOUNCED",
    "HELD",
    "IN_WORDS",
    "NO_ROOM",
    "SETTLED",
    "WORKING",
    "Access",
    "Action",
    "Arrival",
    "Condition",
    "Cursor",
    "Decision",
    "Delivery",
    "Destination",
    "DestinationKind",
    "Digest",
    "District",
    "Entity",
    "EntityKind",
    "Filter",
    "Foreign",
    "Gap",
    "Grouping",
    "Hit",
    "HitState",
    "Identity",
    "Lull",
    "Message",
    "Near",
    "Notice",
    "NoticeKind",
    "Origin",
    "Outcome",
    "Place",
    "Placement",
    "Post",
    "Preference",
    "Priority",
    "Quiet",
    "Reading",
    "Reason",
    "Rejection",
    "Relation",
    "Report",
    "Route",
    "Schedule",
    "Section",
    "SideKind",
    "Silence",
    "Source",
    "SourceKind",
    "SourceMemory",
    "Spike",
    "StoredHit",
    "StoredPost",
    "Story",
    "Term",
    "Translation",
    "Urgent",
    "Verdict",
    "Via",
    "Watch",
    "body_of",
    "flat",
]


def flat(row: Any) -> dict[str, Any]:
    """A noun, or a row of the store, as JSON takes it: moments in ISO 8601."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(row).items()}
