"""What English calls a place.

In: a place's name as an operator wrote it, and what else they said of it. Out: the English name of a region, or that of
the shipped table, else the Latin spelling of the name that the place's own country uses: Romny of Ромны in the Sumy
region.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.language.detect import Language, of_name
from bot.language.fold import key
from bot.language.names import KnownPlace, bearers, is_there
from bot.language.regions import english_of, region_around
from bot.language.translit import spellings
from bot.language.variants import counterpart

_UKRAINE = frozenset({"україна", "украина", "ukraine"})
_UKRAINIAN_PLURAL = re.compile(r"[бвдзлмнпрстф]и$")
"""Ромни, Лубни: Russian has ы there."""


@lru_cache(maxsize=4096)
def english_name(
    name: str, language: str | None = None, within: str | None = None, given: tuple[tuple[str, str], ...] = ()
) -> str:
    """The English name of a place; `language` is its name's, `within` its `in:`, `given` a name by language."""
    could = (Language(language),) if language in set(Language) else of_name(name)
    if not could or Language.ENGLISH in could:
        return name
    region = english_of(name)
    return region[0] if region else _in_table(name, within) or _spelt(name, could, within, dict(given))


def _in_table(name: str, within: str | None) -> str | None:
    """Of places in Ukraine the table has Latin names of every tongue: English spells the Ukrainian name."""
    for place, unsure in bearers(name):
        ukrainian, latin = _in_use(place, Language.UKRAINIAN), _in_use(place, Language.ENGLISH)
        named = within is None and ukrainian is not None and key(ukrainian) == key(name)
        if not named and not is_there(place, within, unsure=unsure):
            continue
        if _own_language(place.region) is not Language.UKRAINIAN:
            return latin
        if ukrainian:
            return spellings(ukrainian, Language.UKRAINIAN)[0]
    return None


def _in_use(place: KnownPlace, language: Language) -> str | None:
    return next((called.text for called in place.names if called.in_use and language in called.languages), None)


def _own_language(within: str | None) -> Language | None:
    """The language by which English spells the places of a region; None where the region does not tell."""
    region = region_around(within) if within else None
    if region is None:
        return Language.UKRAINIAN if within and key(within) in _UKRAINE else None
    return Language.UKRAINIAN if region.code.startswith("UA") else Language.RUSSIAN


def _spelt(name: str, could: tuple[Language, ...], within: str | None, given: dict[str, str]) -> str:
    """The Latin spelling of the name in its own country's language, which is derived where the operator has not it."""
    own = _own_language(within) or _likeliest(name, could, within)
    derived = (name,) if own in could else tuple(other for _, other in counterpart(name, could[0]))
    local = given.get(own) or next(iter(derived), name)
    return next(iter(spellings(local, own)), name)


def _likeliest(name: str, could: tuple[Language, ...], within: str | None) -> Language:
    ukrainian = _UKRAINIAN_PLURAL.search(name) or (within and of_name(within) == (Language.UKRAINIAN,))
    return Language.UKRAINIAN if ukrainian and Language.UKRAINIAN in could else could[0]
