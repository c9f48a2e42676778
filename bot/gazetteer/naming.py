"""Doubts about a name: what an operator should know before it is watched, each with the remedy.

In: a place as it stands on the watchlist, and the gazetteer where there is one. Out: doubts, in a fixed order. Asks the
dictionary, so it is for commands that check or propose, never for the service.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.gazetteer.gazetteer import Gazetteer
from bot.language.bearers import SURNAME
from bot.language.detect import of_name
from bot.language.dictionary import Trait, is_adjective, traits
from bot.language.earth import Point
from bot.language.everyday import CONFUSABLE
from bot.language.fold import key
from bot.language.kinds import KINDS
from bot.language.names import bearers
from bot.language.regions import COUNTRIES, region_of, regions
from bot.language.variants import counterpart

_PARTS = re.compile(
    r"(?:(?:[гспхдм]|пос|дер|ст|пгт|смт|рп|нп|н\.\s*п|р\.\s*п)\.\s*)?(?P<name>[^,()]+)(?P<region>(?:[,(].*)?)",
    re.IGNORECASE,
)
"""A kind of place in short, the name, and what stands behind a comma or in parentheses."""
SHORT = 3
"""Names of fewer letters are found in everything."""
_NEAR = "write near: {any: [бои, обстрел, село]}, or accept that many hits wait for review"


class DoubtKind(StrEnum):
    WHOLE = "whole"
    SIGNS = "signs"
    LATIN = "latin"
    DROP = "drop"
    SHORT = "short"
    COMMON = "common"
    DOUBTFUL = "doubtful"
    SURNAME = "surname"
    SHARED = "shared"
    MISSPELT = "misspelt"
    REGION = "region"
    SWAPPED = "swapped"
    OUTSIDE = "outside"
    WATCHED = "watched"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may be wrong with a place, and what to write; `about` is the key of the watchlist that it speaks of."""

    kind: DoubtKind
    about: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


def doubts(
    name: str,
    *,
    within: str | None = None,
    at: Point | None = None,
    near: bool = False,
    gazetteer: Gazetteer | None = None,
    is_place: Callable[[str], bool] = lambda _: False,
) -> tuple[Doubt, ...]:
    """Every doubt about a place. `near`: words near it are asked for; `is_place` knows other names for `within`."""
    found = [
        _whole(name),
        None if near else _short(name) or _common(name) or _doubtful(name, within) or _surname(name),
        _shared(name, gazetteer) if gazetteer and not (within and at) and not near else None,
        _region(within, is_place) if within else None,
        where(within, at) if within and at else None,
    ]
    return tuple(doubt for doubt in found if doubt is not None)


def _whole(name: str) -> Doubt | None:
    """Whether more than the name is written: с. Гуево; Гуево, Курская область; Суджа (Курская область)."""
    parts = _PARTS.fullmatch(name)
    if parts is None:
        return None
    first, _, rest = parts["name"].partition(" ")
    kind = bool(rest) and first[:1].islower() and key(first) in KINDS
    bare = rest.strip() if kind else parts["name"].strip()
    region = parts["region"].strip(" ,()")
    if not bare or bare == name:
        return None
    what = f"{name} is more than the name: texts seldom write it so, and then it is not found"
    return Doubt(DoubtKind.WHOLE, "name", what, f"write name: {bare}" + (f" and in: {region}" if region else ""))


def _short(name: str) -> Doubt | None:
    letters = sum(map(str.isalpha, name))
    if letters >= SHORT:
        return None
    count = f"{letters} letter{'' if letters == 1 else 's'}"
    return Doubt(DoubtKind.SHORT, "name", f"{name} has {count}: it will be found in much that is no place", _NEAR)


def _common(name: str) -> Doubt | None:
    word = key(name)
    if word not in CONFUSABLE and not any(map(_is_everyday, _sure_spellings(name))):
        return None
    return Doubt(DoubtKind.COMMON, "name", f"{name} is an everyday word too", _NEAR)


def _sure_spellings(name: str) -> set[str]:
    """The folded name, and its spellings in the neighbour language if it is surely of one."""
    return {key(name), *(map(key, both_spellings(name)) if len(of_name(name)) == 1 else ())}


def _is_everyday(word: str) -> bool:
    """A common word, or an adjective in any gender: Спорное; Рівне by its Russian spelling."""
    return word.isalpha() and (bool(traits(word, word) & Trait.COMMON) or is_adjective(word))


def _doubtful(name: str, within: str | None) -> Doubt | None:
    """Whether the shipped table says that something else is more often meant by the name: Днепр."""
    known = bearers(name)
    if within or not known or not all(unsure for _, unsure in known):
        return None
    what = f"by {name} another place, a river or a word is more often meant"
    return Doubt(DoubtKind.DOUBTFUL, "name", what, f"write in: REGION; or {_NEAR}")


def _surname(name: str) -> Doubt | None:
    word = key(name)
    if not word.isalpha():
        return None
    known = traits(word, word)
    if not known & Trait.SURNAME and (known & Trait.PLACE or not SURNAME.search(word)):
        return None
    what = f"{name} is a surname too: where nothing else tells, a person may be taken for the place"
    return Doubt(DoubtKind.SURNAME, "name", what, _NEAR)


def both_spellings(name: str) -> tuple[str, ...]:
    """The name, and its spellings in the neighbour language: whoever watches Михайловка finds Михайлівка."""
    others = (other for language in of_name(name) for _, other in counterpart(name, language))
    return tuple(dict.fromkeys((name, *others)))


def _shared(name: str, gazetteer: Gazetteer) -> Doubt | None:
    count = len(gazetteer.named(*both_spellings(name)))
    if count < 2:
        return None
    what = f"{count} places of the gazetteer have the name {name}"
    return Doubt(DoubtKind.SHARED, "name", what, "write in: REGION and at: [LATITUDE, LONGITUDE] of the one you mean")


def misspelt(name: str, within: str | None, gazetteer: Gazetteer) -> tuple[Doubt, ...]:
    """Whether a name that no place has is one letter, or two that changed places, off a known one of the region."""
    region = region_of(within) if within else None
    near = [record for record in gazetteer.named(*_one_off(key(name))) if region is None or record.region == region]
    if not near:
        return ()
    there = near[0].region.russian if near[0].region else near[0].country
    known = next((each for each in near[0].names if key(each) in _one_off(key(name))), near[0].names[0])
    what = f"no place of the gazetteer is called {name}, but {known} is one ({there})"
    return (Doubt(DoubtKind.MISSPELT, "name", what, "see whether it is spelt right"),)


_LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюя"
_MIN_MISSPELT = 5
"""Letters of a name; of shorter ones too many are alike."""


def _one_off(word: str) -> frozenset[str]:
    """Every word that one letter left out, added or changed, or two beside each other changed about, would give."""
    if len(word) < _MIN_MISSPELT:
        return frozenset()
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return frozenset(
        (
            *(head + tail[1:] for head, tail in parts if tail),
            *(head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1),
            *(head + letter + tail[gone:] for head, tail in parts for letter in _LETTERS for gone in (0, 1)),
        )
    ) - {word}


def _region(within: str, is_place: Callable[[str], bool]) -> Doubt | None:
    if region_of(within) or key(within) in COUNTRIES or is_place(within):
        return None
    what = f"{within} is no region, country or place that is known here: it helps only where a text names it so"
    return Doubt(DoubtKind.REGION, "in", what, "write it as in Курская область, Сумська область, Kursk Oblast")


def where(within: str, at: Point) -> Doubt | None:
    """Whether the coordinates lie in the region; and whether they would, the other way round."""
    region = region_of(within)
    if region is None or region.holds(at):
        return None
    if region.holds((at[1], at[0])):
        what = f"lies far from {within}, and in it with the numbers the other way round"
        return Doubt(DoubtKind.SWAPPED, "at", what, f"write [{at[1]:g}, {at[0]:g}]: latitude first")
    really = next((other.russian for other in regions() if other.holds(at, margin=0)), None)
    what = f"lies outside of {within}" + (f", perhaps in {really}" if really else "")
    return Doubt(DoubtKind.OUTSIDE, "at", what, "correct one of the two")
