"""How a card is made, and how it goes on.

In: the situation, and an event that is ready, or a living card and the stories that join it. Out: plans: a notice that
is to be saved, with its messages and decisions. Invariant: a card is one message; what does not fit is left for the
digest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from bot.delivery.quiet import quiet_of
from bot.digests import Composition, compose, flavour_of
from bot.digests.notices import (
    Slip,
    again_page,
    card_page,
    changed_at,
    is_one_message,
    print_of,
    with_age,
    without_addresses,
    write,
)
from bot.digests.page import Page
from bot.digests.telling import addresses
from bot.digests.urgent import Card, Voices, rings_again
from bot.model import Decision, Digest, Grouping, NoticeKind, Reason, Route, Schedule
from bot.notices.desk import Desk, Keys, Pending, Rounds, can_edit, follows
from bot.notices.holding import in_quiet_hours
from bot.notices.situation import OpenCard, Situation
from bot.store import NewNotice, Outgoing

CARD = 8
"""Stories of one card; further ones are left for the digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of one event now: a notice to be saved, or stories that are held with a reason."""

    route: Route
    subject: str
    reason: Reason
    decisions: tuple[Decision, ...] = ()
    notice: NewNotice | None = None
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An event, or several of one place or of the route, that may ring now."""

    told: Sequence[int]
    """Stories that are told by this card, those with voices first."""
    evidence: Sequence[int] = ()
    """Stories with voices that were told before: they are shown beside."""
    since: datetime
    """When the first of its voices spoke."""
    shared: str = ""
    """The place, or the route, that a card is of; empty where it is of one event."""

    def with_(self, other: Ready) -> Ready:
        """Both on one card."""
        return replace(
            self,
            told=[*self.told, *other.told],
            evidence=[*self.evidence, *(row for row in other.evidence if row not in self.evidence)],
            since=min(self.since, other.since),
        )

    def without(self, told: AbstractSet[int]) -> Ready:
        """Where other cards tell some of it, these are shown beside."""
        left = [row for row in self.told if row not in told]
        return replace(self, told=left, evidence=[*self.evidence, *(row for row in self.told if row in told)])


@dataclass(frozen=True, slots=True)
class CardMaker:
    desk: Desk
    situation: Situation
    rounds: Rounds

    @property
    def _route(self) -> Route:
        return self.situation.route

    # ------------------------------------------------------------ a new card

    def first(self, ready: Ready) -> Plan | None:
        """A new card; None if nothing of the event fits one message."""
        digest, decisions = self._digest(ready.told, beside=ready.evidence, places=self._places((ready.shared,)))
        if digest is None or not decisions:
            return None
        subject, now = self._subject(ready), self.situation.now
        told = tuple(each.story for each in decisions)
        shown = [*told, *(row for row in ready.evidence if row in _rows_of(digest))]
        heard = self.situation.voices(shown, ready.since, now)
        page = card_page(digest, heard, watched=self.situation.is_watched_as_urgent(shown))
        card = Card(
            stories=told,
            evidence=tuple(shown[len(told) :]),
            places=_places_of(digest),
            sources=heard.names,
            sides=heard.sides,
            since=ready.since,
            opened=now,
            rung=now,
            to=str(self._route.to),
            shown=print_of(page),
        )
        page = with_age(page, self._route, heard, now)
        message = write(page, self._slip(subject, 1, now, digest), flavour_of(self._route.to))
        return self._plan(subject, 1, page, card, (self.keys(subject).send(message, 1, digest.words_of),), decisions)

    def _subject(self, ready: Ready) -> str:
        if not ready.shared:
            return f"s{ready.told[0]}"
        return f"{ready.shared}:{self.situation.now.isoformat(timespec='seconds')}"

    def _places(self, places: Sequence[str]) -> tuple[str, ...]:
        """The places that a card is of, under which alone its stories stand; none where it is of a story or route."""
        return tuple(places) if self.situation.urgent.group is Grouping.PLACE else ()

    # ------------------------------------------------------------ a card goes on

    def next(self, each: OpenCard, joining: Ready | None) -> Plan | None:
        """The next revision of a card; None if there is nothing to tell now."""
        self.rounds.pending.pop((self._route.name, each.notice.subject), None)
        situation, before = self.situation, each.card
        shown = [row for row in before.stories if row not in situation.forgotten]
        if before.to != str(self._route.to) or not shown or any(not situation.stands(row) for row in shown):
            return None  # it went elsewhere, was corrected, or is forgotten: what was sent stays as it is
        coming = joining.told if joining else ()
        new = [row for row in coming if situation.may_be_told(row) and situation.is_heard(row)]
        told_before = dict.fromkeys((*before.evidence, *(joining.evidence if joining else ())))
        beside = [row for row in told_before if row not in {*shown, *new} and situation.stands(row)]
        digest, decisions = self._digest([*shown, *new], known=shown, beside=beside, places=self._places(before.places))
        if digest is None:
            return None
        told = _rows_of(digest)
        heard = situation.voices(sorted(told), before.since, before.opened)
        page = card_page(digest, heard, watched=situation.is_watched_as_urgent(told))
        changed = print_of(page) != before.shown and (can_edit(self._route) or follows(self._route))
        quiet = in_quiet_hours(self._route, situation.now)
        rings = quiet is None and rings_again(situation.urgent, before, heard, situation.now)
        ripe = situation.now >= each.notice.at + situation.urgent.interval and (quiet is None or can_edit(self._route))
        news = not before.knows(heard) and not rings
        if ripe and (rings or changed):
            self._come_back(each, (), changed=False, news=news)
            return self._revision(each, page, digest, heard, decisions, rings=rings)
        self._come_back(each, new, changed=changed, news=news)
        return None

    def _come_back(self, each: OpenCard, joining: Sequence[int], *, changed: bool, news: bool) -> None:
        """Remember when the card may change, or ring again."""
        quiet, now, urgent = in_quiet_hours(self._route, self.situation.now), self.situation.now, self.situation.urgent
        after = max(each.notice.at + urgent.interval, quiet[1] if quiet and not can_edit(self._route) else now)
        again = max(each.card.rung + urgent.repeat, quiet[1] if quiet else now)
        due = [moment for moment, wanted in ((after, changed), (again, news)) if wanted and moment > now]
        if due:
            self.rounds.pending[self._route.name, each.notice.subject] = Pending(min(due), tuple(joining))

    def _revision(
        self,
        each: OpenCard,
        page: Page,
        digest: Digest,
        heard: Voices,
        decisions: tuple[Decision, ...],
        *,
        rings: bool,
    ) -> Plan:
        before, subject, revision = each.card, each.notice.subject, each.notice.revision + 1
        again = again_page(digest, before, heard, self.situation.now) if rings else None
        new = tuple(item.story for item in decisions)
        card = replace(
            before,
            stories=(*before.stories, *new),
            evidence=tuple(sorted(_rows_of(digest) - {*before.stories, *new})),
            places=_places_of(digest),
            sources=tuple(dict.fromkeys((*before.sources, *heard.names))) if rings else before.sources,
            sides=tuple(dict.fromkeys((*before.sides, *heard.sides))) if rings else before.sides,
            rung=self.situation.now if rings else before.rung,
            shown=print_of(page),
        )
        messages = self._messages(each, page, digest, again, revision)
        return self._plan(subject, revision, again or page, card, messages, decisions)

    def _messages(
        self, each: OpenCard, page: Page, digest: Digest, again: Page | None, revision: int
    ) -> tuple[Outgoing, ...]:
        flavour, keys = flavour_of(self._route.to), self.keys(each.notice.subject)
        slip = self._slip(each.notice.subject, revision, each.card.opened, digest)
        shown = changed_at(page, self._route, self.situation.now)
        if can_edit(self._route):
            edit = keys.change(write(shown, slip, flavour), keys.key(1), revision, digest.words_of)
            bare = replace(slip, digest=None)
            return (
                (edit, keys.send(write(again, bare, flavour), revision, digest.words_of, part=3)) if again else (edit,)
            )
        known = {address for row, address in addresses(digest).items() if row in each.card.stories}
        entry = without_addresses(shown, known)
        if again is not None:
            entry = replace(entry, notes=(*again.notes, *entry.notes))
        message = write(entry, slip, flavour)
        links = tuple(link for link in message.links if link not in known)
        return (keys.send(replace(message, links=links), revision, digest.words_of),)

    # ------------------------------------------------------------ small parts

    def _digest(
        self, rows: Sequence[int], known: Sequence[int] = (), *, beside: Sequence[int], places: tuple[str, ...]
    ) -> tuple[Digest | None, tuple[Decision, ...]]:
        """The stories laid out as a digest is, and the decisions on those that are new.

        Those `beside` were told elsewhere: they are shown, without their addresses.
        """
        in_turn = self._in_turn([*rows, *beside], known)
        composed = (self._composed(in_turn, most, beside, places) for most in range(CARD, 0, -1))
        made = next(filter(_is_whole, composed), None)
        if made is None or made.digest is None:
            return None, ()
        told = {item.story for item in made.decisions if item.reason is Reason.TOLD}
        if not told.issuperset(known):
            return None, ()
        new = tuple(Decision(story=row, reason=Reason.URGENT) for row in rows if row in told and row not in known)
        return made.digest, new

    def _in_turn(self, rows: Sequence[int], known: Sequence[int]) -> list[int]:
        """What the card tells already, then of each source the first story, the second, ...: all shall be seen."""
        turns: Counter[str] = Counter()
        turn = {}
        for row in rows:
            source = self.situation.judged[row].own.first.source.name
            turn[row] = turns[source]
            turns[source] += 1
        return sorted(rows, key=lambda row: (row not in known, turn[row]))

    def _composed(self, rows: Sequence[int], most: int, beside: Sequence[int], places: tuple[str, ...]) -> Composition:
        schedule = self._route.digest or Schedule(cron="")
        watch = replace(self._route.watch, places=places, alone=True) if places else self._route.watch
        route = replace(self._route, watch=watch, digest=replace(schedule, max_stories=most, empty=False), card=False)
        stories = [self.situation.told_as(row) for row in rows[:most]]
        since, now = min(story.first.when for story in stories), self.situation.now
        watches, related = self.desk.config.watches, self.situation.related
        return compose(route, stories, slot=now, since=since, now=now, watches=watches, related=related, retold=beside)

    def _slip(self, subject: str, revision: int, opened: datetime, digest: Digest | None) -> Slip:
        now = self.situation.now
        silent = not self.situation.urgent.held and quiet_of(self._route, now) is not None
        return Slip(
            route=self._route,
            kind=NoticeKind.URGENT,
            subject=subject,
            revision=revision,
            opened=opened,
            now=now,
            silent=silent,
            digest=digest,
        )

    def keys(self, subject: str) -> Keys:
        return Keys(self.desk.secret, self._route, NoticeKind.URGENT, subject)

    def _plan(
        self,
        subject: str,
        revision: int,
        page: Page,
        card: Card,
        messages: tuple[Outgoing, ...],
        decisions: tuple[Decision, ...],
    ) -> Plan:
        notice = NewNotice(
            route=self._route.name,
            kind=NoticeKind.URGENT,
            subject=subject,
            revision=revision,
            text="; ".join("".join(span.text for span in line) for line in page.notes),
            state=card.state(),
            messages=messages,
            decisions=decisions,
        )
        return Plan(
            route=self._route, subject=subject, reason=Reason.URGENT, decisions=decisions, notice=notice, page=page
        )


def _is_whole(made: Composition) -> bool:
    """Whether it is one message; also where there is nothing to tell."""
    return made.digest is None or is_one_message(made.digest)


def _rows_of(digest: Digest) -> frozenset[int]:
    """The stories that it shows."""
    sections = (*digest.sections, *digest.earlier)
    return frozenset(story.row for section in sections for story in section.stories)


def _places_of(digest: Digest) -> tuple[str, ...]:
    return tuple(dict.fromkeys(section.watch.id for section in digest.sections))
