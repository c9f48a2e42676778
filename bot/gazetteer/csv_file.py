"""A list of places as a CSV file -> rows, each completed by the gazetteer where only one place fits.

In: the text of a file whose first line names the columns. Out: suggestions in its order, with doubts; lines that cannot
be read, each with what is wrong. What the file says goes before what a register says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.errors import WrongUsage
from bot.gazetteer.gazetteer import Gazetteer
from bot.gazetteer.naming import Doubt, DoubtKind, doubts
from bot.gazetteer.suggest import Suggestion, named
from bot.language.detect import Language
from bot.language.earth import Point
from bot.language.fold import key

COLUMNS = ("name", "in", "lat", "lon", "ru", "uk", "en", "also", "not", "tags")
"""Only `name` must be there. Several names, spellings or tags in one cell are parted by "|"."""
_NAMES = {"ru": Language.RUSSIAN, "uk": Language.UKRAINIAN, "en": Language.ENGLISH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the file as a proposal, with what no register can know."""

    line: int
    place: Suggestion
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that was left out, and why."""

    line: int
    what: str


def read(text: str, gazetteer: Gazetteer | None) -> tuple[list[Row], list[Unreadable]]:
    """Every line of the file. Raises `WrongUsage` if its first line does not name the columns."""
    lines = _lines(text)
    rows: list[Row] = []
    bad: list[Unreadable] = []
    for cells in lines:
        line = lines.line_num
        if not any(cells.values()):
            continue
        try:
            rows.append(_row(line, cells, gazetteer))
        except ValueError as error:
            bad.append(Unreadable(line, str(error)))
    return _twice(rows), bad


def _lines(text: str) -> csv.DictReader[str]:
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count), restval="", skipinitialspace=True)
    columns = [column.strip().lower() for column in lines.fieldnames or ()]
    unknown = [column for column in columns if column not in COLUMNS]
    if unknown or "name" not in columns:
        what = f"has the unknown column {unknown[0]}" if unknown else "has no column name"
        raise WrongUsage("the CSV file", what, f"write a first line of these: {', '.join(COLUMNS)}")
    lines.fieldnames = columns
    return lines


def _row(line: int, cells: Mapping[str | None, str | list[str]], gazetteer: Gazetteer | None) -> Row:
    if None in cells:
        raise ValueError("has more cells than the first line has columns")
    said = {str(column): str(cell).strip() for column, cell in cells.items()}
    name = said.get("name", "")
    if not any(map(str.isalpha, name)):
        raise ValueError("has no name")
    within, at = said.get("in") or None, _point(said.get("lat", ""), said.get("lon", ""))
    place = _completed(name, within, at, gazetteer)
    given = {language: _several(said.get(column, "")) for column, language in _NAMES.items() if said.get(column)}
    return Row(
        line=line,
        place=replace(place, names={**place.names, **given}, by_rule=place.by_rule - given.keys()),
        also=_several(said.get("also", "")),
        never=_several(said.get("not", "")),
        tags=_several(said.get("tags", "")),
    )


def _completed(name: str, within: str | None, at: Point | None, gazetteer: Gazetteer | None) -> Suggestion:
    """What one register's place adds; of several that fit none is chosen."""
    found = named(name, within=within, at=at, gazetteer=gazetteer)
    if len(found) == 1:
        others = tuple(other for other in found[0].other_names if key(other) != key(name))
        return replace(found[0], name=name, other_names=others)
    doubted = doubts(name, within=within, at=at, gazetteer=gazetteer)
    return replace(named(name, within=within, at=at)[0], namesakes=found[0].namesakes, doubts=doubted)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _point(latitude: str, longitude: str) -> Point | None:
    if not latitude and not longitude:
        return None
    try:
        at = round(float(latitude.replace(",", ".")), 5), round(float(longitude.replace(",", ".")), 5)
    except ValueError:
        raise ValueError("has lat and lon that are not two numbers") from None
    if not (abs(at[0]) <= 90 and abs(at[1]) <= 180):
        raise ValueError("has coordinates outside the globe: latitude first, in degrees")
    return at


def _twice(rows: Sequence[Row]) -> list[Row]:
    """A place that an earlier line has too gets a doubt."""
    first: dict[tuple[str, str], int] = {}
    found = []
    for row in rows:
        earlier = first.setdefault((key(row.place.name), key(row.place.within or "")), row.line)
        found.append(row if earlier == row.line else _doubted(row, earlier))
    return found


def _doubted(row: Row, earlier: int) -> Row:
    doubt = Doubt(DoubtKind.TWICE, "name", f"line {earlier} has it too", "delete one, or write their regions")
    return replace(row, place=replace(row.place, doubts=(*row.place.doubts, doubt)))
