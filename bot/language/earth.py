"""Distances on the globe. In: points as degrees of latitude and longitude. Out: kilometres along the great circle."""

from __future__ import annotations

import math

Point = tuple[float, float]
_EARTH_KM = 6371.0


def kilometres(here: Point, there: Point) -> float:
    (lat1, lon1), (lat2, lon2) = ([math.radians(each) for each in point] for point in (here, there))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
