"""Places: how often each is named and how often rightly; one place with its forms, and all on a map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.calibration import Tally
from bot.model import Place, Watch
from bot.review.desk import Desk, desk_of, show
from bot.review.pages.queue import card
from bot.store import Aspect, DayRow

DAYS = 30
LONGER = 180
NEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A watch in numbers. `days` are hits of the last days, the oldest first."""

    watch: Watch
    days: Sequence[int]
    tally: Tally

    @property
    def hits(self) -> int:
        return sum(self.days)

    @property
    def bars(self) -> list[tuple[int, float]]:
        """For a picture: at which of the days how high, from 0 to 100."""
        most = max(self.days, default=0) or 1
        return [(at, count / most * 100) for at, count in enumerate(self.days)]


async def places(request: Request) -> Response:
    """All watches, those that are named most first."""
    desk = desk_of(request)
    found = sorted(await standings(desk), key=lambda each: (-each.hits, each.watch.name))
    silences = await desk.store.notices.silences(desk.now)
    return await show(request, "places.html", "places", standings=found, days=DAYS, silences=silences)


async def standings(desk: Desk) -> list[Standing]:
    """Every watch in numbers, in the order of the watchlists."""
    today = desk.now.date()
    rows = await desk.store.reviews.days(desk.now - timedelta(days=DAYS - 1))
    judged = {each.of: each for each in await desk.store.reviews.judged(Aspect.WATCH)}
    by_watch: defaultdict[str, list[DayRow]] = defaultdict(list)
    for row in rows:
        by_watch[row.watch].append(row)
    return [_standing(watch, by_watch[watch.id], judged, today) for watch in desk.config.watches]


def _standing(watch: Watch, rows: Sequence[DayRow], judged: Mapping[str, Tally], today: date) -> Standing:
    return Standing(watch=watch, days=daily(rows, today, DAYS), tally=judged.get(watch.id, Tally(of=watch.id)))


def daily(rows: Sequence[DayRow], today: date, days: int) -> list[int]:
    """Hits of each of the last days, the oldest first."""
    counts = {row.day: row.hits for row in rows}
    return [counts.get((today - timedelta(days=back)).isoformat(), 0) for back in range(days - 1, -1, -1)]


async def place(request: Request) -> Response:
    """One watch: hits over time, the forms that fire, its homonyms, its newest stories."""
    desk, watch = desk_of(request), _watch(request)
    reviews = desk.store.reviews
    since = desk.now - timedelta(days=LONGER - 1)
    judged = {each.of: each for each in await reviews.judged(Aspect.WATCH)}
    rows = await reviews.days(since, watch.id)
    standing = _standing(watch, rows, judged, desk.now.date())
    stories = await reviews.stories(await reviews.newest_stories(NEWEST, watch=watch.id))
    return await show(
        request,
        "place.html",
        "places",
        standing=standing,
        watch=watch,
        start=(desk.now.date() - timedelta(days=LONGER - 1)).isoformat(),
        days=daily(rows, desk.now.date(), LONGER),
        forms=await reviews.fired(watch.id, since),
        homonyms=[other for other in desk.config.watches if other.name == watch.name and other.id != watch.id],
        cards=[card(story, desk) for story in stories],
        is_place=isinstance(watch, Place),
    )


def _watch(request: Request) -> Watch:
    found = desk_of(request).watches.get(request.path_params["id"])
    if found is None:
        raise HTTPException(404, "No such place is watched.")
    return found


async def world(request: Request) -> Response:
    """All places with coordinates, by their hits of the last days."""
    desk = desk_of(request)
    found = [each for each in await standings(desk) if isinstance(each.watch, Place)]
    located = sorted((each for each in found if each.watch.at), key=lambda each: -each.hits)  # type: ignore[union-attr]
    return await show(request, "map.html", "map", standings=located, missing=len(found) - len(located), days=DAYS)


async def points(request: Request) -> Response:
    """What the map draws, as GeoJSON."""
    desk = desk_of(request)
    features = [_point(each, each.watch) for each in await standings(desk) if isinstance(each.watch, Place)]
    return JSONResponse({"type": "FeatureCollection", "features": [point for point in features if point]})


def _point(standing: Standing, watch: Place) -> dict[str, object] | None:
    if watch.at is None:
        return None
    latitude, longitude = watch.at
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {"id": watch.id, "name": watch.name, "region": watch.within or "", "hits": standing.hits},
    }
