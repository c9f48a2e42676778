"""The same name in the neighbour language, where the spelling follows a rule: Покровск - Покровськ.

In: a name and its language. Out: its regular spellings in the other.
A name that was translated rather than spelt anew (Новая Сорочина - Нова Сорочина) follows its endings.
"""

from __future__ import annotations

import re

from bot.language.detect import Language

_TO_UKRAINIAN_ENDS = (
    (r"([сц])кий\b", r"\1ький"),
    (r"([сц])кая\b", r"\1ька"),
    (r"([сц])кое\b", r"\1ьке"),
    (r"([сц])кие\b", r"\1ькі"),
    (r"([сц])к\b", r"\1ьк"),
    (r"([^аеиоуы])[её]вка\b", r"\1івка"),
    (r"овка\b", "івка"),
    (r"([аеиоуы])евка\b", r"\1ївка"),
    (r"ая\b", "а"),
    (r"яя\b", "я"),
    (r"[ое]е\b", "е"),
    (r"ый\b", "ий"),
    (r"([оеё])во\b", r"\1ве"),
    (r"ино\b", "ине"),
    (r"ия\b", "ія"),
)
_TO_RUSSIAN_ENDS = (
    (r"([сц])ький\b", r"\1кий"),
    (r"([сц])ька\b", r"\1кая"),
    (r"([сц])ьке\b", r"\1кое"),
    (r"([сц])ьк\b", r"\1к"),
    (r"([жшчщ])івка\b", r"\1евка"),
    (r"івка\b", "овка"),
    (r"ївка\b", "евка"),
    (r"([оеє])ве\b", r"\1во"),
    (r"ине\b", "ино"),
    (r"ів\b", "ов"),
    (r"їв\b", "ев"),
    (r"([вн])а (?=[А-Я])", r"\1ая "),
    (r"([вн])е\b", r"\1ое"),
    (r"ія\b", "ия"),
)
_HARD_I = re.compile(r"(?<=[бвдзлмнпрстфц])и(?!й\b|но\b)")
_TO_UKRAINIAN = str.maketrans({"ы": "и", "э": "е", "ё": "ьо", "ъ": "’", "Э": "Е"})
_TO_RUSSIAN = str.maketrans(
    {"і": "и", "ї": "и", "є": "е", "ґ": "г", "’": "ъ", "'": "ъ", "І": "И", "Ї": "И", "Є": "Е", "Ґ": "Г"}
)


def counterpart(name: str, language: Language) -> tuple[tuple[Language, str], ...]:
    """The name in the other language by rule, with that language; empty for a name that is in neither."""
    if language is Language.RUSSIAN:
        return ((Language.UKRAINIAN, _replace(name, _TO_UKRAINIAN_ENDS).translate(_TO_UKRAINIAN)),)
    if language is Language.UKRAINIAN:
        # Ukrainian и is Russian и in some names and ы in others: Прилуки, Сумы.
        plain = _replace(name, _TO_RUSSIAN_ENDS)
        hard = _HARD_I.sub("ы", plain)
        return tuple((Language.RUSSIAN, each.translate(_TO_RUSSIAN)) for each in dict.fromkeys((plain, hard)))
    return ()


def _replace(name: str, ends: tuple[tuple[str, str], ...]) -> str:
    for pattern, becomes in ends:
        name = re.sub(pattern, becomes, name)
    return name
