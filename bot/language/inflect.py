"""All forms of a name in one language: own rules, for Russian joined with the dictionary and pruned by it.

In: a name as people write it, and its language. Out: whole names with the origin of each form.
"""

from __future__ import annotations

from functools import lru_cache

from bot.language import declension_ru, declension_uk, dictionary, phrase
from bot.language.detect import Language
from bot.language.fold import key
from bot.language.paradigm import Paradigm, merge
from bot.language.phrase import Grammar


@lru_cache(maxsize=4096)
def _russian(word: str) -> Paradigm:
    own, known = declension_ru.decline(word), dictionary.paradigm(word)
    return merge((known, own)) if known else own


def _russian_led(word: str, adjective: str) -> Paradigm:
    own, known = declension_ru.led(word, adjective), dictionary.paradigm(word)
    return merge((known, own)) if known else own


_BOTH_WAYS = ("ово", "ево", "ёво", "ино", "ыно")
"""Names that decline or stay as they are; the dictionary has them one way only."""


def _always(_: str) -> bool:
    return True


_GRAMMARS = {
    Language.RUSSIAN: Grammar(
        word=_russian,
        led=_russian_led,
        adjective=declension_ru.adjective,
        is_adjective=declension_ru.is_adjective,
        leading=declension_ru.leading,
        belonging=declension_ru.belonging,
        may_be_nominative=dictionary.may_be_nominative,
    ),
    Language.UKRAINIAN: Grammar(
        word=declension_uk.decline,
        led=declension_uk.led,
        adjective=declension_uk.adjective,
        is_adjective=declension_uk.is_adjective,
        leading=declension_uk.leading,
        belonging=declension_uk.belonging,
        may_be_nominative=_always,
    ),
}


_SLIPS = {Language.UKRAINIAN: declension_uk.slips}


def slips(name: str, language: Language) -> tuple[str, ...]:
    """What people write of a name of one word against all grammar: у Донецькі. None of longer names."""
    known = _SLIPS.get(language)
    if known is None or not key(name).isalpha() or name.isupper():
        return ()
    return tuple(phrase.cased(slip, name) for slip in known(name.lower()))


def inflect(name: str, language: Language) -> tuple[str, ...]:
    """Every form of the name, itself first; a Latin name has only itself."""
    grammar = _GRAMMARS.get(language)
    if grammar is None:
        return (name,)
    found = phrase.forms(name, grammar)
    known = dictionary.paradigm(name.lower()) if language is Language.RUSSIAN else None
    if known is None:
        return found
    sure = {form for case in known for form in case}
    return tuple(form for form in found if form.lower() in sure or _belongs(form.lower(), name.lower()))


def by_word(name: str, language: Language) -> tuple[tuple[str, ...], ...]:
    """The forms of each word of a name by itself, slips among them; for hasty writers, whose words do not agree."""
    columns = phrase.by_word(inflect(name, language))
    return tuple((*column, *slips(column[0], language)) for column in columns)


def disagreeing(name: str, language: Language) -> tuple[str, ...]:
    """What hasty writers make of a name of several words: each word in some case of its own."""
    known = inflect(name, language)
    columns = by_word(name, language)
    return tuple(form for form in dict.fromkeys(phrase.combined(name, columns)) if form not in known)


def _belongs(form: str, name: str) -> bool:
    """Whether a form that only our rules give a known name is no other word's: Кемерова is, Балах is not."""
    return name.endswith(_BOTH_WAYS) or form == name or dictionary.shares_word(form, name)


def of_rules(name: str) -> frozenset[str]:
    """The forms of a Russian name of one word that our rules give, in small letters; the dictionary may have more."""
    return frozenset(form for case in declension_ru.decline(name.lower()) for form in case)
