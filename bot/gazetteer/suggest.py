"""Proposals for a watchlist: what the registers know of a place, completed by what our own rules derive.

In: a name, a region or a point, and the gazetteer where there is one. Out: `Suggestion`s for a person to accept.
Invariant: nothing is taken over by itself, and other names of a place are told apart from its spellings, never added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bot.gazetteer.gazetteer import Gazetteer, Record
from bot.gazetteer.naming import Doubt, both_spellings, doubts, misspelt
from bot.language import translit
from bot.language.detect import Language, of_name
from bot.language.earth import Point, kilometres
from bot.language.fold import key
from bot.language.phonetic import sound
from bot.language.regions import COUNTRIES, Region, region_of
from bot.language.variants import counterpart

Names = Mapping[Language, tuple[str, ...]]
OWN_RULES = "derived by rule"
_LIKE = 0.7
_VOWELS = re.compile("[aeiou]")
_HOME = {"RU": Language.RUSSIAN, "UA": Language.UKRAINIAN, "BY": Language.RUSSIAN}
SAME_KM = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A place as it may stand on a watchlist.

    `names` are its spellings in other languages than `name`'s; those of `by_rule` no register has.
    """

    name: str
    names: Names = field(default_factory=dict)
    by_rule: frozenset[Language] = frozenset()
    within: str | None = None
    at: Point | None = None
    kind: str = ""
    other_names: tuple[str, ...] = ()
    """Former names and exonyms, as the registers list them: to be added by a person, with `also`."""
    namesakes: tuple[str, ...] = ()
    """Where the gazetteer knows other places of this name."""
    doubts: tuple[Doubt, ...] = ()
    origin: tuple[str, ...] = (OWN_RULES,)


def named(
    name: str, *, within: str | None = None, at: Point | None = None, gazetteer: Gazetteer | None = None
) -> tuple[Suggestion, ...]:
    """A proposal for each place of this name that fits what is known of it; one by rule, if no register has it."""
    every = gazetteer.named(*both_spellings(name)) if gazetteer else []
    own = gazetteer.named(name) if gazetteer else []
    region = region_of(within) if within else None
    # In a region a namesake in the neighbour's spelling fits as well: Іванівка, where Ивановка is asked for.
    fitting = _fitting(every if region else own, region, at)
    if not fitting or (within and region is None and not _is_country_of(fitting, within)):
        return (_by_rule(name, within, at, gazetteer, every),)
    return tuple(_of_record(record, gazetteer, every, asked=name, within=within, at=at) for record in fitting)


def in_region(region: Region, gazetteer: Gazetteer) -> tuple[Suggestion, ...]:
    """A proposal for each settlement of a region."""
    return _of_all(gazetteer.in_region(region), gazetteer)


def around(at: Point, km: float, gazetteer: Gazetteer) -> tuple[Suggestion, ...]:
    """A proposal for each settlement within so many kilometres, the nearest first."""
    return _of_all(gazetteer.around(at, km), gazetteer)


def _of_all(records: Iterable[Record], gazetteer: Gazetteer) -> tuple[Suggestion, ...]:
    """Each with its namesakes, which are looked for once for each name."""
    found = [(record, both_spellings(_native(record))) for record in records]
    namesakes = {names: gazetteer.named(*names) for _, names in found}
    return tuple(_of_record(record, gazetteer, namesakes[names]) for record, names in found)


def _fitting(records: list[Record], region: Region | None, at: Point | None) -> list[Record]:
    """The records that lie where the place is said to lie; by the point, if both speak of one."""
    if at is not None and (near := [each for each in records if each.at and kilometres(each.at, at) <= SAME_KM]):
        return sorted(near, key=lambda each: kilometres(each.at or at, at))[:1]
    return [each for each in records if region is None or each.region == region]


def _is_country_of(fitting: list[Record], within: str) -> bool:
    """Whether `within` names a country, and one place alone fits: what is said of other regions cannot be checked."""
    return key(within) in COUNTRIES and len(fitting) == 1


def _by_rule(
    name: str, within: str | None, at: Point | None, gazetteer: Gazetteer | None, namesakes: list[Record]
) -> Suggestion:
    return Suggestion(
        name=name,
        names=_completed(name, {}),
        by_rule=frozenset(Language),
        within=within,
        at=at,
        namesakes=_places(namesakes),
        doubts=(
            *doubts(name, within=within, at=at, gazetteer=gazetteer),
            *(misspelt(name, within, gazetteer) if gazetteer and not namesakes else ()),
        ),
    )


def _of_record(
    record: Record,
    gazetteer: Gazetteer | None,
    every: list[Record],
    *,
    asked: str | None = None,
    within: str | None = None,
    at: Point | None = None,
) -> Suggestion:
    native = _native(record)
    name = asked if asked and _alike(asked, native) else native
    like, unlike = _spellings(record, native)
    home = _language(record, name)
    region = within or (record.region.name_in(home) if record.region else None)
    found = at or record.at
    return Suggestion(
        name=name,
        names=_completed(name, like),
        by_rule=frozenset(language for language in Language if language not in like),
        within=region,
        at=found,
        kind=record.kind,
        other_names=unlike,
        namesakes=_places(other for other in every if other != record),
        doubts=doubts(name, within=region, at=found, gazetteer=gazetteer),
        origin=record.ids,
    )


def _native(record: Record) -> str:
    """The name in the country's own script: the Ukrainian of the register, the Russian one that sounds like it."""
    first = record.names[0]
    if _is_cyrillic(first):
        return first
    home = _HOME.get(record.country)
    spelt = [name for name in record.names if home in of_name(name) and _alike(name, first)]
    return max(spelt, key=lambda name: _likeness(name, first), default=first)


def _language(record: Record, name: str) -> Language:
    languages = of_name(name) or (Language.ENGLISH,)
    home = _HOME.get(record.country)
    return home if home in languages else languages[0]


def _spellings(record: Record, native: str) -> tuple[dict[Language, list[str]], tuple[str, ...]]:
    """The record's spellings of this name by language, and its other names."""
    like: dict[Language, list[str]] = {}
    unlike: list[str] = []
    latin = next((name for name in record.names if not _is_cyrillic(name)), None)
    for name in record.names:
        if not _is_cyrillic(name):
            continue
        if not _alike(name, native):
            unlike.append(name)
            continue
        for language in of_name(name):
            like.setdefault(language, []).append(name)
    if latin is not None:
        like[Language.ENGLISH] = [re.sub("['’]", "", latin)]
    return like, tuple(unlike)


def _is_cyrillic(name: str) -> bool:
    return Language.ENGLISH not in of_name(name)


def _completed(name: str, like: Mapping[Language, list[str]]) -> dict[Language, tuple[str, ...]]:
    """A spelling for each language that `name` is not in: the register's, else the rule's."""
    own = of_name(name)
    found: dict[Language, tuple[str, ...]] = {}
    for language in Language:
        if language in own and language is not Language.ENGLISH and len(own) == 1:
            continue
        spelt = _certain(like.get(language, []), language) or _derived(name, own, language)
        if spelt and spelt != (name,):
            found[language] = spelt
    return found


def _certain(names: list[str], language: Language) -> tuple[str, ...]:
    """Those that are in this language alone; else the first that may be in it."""
    sure = [name for name in names if of_name(name) == (language,)]
    return tuple((sure or names[:1])[:2])


def _derived(name: str, own: tuple[Language, ...], language: Language) -> tuple[str, ...]:
    if language is Language.ENGLISH:
        return tuple(spelling for each in own[:1] for spelling in translit.spellings(name, each)[:1])
    return tuple(other for each in own[:1] for found, other in counterpart(name, each)[:1] if found is language)


def _alike(name: str, other: str) -> bool:
    return _likeness(name, other) >= _LIKE


def _likeness(name: str, other: str) -> float:
    """How much two spellings sound alike, their vowels aside: Михайлівка and Mikhaylovka do, Красноармейск does not."""
    return SequenceMatcher(None, _skeleton(name), _skeleton(other)).ratio()


def _skeleton(name: str) -> str:
    return " ".join(_VOWELS.sub("", sound(re.sub("[^a-zа-яієїґ]", "", word))) for word in key(name).split())


def _places(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_place(record) for record in records))


def _place(record: Record) -> str:
    return record.region.russian if record.region else record.country
