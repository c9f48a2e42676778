"""How good the hits are: whether confidence means what it says, and how often each place, source and evidence is right.

In: judged hits, weighted by the chance with which people were asked. Out: a picture and tables, or flat rows.
Invariant: every share stands beside the number of decisions that it is made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from starlette.requests import Request
from starlette.responses import Response

from bot.calibration import BANDS, ENOUGH, Curve, Tally, curve
from bot.review.desk import desk_of, show
from bot.store import Aspect, Store

SHOWN = 50
ASKED = (0.5, 0.8, 0.9, 0.95)
"""Shares for which the page says from which stated confidence on they are reached."""
EDGES = tuple(pairwise((*BANDS, 1.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Hits of one band of stated confidence; one in the middle of it counts as `used`."""

    low: float
    high: float
    tally: Tally
    stated: float
    used: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityRow:
    """Judged hits of one kind. `share`, `low` and `high` come from the `counted` of them; null where none counts."""

    by: str
    of: str
    judged: int
    right: int
    counted: int
    share: float | None
    low: float | None
    high: float | None


async def quality(request: Request) -> Response:
    """The page."""
    desk = desk_of(request)
    tallies = {by: await desk.store.reviews.judged(by) for by in Aspect}
    stated = tallies.pop(Aspect.CONFIDENCE)
    made = curve({int(each.of): each for each in stated})
    return await show(
        request,
        "quality.html",
        "quality",
        bands=bands(stated, made),
        tables={by: worst_first(each)[:SHOWN] for by, each in tallies.items()},
        made=made,
        judged=sum(each.judged for each in stated),
        enough=ENOUGH,
        reached=[(share, made.reaches(share)) for share in ASKED],
    )


def bands(tallies: Sequence[Tally], made: Curve) -> list[Band]:
    """Every band, with what the curve makes of it."""
    found = {int(each.of): each for each in tallies}
    return [_band(low, high, found.get(at, Tally(of=str(at))), made) for at, (low, high) in enumerate(EDGES)]


def _band(low: float, high: float, tally: Tally, made: Curve) -> Band:
    stated = (low + high) / 2 if tally.stated is None else tally.stated
    return Band(low=low, high=high, tally=tally, stated=stated, used=made(stated))


def worst_first(tallies: Sequence[Tally]) -> list[Tally]:
    """Those whose upper bound is lowest; then those of which nothing counts."""
    return sorted(tallies, key=lambda each: (each.bounds[1] if each.bounds else 2.0, each.of))


async def quality_rows(store: Store) -> list[QualityRow]:
    """All of it, flat; a band of confidence is called by its bounds."""
    return [_row(by, each) for by in Aspect for each in await store.reviews.judged(by)]


def _row(by: Aspect, tally: Tally) -> QualityRow:
    low, high = tally.bounds or (None, None)
    return QualityRow(
        by=by,
        of="{}-{}".format(*EDGES[int(tally.of)]) if by is Aspect.CONFIDENCE else tally.of,
        judged=tally.judged,
        right=tally.right,
        counted=tally.counted,
        share=tally.share,
        low=low,
        high=high,
    )
