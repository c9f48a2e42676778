"""Words for what the store calls by short names; templates translate them.

Invariant: every word here is in every language's file (a test reads them through `WORDS`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.matching.evidence import Evidence
from bot.model import Action, HitState, NoticeKind, Origin, Reason, Relation
from bot.store import ActKind, Aspect
from bot.store.audit import REASONS
from bot.store.merging import BY_HAND
from bot.stories.grouper import Ground

MANY = 200
"""More than so many that wait are "200+"."""

LISTED = 2_000
"""So many places are proposed while one writes; the others are written whole."""

PAGES: Mapping[str, str] = {
    "queue": "Queue",
    "stories": "Stories",
    "search": "Search",
    "places": "Places",
    "watches": "Watches",
    "quality": "Quality",
    "map": "Map",
    "sources": "Sources",
    "deliveries": "Deliveries",
    "audit": "Audit",
}
REJECTIONS: Mapping[str, str] = REASONS
STATES: Mapping[str, str] = {
    HitState.LIVE: "in the text",
    HitState.EDITED_OUT: "edited out",
    HitState.DELETED: "post deleted",
    HitState.RULED_OUT: "ruled out",
    HitState.EXPIRED: "expired",
}
RELATIONS: Mapping[str, str] = {
    Relation.FIRST: "first report",
    Relation.FORWARD: "forward",
    Relation.COPY: "copy",
    Relation.INCLUDED: "included",
}
ORIGINS: Mapping[str, str] = {
    Origin.BASE: "as it is written",
    Origin.RULE: "by rule",
    Origin.DICTIONARY: "by dictionary",
    Origin.TRANSLITERATION: "transliteration",
    Origin.ALIAS: "another spelling",
    Origin.ADJECTIVE: "adjective",
    Origin.KEY: "by sound",
    Origin.TERM: "term",
}
ACTS: Mapping[str, str] = {
    ActKind.CONFIRM: "confirmed",
    ActKind.REJECT: "rejected",
    ActKind.MOVE: "moved to another place",
    ActKind.MERGE: "merged",
    ActKind.SPLIT: "split off",
    ActKind.PIN: "pinned",
    ActKind.UNPIN: "unpinned",
    ActKind.NOTE: "noted",
    ActKind.PAUSE: "paused",
    ActKind.RESUME: "resumed",
    ActKind.MUTE: "muted",
    ActKind.UNMUTE: "muted no more",
    ActKind.CORRECT: "corrected what was told",
    ActKind.ARRIVED: "said to have arrived",
    ActKind.AGAIN: "to be sent again",
    ActKind.UNDO: "undone",
}
OUTCOMES: Mapping[str, str] = {
    "waiting": "waiting",
    "sending": "being sent",
    "sent": "sent",
    "parked": "parked",
    "unknown": "sent or not: unknown",
}
ACTIONS: Mapping[str, str] = {Action.SEND: "new", Action.EDIT: "changes", Action.PIN: "pins"}
STEPS: Mapping[str, str] = {
    step: step
    for step in (
        *("seen", "edited", "deleted", "expired", "forgotten", "matched", "waits", "grouped", "decided", "composed"),
        *("queued", "delivery", "judged", "state", "now", "gap", "silence", "route", "first reading"),
        *(kind.value for kind in NoticeKind),
    )
}
CONDITIONS: Sequence[str] = (
    *("ok", "empty", "not modified", "slow", "new", "rate limited", "disk full", "dns", "connect", "tls", "timeout"),
    *("not found", "gone", "redirects", "address", "encoding", "proxy", "refused address", "too large", "truncated"),
    *("parse", "not a feed", "mojibake", "no preview", "needs reader", "private", "restricted", "banned", "refused"),
    *("account lost", "reader in use", "renamed", "replaced", "page changed", "retired"),
)
"""States of sources in words; others, as http 503, are shown as they are."""
STATED: Mapping[str, str] = {
    "verdict": "verdict",
    "meant": "meant place",
    "pinned": "pinned",
    "merged": "merged into",
    "told": "told",
    "corrected": "correction",
    "story": "story",
    "relation": "relation",
    "reason": "why",
    "paused": "paused",
    "until": "until",
    "outcome": "outcome",
    "receipt": "message",
    "tried": "tried",
    "sent": "sent",
}
"""What an act changes, as the audit shows it."""
SAID: Mapping[str, str] = {
    "written": "Written into the watchlist. It counts as soon as the files have been read again.",
}
"""What a page says that one comes back to."""
WRONG = "The name or the password is wrong."
TOO_MANY = "Too many wrong passwords. Try again in a quarter of an hour."
REFUSALS = ("Not Found", "Method Not Allowed")
"""What the server below the page says."""
LANGUAGES: Mapping[str, str] = {"ru": "Russian", "uk": "Ukrainian", "en": "English"}

ASPECTS: Mapping[str, str] = {
    Aspect.WATCH: "By place",
    Aspect.SOURCE: "By source",
    Aspect.EVIDENCE: "By evidence",
}
_TABLES = (
    PAGES,
    ASPECTS,
    REJECTIONS,
    STATES,
    RELATIONS,
    ORIGINS,
    ACTS,
    OUTCOMES,
    LANGUAGES,
    ACTIONS,
    STEPS,
    SAID,
    STATED,
)
WORDS: frozenset[str] = frozenset(
    {WRONG, TOO_MANY, BY_HAND, *REFUSALS, *CONDITIONS, *(word for table in _TABLES for word in table.values())}
)
BORROWED: frozenset[str] = frozenset(
    {*(each.words for each in Evidence), *(reason.value for reason in Reason), *(ground.value for ground in Ground)}
)
"""Words of other rooms, which the page translates where it can."""
