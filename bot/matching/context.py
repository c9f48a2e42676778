"""Context: what the rest of a text says about which place is meant.

In: the words of a text and the places found in it. Out: evidence for each place: its region or a neighbour is named
too, the source lives there. Regions are known by their stem, in both scripts: `курск` stands in Курская, Курщина
(no), under Курск, and `kursk` in the Kursk region.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.language.earth import kilometres
from bot.language.fold import key
from bot.language.regions import is_other_region, region_stems, same_region
from bot.matching.evidence import Evidence
from bot.model import Place, Watch

_KIND = r"(?:обл|кра[йяюеіє]|республ|oblast|region|province)"
_OF_A_REGION = re.compile(
    rf"[\s,(]{{1,3}}(?:[\w-]+\s+р(?:айо|-)н\w*[\s,]+)?([\w-]*[сцз]ь?к\w*)\s+{_KIND}|\s?[,(]\s?([a-z-]{{4,}})\s+{_KIND}"
)
"""What follows a name and says in which region it lies, a district between them or not; in Latin after a comma."""
_NEAR_KM = 60.0
_MUCH_NEARER = 3.0


@dataclass(frozen=True, slots=True)
class Context:
    """`named` are the indexes of watches that the text names beyond doubt."""

    text: str
    named: Collection[int]
    watches: tuple[Watch, ...]
    source_region: str | None
    _known: dict[int, list[Evidence]] = field(default_factory=dict)

    def evidence(self, watch: int) -> list[Evidence]:
        """What the rest of the text says of this watch; worked out once a text."""
        found = self._known.get(watch)
        if found is None:
            found = self._known[watch] = self._evidence(watch)
        return found

    def _evidence(self, watch: int) -> list[Evidence]:
        place = self.watches[watch]
        if not isinstance(place, Place):
            return []
        found = []
        if place.within and self._names_region(place.within):
            found.append(Evidence.REGION)
        if place.within and self.source_region and same_region(place.within, self.source_region):
            found.append(Evidence.HOME)
        if (place.within or place.at) and any(
            _neighbours(place, self.watches[other]) for other in self.named if other != watch
        ):
            found.append(Evidence.NEIGHBOUR)
        return found

    def nearest(self, watches: Sequence[int]) -> int | None:
        """Of places of one name the one that is much nearer than the others to what else the text names."""
        far = sorted((km, watch) for watch in watches if (km := self._far(watch, watches)) is not None)
        return far[0][1] if len(far) > 1 and far[0][0] * _MUCH_NEARER <= far[1][0] else None

    def _far(self, watch: int, namesakes: Sequence[int]) -> float | None:
        """Kilometres to the nearest place that the text names; None where coordinates are missing."""
        place = self.watches[watch]
        others = (self.watches[other] for other in self.named if other not in namesakes)
        points = [other.at for other in others if isinstance(other, Place) and other.at]
        if not isinstance(place, Place) or not place.at or not points:
            return None
        return min(kilometres(place.at, point) for point in points)

    def lies_elsewhere(self, watch: int, end: int) -> bool:
        """Whether the words behind a mention that ends at `end` put it into another region than the watch's."""
        place = self.watches[watch]
        if not isinstance(place, Place) or not place.within or not re.search(_KIND, key(place.within)):
            return False
        said = _OF_A_REGION.match(self.text, end)
        return said is not None and is_other_region(said[1] or said[2], place.within)

    def _names_region(self, region: str) -> bool:
        return bool(region_stems(region)) and _speaks_of(region).search(self.text) is not None


@lru_cache(maxsize=4096)
def _speaks_of(region: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, region_stems(region)))})")


def _neighbours(place: Place, other: Watch) -> bool:
    """Whether both lie in one region, or near each other."""
    if not isinstance(other, Place):
        return False
    if place.at and other.at:
        return kilometres(place.at, other.at) <= _NEAR_KM
    return bool(place.within) and bool(other.within) and same_region(place.within or "", other.within or "")
