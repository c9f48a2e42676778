"""Which watches a route takes. Pure.

In: what a route's file names, and all watches. Out: the ids of those that it takes. Invariant: a place is taken with
all that lies in it: whoever asks for a district hears of its villages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.digests.districts import holders
from bot.model import Filter, Place, Watch


def fits(wanted: Filter, *watch: Watch) -> bool:
    """Whether a route names the watch, or what holds it: one of its tags, and one of its places.

    A place is named by its id, its name or its region.
    """
    tags = {tag for each in watch for tag in each.tags}
    names = {name for each in watch for name in (each.id, each.name.casefold())}
    names |= {each.within.casefold() for each in watch if isinstance(each, Place) and each.within}
    tagged = not wanted.tags or not tags.isdisjoint(wanted.tags)
    return tagged and (not wanted.places or any(place in names or place.casefold() in names for place in wanted.places))


def taken(wanted: Filter, watches: Sequence[Watch]) -> frozenset[str]:
    """The watches that a route takes, with those that lie in them."""
    known = {watch.id: watch for watch in watches}
    named = wanted.tags or wanted.places
    above = holders(watches) if named and not wanted.alone else {}
    return frozenset(
        name for name, watch in known.items() if fits(wanted, watch, *(known[each] for each in above.get(name, ())))
    )


def with_holders(named: Iterable[str], watches: Sequence[Watch]) -> frozenset[str]:
    """The watches that are named, and those that these lie in."""
    within, named = holders(watches), frozenset(named)
    return named.union(holder for watch in named for holder in within.get(watch, ()))
