"""The only memory of the house: from every room, for every room, behind one face.

Takes the nouns of the house with `now`, and gives them back after any crash. Every method of `Store` is one
transaction, may be repeated, and raises only what `bot.errors` draws under StoreError.
"""

from __future__ import annotations

from bot.store.address import database_path, is_postgresql
from bot.store.alike import Likeness
from bot.store.backup import Verified
from bot.store.carrying import Carried
from bot.store.exporting import Chosen
from bot.store.late import Rematch
from bot.store.lock import Held, ended_in_order, holder, instance_lock
from bot.store.restore import MARK as RESTORED
from bot.store.retention import Cutoffs
from bot.store.reviewed import (
    Act,
    Acted,
    ActKind,
    ActRow,
    Alike,
    Aspect,
    DayRow,
    Doubt,
    Evidence,
    FormRow,
    How,
    StoryFile,
    Wording,
)
from bot.store.rows import Counts, DigestRow, Event, ExportRow, HitRow, OutboxRow, PostRow, SourceRow, StoryRow
from bot.store.search import Filters
from bot.store.silences import SilenceRow
from bot.store.steps import (
    OUR_OWN,
    Amended,
    Change,
    Committed,
    Day,
    DigestState,
    Letters,
    Mentions,
    NewDigest,
    NewNotice,
    Outgoing,
    RouteMark,
    Sent,
    Sought,
    Swept,
)
from bot.store.store import Store

__all__ = [
    "OUR_OWN",
    "RESTORED",
    "Act",
    "ActKind",
    "ActRow",
    "Acted",
    "Alike",
    "Amended",
    "Aspect",
    "Carried",
    "Change",
    "Chosen",
    "Committed",
    "Counts",
    "Cutoffs",
    "Day",
    "DayRow",
    "DigestRow",
    "DigestState",
    "Doubt",
    "Event",
    "Evidence",
    "ExportRow",
    "Filters",
    "FormRow",
    "Held",
    "HitRow",
    "How",
    "Letters",
    "Likeness",
    "Mentions",
    "NewDigest",
    "NewNotice",
    "OutboxRow",
    "Outgoing",
    "PostRow",
    "Rematch",
    "RouteMark",
    "Sent",
    "SilenceRow",
    "Sought",
    "SourceRow",
    "Store",
    "StoryFile",
    "StoryRow",
    "Swept",
    "Verified",
    "Wording",
    "database_path",
    "ended_in_order",
    "holder",
    "instance_lock",
    "is_postgresql",
]
