"""Aliases: what else a watched place is called, from the shipped table of names.

In: a place as the operator wrote it. Out: the other names of the place of the table that it is: by a name that is
that place's beyond doubt, or by a doubtful one and its region (`in:`). Where the region speaks against it, none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.language.fold import key
from bot.language.names import Called, KnownPlace, bearers
from bot.language.regions import region_stems

_REGION = re.compile(r"[сцз]ь?к(?:ая|ий|ое|а|е)\b|\b(?:обл|кра[йю]|респ|oblast|region|province)")
"""An `in:` that is one region of several, and not a whole country."""


def aliases(written: Iterable[str], region: str | None) -> tuple[Called, ...]:
    """The other names of the place whose names are `written`; `region` is its `in:`."""
    written = tuple(written)
    known = {key(name) for name in written}
    found: dict[str, Called] = {}
    for place in _meant(written, region):
        for called in (*place.names, *place.called):
            if key(called.text) not in known:
                found.setdefault(called.text, called)
    return tuple(found.values())


def _meant(written: Iterable[str], region: str | None) -> Iterator[KnownPlace]:
    for name in written:
        for place, unsure in bearers(name):
            if _is_there(place, region, unsure=unsure):
                yield place


def _is_there(place: KnownPlace, region: str | None, *, unsure: bool) -> bool:
    if region is None:
        return not unsure
    if place.region is not None and not set(region_stems(region)).isdisjoint(region_stems(place.region)):
        return True
    return not unsure and _REGION.search(key(region)) is None
