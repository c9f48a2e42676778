"""The formats: each a head, a piece of text for each row, and an end. Pure.

In: rows in order, and the watches by id. Out: text. Invariant: GeoJSON and Atom that were cut off do not parse; a line
of CSV or JSON is written whole.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from bot.export import Format
from bot.model import HitState, Place, Verdict, Watch
from bot.store import ExportRow

Watches = Mapping[str, Watch]
_ACTIVE = tuple("'=+-@\t\r\n＝＋－＠")
_NO_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\"<>`\\]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Precision(StrEnum):
    """How exact a place on the map is; never finer than the watchlist's own coordinates."""

    SETTLEMENT = "settlement"
    UNRESOLVED = "unresolved"
    """Several places of this name may be meant: none is put on the map."""
    NONE = "none"
    """The watch has no coordinates."""


class Writer(Protocol):
    """One format: `head` and `end` stand around the pieces of the rows."""

    def head(self) -> str: ...
    def row(self, row: ExportRow) -> str: ...
    def end(self) -> str: ...


async def pieces(rows: AsyncIterator[ExportRow], writer: Writer, *, bom: bool = False) -> AsyncIterator[str]:
    """The whole export, a piece for each row; `bom` begins with the mark by which Excel knows UTF-8."""
    yield ("\ufeff" if bom else "") + writer.head()
    async for row in rows:
        yield writer.row(row)
    yield writer.end()


@dataclass(frozen=True, slots=True)
class About:
    """What a writer knows beside the rows: the watches, the places that were asked for, the time."""

    watches: Watches
    places: Sequence[str]
    now: datetime


def meant(row: ExportRow) -> str:
    """The watch that the hit is of: a person's choice goes before the matcher's."""
    return row.hit.meant or row.hit.watch


def precision(row: ExportRow, watches: Watches) -> Precision:
    """Whether the hit can be put on a map, and how exactly."""
    if row.candidates and row.hit.meant is None:
        return Precision.UNRESOLVED
    return Precision.SETTLEMENT if point(meant(row), watches) else Precision.NONE


def point(watch: str, watches: Watches) -> tuple[float, float] | None:
    """Latitude and longitude of a watch."""
    found = watches.get(watch)
    return found.at if isinstance(found, Place) else None


def flat(row: ExportRow, watches: Watches) -> dict[str, Any]:
    """The row as one flat object: the keys of `hits --json` first, then those of its post; `body` is what was said."""
    more = asdict(row)
    known = watches.get(meant(row))
    exact = precision(row, watches)
    at = point(meant(row), watches) if exact is Precision.SETTLEMENT else None
    lat, lon = at or (None, None)
    whole = (
        more.pop("hit") | {"place": known.name if known else None, "lat": lat, "lon": lon, "precision": exact} | more
    )
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in whole.items()}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


# ---------------------------------------------------------------- CSV

COLUMNS = (
    *("id", "watch", "place", "text", "body", "source", "source_title", "side", "post", "url", "published", "edited"),
    *("seen", "deleted", "found", "state", "late", "confidence", "why", "candidates", "verdict", "meant", "story"),
    *("form", "revision", "start", "end", "author", "forwarded_from", "language", "lat", "lon", "precision"),
)


@dataclass(frozen=True, slots=True)
class Csv:
    """RFC 4180 with a line for the names; what a spreadsheet could take for a formula begins with an apostrophe."""

    about: About

    def head(self) -> str:
        return _line(COLUMNS)

    def row(self, row: ExportRow) -> str:
        values = flat(row, self.about.watches)
        return _line([cell(values[name]) for name in COLUMNS])

    def end(self) -> str:
        return ""


def cell(value: object) -> str:
    """A cell's text. An apostrophe goes before what begins like a formula, or with one: so it can be undone."""
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    if not isinstance(value, str):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{value}" if value.lstrip(" \u00a0\ufeff").startswith(_ACTIVE) else value


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


# ---------------------------------------------------------------- JSON


@dataclass(frozen=True, slots=True)
class JsonLines:
    about: About

    def head(self) -> str:
        return ""

    def row(self, row: ExportRow) -> str:
        return json.dumps(flat(row, self.about.watches), ensure_ascii=False) + "\n"

    def end(self) -> str:
        return ""


@dataclass(slots=True)
class GeoJson:
    """RFC 7946: one feature a hit; longitude goes first. Without exact place the geometry is null."""

    about: About
    _before: str = "\n"

    def head(self) -> str:
        return '{"type": "FeatureCollection", "features": ['

    def row(self, row: ExportRow) -> str:
        values = flat(row, self.about.watches)
        lat, lon = values.pop("lat"), values.pop("lon")
        geometry = None if lat is None else {"type": "Point", "coordinates": [lon, lat]}
        feature = {"type": "Feature", "id": values["id"], "geometry": geometry, "properties": values}
        before, self._before = self._before, ",\n"
        return before + json.dumps(feature, ensure_ascii=False)

    def end(self) -> str:
        return "\n]}\n"


# ---------------------------------------------------------------- Atom


@dataclass(slots=True)
class Atom:
    """One feed, of the places that were asked for: an entry for each of them that a post names, however often.

    It has the id of the first of its hits, and speaks of the best of them: one that nobody rejected, and that stands.
    """

    about: About
    _post: str = ""
    _entries: dict[str, tuple[str, ExportRow]] = field(default_factory=dict)
    """Of this post, by place: the id, and the hit to speak of."""

    def head(self) -> str:
        names = ", ".join(self._name(place) for place in self.about.places) or "all places"
        key = " ".join(sorted(self.about.places))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<id>{_urn(f'export {key}')}</id>\n<title>{_xml(names)}</title>\n"
            f"<updated>{_moment(self.about.now)}</updated>\n<author><name>placewire</name></author>\n"
        )

    def row(self, row: ExportRow) -> str:
        before = self._told() if row.hit.post != self._post else ""
        self._post = row.hit.post
        key, best = self._entries.get(meant(row), (row.hit.id, row))
        self._entries[meant(row)] = (key, min(best, row, key=lambda each: len(_signs(each))))
        return before

    def end(self) -> str:
        return f"{self._told()}</feed>\n"

    def _told(self) -> str:
        told = "".join(self._entry(key, row, self._name(place)) for place, (key, row) in self._entries.items())
        self._entries.clear()
        return told

    def _entry(self, key: str, row: ExportRow, name: str) -> str:
        source = row.source_title or row.hit.source
        link = f"<link href={quoteattr(url)}/>\n" if (url := web(row.hit.url)) else ""
        published = f"<published>{_moment(row.published)}</published>\n" if row.published else ""
        signs = f" ({', '.join(_signs(row))})" if _signs(row) else ""
        judged = f"{row.hit.verdict} by a person" if row.hit.verdict else "judged by nobody"
        return (
            f"<entry>\n<id>{_urn(key)}</id>\n<title>{_xml(f'{name}: {source}{signs}')}</title>\n{link}"
            f"{published}<updated>{_moment(row.edited or row.found)}</updated>\n"
            f"<author><name>{_xml(source)}</name></author>\n<category term={quoteattr(_clean(meant(row)))}/>\n"
            f'<summary type="text">{judged}, confidence {row.hit.confidence:.2f}</summary>\n'
            f'<content type="text">{_xml(row.body)}</content>\n</entry>\n'
        )

    def _name(self, watch: str) -> str:
        known = self.about.watches.get(watch)
        return known.name if known else watch


def _signs(row: ExportRow) -> list[str]:
    """Why a reader should not take it for a report of the place."""
    rejected = ["rejected"] if row.hit.verdict == Verdict.REJECTED else []
    return [*rejected, *([] if row.hit.state == HitState.LIVE else [row.hit.state.replace("_", " ")])]


def _urn(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'placewire:{key}')}"


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _xml(text: str) -> str:
    return escape(_clean(text))


def web(address: str | None) -> str | None:
    """The address, if it is one of the web and nothing else: a blank, a quote or a bracket in it is no address."""
    if not address or _NO_ADDRESS.search(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.hostname else None


MEDIA_TYPES: Mapping[Format, str] = {
    Format.CSV: "text/csv",
    Format.JSONL: "application/x-ndjson",
    Format.GEOJSON: "application/geo+json",
    Format.ATOM: "application/atom+xml",
}
WRITERS: Mapping[Format, Callable[[About], Writer]] = {
    Format.CSV: Csv,
    Format.JSONL: JsonLines,
    Format.GEOJSON: GeoJson,
    Format.ATOM: Atom,
}
