"""Corrections: what was told is marked where it stands when its posts are gone or people reject it.

In: stories that were announced and changed since. Out: edits of the messages that told them, or lines for the next
digest where what was sent cannot be changed. Invariant: each story is corrected once for each cause on each route.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digests import flavour_of
from bot.digests.compose import Judged, judge
from bot.digests.notices import Slip, correction_line, correction_page, further_corrections, mark_word, marked, write
from bot.digests.split import UNITS, units
from bot.model import NoticeKind, Reason, Route
from bot.notices.desk import Desk, Keys, Rounds, can_edit
from bot.store import NewNotice, Outgoing, Sent

WITHIN = timedelta(days=7)
"""What was told longer ago is not corrected: nobody reads it any more as news."""
LINES = 8
"""Corrections that a digest names one by one: a channel that empties itself must not fill it."""


async def correct(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> int:
    """Correct what was told and no longer stands. Gives the number of corrections."""
    what = f"correct:{route.name}"
    changed = await desk.store.notices.announced_and_changed(route.name, rounds.since(what, now, WITHIN), now - WITHIN)
    rounds.looked[what] = now
    if not changed:
        return 0
    done = {
        each.subject for each in await desk.store.notices.since(route.name, NoticeKind.CORRECTION, now - 2 * WITHIN)
    }
    saved = 0
    for judged in judge(route, changed, watches=desk.config.watches, now=now):
        cause = _cause(judged)
        if cause and f"{judged.own.key}:{cause}" not in done:
            sent = await desk.store.notices.sent_of(route.name, judged.own.row)
            new = _Correction(desk, route, judged, cause, now).notice(sent)
            saved += await desk.store.notices.save(new, now) is not None
    return saved


async def due_corrections(desk: Desk, route: Route, now: datetime) -> tuple[tuple[str, ...], tuple[NewNotice, ...]]:
    """Lines that the next digest must hold, and the notices that say it did, to be saved with it."""
    found = await desk.store.notices.since(route.name, NoticeKind.CORRECTION, now - 2 * WITHIN)
    due = [each for each in found if each.state.get("due")]
    told = tuple(
        NewNotice(
            route=route.name,
            kind=NoticeKind.CORRECTION,
            subject=each.subject,
            revision=each.revision + 1,
            text="told in the digest",
        )
        for each in due
    )
    lines = [str(each.state["line"]) for each in due]
    return (*lines[:LINES], *further_corrections(route, len(lines) - LINES)), told


def _cause(judged: Judged) -> str | None:
    """Why it no longer stands; None if it does, or if an edit took the mention out: the mark says "edited" then."""
    if judged.decision.reason is Reason.REJECTED:
        return "rejected"
    named = [report for report in judged.whole.reports if report.hits]
    gone = judged.decision.reason is Reason.WITHDRAWN and all(report.stored.deleted for report in named)
    return "deleted" if gone else None


@dataclass(frozen=True, slots=True)
class _Correction:
    desk: Desk
    route: Route
    judged: Judged
    cause: str
    now: datetime

    def notice(self, sent: list[Sent]) -> NewNotice:
        edits = tuple(self._edits(sent)) if can_edit(self.route) else ()
        line = self._line(sent)
        due = not edits and self.route.digest is not None
        messages = edits or (() if due else (self._entry(line),))
        return NewNotice(
            route=self.route.name,
            kind=NoticeKind.CORRECTION,
            subject=self._subject,
            text=line,
            state={"line": line, "due": due},
            messages=messages,
        )

    @property
    def _subject(self) -> str:
        return f"{self.judged.own.key}:{self.cause}"

    @property
    def _keys(self) -> Keys:
        return Keys(self.desk.secret, self.route, NoticeKind.CORRECTION, self._subject)

    def _edits(self, sent: list[Sent]) -> Iterator[Outgoing]:
        address = self.judged.whole.first.stored.post.url or ""
        for number, each in enumerate(sent, 1):
            message = marked(each.message, address, mark_word(self.route, self.cause))
            if message is not None and units(message.text) <= UNITS:
                yield self._keys.change(message, each.idempotency, number)

    def _line(self, sent: list[Sent]) -> str:
        watch = next((hit.hit.watch for report in self.judged.whole.reports for hit in report.hits), "")
        told = next((each.sent for each in sent if each.sent), None) or self.now
        return correction_line(self.route, self.judged.whole, self.desk.watches.get(watch), told, self.cause)

    def _entry(self, line: str) -> Outgoing:
        slip = Slip(route=self.route, kind=NoticeKind.CORRECTION, subject=self._subject, opened=self.now, now=self.now)
        return self._keys.send(write(correction_page(self.route, line), slip, flavour_of(self.route.to)), 1)
