"""The registers as one table, and questions to it.

In: the lines of the table that `load` makes. Out: `Record`s. A line is split when its place is asked for: a quarter
of a million of them is quick to hold, and slow to build objects of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.language.earth import Point, kilometres
from bot.language.fold import key
from bot.language.regions import Region, regions

TAB, BAR = "\t", "|"
_AT, _REGION, _NAMES = 4, 3, 6


@dataclass(frozen=True, slots=True)
class Record:
    """A settlement as the registers have it; `names` are all its spellings, the native one first."""

    ids: tuple[str, ...]
    """As "GeoNames 486816" or "KATOTTG UA59...": each register's number."""
    kind: str
    country: str
    region: Region | None
    at: Point | None
    people: int
    names: tuple[str, ...]

    def line(self) -> str:
        at = f"{self.at[0]:g} {self.at[1]:g}" if self.at else ""
        code = self.region.code if self.region else ""
        fields = (BAR.join(self.ids), self.kind, self.country, code, at, str(self.people), BAR.join(self.names))
        return TAB.join(fields)

    @classmethod
    def of_line(cls, line: str) -> Record:
        ids, kind, country, code, at, people, names = line.split(TAB)
        latitude, _, longitude = at.partition(" ")
        return cls(
            ids=tuple(ids.split(BAR)),
            kind=kind,
            country=country,
            region=_regions().get(code),
            at=(float(latitude), float(longitude)) if at else None,
            people=int(people),
            names=tuple(names.split(BAR)),
        )


def _regions() -> dict[str, Region]:
    return {region.code: region for region in regions()}


def plain(name: str) -> str:
    """The quick folding by which names are looked up: case, ё as е, a hyphen as a space, no apostrophes."""
    return name.casefold().translate(_FOLDED)


_FOLDED = str.maketrans("ё-", "е ", "'’ʼ`\u0301")


class Gazetteer:
    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = tuple(lines)

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, line in enumerate(self._lines):
            for name in set(plain(line.rsplit(TAB, 1)[1]).split(BAR)):
                found.setdefault(name, []).append(at)
        return found

    def named(self, *names: str) -> list[Record]:
        """Every settlement that has one of these names among its spellings, the largest first."""
        found = {at: None for name in names for at in self._by_name.get(plain(key(name)), ())}
        return sorted((Record.of_line(self._lines[at]) for at in found), key=lambda record: -record.people)

    def in_region(self, region: Region) -> list[Record]:
        """Every settlement of a region, in the order of the registers."""
        return [Record.of_line(line) for line in self._lines if line.split(TAB, _AT)[_REGION] == region.code]

    def around(self, at: Point, km: float) -> list[Record]:
        """Settlements with coordinates within so many kilometres, the nearest first."""
        near = [(kilometres(at, record.at), record) for record in self._roughly(at, km) if record.at]
        return [record for far, record in sorted(near, key=lambda each: each[0]) if far <= km]

    def _roughly(self, at: Point, km: float) -> Iterator[Record]:
        """Those of the same band of latitude: most lines need not be split whole."""
        band = km / 111 + 0.01
        for line in self._lines:
            latitude = line.split(TAB, _AT + 1)[_AT].partition(" ")[0]
            if latitude and abs(float(latitude) - at[0]) <= band:
                yield Record.of_line(line)
