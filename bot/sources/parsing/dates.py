"""Dates as feeds write them: RFC 822, ISO 8601, and what people make of both.

In: a string. Out: a moment in UTC, or None. A date without a zone is read as UTC.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

ZONES = {
    name: hours
    for hours, names in {
        -10: "HST",
        -9: "AKST",
        -8: "AKDT",
        0: "WET",
        1: "BST CET MEZ WEST",
        2: "CEST EET MESZ SAST",
        3: "EEST IDT MSK",
        4: "MSD GST SAMT",
        5: "YEKT",
        8: "CST8",
        9: "JST KST",
        10: "AEST",
        11: "AEDT",
    }.items()
    for name in names.split()
}
MONTHS = {
    month: english
    for english, months in {
        "Jan": "янв січ",
        "Feb": "фев лют",
        "Mar": "мар бер",
        "Apr": "апр кві",
        "May": "мая май тра",
        "Jun": "июн чер",
        "Jul": "июл лип",
        "Aug": "авг сер",
        "Sep": "сен вер",
        "Oct": "окт жов",
        "Nov": "ноя лис",
        "Dec": "дек гру",
    }.items()
    for month in months.split()
}
CYRILLIC_WORD = re.compile(r"[а-яіїєґ]+\.?,?", re.IGNORECASE)
TRAILING_ZONE = re.compile(r"\b([A-Z]{3,4})$")
SHORT_FRACTION = re.compile(r"(\.\d{6})\d+")
PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?$")
FIRST_YEAR = 1990
"""Programs that have no date write 1970, 1900 or the year 1; the web is not as old."""


def parse(written: str) -> datetime | None:
    """Never raises; what no rule reads is left to feedparser's collection of formats."""
    written = " ".join(written.split())
    if not written:
        return None
    try:
        found = _iso(written) or _rfc822(written) or _partial(written) or _rare(written)
    except (ValueError, OverflowError):
        return None
    return found if found and found.year >= FIRST_YEAR else None


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(written: str) -> datetime | None:
    if not written[:4].isdigit() or len(written) < len("20031231"):
        return None
    try:
        return _utc(datetime.fromisoformat(SHORT_FRACTION.sub(r"\1", written.replace(" UTC", "Z"))))
    except ValueError:
        return None


def _rfc822(written: str) -> datetime | None:
    written = CYRILLIC_WORD.sub(_english, written)
    found = parsedate_tz(written)
    if found is None:
        return None
    offset = found[9]
    if (zone := TRAILING_ZONE.search(written)) and zone[1] in ZONES:
        offset = ZONES[zone[1]] * 3600
    try:
        return utc(*found[:6]) - timedelta(seconds=offset or 0)
    except ValueError:
        return None


def _english(word: re.Match[str]) -> str:
    return MONTHS.get(word[0].lower()[:3], "")


def _partial(written: str) -> datetime | None:
    found = PARTIAL.match(written)
    return datetime(int(found[1]), int(found[2] or 1), 1, tzinfo=UTC) if found else None


def _rare(written: str) -> datetime | None:
    from feedparser.datetimes import _parse_date  # noqa: PLC0415 - slow to load, rarely needed

    found = _parse_date(written)
    return utc(*found[:6]) if found else None


def utc(*fields: int) -> datetime:
    """Year, month, day, hour, minute, second as a moment in UTC; a leap second counts as the one before."""
    year, month, day, hour, minute, second = fields
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
