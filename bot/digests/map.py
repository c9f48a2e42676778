"""Places on a flat sheet: degrees -> points of a frame, a scale, and labels that do not cover each other.

In: latitudes and longitudes in degrees, a frame in points. Out: positions in points. Pure. Distances are right to a
few per cent over a few hundred kilometres; a longer stretch is only a sketch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, floor, hypot, log10, radians

KM = 111.32
"""Kilometres to a degree of latitude."""
_LEAST = 8 / KM
"""A single place is shown with so many degrees around it."""
_NEAR, _FAR = 40 / KM, 3.0
"""What lies so near to the middle is shown, and what is at most so many times further away than half of the stories."""
_LETTER, _CAPITAL, _SPACE, _LIGHT = 0.7, 0.9, 0.4, 0.88
"""Widths in the height of a line: enough for bold Cyrillic; and how much of it letters need that are not bold."""
_ALONG = (0.5, 0.0, 1.0, 0.25, 0.75)
"""How much of a label above or below its dot stands to the left of it."""

Point = tuple[float, float]
Degrees = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: Box) -> bool:
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.top <= other.top and other.bottom <= self.bottom

    def shrunk(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frame that shows what is around some places: points to a degree of latitude, and its middle."""

    frame: Box
    middle: Degrees
    scale: float

    @classmethod
    def around(cls, places: Sequence[Degrees], frame: Box, margin: float) -> Sheet:
        """The largest scale at which all places lie within the frame's margin."""
        lats, lons = [lat for lat, _ in places], [lon for _, lon in places]
        middle = (max(lats) + min(lats)) / 2, (max(lons) + min(lons)) / 2
        inner = frame.shrunk(margin)
        wide = max(_LEAST, (max(lons) - min(lons)) * cos(radians(middle[0])))
        high = max(_LEAST, max(lats) - min(lats))
        return cls(frame, middle, min((inner.right - inner.left) / wide, (inner.bottom - inner.top) / high))

    def point(self, at: Degrees) -> Point:
        east = (at[1] - self.middle[1]) * cos(radians(self.middle[0]))
        x, y = (self.frame.left + self.frame.right) / 2, (self.frame.top + self.frame.bottom) / 2
        return x + east * self.scale, y - (at[0] - self.middle[0]) * self.scale

    def shows(self, at: Degrees, margin: float) -> bool:
        x, y = self.point(at)
        return self.frame.shrunk(margin).holds(Box(x, y, x, y))

    def bar(self, longest: float) -> tuple[int, float]:
        """A round number of kilometres whose length is at most `longest` points, and that length."""
        most = longest / self.scale * KM
        power = 10 ** floor(log10(max(most, 1)))
        kilometres = max(step * power for step in (1, 2, 5) if step * power <= max(most, power))
        return int(kilometres), kilometres / KM * self.scale


def together(places: Sequence[tuple[Degrees, int]]) -> list[Degrees]:
    """The places, each with its weight, that lie together: one far away would make a dot of all the others."""
    if not places:
        return []
    middle = _median([(at[0], weight) for at, weight in places]), _median([(at[1], weight) for at, weight in places])
    away = [(_apart(at, middle), weight) for at, weight in places]
    reach = max(_NEAR, _FAR * _median(away))
    return [at for (at, _), (distance, _) in zip(places, away, strict=True) if distance <= reach]


def nearest(places: Sequence[Degrees], others: Iterable[Degrees]) -> list[Degrees]:
    """Those of the others that are so near to one of the places that they tell where it lies, the nearest first."""
    away = sorted((min(_apart(place, other) for place in places), other) for other in others)
    return [other for distance, other in away if distance <= _NEAR]


def _apart(one: Degrees, other: Degrees) -> float:
    """In degrees of latitude."""
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(other[0])))


def _median(values: Iterable[tuple[float, int]]) -> float:
    """The value that half of the weight does not exceed."""
    ranked = sorted(values)
    half, total = sum(weight for _, weight in ranked) / 2, 0
    for value, weight in ranked:
        total += weight
        if total >= half:
            return value
    raise ValueError("a median of nothing")


def width(text: str, height: float, *, bold: bool = True) -> float:
    """How much room a line takes at most, in points."""
    letters = sum(_CAPITAL if char.isupper() else _SPACE if char.isspace() else _LETTER for char in text)
    return height * letters * (1 if bold else _LIGHT)


def placed(at: Point, radius: float, text: str, height: float, taken: Iterable[Box], frame: Box) -> Box | None:
    """Where a label can stand, `radius` from its dot, beside, above or below; None if something is in its way there."""
    (x, y), long, high = at, width(text, height), 1.2 * height
    least, most = frame.left, max(frame.left, frame.right - long)
    over = tuple(min(max(x - share * long, least), most) for share in _ALONG)
    lefts = ((y - high / 2, (x + radius, x - radius - long)), (y - radius - high, over), (y + radius, over))
    boxes = (Box(left, top, left + long, top + high) for top, all_left in lefts for left in all_left)
    held = tuple(taken)
    return next((box for box in boxes if frame.holds(box) and not any(box.meets(each) for each in held)), None)
