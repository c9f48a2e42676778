"""The queue: stories that want a person, and all stories, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.model import Report, StoredHit, Story
from bot.review.asked import whole
from bot.review.desk import Desk, curve_of, desk_of, show
from bot.review.excerpt import GONE, Piece, around
from bot.review.labels import MANY
from bot.review.ranking import ranked
from bot.store import Doubt

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Hits of one watch in one story: the one that is shown, and all that a decision holds for."""

    report: Report
    found: StoredHit
    pieces: Sequence[Piece]
    hits: Sequence[str]
    doubtful: bool
    sampled: bool = False

    @property
    def targets(self) -> str:
        return " ".join(self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    story: Story
    mentions: Sequence[Mention]
    pinned: bool = False


async def queue(request: Request) -> Response:
    """What waits, the most urgent and most uncertain first."""
    desk = desk_of(request)
    reviews = desk.store.reviews
    doubts, pinned = await reviews.doubts(MANY), await reviews.pinned()
    order = ranked(doubts, pinned=pinned, urgent=desk.urgent, curve=await curve_of(request))
    stories = await reviews.stories(order[:SHOWN])
    cards = [card(story, desk, doubts, pinned) for story in stories]
    return await show(request, "queue.html", "queue", cards=cards, more=max(0, len(order) - SHOWN))


async def stories(request: Request) -> Response:
    """All stories, newest first; those of one place with ?place=ID, of one digest with ?digest=ID."""
    desk = desk_of(request)
    before, place = whole(request.query_params.get("before")), request.query_params.get("place") or None
    digest = request.query_params.get("digest") or None
    rows = await desk.store.reviews.newest_stories(SHOWN + 1, before, place, digest)
    found = await desk.store.reviews.stories(rows[:SHOWN])
    cards = [card(story, desk) for story in found]
    following = rows[SHOWN - 1] if len(rows) > SHOWN else None
    return await show(request, "stories.html", "stories", cards=cards, following=following, place=place, digest=digest)


def card(story: Story, desk: Desk, doubts: Sequence[Doubt] = (), pinned: Sequence[int] = ()) -> Card:
    """The story with its mentions, those that want a person first."""
    wanted = {doubt.hit: doubt for doubt in doubts}
    mentions = sorted(_mentions(story, wanted), key=lambda mention: not mention.doubtful)
    shown = [mention for mention in mentions if mention.doubtful] or mentions[:1]
    del desk
    return Card(story=story, mentions=shown, pinned=story.row in pinned)


def _mentions(story: Story, wanted: Mapping[int, Doubt]) -> Iterator[Mention]:
    by_watch: defaultdict[str, list[tuple[Report, StoredHit]]] = defaultdict(list)
    for report in story.reports:
        for found in report.hits:
            if found.state not in GONE:
                by_watch[found.hit.watch].append((report, found))
    for pairs in by_watch.values():
        report, found = min(pairs, key=lambda pair: pair[1].row not in wanted)
        yield Mention(
            report=report,
            found=found,
            pieces=around(report.stored.post.body, report.hits, found),
            hits=[found.key for _, found in pairs if not wanted or found.row in wanted] or [found.key],
            doubtful=found.row in wanted,
            sampled=found.row in wanted and wanted[found.row].sampled,
        )
