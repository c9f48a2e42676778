"""Context: what the rest of a text says about which place is meant.

In: the words of a text and the places found in it. Out: evidence for each place: its region or a neighbour is named
too, the source lives there. Regions are known by their stem, in both scripts: `курск` stands in Курская, Курщина
(no), under Курск, and `kursk` in the Kursk region.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from bot.language import translit
from bot.language.detect import Language, of_name
from bot.language.fold import key
from bot.language.kinds import KINDS
from bot.language.variants import counterpart
from bot.matching.evidence import Evidence
from bot.model import Place, Watch

_ENDINGS = re.compile(r"(?:ская|ский|ское|ська|ський|ське|ая|ий|ый|ое|а|я|ь|ія|ия)$")
_KEPT = {"ская": "ск", "ский": "ск", "ское": "ск", "ська": "ськ", "ський": "ськ", "ське": "ськ"}
_KIND = r"(?:обл|кра[йяюеіє]|республ|oblast|region|province)"
_OF_A_REGION = re.compile(
    rf"[\s,(]{{1,3}}(?:[\w-]+\s+р(?:айо|-)н\w*[\s,]+)?([\w-]*[сцз]ь?к\w*)\s+{_KIND}|\s?[,(]\s?([a-z-]{{4,}})\s+{_KIND}"
)
"""What follows a name and says in which region it lies, a district between them or not; in Latin after a comma."""
_SUFFIX = re.compile(r"[сцз]ь?к$")
_MIN_STEM = 4
_NEAR_KM = 60.0
_EARTH_KM = 6371.0


@lru_cache(maxsize=4096)
def region_stems(region: str) -> tuple[str, ...]:
    """What a word of a text begins with if it speaks of the region; empty if the name is too short to tell."""
    languages = of_name(region) or (Language.ENGLISH,)
    names = {region, *(other for language in languages for _, other in counterpart(region, language))}
    stems = {_stem(word) for name in names for word in key(name).split() if word not in KINDS}
    stems |= {latin for stem in stems for root in _roots(stem) for latin in _in_latin(root)}
    return tuple(sorted(stem for stem in stems if len(stem) >= _MIN_STEM))


def _roots(stem: str) -> set[str]:
    """Волгоградск is Volgograd in English, Курск is Kursk: with and without the suffix, unless too little is left."""
    bare = _SUFFIX.sub("", stem)
    return {stem, bare} if len(bare) > _MIN_STEM else {stem}


def _in_latin(root: str) -> set[str]:
    return {latin for language in of_name(root) for latin in translit.spellings(root, language)}


def _stem(word: str) -> str:
    return _ENDINGS.sub(lambda match: _KEPT.get(match.group(), ""), word)


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
        if place.within and self.source_region and _same_region(place.within, self.source_region):
            found.append(Evidence.HOME)
        if (place.within or place.at) and any(
            _neighbours(place, self.watches[other]) for other in self.named if other != watch
        ):
            found.append(Evidence.NEIGHBOUR)
        return found

    def lies_elsewhere(self, watch: int, end: int) -> bool:
        """Whether the words behind a mention that ends at `end` put it into another region than the watch's."""
        place = self.watches[watch]
        if not isinstance(place, Place) or not place.within or not re.search(_KIND, key(place.within)):
            return False
        said = _OF_A_REGION.match(self.text, end)
        return said is not None and not (said[1] or said[2]).startswith(region_stems(place.within))

    def _names_region(self, region: str) -> bool:
        return any(re.search(rf"\b{re.escape(stem)}", self.text) for stem in region_stems(region))


def _same_region(region: str, other: str) -> bool:
    return bool(set(region_stems(region)) & set(region_stems(other)))


def _neighbours(place: Place, other: Watch) -> bool:
    """Whether both lie in one region, or near each other."""
    if not isinstance(other, Place):
        return False
    if place.at and other.at:
        return _distance(place.at, other.at) <= _NEAR_KM
    return bool(place.within) and bool(other.within) and _same_region(place.within or "", other.within or "")


def _distance(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Kilometres between two points given as degrees of latitude and longitude, along the great circle."""
    (lat1, lon1), (lat2, lon2) = ([math.radians(each) for each in point] for point in (here, there))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
