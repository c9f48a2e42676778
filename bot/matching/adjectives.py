"""Adjectives of place names: суджанский, курский, київський.

In: a name of one word and its languages. Out: the adjective's forms in all genders and cases. A place's adjective is
not regular, so every usual way to make it is given; it is an option of the watch, never a default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language import declension_ru, declension_uk
from bot.language.detect import Language

_RUSSIAN = (
    (r"(с|ц)к$", (r"\1кий",)),
    (r"[оеё]во$", ("овский", "евский")),
    (r"ино$", ("инский",)),
    (r"(в|н)$", (r"\1ский",)),
    (r"([гкхж])а$", (r"\1анский", r"\1инский", "жский", "шский")),
    (r"([^аеиоуыэюя])[аы]$", (r"\1ский", r"\1инский", r"\1анский")),
    (r"([^аеиоуыэюя])[ьяи]$", (r"\1ьский", r"\1ский", r"\1инский", r"\1янский")),
    (r"([^аеиоуыэюяьй])$", (r"\1ский",)),
)
_UKRAINIAN = (
    (r"(с|ц)ьк$", (r"\1ький",)),
    (r"([ії])в$", (r"\1вський",)),
    (r"івка$", ("івський",)),
    (r"([^аеєиіїоуюя])[аи]$", (r"\1ський", r"\1инський", r"\1анський", r"\1янський")),
    (r"([^аеєиіїоуюяьй])ь?$", (r"\1ський",)),
)
_GENDERS = {Language.RUSSIAN: ("ий", "ая", "ое", "ие"), Language.UKRAINIAN: ("ий", "а", "е", "і")}
_WAYS = {Language.RUSSIAN: _RUSSIAN, Language.UKRAINIAN: _UKRAINIAN}
_DECLINE = {Language.RUSSIAN: declension_ru.adjective, Language.UKRAINIAN: declension_uk.adjective}


def adjectives(name: str, languages: Iterable[Language]) -> tuple[str, ...]:
    """Every form of every adjective that may be made of the name; none for a name of several words."""
    if not name.isalpha():
        return ()
    found: dict[str, None] = {}
    for language in languages:
        for base in _bases(name.lower(), language):
            for end in _GENDERS.get(language, ()):
                for case in _DECLINE[language](base[:-2] + end):
                    found.update(dict.fromkeys(case))
    return tuple(found)


def _bases(name: str, language: Language) -> list[str]:
    for pattern, endings in _WAYS.get(language, ()):
        if re.search(pattern, name):
            return [re.sub(pattern, ending, name) for ending in endings]
    return []
