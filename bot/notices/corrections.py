"""Corrections: what was told is marked where it stands when its posts are gone, or people reject it or put it right.

In: stories that were announced and changed since. Out: edits of the messages that told them, or lines for the next
digest where what was sent cannot be changed. Invariants: each story is corrected once for each cause on each route, and
what stands again is said to do so once; a card claims above its reports no more than what stands of them; what never
arrived is not corrected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from bot.digests import flavour_of
from bot.digests.compose import UNDER
from bot.digests.corroboration import hits
from bot.digests.judging import Judged, judge
from bot.digests.marking import marked, unmarked
from bot.digests.notices import (
    Slip,
    correction_line,
    correction_page,
    edited_words,
    further_corrections,
    mark_word,
    write,
)
from bot.digests.split import UNITS, units
from bot.digests.stances import turns
from bot.digests.taking import taken
from bot.model import Message, Notice, NoticeKind, Reason, Relation, Report, Route, Story
from bot.notices.desk import Desk, Keys, Rounds, can_edit
from bot.notices.standing import Standing, standing_of
from bot.store import OUR_OWN, Amended, NewNotice, Outgoing, Sent

WITHIN = timedelta(days=7)
"""What was told longer ago is not corrected: nobody reads it any more as news."""
MOST_PARTS = 1_000
"""No digest has so many messages: edits of one revision never take the keys of another."""
WORDS = "words"
"""What a person puts right, beside what happens to the posts themselves."""
TURNED = "turned"
"""What its author takes back, or tells otherwise, of the same place."""
LINES = 8
"""Corrections that a digest names one by one: a channel that empties itself must not fill it."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why what was told does not stand as it is: `what` is deleted, rejected, edited, turned, or words.

    Words are what a person `said`; of an edit it is `said` which places it took out.
    """

    what: str
    said: str = ""
    gone: tuple[str, ...] = ()
    """The watches that an edit took out."""
    news: bool = False
    """Whether it is to be told again: an edit brought other places, which the route takes, or tells otherwise."""

    @property
    def key(self) -> str:
        return self.what if not self.said else f"{self.what}-{sha256(self.said.encode()).hexdigest()[:8]}"


async def correct(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> int:
    """Correct what was told and no longer stands; take back what stands again. Gives the number of notices."""
    what = f"correct:{route.name}"
    changed = await desk.store.notices.announced_and_changed(route.name, rounds.since(what, now, WITHIN), now - WITHIN)
    rounds.looked[what] = now
    changed += await _still_unsent(desk, route, rounds, {story.row for story in changed}, now)
    if not changed:
        return 0
    rows = [story.row for story in changed]
    made, news = await _made(desk, route, rows, now), await _changed_since_a_restore(desk, route, changed, now)
    words = await desk.store.notices.corrected(rows)
    amended = await desk.store.notices.amended(route.name, rows)
    saved = 0
    for judged in judge(route, changed, watches=desk.config.watches, now=now):
        row = judged.own.row
        if row not in amended:
            continue  # it is to be told anew
        cause = _cause(judged, words.get(row, {}).get(route.name, ""))
        cause = cause or _edited(desk, route, judged, amended[row]) or _turned(judged.own, amended[row])
        if cause is None or cause.what not in {"deleted", "edited", TURNED} or row in news:
            unsent, under = rounds.unsent.setdefault(route.name, set()), amended[row].note.removeprefix(UNDER)
            telling = _Telling(desk, route, judged, now, unsent=unsent, under=under)
            saved += await _settle(telling, cause, made.get(judged.own.key, {}))
    return saved


async def _still_unsent(desk: Desk, route: Route, rounds: Rounds, known: set[int], now: datetime) -> list[Story]:
    """Further stories whose messages may have arrived meanwhile."""
    if not rounds.unsent.get(route.name) or not rounds.due(f"unsent:{route.name}", now):
        return []
    return await desk.store.notices.stories(sorted(rounds.unsent.pop(route.name) - known))


async def _changed_since_a_restore(desk: Desk, route: Route, changed: Sequence[Story], now: datetime) -> set[int]:
    """Of others it was perhaps told, too, what became of their posts; to change a message so twice does no harm."""
    restored = await desk.restored()
    if restored is None or can_edit(route):
        return {story.row for story in changed}
    told = await desk.store.notices.announced_and_changed(route.name, now - WITHIN, max(restored, now - WITHIN))
    rows = [story.row for story in changed]
    return {story.row for story in told} | await desk.store.notices.changed_after(rows, restored)


async def _made(desk: Desk, route: Route, rows: Sequence[int], now: datetime) -> dict[str, dict[str, Notice]]:
    """The last word on each correction, by the story's key and the cause's.

    What a person put right in a story that was merged into one of `rows` since is said of that one.
    """
    joined = {f"s{row}": f"s{into}" for row, into in (await desk.store.notices.joined_into(rows)).items()}
    found: defaultdict[str, dict[str, Notice]] = defaultdict(dict)
    for each in await desk.store.notices.since(route.name, NoticeKind.CORRECTION, now - 2 * WITHIN):
        story, _, cause = each.subject.partition(":")
        found[story][cause] = each
        if story in joined and cause.startswith(WORDS):
            found[joined[story]].setdefault(cause, each)
    return found


async def _settle(telling: _Telling, cause: Cause | None, made: Mapping[str, Notice]) -> int:
    """Say what stands again, then what stands no more: each edit knows the one before it. Gives the number."""
    standing = {key: each for key, each in made.items() if not each.state.get("ended")}
    others = ((key, each) for key, each in standing.items() if cause is None or key != cause.key)
    over = [each for key, each in others if _is_over(key, each, telling.judged.own)]
    new = cause is not None and cause.key not in standing
    if not over and not new:
        return 0
    if not await telling.may_be_changed():
        telling.unsent.add(telling.judged.own.row)
        return 0
    desk, route, now = telling.desk, telling.route, telling.now
    card = await standing_of(desk, route, telling.judged.own.row, now, now - 2 * WITHIN)
    telling = replace(telling, card=card)
    saved = 0
    for each in over:
        saved += await telling.save(telling.taken_back(each, await telling.sent()))
    if cause is not None and new:
        saved += await telling.save(telling.corrected(cause, await telling.sent(), made.get(cause.key)))
    return saved


def _is_over(key: str, made: Notice, own: Story) -> bool:
    """An edit is taken back only when it names again what it took out, or says again what it said first."""
    named = {hit.hit.watch for hit in hits(own)}
    if key == TURNED:
        return bool(named) and not any(each.before and any(turns(each, each.before)) for each in _firsts(own))
    return "gone" not in made.state or not named.isdisjoint(made.state["gone"])


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
            state={**each.state, "due": False},
        )
        for each in due
    )
    lines = [str(each.state["line"]) for each in due]
    return (*lines[:LINES], *further_corrections(route, len(lines) - LINES)), told


def _cause(judged: Judged, said: str) -> Cause | None:
    """Why it no longer stands; None if it does, or if an edit took the mention out."""
    if said:
        return Cause(WORDS, said)
    if judged.decision.reason is Reason.REJECTED:
        return Cause("rejected")
    named = [report for report in judged.whole.reports if report.hits]
    gone = judged.decision.reason is Reason.WITHDRAWN and all(report.stored.deleted for report in named)
    return Cause("deleted") if gone else None


def _edited(desk: Desk, route: Route, judged: Judged, amended: Amended) -> Cause | None:
    """What an edit took out of a story since it was told, and whether it brought another place."""
    names, watches = taken(route.watch, desk.config.watches), desk.watches
    before = [hit for hit in hits(judged.whole) if hit.found <= amended.told]
    out = {hit.hit.watch for hit in before if hit.row in amended.gone and hit.hit.confidence >= route.confidence}
    stands = {hit.hit.watch for hit in hits(judged.own)}
    gone = [watches[name] for name in sorted((out & names) - stands)]
    if not gone:
        return None
    new = [watches[name] for name in sorted((stands & names) - {hit.hit.watch for hit in before})]
    said = edited_words(route, gone, new)
    return Cause("edited", said, gone=tuple(watch.id for watch in gone), news=bool(new))


def _turned(own: Story, amended: Amended) -> Cause | None:
    """Whether its author says otherwise than what was told of it, of a place that he still names."""
    edited = ((each, amended.said.get(each.stored.row)) for each in _firsts(own))
    return Cause(TURNED, news=True) if any(said and any(turns(each, said)) for each, said in edited) else None


def _firsts(story: Story) -> list[Report]:
    """The first report, and those of the stories that were merged into this one."""
    first, *others = story.reports
    return [first, *(each for each in others if each.relation is Relation.FIRST)]


@dataclass(frozen=True, slots=True)
class _Telling:
    """What a route told of one story."""

    desk: Desk
    route: Route
    judged: Judged
    now: datetime
    unsent: set[int]
    """Stories that wait for their messages to arrive."""
    under: str = ""
    """The watch under which a digest told it."""
    card: Standing | None = None
    """What stands of the card that told it."""

    async def may_be_changed(self) -> bool:
        """Whether readers have a message that told it. Where it can be edited, the edit goes behind it if it goes."""
        sent = await self.sent()
        return can_edit(self.route) or not sent or any(each.arrived for each in sent if not each.follows)

    async def sent(self) -> Sequence[Sent]:
        """The messages that told it, as they are now."""
        return await self.desk.store.notices.sent_of(self.route.name, self.judged.own.row)

    async def save(self, new: NewNotice) -> bool:
        return await self.desk.store.notices.save(new, self.now) is not None

    def corrected(self, cause: Cause, sent: Sequence[Sent], before: Notice | None) -> NewNotice:
        """`before` was a correction of the same cause, and was taken back."""
        subject, revision = f"{self.judged.own.key}:{cause.key}", before.revision + 1 if before else 1
        word = mark_word(self.route, cause.what, cause.said)
        line = self._line(cause, sent)
        at = self._addresses()
        more = {"word": word, "at": at, **({"gone": list(cause.gone)} if cause.gone else {})}
        made = self._notice(subject, revision, line, sent, _at(at, partial(marked, word=word)), more)
        return replace(made, reopens=(self.judged.own.row,)) if cause.news and self.route.digest else made

    def taken_back(self, made: Notice, sent: Sequence[Sent]) -> NewNotice:
        """The mark goes where it stands; a line that was told is answered, one that was not is not told."""
        revision, word = made.revision + 1, str(made.state.get("word") or mark_word(self.route, "rejected"))
        if made.state.get("due"):
            state = {**made.state, "due": False, "ended": True}
            return self._bare(made.subject, revision, "taken back before it was told", state)
        line = self._line(Cause("stands"), sent)
        at = _at(made.state.get("at") or self._addresses(), partial(unmarked, word=word))
        return self._notice(made.subject, revision, line, sent, at, {"ended": True})

    def _notice(
        self,
        subject: str,
        revision: int,
        line: str,
        sent: Sequence[Sent],
        change: Callable[[Message], Message | None],
        more: Mapping[str, object],
    ) -> NewNotice:
        keys = Keys(self.desk.secret, self.route, NoticeKind.CORRECTION, subject)
        edits = tuple(self._edits(keys, revision, sent, change)) if can_edit(self.route) else ()
        due = not edits and self.route.digest is not None
        messages = edits or (() if due else (self._entry(keys, subject, revision, line),))
        return replace(self._bare(subject, revision, line, {"line": line, "due": due, **more}), messages=messages)

    def _bare(self, subject: str, revision: int, text: str, state: Mapping[str, object]) -> NewNotice:
        return NewNotice(
            route=self.route.name,
            kind=NoticeKind.CORRECTION,
            subject=subject,
            revision=revision,
            text=text,
            state=state,
        )

    def _edits(
        self, keys: Keys, revision: int, sent: Sequence[Sent], change: Callable[[Message], Message | None]
    ) -> Iterator[Outgoing]:
        for number, each in enumerate(sent, 1):
            message = change(each.message)
            if self.card is not None:
                message = self.card.of_card(message) if message else self._besides(each)
            if message is not None and units(message.text) <= UNITS:
                yield keys.change(message, each.idempotency, number + MOST_PARTS * (revision - 1), None)

    def _besides(self, sent: Sent) -> Message | None:
        """A message without the report's link, if the card sent it besides and it says something else now."""
        message = self.card.besides(sent) if self.card and not sent.message.links else None
        return None if message == sent.message else message

    def _addresses(self) -> list[str]:
        return [each.stored.post.url for each in _firsts(self.judged.whole) if each.stored.post.url]

    def _line(self, cause: Cause, sent: Sequence[Sent]) -> str:
        strongest = sorted(hits(self.judged.whole), key=lambda hit: -hit.hit.confidence)
        watch = self.under or next(iter((*cause.gone, *(hit.hit.watch for hit in strongest))), "")
        told = next((each.sent for each in sent if each.sent and not each.follows), None) or self.now
        known = self.desk.watches.get(watch)
        return correction_line(self.route, self.judged.whole, known, told, cause.what, cause.said)

    def _entry(self, keys: Keys, subject: str, revision: int, line: str) -> Outgoing:
        slip = Slip(route=self.route, kind=NoticeKind.CORRECTION, subject=subject, opened=self.now, now=self.now)
        return keys.send(write(correction_page(self.route, line), slip, flavour_of(self.route.to)), revision, OUR_OWN)


def _at(
    addresses: Sequence[str], change: Callable[[Message, str], Message | None]
) -> Callable[[Message], Message | None]:
    """The change at each of these addresses that the message has; None where it has none."""

    def everywhere(message: Message) -> Message | None:
        changed = None
        for address in addresses:
            changed = change(changed or message, address) or changed
        return changed

    return everywhere
