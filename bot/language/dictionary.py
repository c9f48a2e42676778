"""The one door of pymorphy3: what the Russian dictionary knows of a word.

In: one word in lower case. Out: its paradigm, or the traits of a form (a common word, a surname, a given name).
The library and its dictionary (65 MB) are loaded at the first question; only the child process that expands asks.
Unknown words get no answer: its guesses take Бердин for a given name and Сорочина for a surname.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from bot.language.paradigm import CASES, Paradigm

_CASE_OF = {"nomn": 0, "gent": 1, "gen1": 1, "gen2": 1, "datv": 2, "accs": 3, "acc2": 3, "ablt": 4, "loct": 5} | {
    "loc1": 5,
    "loc2": 5,
}
_SPECIAL = frozenset({"Orgn", "Trad", "Abbr"})
_PARTICIPLES = frozenset({"PRTF", "PRTS", "GRND"})
_LONGEST = 60
"""Letters of a word; no word of the dictionary is longer."""
_END_OF_WORD = b"\x01"
"""What parts a word from its readings in the dictionary's automaton."""
_DECLINED = frozenset({"NOUN", "ADJF"})
_NAMES = _SPECIAL | {"Geox", "Surn", "Name", "Patr"}


class Trait:
    """What else a form may be, as bits: plain integers, for the matcher asks at every hit."""

    NONE = 0
    COMMON = 1
    """The name is a common word too."""
    SURNAME = 2
    GIVEN = 4
    PLACE = 8
    """The dictionary knows the form as a place's."""
    OBLIQUE = 16
    """A name that the dictionary knows in other cases only: Кабуле."""
    SMALL = 32
    """The name is written with a small letter."""
    SLIP = 64
    """No grammar has the form, but people write it."""
    UNSURE = 128
    """Another place, or a common word, is more often meant by it: Дзержинск."""
    ADJECTIVAL = 256
    """The name declines as an adjective: Покровское, Хмельницький."""


@cache
def _analyser() -> Any:
    import pymorphy3  # noqa: PLC0415 - half a second and 65 MB: only where it is asked

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=65536)
def _parses(word: str) -> tuple[Any, ...]:
    """Every reading of a known word; none of an unknown one, and no guesses."""
    if len(word) > _LONGEST or not _is_there(word):
        return ()
    return tuple(parse for parse in _analyser().parse(word) if parse.is_known)


def _is_there(word: str) -> bool:
    """Whether the dictionary has the word, be its е an ё there: the analyser's own answer takes five times as long."""
    words = _analyser().dictionary.words.dct
    return any(words.follow_bytes(_END_OF_WORD, state) is not None for state in _states(word))


@lru_cache(maxsize=65536)
def _states(beginning: str) -> tuple[int, ...]:
    """Where the dictionary's automaton is behind the beginning of a word; thousands of forms share few beginnings."""
    words = _analyser().dictionary.words.dct
    if not beginning:
        return (words.ROOT,)
    letters = ("е", "ё") if beginning[-1] == "е" else (beginning[-1],)
    after = (
        words.follow_bytes(letter.encode(errors="replace"), state)
        for state in _states(beginning[:-1])
        for letter in letters
    )
    return tuple(state for state in after if state is not None)


def is_known(word: str) -> bool:
    return bool(_parses(word))


def is_adjective(word: str) -> bool:
    """Whether a known word is an adjective in the nominative, no place's and no person's: спорное, but not ольгино."""
    tags = (each.tag for each in _parses(word) if "ADJF" in each.tag)
    return any("nomn" in tag and not tag.grammemes & {"Geox", "Poss"} for tag in tags)


def may_be_nominative(word: str) -> bool:
    """False only where the dictionary knows the word, and knows no nominative of it: Парижа, Америки."""
    parses = _parses(word)
    return not parses or any("nomn" in parse.tag for parse in parses)


def paradigm(word: str) -> Paradigm | None:
    """The six cases of a known noun or adjective in the nominative, a place's reading before all others; else None."""
    readings = [each for each in _parses(word) if "nomn" in each.tag and str(each.tag.POS) in _DECLINED]
    places = [each for each in readings if "Geox" in each.tag]
    readings = places or readings
    if not readings:
        return None
    cases: list[dict[str, None]] = [{} for _ in CASES]
    for reading in readings:
        _collect(reading, cases)
    return tuple(tuple(case) or (word,) for case in cases)


def _collect(reading: Any, cases: list[dict[str, None]]) -> None:
    tag = reading.tag
    for form in reading.lexeme:
        same = form.tag.POS == tag.POS and form.tag.number == tag.number
        case = _CASE_OF.get(str(form.tag.case))
        if not same or case is None or "Supr" in form.tag or (tag.POS == "ADJF" and not _fits(form.tag, tag)):
            continue
        cases[case][form.word] = None


def _fits(form: Any, tag: Any) -> bool:
    """An adjective in the gender of the name; its accusative as of a thing."""
    return form.gender == tag.gender and not (form.case == "accs" and "anim" in form)


def shares_word(form: str, name: str) -> bool:
    """Whether every reading of `form` may be of the same word as `name`; true where the dictionary has no answer."""
    readings = _parses(form)
    if not readings:
        return True
    lemmas = {each.normal_form for each in _parses(name)} | {name.replace("ё", "е"), name}
    return any(each.normal_form.replace("ё", "е") in lemmas or each.normal_form in lemmas for each in readings)


def traits(form: str, name: str) -> int:
    """What `form` may be beside a form of `name`.

    Another word that only happens to have this form (Франции, of the element франций) is not counted: a common word
    is one that the name itself is (Восток, Орёл), be it in the plural (Шахты).
    """
    found = Trait.NONE
    lemmas = _common_lemmas(name) | {name}
    for each in _parses(form):
        tag = each.tag
        if "Geox" in tag:
            found |= Trait.PLACE
        elif "Surn" in tag:
            found |= Trait.SURNAME
        elif "Name" in tag or "Patr" in tag:
            found |= Trait.GIVEN
        elif _SPECIAL.isdisjoint(tag.grammemes) and each.normal_form.replace("ё", "е") in lemmas:
            found |= Trait.COMMON
    return found


@lru_cache(maxsize=4096)
def _common_lemmas(name: str) -> frozenset[str]:
    """The nouns, no names, of which a folded name is a nominative. An adjective's own noun tells more."""
    return frozenset(
        each.normal_form.replace("ё", "е")
        for each in _parses(name)
        if each.tag.POS == "NOUN" and "nomn" in each.tag and _NAMES.isdisjoint(each.tag.grammemes)
    )


def all_forms(word: str) -> tuple[str, ...]:
    """Every form of a known word in every number, gender and tense, verbs' participles left out; else none."""
    found: dict[str, None] = {}
    for reading in _parses(word):
        if "Geox" in reading.tag or "Name" in reading.tag or "Surn" in reading.tag:
            continue
        found.update((form.word, None) for form in reading.lexeme if str(form.tag.POS) not in _PARTICIPLES)
    return tuple(found)
