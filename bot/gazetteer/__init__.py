"""The gazetteer: what open registers know of settlements, for a person to accept. Never required, never silently used.

In: names, regions, points. Out: records, proposals for a watchlist, warnings about names. Two packages of the extra
`gazetteer` bring the data: GeoNames, and the official register of Ukraine; without them `open_gazetteer` says how to
install them, and proposals hold what our own rules derive.
"""

from __future__ import annotations

from bot.gazetteer.gazetteer import Gazetteer, Record
from bot.gazetteer.load import CREDITS, known_gazetteer, open_gazetteer
from bot.gazetteer.naming import Doubt, doubts
from bot.gazetteer.suggest import Suggestion, around, in_region, named

__all__ = [
    "CREDITS",
    "Doubt",
    "Gazetteer",
    "Record",
    "Suggestion",
    "around",
    "doubts",
    "in_region",
    "known_gazetteer",
    "named",
    "open_gazetteer",
]
