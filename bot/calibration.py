"""What stated confidence came to mean: shares of judged hits that were right, with their uncertainty, and a curve.

In: tallies of judged hits, each weighted by one over the chance with which it was put before a person. Out: shares,
their intervals, a curve from stated confidence to the share that was right. Pure. Invariant: what nobody was asked
about counts for no share, and a curve never turns a surer hit into a less sure one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt

UNSURE_FROM, SURE_FROM = 0.15, 0.75
"""Between them the queue asks a person."""
BANDS = (0.0, UNSURE_FROM, 0.35, 0.5, 0.65, SURE_FROM, 0.9)
"""Where the bands of stated confidence begin."""
ENOUGH = 100
"""So many decisions that count, at least, and the stated confidence is replaced by what it came to mean."""
PRIOR = 10.0
"""The stated confidence is worth so many decisions in every band: a band with few of them stays near what it says."""
NORMAL = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Judged hits of one kind. `right` of `judged` were right, whoever chose them.

    `counted` of them were put before a person by the queue or by chance. Of these are the sums: of the weights, of the
    weights of the right ones, of the squares of the weights, and of the weighted confidence.
    """

    of: str
    judged: int = 0
    right: int = 0
    counted: int = 0
    weight: float = 0.0
    right_weight: float = 0.0
    squares: float = 0.0
    confidence: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            of=self.of,
            judged=self.judged + other.judged,
            right=self.right + other.right,
            counted=self.counted + other.counted,
            weight=self.weight + other.weight,
            right_weight=self.right_weight + other.right_weight,
            squares=self.squares + other.squares,
            confidence=self.confidence + other.confidence,
        )

    @property
    def share(self) -> float | None:
        """The estimated share of right ones among all hits of this kind; None if none counts."""
        return self.right_weight / self.weight if self.counted else None

    @property
    def stated(self) -> float | None:
        """The confidence that they had in the middle, weighted alike."""
        return self.confidence / self.weight if self.counted else None

    @property
    def effective(self) -> float:
        """How many decisions of equal weight say as much (Kish): uneven weights say less than their number."""
        return self.weight * self.weight / self.squares if self.counted else 0.0

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Between which the share lies, 95 % of the time."""
        share = self.share
        return None if share is None else wilson(share, self.effective)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's interval of a share of `count` trials, 95 %."""
    square = NORMAL * NORMAL
    middle = share + square / (2 * count)
    spread = NORMAL * sqrt(max(0.0, share * (1 - share)) / count + square / (4 * count * count))
    whole = 1 + square / count
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def band(confidence: float) -> int:
    return bisect_right(BANDS, confidence) - 1


@dataclass(frozen=True, slots=True)
class Curve:
    """From stated confidence to the share that was right; as stated until enough was decided.

    `points` are (stated, share), both rising. `counted` decisions made it.
    """

    points: Sequence[tuple[float, float]] = ()
    counted: int = 0
    used: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "used", self.counted >= ENOUGH)

    def __call__(self, confidence: float) -> float:
        return self.at(confidence) if self.used else confidence

    def reaches(self, share: float) -> float | None:
        """The stated confidence from which on at least this share is right; None if none reaches it."""
        before = None
        for stated, right in self.points:
            if right >= share:
                if before is None or right == before[1]:
                    return stated
                return before[0] + (stated - before[0]) * (share - before[1]) / (right - before[1])
            before = stated, right
        return None

    def at(self, confidence: float) -> float:
        """What the points say, however few decisions made them: straight between two, level outside of them."""
        for (low, start), (high, end) in pairwise(self.points):
            if low <= confidence <= high:
                return start + (end - start) * (confidence - low) / (high - low)
        return confidence if not self.points else self.points[0 if confidence < self.points[0][0] else -1][1]


def curve(tallies: Mapping[int, Tally]) -> Curve:
    """The curve of the bands' tallies: each share drawn to what the band states, then made to rise."""
    blocks: list[tuple[float, float, float]] = []  # stated, share, weight
    for number, edges in enumerate(pairwise((*BANDS, 1.0))):
        found = tallies.get(number, Tally(of=""))
        stated = found.stated if found.stated is not None else sum(edges) / 2
        count = found.effective
        share = ((found.share or 0.0) * count + stated * PRIOR) / (count + PRIOR)
        blocks.append((stated, share, count + PRIOR))
    rising = _rising(blocks)
    points = [(stated, share) for (stated, _, _), share in zip(blocks, rising, strict=True)]
    return Curve(points, sum(each.counted for each in tallies.values()))


def _rising(blocks: Sequence[tuple[float, float, float]]) -> list[float]:
    """Shares that never fall, each as near as can be: neighbours out of order share their weighted middle."""
    pools: list[tuple[float, float, int]] = []  # share, weight, how many bands
    for _, share, weight in blocks:
        pools.append((share, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, first, some), (two, second, more) = pools[-2:]
            pools[-2:] = [((one * first + two * second) / (first + second), first + second, some + more)]
    return [share for share, _, count in pools for _ in range(count)]
