"""Cyrillic spellings of a name that is written in Latin letters only, as the usual transliterations are read back.

In: a Latin name. Out: what it may be in Russian and Ukrainian; none where its letters are no transliteration. Latin
letters leave soft signs out, so a spelling is a guess: whoever uses it says that the name is known by its sound alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language.detect import Language

_BOTH = {
    **dict(re.findall(r"([a-z]+)(.)", "shchщ zhж khх tsц chч shш yuю yaя iuю iaя")),
    **dict(zip("abcdefijklmnopqrstuvwxz", "абкдефийклмнопкрстуввкз", strict=True)),
    "x": "кс",
}
_LETTERS = {
    Language.RUSSIAN: _BOTH | {"yo": "ё", "ye": "е", "g": "г", "h": "х", "y": "ы"},
    Language.UKRAINIAN: _BOTH | {"zgh": "зг", "yi": "ї", "ye": "є", "ie": "є", "g": "ґ", "h": "г", "i": "і", "y": "и"},
}
_ENDS = {
    Language.RUSSIAN: ((r"(?<=[сц])к[ыи]$", "кий"), (r"(?<=[аеиоуыэюя])ы", "й"), (r"ыы$", "ый"), (r"иы$", "ий")),
    Language.UKRAINIAN: (
        (r"(?<=[нрвлтсцк])(?:ї|ии)$", "ий"),
        (r"(?<=[аеіоуюя])и", "й"),
        (r"(?<=[сц])(?=к(?:[аеи]|ий)?$)", "ь"),
        (r"ец$", "ець"),
        (r"(?<=и)ця$|(?<=и)ца$", "ця"),
    ),
}
_SOUNDS = {
    language: re.compile("|".join(sorted(letters, key=len, reverse=True))) for language, letters in _LETTERS.items()
}
_SOFT = re.compile(r"(?<=[Лл])(?=[бвгґджзкмнпрстфхцчшщ]|$)")
_PAIRS = re.compile("shch|[zkcs]h")
_APOSTROPHES = re.compile("['’ʼ`]")
_WORD = re.compile("[a-z]+")
_MIN = 4
"""Letters of a name; shorter ones sound like everything."""


def spellings(name: str) -> tuple[tuple[Language, str], ...]:
    """The Cyrillic names that a Latin one may stand for, each with its language, the likeliest of each first."""
    name = _APOSTROPHES.sub("", name)
    low = name.lower()
    if not low.isascii() or sum(map(str.isalpha, low)) < _MIN:
        return ()
    return tuple((language, way) for language in _languages(low) for way in dict.fromkeys(_ways(low, name, language)))


def _languages(low: str) -> tuple[Language, ...]:
    """A lone h is Ukrainian г, and g is Russian г; a name with neither may be in both."""
    plain = _PAIRS.sub("", low.replace("zgh", ""))
    if "h" in plain:
        return (Language.UKRAINIAN,)
    return (Language.RUSSIAN,) if "g" in plain else (Language.RUSSIAN, Language.UKRAINIAN)


def _ways(low: str, name: str, language: Language) -> Iterable[str]:
    def one(match: re.Match[str]) -> str:
        word = _SOUNDS[language].sub(lambda sound: _LETTERS[language][sound.group()], match.group())
        for pattern, becomes in _ENDS[language]:
            word = re.sub(pattern, becomes, word)
        return word.capitalize() if name[match.start() : match.start() + 1].isupper() else word

    plain = _WORD.sub(one, low)
    return plain, _SOFT.sub("ь", plain)
