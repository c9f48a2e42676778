"""The operator's own destination: what ails sources and deliveries, put together, and a daily line.

In: what the store holds. Out: notices of the route "@ops". Invariants: no detail of an error and no address that may
hold a secret is told, only names, states and numbers; between two messages lies at least `interval`; what ails the
operator's destination itself is not told there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.config import OpsSettings
from bot.digests import flavour_of, notice_words
from bot.digests.notices import Slip, ops_page, write, zone_of
from bot.digests.text import name
from bot.model import WORKING, Notice, NoticeKind, Outcome, Route
from bot.notices.desk import Desk, Keys, Rounds
from bot.slots import due_slots
from bot.store import OUR_OWN, Change, NewNotice, OutboxRow

NEWS, DAILY = "news", "daily"
EVERY = timedelta(seconds=10)
"""Between two looks."""
NAMED_DAYS = 3
REMEMBERED = 1_000
"""Stranded deliveries that are known to be told: one that is tried again and strands again is no news."""
LONGEST_DAY = timedelta(days=7)
"""The daily line looks back to the last one, but no longer than this."""


async def report(desk: Desk, rounds: Rounds, now: datetime) -> int:
    """Tell the operator what is new. Gives the number of messages."""
    ops = desk.config.ops
    if ops is None or not rounds.due("ops", now, EVERY):
        return 0
    reporter = _Reporter(desk, ops, now)
    made = [await reporter.news(), await reporter.daily()]
    saved = [each for each in made if each is not None and await desk.store.notices.save(each, now) is not None]
    return sum(bool(each.messages) for each in saved)


@dataclass(frozen=True, slots=True)
class _Reporter:
    desk: Desk
    ops: OpsSettings
    now: datetime

    @property
    def route(self) -> Route:
        return self.ops.route

    async def news(self) -> NewNotice | None:
        """Sources that changed and deliveries that stranded since the last news."""
        last = await self._last(NEWS)
        if last is not None and self.now < last.at + self.ops.interval:
            return None
        changes = await self.desk.store.changes_after(last.state["change"] if last else 0)
        stranded = [row for row in await self.desk.store.stranded_outbox() if row.route != self.route.name]
        told = list(last.state["stranded"]) if last else []
        new = [row for row in stranded if row.id not in told]
        before = last.state["change"] if last else 0
        known = [*told, *(row.id for row in new)][-max(REMEMBERED, len(stranded)) :]
        state = {"change": changes[-1].row if changes else before, "stranded": known}
        if last is None:
            # The first look tells nothing of the past, only which sources have not worked from the beginning.
            return self._notice(NEWS, None, list(self._sources(_failing(changes))), state)
        if not changes and not new:
            return None
        return self._notice(NEWS, last, [*self._sources(changes), *self._deliveries(new)], state)

    def _sources(self, changes: Sequence[Change]) -> Iterator[str]:
        words = notice_words(self.route.language)
        for source, times in Counter(change.source for change in changes).items():
            last = [change for change in changes if change.source == source][-1]
            shown, state = name(last.title or last.source), name(last.state)
            phrase = "ops_flapping" if times > 1 else "ops_working" if last.state in WORKING else "ops_failing"
            yield words.say(phrase, source=shown, state=state, n=times)

    def _deliveries(self, rows: Sequence[OutboxRow]) -> Iterator[str]:
        words = notice_words(self.route.language)
        for (route, outcome), times in Counter((row.route, row.outcome) for row in rows).items():
            said = words.say("parked" if outcome == Outcome.PARKED else "unknown")
            yield words.say("ops_stranded", n=times, to=name(route), outcome=said)

    async def daily(self) -> NewNotice | None:
        """One line on the time since the last one."""
        schedule = self.route.digest
        if schedule is None:
            return None
        last = await self._last(DAILY)
        known = (await self.desk.store.route(self.route.name, self.now)).first_seen
        since = datetime.fromisoformat(last.state["slot"]) if last else known
        slots = due_slots(schedule.cron, schedule.timezone, since, self.now)
        if not slots:
            return None
        line = await self._line(max(since, slots[-1] - LONGEST_DAY), slots)
        return self._notice(DAILY, last, [line], {"slot": slots[-1].isoformat()})

    async def _line(self, since: datetime, slots: Sequence[datetime]) -> str:
        words, zone, slot = notice_words(self.route.language), zone_of(self.route), slots[-1]
        days = [words.day(each.astimezone(zone)) for each in slots[-1 - NAMED_DAYS :]]
        unheard = ["…"] * (len(slots) > len(days)) + days[:-1]
        day, counts = await self.desk.store.notices.day(since, slot), await self.desk.store.counts()
        memories = (await self.desk.store.memories()).values()
        line = words.say(
            "ops_daily",
            day=days[-1],
            seen=day.seen,
            matched=day.matched,
            told=day.told,
            delivered=day.delivered,
            gaps=counts.gaps,
            working=sum(each.condition.state in WORKING for each in memories),
            sources=len(self.desk.config.sources),
        )
        return f"{line}; {words.say('ops_down', days=', '.join(unheard))}" if unheard else line

    async def _last(self, subject: str) -> Notice | None:
        return await self.desk.store.notices.last(self.route.name, NoticeKind.OPS, subject)

    def _notice(self, subject: str, last: Notice | None, lines: Sequence[str], state: dict[str, object]) -> NewNotice:
        revision = last.revision + 1 if last else 1
        slip = Slip(
            route=self.route,
            kind=NoticeKind.OPS,
            subject=f"{subject}:{revision}",
            revision=revision,
            opened=self.now,
            now=self.now,
        )
        message = write(ops_page(self.route, lines), slip, flavour_of(self.route.to))
        keys = Keys(self.desk.secret, self.route, NoticeKind.OPS, subject)
        return NewNotice(
            route=self.route.name,
            kind=NoticeKind.OPS,
            subject=subject,
            revision=revision,
            text="; ".join(lines),
            state=state,
            messages=(keys.send(message, revision, OUR_OWN),) if lines else (),
        )


def _failing(changes: Sequence[Change]) -> list[Change]:
    """The last change of each source that does not work."""
    last = {change.source: change for change in changes}
    return [change for change in last.values() if change.state not in WORKING]
