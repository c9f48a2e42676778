"""Spikes and lulls: a place that is named far more often than usual, or no more.

In: counts of what is stored. Out: a notice for each. Invariant: late and backfilled hits are not counted, and
nothing is called a lull while most sources cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digests import flavour_of
from bot.digests.notices import Slip, lull_page, spike_page, write
from bot.digests.page import Page
from bot.digests.silencing import Silencing
from bot.digests.taking import taken, with_holders
from bot.digests.usual import Counted, Unusual, lull, spike
from bot.model import WORKING, Lull, Notice, NoticeKind, Reason, Route, Spike, Watch
from bot.notices.desk import Desk, Keys, Rounds
from bot.store import OUR_OWN, Mentions, NewNotice

READ_WITHIN = timedelta(hours=1)
"""A source that was not read for longer says nothing about silence."""


async def watch_usual(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> int:
    """Tell what is unusual, once. Gives the number of notices."""
    if (route.spike is None and route.lull is None) or not rounds.due(f"usual:{route.name}", now):
        return 0
    # What came between a copy and its restore counts nowhere: what is usual is learnt from then on.
    known = [(await desk.store.route(route.name, now)).first_seen, await desk.restored()]
    watcher = _Watcher(desk, route, now, max(filter(None, known)))
    found = await watcher.spikes(route.spike) if route.spike else []
    found += await watcher.lulls(route.lull) if route.lull else []
    return sum([await desk.store.notices.save(each, now) is not None for each in found])


@dataclass(frozen=True, slots=True)
class _Watcher:
    desk: Desk
    route: Route
    now: datetime
    known_since: datetime

    @property
    def _watches(self) -> Mapping[str, Watch]:
        names = taken(self.route.watch, self.desk.config.watches)
        return {watch.id: watch for watch in self.desk.config.watches if watch.id in names}

    async def spikes(self, options: Spike) -> list[NewNotice]:
        begin = self.now - options.within
        posts = await self._mentions(begin, self.now)
        rising = {name: each for name, each in posts.items() if each.posts >= options.least and name in self._watches}
        if not rising:
            return []
        before = await self._mentions(self._from(begin, options.over), begin)
        found = []
        for name, each in rising.items():
            counted = Counted(
                posts=each.posts, before=_posts(before, name), known=self._known(begin, options.over), last=each.last
            )
            unusual = spike(options, counted)
            last = await self._last(NoticeKind.SPIKE, name) if unusual else None
            if unusual and (last is None or self.now >= last.at + options.repeat):
                page = spike_page(self.route, self._watches[name], unusual)
                found.append(await self._notice(NoticeKind.SPIKE, name, page, last, unusual, each.last))
        return found

    async def lulls(self, options: Lull) -> list[NewNotice]:
        begin = self.now - options.after
        before = await self._mentions(self._from(begin, options.over), begin)
        quiet = before.keys() & self._watches.keys()
        if not quiet or not await self._reads_most():
            return []
        since = await self._mentions(begin, self.now)
        found = []
        # A district of which a village is named is not silent.
        for name in sorted(quiet - with_holders(since, self.desk.config.watches)):
            each = before[name]
            known = self._known(begin, options.over)
            unusual = lull(options, Counted(posts=0, before=each.posts, known=known, last=each.last), self.now)
            last = await self._last(NoticeKind.LULL, name) if unusual else None
            if unusual and (last is None or last.state["last"] != each.last.isoformat()):
                page = lull_page(self.route, self._watches[name], unusual)
                found.append(await self._notice(NoticeKind.LULL, name, page, last, unusual, each.last))
        return found

    async def _mentions(self, since: datetime, until: datetime) -> Mapping[str, Mentions]:
        return await self.desk.store.notices.mentions(since, until, self.route.confidence)

    def _from(self, until: datetime, over: timedelta) -> datetime:
        return max(until - over, self.known_since)

    def _known(self, until: datetime, over: timedelta) -> timedelta:
        return min(over, until - self.known_since)

    async def _reads_most(self) -> bool:
        memories = (await self.desk.store.memories()).values()
        reading = [
            each
            for each in memories
            if each.condition.state in WORKING and each.last_ok and self.now - each.last_ok <= READ_WITHIN
        ]
        return 2 * len(reading) > len(self.desk.config.sources)

    async def _last(self, kind: NoticeKind, name: str) -> Notice | None:
        return await self.desk.store.notices.last(self.route.name, kind, name)

    async def _notice(
        self, kind: NoticeKind, name: str, page: Page, last: Notice | None, unusual: Unusual, when: datetime
    ) -> NewNotice:
        revision = last.revision + 1 if last else 1
        slip = Slip(
            route=self.route,
            kind=kind,
            subject=f"{name}:{self.now:%Y%m%dT%H%M%SZ}",
            revision=revision,
            opened=self.now,
            now=self.now,
        )
        silence = (await self._silencing()).of_place(name)
        text = "".join(span.text for line in page.notes for span in line)
        message = Keys(self.desk.secret, self.route, kind, name).send(
            write(page, slip, flavour_of(self.route.to)), revision, OUR_OWN
        )
        held = f"{Reason.SILENCED.value} ({silence.key}, {silence.author}: {silence.comment}): " if silence else ""
        return NewNotice(
            route=self.route.name,
            kind=kind,
            subject=name,
            revision=revision,
            text=f"{held}{text}",
            state={"posts": unusual.posts, "usual": unusual.usual, "last": when.isoformat()},
            messages=() if silence else (message,),
        )

    async def _silencing(self) -> Silencing:
        silences = await self.desk.store.notices.silences(self.now)
        return Silencing.of(silences, self.route.name, self.desk.config.watches)


def _posts(counts: Mapping[str, Mentions], name: str) -> int:
    return counts[name].posts if name in counts else 0
