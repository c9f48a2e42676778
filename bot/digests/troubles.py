"""What a source suffers from, as readers are told: "DeepState: no answer for 40 min".

In: a source's name, the word of its state, how long it has lasted, the language. Out: one line. A state that is not
known here is told as no answer, which is what a reader notices.
"""

from __future__ import annotations

from datetime import timedelta

from bot.digests.words import words_of

_KINDS = {
    "rate_limited": "patience",
    "no_preview": "closed",
    "needs_reader": "closed",
    "reader_in_use": "closed",
    "refused": "a_group",
    "private": "barred",
    "restricted": "barred",
    "banned": "barred",
    "gone": "gone",
    "not_found": "not_found",
    "renamed": "replaced",
    "replaced": "replaced",
    "page_changed": "unreadable",
    "parse": "unreadable",
    "not_a_feed": "unreadable",
    "mojibake": "unreadable",
    "truncated": "unreadable",
    "too_large": "unreadable",
    "fault": "unreadable",
    "new": "unread",
    "disk_full": "no_room",
}


def trouble(source: str, state: str, lasting: timedelta | None, language: str) -> str:
    """One line of the digest's footer, the name as it is given."""
    words = words_of(language)
    what = words.say(_KINDS.get(state, "no_answer"))
    minutes = int(lasting.total_seconds()) // 60 if lasting else 0
    if minutes <= 0:
        return f"{source}: {what}"
    days, hours = minutes // 1440, minutes // 60
    span = ("days", days) if days >= 2 else ("hours", hours) if hours >= 2 else ("minutes", minutes)
    return f"{source}: {what} {words.count(*span)}"
