"""Hits as others read them: CSV, JSON lines, GeoJSON, Atom, and one hit as a bundle of files.

In: rows of the store, the watches of the configuration. Out: text piece by piece, a file that is whole or not there.
Invariant: nothing that a stranger wrote acts in a spreadsheet, a browser or a parser of what leaves here.
"""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    GEOJSON = "geojson"
    ATOM = "atom"
