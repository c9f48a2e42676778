"""Russian declension of place names, by rule: it needs no dictionary and knows every class of ending.

In: one word in lower case (ё kept). Out: its six cases with variants. Where an ending leaves gender or a fleeting
vowel open, all readings are given: a form too many costs nothing unless it is another word, and `dictionary` drops it.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.language.paradigm import Paradigm, apply_all, by_tail, merge, plural_forms, rule, twin, with_twins

_V = "аеёиоуыэюя"
_C = "бвгджзклмнпрстфхцчшщ"

_ADJECTIVES = (
    rule(r"[^гкхжшчщ]ый", 2, "ого ому = ым ом"),
    rule(r"[гкх]ий", 2, "ого ому = им ом"),
    rule(r"[жшчщ]ий", 2, "его ему = им ем"),
    rule(r"[жшчщ]ий", 2, "ьего ьему = ьим ьем"),
    rule(r"ний", 2, "его ему = им ем"),
    rule(r"[гкхжшчщ]ой", 2, "ого ому = им ом"),
    rule(r"[^гкхжшчщ]ой", 2, "ого ому = ым ом"),
    rule(r"ая", 2, "ой ой ую ой|ою ой"),
    rule(r"[жшчщ]ая", 2, "ей ей ую ей|ею ей"),
    rule(r"яя", 2, "ей ей юю ей|ею ей"),
    rule(r"[жчшщ]ья", 1, "ей ей ю ей|ею ей"),
    rule(r"[гкхжшчщ]ое", 2, "ого ому = им ом"),
    rule(r"[^гкхжшчщ]ое", 2, "ого ому = ым ом"),
    rule(r"[^ь]ее", 2, "его ему = им ем"),
    rule(r"[жчшщ]ье", 1, "его ему = им ем"),
    rule(r"ые", 2, "ых ым = ыми ых"),
    rule(r"[гкхжшчщн]ие", 2, "их им = ими их"),
)
_POSSESSIVES = (
    rule(r"(?:[оеё]в|[иы]н)", 0, "а у = ым|ом е|ом"),
    rule(r"(?:[оеё]в|[иы]н)а", 1, "ой ой у ой|ою ой"),
    rule(r"(?:[оеё]в|[иы]н)о", 1, "а у = ым|ом е|ом"),
    rule(r"(?:[оеё]в|[иы]н)ы", 1, "ых ым = ыми ых"),
)
_SOFT_MASCULINE = rule(r"[^жшчщ]ь", 1, "я ю = ем|ём е")
_SOFT_FEMININE = rule(r"ь", 1, "и и = ью и")
_NOUNS = (
    # Feminine and other words in -а, -я.
    rule(r"[гкх]а", 1, "и е у ой|ою е"),
    rule(r"[жшчщ]а", 1, "и е у ей|ой|ею|ою е"),
    rule(r"ца", 1, "ы е у ей|ой|ею|ою е"),
    rule(r"[^гкхжшчщцая]а", 1, "ы е у ой|ою е"),
    rule(r"ия", 1, "и и ю ей|ею и"),
    rule(r"[^ая]?[^иая]я", 1, "и е ю ей|ею|ёй е|и"),
    # Masculine words in a consonant.
    rule(r"[оеё]в|[иы]н", 0, "а у = ом|ым е"),
    rule(r"[бвгдзклмнпрстфх]", 0, "а у = ом е"),
    rule(r"[жшчщц]", 0, "а у = ем|ом е"),
    rule(r"[аеоуюя]й", 1, "я ю = ем е"),
    rule(r"ий", 1, "я ю = ем и|е"),
    # Soft words: where nothing tells their gender, both.
    _SOFT_MASCULINE,
    _SOFT_FEMININE,
    # Neuter words.
    rule(rf"[{_C}]о", 1, "а у = ом е"),
    rule(r"[жшчщц]е", 1, "а у = ем е"),
    rule(r"[лр]е", 1, "я ю = ем е"),
    rule(r"ь[её]", 1, "я ю = ем|ём е|и"),
    rule(r"ие", 1, "я ю = ем и"),
    # Plural words.
    rule(rf"[{_C}]ки", 2, "ок|ек|ков кам = ками ках"),
    rule(r"[аеиоуыэюя]ки", 1, "-|ов ам = ами ах"),
    rule(r"[ьй]ки", 3, "ек|ьков|йков ькам|йкам = ьками|йками ьках|йках"),
    rule(r"[гх]и", 1, "-|ов ам = ами ах"),
    rule(r"[жшчщ]и", 1, "ей|- ам = ами ах"),
    rule(r"цы", 1, "ов|ев|- ам = ами ах"),
    rule(r"цы", 2, "ец цам = цами цах"),
    rule(r"льцы", 3, "ец ьцам = ьцами ьцах"),
    rule(r"[^ц]ы", 1, "-|ов ам = ами ах"),
    rule(rf"[{_C}]ны", 2, "ен|он нам = нами нах"),
    rule(r"ьи", 2, "ей ьям = ьями ьях"),
    rule(r"[бвдзлмнпрстфаеоуи]и|[лр]е", 0, "= = = = ="),  # may be foreign and stay as it is: Сочи, Сале
    rule(r"[аеоуи]и", 1, "ев|й ям = ями ях"),
    rule(r"[бвдзлмнпрстф]и", 1, "ей|ь ям = ями ях"),
    rule(rf"[{_C}]ни", 2, "ен ням = нями нях"),
)
_PLURALS_IN_A = (rule(r"а", 1, "- ам = ами ах"), rule(r"я", 1, "ей ям = ями ях"))
"""Озёра, Поля: a feminine word's ending, which only an adjective tells from it."""
# A beast's or a person's, before another word: Волчья Балка, Казачья Локня.
_BELONGING = (
    rule(r"ий", 2, "ьего ьему = ьим ьем"),
    rule(r"ья", 1, "ей ей ю ей|ею ей"),
    rule(r"ье", 1, "его ему = им ем"),
    rule(r"ьи", 1, "их им = ими их"),
)
_BELONGS = re.compile(rf"[бвзлмпрс]ий [^ ]*[{_C}ьй]$|[{_C}]ья [^ ]*[аяь]$|[{_C}]ье [^ ]*[оея]$|[{_C}]ьи [^ ]*[ыиа]$")
# Fleeting vowels: the stem of the other cases.
_TWINS = (
    twin(r"лец", "льц"),
    twin(rf"([{_V}])ец", r"\1йц"),
    twin(rf"([{_C}])ец", r"\1ц"),
    twin(rf"((?<!с)т|(?<=[{_V}])с|[^ст{_V}])[оеё]к", r"\1к"),
    twin(r"л[её]к", "льк"),
    twin(rf"([{_C}])[её]л", r"\1л"),
    twin(rf"([{_C}])[её]([нр])ь", r"\1\2ь"),
    twin(rf"([{_C}])[её]й", r"\1ь"),
)
_ADJECTIVAL = re.compile(r"(?:ый|[гкхжшчщн]ий|ой|ая|яя|ое|[^ь]ее|ые|[гкхжшчщн]ие)$")
_SURELY_ADJECTIVAL = re.compile(r"(?:ый|[сц]кий|[жшчщн]ий|[сц]кой|ая|яя|ое|ее|ые|[сц]кие)$")
_SHORT = 4


def is_adjective(word: str) -> bool:
    """Whether the nominative ending is an adjective's: новая, поречное, нижний."""
    return len(word) >= _SHORT and _ADJECTIVAL.search(word) is not None


@by_tail
def decline(word: str) -> Paradigm:
    """A word that stands alone or ends its name: every reading of its ending."""
    if is_adjective(word):
        return adjective(word)
    return noun(word)


@by_tail
def adjective(word: str) -> Paradigm:
    """As an adjective; where the ending may be a noun's too (Уренгой), as both."""
    if _SURELY_ADJECTIVAL.search(word):
        return apply_all(_ADJECTIVES, word)
    return merge((apply_all(_ADJECTIVES, word), noun(word)))


@by_tail
def noun(word: str) -> Paradigm:
    return with_twins(_NOUNS, _TWINS, word)


def led(word: str, adjective: str) -> Paradigm:
    """A word in the gender and number of the adjective beside it: Казачья Лопань, Старый Ямполь, Большие Будища.

    One in -ой tells nothing: it may be a noun (Ачхой).
    """
    if word.endswith("ь") and adjective.endswith(("а", "я")):
        return _SOFT_FEMININE.apply(word)
    if word.endswith("ь") and adjective.endswith(("ый", "ий", "в", "н")):
        return with_twins((_SOFT_MASCULINE,), _TWINS, word)
    if adjective.endswith(("ие", "ые", "ьи")) and word.endswith(("а", "я")):
        return apply_all(_PLURALS_IN_A, word)
    return decline(word)


def leading(word: str, behind: str) -> Paradigm | None:
    """A word that agrees with the one behind it: Великий Новгород, Волчья Балка; None if it is no such word."""
    if _BELONGS.search(f"{word} {behind}"):
        return apply_all(_BELONGING, word)
    if not is_adjective(word):
        return None
    may_be_noun = word.endswith("ой") or is_adjective(behind)  # Ачхой-Мартан, Уренгой Новый
    return adjective(word) if may_be_noun else apply_all(_ADJECTIVES, word)


_PLURAL_ENDS = (
    (r"[ьйя]$", "и"),
    (r"(?<=[гкхжшчщ])а?$", "и"),
    (r"а$|(?<=[бвдзлмнпрстфц])$", "ы"),
    (r"о$|(?<=[жшчщц])е$", "а"),
    (r"е$", "я"),
)


def plurals(word: str) -> Iterator[str]:
    """A noun's forms in the plural; for terms that no dictionary knows, no name has them."""
    return plural_forms(word, _PLURAL_ENDS, _TWINS, _NOUNS, _PLURALS_IN_A)


def belonging(word: str) -> Paradigm | None:
    """Петров, Иванова, Сергиево before another word: a possessive; None if it does not look like one."""
    return apply_all(_POSSESSIVES, word) if any(each.pattern.search(word) for each in _POSSESSIVES) else None
