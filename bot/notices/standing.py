"""What still stands of a card, and how its messages say so.

In: a story that a card told. Out: its title, its first line and the counts of its items, made anew. Invariant: nothing
above or between its reports counts one that is gone; a card of which all stands again is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.digests import compose
from bot.digests.corroboration import carriers, hits
from bot.digests.judging import Judged, is_live, judge
from bot.digests.marking import recounted, reheaded
from bot.digests.notices import corrected_head, no_report
from bot.digests.telling import Teller
from bot.digests.text import safe_address
from bot.digests.together import event_of
from bot.digests.urgent import Card, heard_on_card, is_watched_as_urgent
from bot.model import Digest, Grouping, Message, Route, Schedule, Story, Urgent
from bot.notices.desk import Desk
from bot.notices.situation import is_flood
from bot.store import Sent


@dataclass(frozen=True, slots=True)
class Standing:
    """A card as it stands now."""

    route: Route
    title: str
    line: str
    told: Mapping[str, int]
    """Its stories by the addresses of their first posts."""
    stand: frozenset[int]
    """Those that stand."""
    digest: Digest | None
    """They, without the reports that are gone."""

    @property
    def whole(self) -> bool:
        return self.stand.issuperset(self.told.values())

    def of_card(self, message: Message) -> Message:
        return recounted(reheaded(message, self.title, self.line), self.told, self._carried)

    def besides(self, sent: Sent) -> Message:
        """A short message that the card sent when it rang again: it says what stands, or what it said at first."""
        return sent.original if self.whole else reheaded(sent.message, self.title, self.line)

    def _carried(self, addresses: Sequence[str]) -> str | None:
        """Who carries these stories together; None where that is not known."""
        rows = [self.told[address] for address in addresses]
        if self.stand.isdisjoint(rows):
            return no_report(self.route)
        sections = self.digest.sections if self.digest else ()
        under = {story.row: (story, section.watch) for section in sections for story in section.stories}
        standing = [under[row] for row in rows if row in under]
        if self.digest is None or not standing:
            return None
        (first, watch), *others = standing
        event = event_of(first, [story for story, _ in others])
        line = Teller.of(self.digest).standing(event, watch, carriers(event), one=not others)
        return "".join(span.text for span in line)


async def standing_of(desk: Desk, route: Route, row: int, now: datetime, since: datetime) -> Standing | None:
    """What stands of the card that told a story; None if no card did since."""
    made = await desk.cards(route, since)
    cards = (Card.of(each.state) for each in made if not is_flood(each))
    card = next((each for each in cards if row in each.stories), None)
    if card is None:
        return None
    stories = await desk.store.notices.stories(card.rows)
    judged = judge(route, stories, watches=desk.config.watches, now=now)
    named = {each.own.row: {hit.hit.watch for hit in hits(each.own)} for each in judged}
    ours = {each for each, names in named.items() if names & {*card.places} or (names and each not in card.stories)}
    own = {each.own.row: each.own for each in judged if each.own.row in ours}
    named_now = {hit.hit.watch for each in card.stories if each in own for hit in hits(own[each])}
    places = [watch for watch in card.places if watch in named_now] or card.places
    watches, standing = desk.watches, list(own.values())
    related = await desk.store.notices.related(card.rows)
    title, line = corrected_head(
        route,
        [watches[place] for place in places if place in watches],
        heard_on_card(route.urgent or Urgent(), standing, watches, related, card.since),
        watched=bool(standing) and is_watched_as_urgent(standing, watches),
        corrected=not own.keys() >= {*card.stories},
    )
    told = {each.own.row: safe_address(each.whole.first.stored.post.url) for each in judged}
    return Standing(
        route=route,
        title=title,
        line=line,
        told={address: each for each in card.stories if (address := told.get(each))},
        stand=frozenset(own),
        digest=_laid_out(desk, route, card, [each for each in judged if each.own.row in own], now),
    )


def _laid_out(desk: Desk, route: Route, card: Card, judged: Sequence[Judged], now: datetime) -> Digest | None:
    """The stories of a card that stand, as it would tell them now."""
    stories = [_surviving(each.whole) for each in judged if each.own.row in card.stories]
    schedule = replace(route.digest or Schedule(cron=""), max_stories=max(1, len(stories)), empty=False)
    alone = route.urgent is not None and route.urgent.group is Grouping.PLACE
    watch = replace(route.watch, places=card.places, alone=True) if alone else route.watch
    plain = replace(route, watch=watch, digest=schedule, card=False, delay=timedelta(0))
    return compose(plain, stories, slot=now, since=now, now=now, watches=desk.config.watches).digest


def _surviving(story: Story) -> Story:
    """The story without the reports of which no mention stands."""
    return replace(
        story,
        reports=tuple(each for each in story.reports if not each.hits or any(is_live(each, hit) for hit in each.hits)),
    )
