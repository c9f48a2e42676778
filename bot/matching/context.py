"""Context: what the rest of a text says about which place is meant.

In: the words of a text and the places found in it. Out: evidence for each place: its region or a neighbour is named
too, the source lives there. Regions are known by their stem, in both scripts: `курск` stands in Курская, Курщина
(no), under Курск, and `kursk` in the Kursk region.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.language.bearers import ABROAD
from bot.language.earth import kilometres
from bot.language.fold import key
from bot.language.regions import (
    Region,
    is_other_region,
    region_called,
    region_of,
    region_stems,
    regions_said,
    same_region,
)
from bot.matching.evidence import Evidence
from bot.matching.scene import WINDOW
from bot.model import Place, Watch

_KIND = r"(?:обл|кра[йяюеіє]|(?:народн\w+\s+)?республ|oblast|region|province)"
_ADJECTIVE = r"[\w-]*[сцз]ь?к"
_OF_A_REGION = re.compile(
    rf"[\s,(]{{1,3}}(?:[\w-]+\s+р(?:айо|-)н\w*[\s,]+)?({_ADJECTIVE}\w*)\s+{_KIND}"
    rf"|\s(?:в|во|на|у)\s({_ADJECTIVE}(?:ой|ій|ом|ому))\s+{_KIND}"
    rf"|(?:\s?[,(]|\sin)\s?([a-z-]{{4,}})\s+{_KIND}"
)
"""What follows a name and says in which region it lies, a district between them or not; in Latin after a comma."""
_IN_A_LAND = re.compile(r"\s(?:\(|(?:в|во|на|у)\s(?=\w+(?:[еиі]|крыму|криму|[дл]нр)\b))?(\w{3,})")
"""The same by one word: в Михайловке ДНР, у Михайлівці на Херсонщині; but not: from Михайловка to Херсонщина."""
_BY_A_TOWN = re.compile(r"\s(?:под|під|возле|около|біля|близ|поблизу|near)\s(\w{4,})")
_OF_ITS_REGION = re.compile(rf"({_ADJECTIVE}\w{{1,3}})\s$")
"""What stands right before a name: в запорожской Михайловке."""
_SAID_BEFORE = re.compile(
    rf"(?:^\W*|[;,]\s|\b(?:в|во|на|у)\s)(?:({_ADJECTIVE}(?!ую|у\b)\w{{1,3}})\s+{_KIND}|(\w{{3,}}))"
)
"""What a sentence says is in a region, not what comes out of it: в Белгородской области, Белгородская область: ..."""
_SENTENCE = re.compile(r"(?<!обл)[.!?]\s|\n")
_FAR_BEFORE = 160
"""Characters of a sentence before a name."""
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

    def elsewhere(self, watch: int, start: int, end: int) -> Evidence | None:
        """What puts a mention at `start` to `end` into another region: the words beside it, or its sentence."""
        place = self.watches[watch]
        if not isinstance(place, Place):
            return None
        abroad = ABROAD.match(self.text, end)
        if abroad is not None and abroad[0].strip(" ,(") not in key(place.within or ""):
            return Evidence.OTHER_REGION
        within = place.within if place.within and re.search(_KIND, key(place.within)) else None
        return self._outside(within, start, end) if within else None

    def _outside(self, within: str, start: int, end: int) -> Evidence | None:
        said = _OF_A_REGION.match(self.text, end)
        if said is not None:
            return Evidence.OTHER_REGION if is_other_region(said[1] or said[2] or said[3], within) else None
        own = region_of(within)
        if own is None:
            return None
        if any(own not in meant for meant in self._beside(start, end) if meant):
            return Evidence.OTHER_REGION
        before = self._before(start)
        return Evidence.REGION_BEFORE if before and own not in before and not self._names_region(within) else None

    def _beside(self, start: int, end: int) -> Iterator[frozenset[Region]]:
        """The regions that the words beside a mention may mean."""
        if said := _IN_A_LAND.match(self.text, end):
            yield _land(said[1])
        if said := _BY_A_TOWN.match(self.text, end):
            yield regions_said(said[1])
        if said := _OF_ITS_REGION.search(self.text, max(0, start - WINDOW), start):
            yield regions_said(said[1])

    def _before(self, start: int) -> frozenset[Region]:
        """The region that is named last before a mention in its sentence."""
        sentence = _SENTENCE.split(self.text[max(0, start - _FAR_BEFORE) : start])[-1]
        named = (regions_said(said[1]) if said[1] else _land(said[2]) for said in _SAID_BEFORE.finditer(sentence))
        return next((meant for meant in reversed([*named]) if meant), frozenset())

    def _names_region(self, region: str) -> bool:
        return bool(region_stems(region)) and _speaks_of(region).search(self.text) is not None


def _land(word: str) -> frozenset[Region]:
    called = region_called(word)
    return frozenset((called,)) if called else frozenset()


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
