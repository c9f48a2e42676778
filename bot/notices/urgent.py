"""Urgent cards: which stories ring now, which are held and why, and how a card goes on.

In: a route, the stories that stir, and `now`. Out: plans, which `ring` saves. `plan` only reads, so that `digest` shows
exactly what `ring` would do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import structlog

from bot.delivery.quiet import quiet_of, zone_of
from bot.digests import Composition, compose, flavour_of
from bot.digests.compose import Judged, judge
from bot.digests.corroboration import hits, places_of
from bot.digests.notices import (
    Slip,
    again_page,
    at_once_line,
    card_page,
    changed_at,
    flood_page,
    is_one_message,
    print_of,
    without_addresses,
    write,
)
from bot.digests.page import Page
from bot.digests.telling import addresses
from bot.digests.urgent import FRESH, AtOnce, Card, Rush, Voices, rings_again, rush_of, voices
from bot.model import (
    ANNOUNCED,
    Decision,
    Digest,
    Grouping,
    Notice,
    NoticeKind,
    Reason,
    Route,
    Schedule,
    Story,
    Urgent,
)
from bot.notices.desk import Desk, Keys, Pending, Rounds, can_edit, follows
from bot.store import NewNotice, Outgoing

log = structlog.get_logger()
Given = ParamSpec("Given")
Made = TypeVar("Made")

LIFE = timedelta(hours=48)
"""So long a card lives: no longer than its stories take up further reports."""
CARD = 8
"""Stories of one card; further ones are left for the digest."""
CARDS_AN_HOUR = 10
"""New cards of one route; what is beyond rings together, once an hour."""
FLOOD = "flood:"
_STANDS = {Reason.TOLD, Reason.DELAYED, Reason.SILENCED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of one event now: a notice to be saved, or stories that are held with a reason."""

    route: Route
    subject: str
    reason: Reason
    decisions: tuple[Decision, ...] = ()
    notice: NewNotice | None = None
    page: Page | None = None


async def ring(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> int:
    """Save what the plan says. Gives the number of notices."""
    plans = await plan(desk, route, rounds, now)
    saved = 0
    for each in plans:
        if each.notice is not None:
            saved += await desk.store.notices.save(each.notice, now) is not None
        elif each.decisions:
            await desk.store.notices.hold(route.name, each.decisions, now)
    rounds.looked[f"urgent:{route.name}"] = now
    return saved


async def plan(desk: Desk, route: Route, rounds: Rounds, now: datetime) -> list[Plan]:
    """What rings now and what is held, and why; nothing is changed but the times at which cards come up again."""
    if route.urgent is None:
        return []
    mark = await desk.store.route(route.name, now)
    since = rounds.since(f"urgent:{route.name}", now, LIFE)
    if route.urgent.group is not Grouping.STORY:
        since = min(since, now - route.urgent.within - FRESH)  # stories that count together need not change together
    since = max(since, mark.first_seen)
    stirring = await desk.store.notices.stirring(route.name, since, now)
    pending = {
        subject: each for (name, subject), each in rounds.pending.items() if name == route.name and each.due <= now
    }
    if not stirring and not pending:
        return []
    waiting = {row for each in pending.values() for row in each.stories} - {story.row for story in stirring}
    stirring += await desk.store.notices.stories(sorted(waiting))
    return await _Planner.of(desk, route, route.urgent, rounds, now, stirring, set(pending))


async def told_at_once(desk: Desk, route: Route, since: datetime, now: datetime) -> AtOnce:
    """What was told at once since the last digest: one line that names it, and every watch that it named."""
    found = await desk.store.notices.since(route.name, NoticeKind.URGENT, since)
    cards = [Card.of(each.state) for each in found if not _is_flood(each)]
    watches = desk.watches
    told = [(watches[card.places[0]], card.opened) for card in cards if card.places and card.places[0] in watches]
    if not told:
        return AtOnce()
    stories = await desk.store.notices.stories(sorted({row for card in cards for row in card.stories}))
    judged = judge(route, stories, watches=desk.config.watches, now=now)
    named = {watch for each in judged for hit in hits(each.own) for watch in places_of(hit)}
    return AtOnce((at_once_line(route, told),), frozenset(named).union(*(card.places for card in cards)))


@dataclass(frozen=True, slots=True)
class _Open:
    """A card that lives, as its last revision left it."""

    notice: Notice
    card: Card


@dataclass(frozen=True, slots=True)
class _Ready:
    """An event that may ring now: the stories to be told, and those that were told before."""

    subject: str
    told: Sequence[int]
    evidence: Sequence[int]
    rush: Rush


@dataclass(frozen=True, slots=True)
class _Planner:
    desk: Desk
    route: Route
    urgent: Urgent
    rounds: Rounds
    now: datetime
    cards: Mapping[str, _Open]
    related: Mapping[int, frozenset[int]]
    announced: frozenset[int]
    judged: Mapping[int, Judged]
    forgotten: frozenset[int]
    """Stories of living cards of which no word is left."""
    rung: int
    """Cards that were opened within the last hour."""
    flooded: bool
    """Whether that was told within the last hour."""

    @classmethod
    async def of(
        cls,
        desk: Desk,
        route: Route,
        urgent: Urgent,
        rounds: Rounds,
        now: datetime,
        stirring: Sequence[Story],
        pending: set[str],
    ) -> list[Plan]:
        store = desk.store
        notices = await store.notices.since(route.name, NoticeKind.URGENT, now - LIFE)
        cards = {each.subject: _Open(each, Card.of(each.state)) for each in notices if not _is_flood(each)}
        related = await store.notices.related([story.row for story in stirring])
        known = {story.row: story for story in stirring}
        shown = {row for each in cards.values() for row in each.card.rows}
        further = shown.union(*related.values()) - known.keys()
        known |= {story.row: story for story in await store.notices.stories(sorted(further))}
        decided = await store.decisions(route.name, list(known))
        silences = await store.notices.silences(now)
        judging = partial(judge, route, watches=desk.config.watches, now=now, silences=silences)
        judged = [each for story in known.values() for each in _spared(route, judging, [story]) or ()]
        hour_ago = now - timedelta(hours=1)
        planner = cls(
            desk,
            route,
            urgent,
            rounds,
            now,
            cards,
            related,
            frozenset(row for row, reason in decided.items() if reason in ANNOUNCED or reason is Reason.RESTORED),
            {each.own.row: each for each in judged},
            frozenset(shown - known.keys()),
            sum(each.card.opened > hour_ago for each in cards.values()),
            any(_is_flood(each) and each.at > hour_ago for each in notices),
        )
        return planner.plans([story.row for story in stirring], pending)

    def plans(self, stirring: Sequence[int], pending: set[str]) -> list[Plan]:
        joining, clusters = self._sorted(stirring)
        touched = pending | joining.keys() | {s for s, each in self.cards.items() if each.card.touches(stirring)}
        living = [self.cards[subject] for subject in sorted(touched) if subject in self.cards]
        changes = [_spared(self.route, self._change, each, joining.get(each.notice.subject, [])) for each in living]
        opened = [found for cluster in clusters if (found := _spared(self.route, self._open, cluster))]
        held = [each for each in opened if isinstance(each, Plan)]
        return [
            *(each for each in changes if each),
            *held,
            *self._bounded(each for each in opened if not isinstance(each, Plan)),
        ]

    # ------------------------------------------------------------ which card

    def _sorted(self, stirring: Sequence[int]) -> tuple[dict[str, list[int]], list[list[int]]]:
        """Stories that join a living card, by card; and the others, those of one event together."""
        joining: dict[str, list[int]] = {}
        home: dict[int, set[int]] = {}
        for row in stirring:
            if row in self.announced or not self._stands(row):
                continue
            subject = self._card_of(row)
            if subject is not None:
                joining.setdefault(subject, []).append(row)
                continue
            linked = {row, *self._like(row, home)}
            cluster = linked.union(*(home[other] for other in linked if other in home))
            home |= dict.fromkeys(cluster, cluster)
        clusters = {id(cluster): cluster for cluster in home.values()}
        return joining, [self._in_time(cluster) for cluster in clusters.values()]

    def _like(self, row: int, home: Iterable[int]) -> Iterable[int]:
        """Stories that count together with this one: its like, and where a place or the route is one, those of it."""
        like = {other for other in self.related.get(row, ()) if other in self.judged}
        if self.urgent.group is Grouping.STORY:
            return like
        whole = self.urgent.group is Grouping.ROUTE
        return like | {other for other in home if whole or self._place(other) == self._place(row)}

    def _card_of(self, row: int) -> str | None:
        """The card that the story belongs to: by its like, or by its place or route if those share one."""
        for subject, each in self.cards.items():
            if row in each.card.rows or not self.related.get(row, frozenset()).isdisjoint(each.card.rows):
                return subject
        if self.urgent.group is Grouping.STORY:
            return None
        shared = [subject for subject, each in self.cards.items() if self._shares(each, row)]
        return shared[-1] if shared else None

    def _shares(self, each: _Open, row: int) -> bool:
        living = self.now < each.notice.at + self.urgent.repeat
        return living and (self.urgent.group is Grouping.ROUTE or self._place(row) in each.card.places)

    def _place(self, row: int) -> str:
        """The watch of its strongest mention, under which it is told: a round-up does not tie places together.

        Empty for a story with no hit on the route: a like of a watched one may name other places only.
        """
        found = [hit.hit for report in self.judged[row].own.reports for hit in report.hits]
        return max(found, key=lambda hit: hit.confidence).watch if found else ""

    def _stands(self, row: int) -> bool:
        return row in self.judged and self.judged[row].decision.reason in _STANDS

    def _in_time(self, rows: Iterable[int]) -> list[int]:
        return sorted(rows, key=lambda row: (self.judged[row].own.first.when, row))

    # ------------------------------------------------------------ a new card

    def _open(self, cluster: Sequence[int]) -> Plan | _Ready | None:
        """What becomes of an event that no card tells yet: held, or ready to ring; None if it is not urgent."""
        standing = [row for row in cluster if self._stands(row)]
        new = [row for row in standing if row not in self.announced]
        rush = self._rush(standing)
        if rush is None or not new:
            return None
        held = self._held(new, rush)
        if held is not None:
            return held
        ready = [row for row in new if self.judged[row].decision.reason is Reason.TOLD]
        subject = f"s{ready[0]}"
        if self.urgent.group is not Grouping.STORY:
            place = "route" if self.urgent.group is Grouping.ROUTE else self._place(ready[0])
            subject = f"{place}:{self.now.isoformat(timespec='seconds')}"
        return _Ready(subject, ready, [row for row in standing if row not in ready], rush)

    def _held(self, new: Sequence[int], rush: Rush) -> Plan | None:
        decisions = [self.judged[row].decision for row in new]
        if all(each.reason is not Reason.TOLD for each in decisions):
            return Plan(route=self.route, subject=f"s{new[0]}", reason=decisions[0].reason, decisions=tuple(decisions))
        found = self._waits(rush) or self._quiet()
        if found is None:
            return None
        reason, until, note = found
        held = tuple(Decision(story=row, reason=reason, note=note, until=until) for row in new)
        return Plan(route=self.route, subject=f"s{new[0]}", reason=reason, decisions=held)

    def _waits(self, rush: Rush) -> tuple[Reason, datetime, str] | None:
        until = rush.seen + self.urgent.wait
        return (Reason.WAITS, until, f"until {until:%H:%M:%S} UTC") if self.now < until else None

    def _quiet(self) -> tuple[Reason, datetime, str] | None:
        until = quiet_of(self.route, self.now) if self.urgent.held else None
        if until is None:
            return None
        zone = zone_of(self.route)
        return Reason.QUIET_HOURS, until, f"until {until.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"

    def _card(self, ready: _Ready) -> Plan | None:
        subject, told, evidence, rush = ready.subject, ready.told, ready.evidence, ready.rush
        digest, decisions = self._digest(told)
        if digest is None:
            return None
        heard = voices(self._own([*told, *evidence]))
        page = card_page(digest, rush, heard)
        card = Card(
            stories=tuple(each.story for each in decisions),
            evidence=tuple(evidence),
            places=_places_of(digest),
            sources=heard.names,
            sides=heard.sides,
            opened=self.now,
            rung=self.now,
            to=str(self.route.to),
            shown=print_of(page),
        )
        message = write(page, self._slip(subject, 1, self.now, digest), flavour_of(self.route.to))
        outgoing = (self._keys(subject).send(message, 1),)
        notice = self._notice(subject, 1, page, card, outgoing, decisions)
        return Plan(
            route=self.route, subject=subject, reason=Reason.URGENT, decisions=decisions, notice=notice, page=page
        )

    # ------------------------------------------------------------ a card goes on

    def _change(self, each: _Open, joining: Sequence[int]) -> Plan | None:
        """The next revision of a card; None if there is nothing to tell now."""
        self.rounds.pending.pop((self.route.name, each.notice.subject), None)
        before = each.card
        shown = [row for row in before.stories if row not in self.forgotten]
        if before.to != str(self.route.to) or not shown or any(not self._stands(row) for row in shown):
            return None  # it went elsewhere, was corrected, or is forgotten: what was sent stays as it is
        ready = [row for row in joining if self.judged[row].decision.reason is Reason.TOLD]
        told, evidence = [*shown, *ready], [row for row in before.evidence if self._stands(row)]
        digest, decisions = self._digest(told, known=shown)
        if digest is None:
            return None
        heard = voices(self._own([*told, *evidence]))
        page = card_page(digest, self._rush([*told, *evidence]), heard)
        changed = print_of(page) != before.shown and (can_edit(self.route) or follows(self.route))
        quiet = self._quiet()
        rings = quiet is None and rings_again(self.urgent, before, heard, self.now)
        ripe = self.now >= each.notice.at + self.urgent.interval and (quiet is None or can_edit(self.route))
        news = not before.knows(heard) and not rings
        if ripe and (rings or changed):
            self._come_back(each, (), changed=False, news=news)
            return self._revision(each, page, digest, heard, decisions, rings=rings)
        self._come_back(each, ready, changed=changed, news=news)
        return None

    def _come_back(self, each: _Open, joining: Sequence[int], *, changed: bool, news: bool) -> None:
        """Remember when the card may change, or ring again."""
        quiet = self._quiet()
        after = max(each.notice.at + self.urgent.interval, quiet[1] if quiet and not can_edit(self.route) else self.now)
        again = max(each.card.rung + self.urgent.repeat, quiet[1] if quiet else self.now)
        due = [moment for moment, wanted in ((after, changed), (again, news)) if wanted and moment > self.now]
        if due:
            self.rounds.pending[self.route.name, each.notice.subject] = Pending(min(due), tuple(joining))

    def _revision(
        self,
        each: _Open,
        page: Page,
        digest: Digest,
        heard: Voices,
        decisions: tuple[Decision, ...],
        *,
        rings: bool,
    ) -> Plan:
        before, subject, revision = each.card, each.notice.subject, each.notice.revision + 1
        again = again_page(digest, before, heard) if rings else None
        card = replace(
            before,
            stories=(*before.stories, *(item.story for item in decisions)),
            places=_places_of(digest),
            sources=tuple(dict.fromkeys((*before.sources, *heard.names))) if rings else before.sources,
            sides=tuple(dict.fromkeys((*before.sides, *heard.sides))) if rings else before.sides,
            rung=self.now if rings else before.rung,
            shown=print_of(page),
        )
        messages = self._messages(each, page, digest, again, revision)
        notice = self._notice(subject, revision, again or page, card, messages, decisions)
        return Plan(
            route=self.route,
            subject=subject,
            reason=Reason.URGENT,
            decisions=decisions,
            notice=notice,
            page=again or page,
        )

    def _messages(
        self, each: _Open, page: Page, digest: Digest, again: Page | None, revision: int
    ) -> tuple[Outgoing, ...]:
        flavour, keys = flavour_of(self.route.to), self._keys(each.notice.subject)
        slip = self._slip(each.notice.subject, revision, each.card.opened, digest)
        shown = changed_at(page, self.route, self.now)
        if can_edit(self.route):
            edit = keys.change(write(shown, slip, flavour), keys.key(1), revision)
            bare = replace(slip, digest=None)
            return (edit, keys.send(write(again, bare, flavour), revision, part=3)) if again else (edit,)
        known = {address for row, address in addresses(digest).items() if row in each.card.stories}
        entry = without_addresses(shown, known)
        if again is not None:
            entry = replace(entry, notes=(*again.notes, *entry.notes))
        message = write(entry, slip, flavour)
        links = tuple(link for link in message.links if link not in known)
        return (keys.send(replace(message, links=links), revision),)

    # ------------------------------------------------------------ so many at once

    def _bounded(self, ready: Iterable[_Ready]) -> list[Plan]:
        """At most so many new cards an hour; the rest rings together, once."""
        rings = list(ready)
        room = max(0, CARDS_AN_HOUR - self.rung)
        cards = [card for each in rings[:room] if (card := _spared(self.route, self._card, each))]
        return [*cards, *([self._flood(rings[room:])] if rings[room:] else [])]

    def _flood(self, over: Sequence[_Ready]) -> Plan:
        rows = [row for each in over for row in each.told]
        note = f"{len(rows)} stories, more than {CARDS_AN_HOUR} cards an hour"
        held = tuple(Decision(story=row, reason=Reason.FLOOD, note=note) for row in rows)
        subject = f"{FLOOD}{self.now.isoformat(timespec='seconds')}"
        if self.flooded:
            return Plan(route=self.route, subject=subject, reason=Reason.FLOOD, decisions=held)
        counts: dict[str, int] = {}
        for row in rows:
            counts[self._place(row)] = counts.get(self._place(row), 0) + 1
        page = flood_page(self.route, len(rows), counts, self.desk.watches)
        message = write(page, self._slip(subject, 1, self.now, None), flavour_of(self.route.to))
        notice = NewNotice(
            route=self.route.name,
            kind=NoticeKind.URGENT,
            subject=subject,
            text=note,
            messages=(self._keys(subject).send(message, 1),),
            decisions=held,
        )
        return Plan(route=self.route, subject=subject, reason=Reason.FLOOD, decisions=held, notice=notice, page=page)

    # ------------------------------------------------------------ small parts

    def _rush(self, rows: Sequence[int]) -> Rush | None:
        return rush_of(self.urgent, self._own(rows), self.desk.watches)

    def _own(self, rows: Iterable[int]) -> list[Story]:
        return [self.judged[row].own for row in rows]

    def _digest(self, rows: Sequence[int], known: Sequence[int] = ()) -> tuple[Digest | None, tuple[Decision, ...]]:
        """The stories laid out as a digest is, and the decisions on those that are new."""
        made = next((made for most in range(CARD, 0, -1) if _is_whole(made := self._composed(rows, most))), None)
        if made is None or made.digest is None:
            return None, ()
        told = {item.story for item in made.decisions if item.reason is Reason.TOLD}
        if not told.issuperset(known):
            return None, ()
        new = tuple(Decision(story=row, reason=Reason.URGENT) for row in rows if row in told and row not in known)
        return made.digest, new

    def _composed(self, rows: Sequence[int], most: int) -> Composition:
        schedule = self.route.digest or Schedule(cron="")
        route = replace(self.route, digest=replace(schedule, max_stories=most, empty=False), card=False)
        stories = [self.judged[row].whole for row in rows]
        since = min(story.first.when for story in stories)
        return compose(route, stories, slot=self.now, since=since, now=self.now, watches=self.desk.config.watches)

    def _slip(self, subject: str, revision: int, opened: datetime, digest: Digest | None) -> Slip:
        silent = not self.urgent.held and quiet_of(self.route, self.now) is not None
        return Slip(
            route=self.route,
            kind=NoticeKind.URGENT,
            subject=subject,
            revision=revision,
            opened=opened,
            now=self.now,
            silent=silent,
            digest=digest,
        )

    def _keys(self, subject: str) -> Keys:
        return Keys(self.desk.secret, self.route, NoticeKind.URGENT, subject)

    def _notice(
        self,
        subject: str,
        revision: int,
        page: Page,
        card: Card,
        messages: tuple[Outgoing, ...],
        decisions: tuple[Decision, ...],
    ) -> NewNotice:
        return NewNotice(
            route=self.route.name,
            kind=NoticeKind.URGENT,
            subject=subject,
            revision=revision,
            text="; ".join("".join(span.text for span in line) for line in page.notes),
            state=card.state(),
            messages=messages,
            decisions=decisions,
        )


def _spared(route: Route, make: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made | None:
    """What is made; None if that fails: a story that cannot be judged must not silence the route's other cards."""
    try:
        return make(*given, **named)
    except Exception:
        # Invariant 9: a fault of ours with one event stays with that event.
        log.exception("a card could not be made", route=route.name)
        return None


def _is_whole(made: Composition) -> bool:
    """Whether it is one message; also where there is nothing to tell."""
    return made.digest is None or is_one_message(made.digest)


def _is_flood(notice: Notice) -> bool:
    return notice.subject.startswith(FLOOD)


def _places_of(digest: Digest) -> tuple[str, ...]:
    return tuple(dict.fromkeys(section.watch.id for section in digest.sections))
