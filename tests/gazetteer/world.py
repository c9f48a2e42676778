"""A small gazetteer: a few lines as the registers have them."""

from __future__ import annotations

from bot.gazetteer import Gazetteer, Record
from bot.gazetteer.load import joined
from bot.language.earth import Point
from bot.language.regions import region_of


def record(number: int, *names: str, region: str, at: Point | None = None, people: int = 600) -> Record:
    """One of GeoNames' records: the Latin name first."""
    found = region_of(region)
    assert found is not None
    country = found.code[:2]
    return Record((f"GeoNames {number}",), "settlement", country, found, at, people, names)


def official(number: str, name: str, region: str, kind: str = "village") -> Record:
    """One of the official register's records."""
    return Record((f"KATOTTG {number}",), kind, "UA", region_of(region), None, 0, (name,))


FIRST = [
    record(1, "Sudzha", "Суджа", "Soudja", region="Курская область", at=(51.191, 35.271), people=6940),
    record(2, "Guyevo", "Гуево", "Рождественское", region="Курская область", at=(51.0918, 35.2688)),
    record(3, "Mikhaylovka", "Михайловка", region="Курская область", at=(52.2317, 35.3767)),
    record(4, "Mikhaylovka", "Михайловка", region="Волгоградская область", at=(50.0619, 43.2334), people=58000),
    record(
        5,
        "Pokrovsk",
        "Красноармейск",
        "Покровск",
        "Покровськ",
        region="Донецкая область",
        at=(48.28, 37.18),
        people=60000,
    ),
    record(6, "Lebedyn", "Лебедин", region="Сумська область", at=(50.58, 34.48)),
]
OFFICIAL = [
    official("UA1", "Покровськ", "Донецька область", "city"),
    official("UA2", "Михайлівка", "Сумська область"),
    official("UA3", "Михайлівка", "Сумська область"),
    official("UA4", "Катеринівка", "Сумська область"),
]
RECORDS = tuple(joined(FIRST, OFFICIAL))
SMALL = Gazetteer(record.line() for record in RECORDS)
