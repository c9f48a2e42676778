"""What the places inside another one come to: a district sees its villages.

In: watches whose `in:` names another watch, and the stories that are told. Out: a count for each such district.
Invariant: stories are counted, never told a second time; each counts once in each place that holds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.digests.corroboration import hits
from bot.language.regions import Region, region_around, region_watched
from bot.model import District, Place, Story, Watch


def districts(watches: Sequence[Watch], stories: Iterable[Story]) -> tuple[District, ...]:
    """The districts among `watches` with a story in a place of theirs, in the order of the watches."""
    within = holders(watches)
    told: defaultdict[str, set[int]] = defaultdict(set)
    named: defaultdict[str, set[str]] = defaultdict(set)
    for story in stories:
        for place in {hit.hit.watch for hit in hits(story)}:
            for holder in within.get(place, ()):
                told[holder].add(story.row)
                named[holder].add(place)
    return tuple(District(watch, len(told[watch.id]), len(named[watch.id])) for watch in watches if watch.id in told)


def holders(watches: Iterable[Watch]) -> Mapping[str, tuple[str, ...]]:
    """By place, the watches that hold it, the nearest first.

    `in:` names one by its id, by any of its names, or, if it is a region, by any name of the region.
    """
    places = [watch for watch in watches if isinstance(watch, Place)]
    called: dict[str, str] = {}
    regions: dict[Region, str] = {}
    for place in places:
        for name in (place.id, place.name, *place.also, *(each for names in place.names.values() for each in names)):
            called.setdefault(name.casefold(), place.id)
            if region := region_watched(name):
                regions.setdefault(region, place.id)
    above = {place.id: held for place in places if (held := _above(place.within, called, regions))}
    return {place: tuple(_chain(place, above)) for place in above}


def _above(within: str | None, called: Mapping[str, str], regions: Mapping[Region, str]) -> str | None:
    if within is None:
        return None
    if held := called.get(within.casefold()):
        return held
    region = region_around(within)
    return regions.get(region) if region else None


def _chain(place: str, above: Mapping[str, str]) -> Iterable[str]:
    """What holds the place, what holds that, and so on; a circle is gone round once."""
    seen = {place}
    while (place := above.get(place, place)) not in seen:
        seen.add(place)
        yield place
