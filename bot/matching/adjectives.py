"""Adjectives of place names: суджанский, курский, київський, часовоярский.

In: a name of one word or of two and its languages. Out: the adjective's forms in all genders and cases. A place's
adjective is not regular, so every usual way to make it is given; it is an option of the watch, never a default.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.language import declension_ru, declension_uk
from bot.language.detect import Language

_RUSSIAN = (
    (r"(с|ц)к$", (r"\1кий",)),
    (r"([оеё])во$", (r"\1вский", "овский", "евский")),
    (r"([иы])но$", (r"\1нский",)),
    (r"([оеёи]в|й)к[аи]$", (r"\1ский",)),
    (r"([^аеёиоуыэюя])к[аи]$", (r"\1ский", r"\1кинский", r"\1чанский")),
    (r"([аеёиоуыэюя])ки$", (r"\1цкий", r"\1кский", r"\1ковский")),
    (r"([гкхж])а$", (r"\1анский", r"\1инский", "жский", "шский")),
    (r"([^аеёиоуыэюя])ец$", (r"\1ецкий",)),
    (r"([^аеёиоуыэюя])цы$", (r"\1ецкий", r"\1цевский", r"\1цовский")),
    (r"([аеиоуыэюя])[йя]$", (r"\1йский",)),
    (r"([^аеёиоуыэюя])(?:ое|ая|ые|ый)$", (r"\1енский", r"\1ский", r"\1овский", r"\1янский")),
    (r"([^аеёиоуыэюя])ье$", (r"\1ский", r"\1ьевский", r"\1ьский")),
    (r"поле$", ("польский",)),
    (r"(в|н)$", (r"\1ский",)),
    (r"([^аеёиоуыэюя])[аы]$", (r"\1ский", r"\1инский", r"\1анский")),
    (r"([^аеёиоуыэюя])[ьяи]$", (r"\1ьский", r"\1ский", r"\1инский", r"\1янский")),
    (r"([^аеёиоуыэюя])о$", (r"\1овский", r"\1ский", r"\1инский", r"\1енский")),
    (r"г$", ("жский", "гский")),
    (r"([^аеёиоуыэюя])р$", (r"\1ровский", r"\1рский")),
    (r"л$", ("льский", "лский")),
    (r"([^аеёиоуыэюяьй])$", (r"\1ский",)),
)
_UKRAINIAN = (
    (r"([сцз])ьк$", (r"\1ький",)),
    (r"([ії])в$", (r"\1вський",)),
    (r"([еєо])ве$", ("івський", "ївський", r"\1вський")),
    (r"([иії])не$", (r"\1нський",)),
    (r"([ієїо]в|й)к[аи]$", (r"\1ський",)),
    (r"([^аеєиіїоуюяь])ь?к[аи]$", (r"\1ський", r"\1кинський", r"\1чанський")),
    (r"([аеєиіїоуюя])к[аи]?$", (r"\1цький", r"\1ківський")),
    (r"([аеєиіїоуюя])г[аи]?$", (r"\1зький",)),
    (r"([аеєиіїоуюя])ж$", (r"\1зький",)),
    (r"([аеєиіїоуюя])ч[і]?$", (r"\1цький", r"\1чинський")),
    (r"ець$", ("ецький",)),
    (r"([^аеєиіїоуюя])ці$", (r"\1ецький", r"\1цівський")),
    (r"(ів|їв)ці$", (r"\1ецький",)),
    (r"([аеєиіїоуюя])[йя]$", (r"\1йський",)),
    (r"поле$", ("пільський",)),
    (r"ква$", ("ківський",)),
    (r"ова$", ("івський", "овський")),
    (r"ння$", ("ненський", "нський")),
    (r"([жшч])\1я$", ("зький", "цький")),
    (r"([^аеєиіїоуюя])н[аи]$", (r"\1енський", r"\1нський", r"\1нинський", r"\1нянський")),
    (r"не$", ("ненський", "нянський", "анський")),
    (r"л(?:ь|я)$", ("льський",)),
    (r"([^аеєиіїоуюя])о$", (r"\1овський", r"\1івський", r"\1ський")),
    (r"([^аеєиіїоуюя])[аи]$", (r"\1ський", r"\1инський", r"\1анський", r"\1янський")),
    (r"([^аеєиіїоуюя'])['ь]?[яі]$", (r"\1ський", r"\1янський", r"\1івський")),
    (r"([^аеєиіїоуюяьй])ь?$", (r"\1ський",)),
)
_WAYS = {Language.RUSSIAN: _RUSSIAN, Language.UKRAINIAN: _UKRAINIAN}
"""What a name's end becomes; of the patterns the first that fits counts."""
_FIRST = {
    Language.RUSSIAN: (
        (r"(?:[яе]я|ее|(?<=н)ий|(?<=н)ие)$", "е"),
        (r"(?:[ыио]й|ая|ое|[ыи]е)$", "о"),
        (r"([оеи][вн])$", r"\1о"),
    ),
    Language.UKRAINIAN: (
        (r"(?:ій|я|є)$", "ьо"),
        (r"(?:ий|[аеі])$", "о"),
        (r"ів$", "ово"),
        (r"їв$", "єво"),
        (r"(ин)$", r"\1о"),
    ),
}
"""What the first of two words becomes within the adjective: Часов Яр, часовоярский."""
_GENDERS = {Language.RUSSIAN: ("ий", "ая", "ое", "ие"), Language.UKRAINIAN: ("ий", "а", "е", "і")}
_DECLINE = {Language.RUSSIAN: declension_ru.adjective, Language.UKRAINIAN: declension_uk.adjective}
_TO_UKRAINIAN = str.maketrans({"ы": "и", "э": "е", "ё": "ьо"})
_TO_RUSSIAN = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "'": "ъ"})
_APOSTROPHE = re.compile("[’ʼ`]")


def adjectives(name: str, languages: Iterable[Language]) -> tuple[str, ...]:
    """Every form of every adjective that may be made of the name, in both languages.

    None for a name of three words or with a hyphen.
    """
    found: dict[str, None] = {}
    for language in languages:
        for base in _bases(_APOSTROPHE.sub("'", name.lower()), language):
            for spelt_in, spelt in ((language, base), _anew(base, language)):
                found.update(dict.fromkeys(_forms(spelt, spelt_in)))
    return tuple(found)


def _forms(base: str, language: Language) -> Iterator[str]:
    for end in _GENDERS[language]:
        for case in _DECLINE[language](base[:-2] + end):
            yield from case


def _anew(base: str, language: Language) -> tuple[Language, str]:
    """The adjective as the other language spells it, letter by letter: каховский, каховський."""
    if language is Language.RUSSIAN:
        return Language.UKRAINIAN, re.sub("кий$", "ький", base).translate(_TO_UKRAINIAN)
    return Language.RUSSIAN, re.sub("ький$", "кий", base).translate(_TO_RUSSIAN)


def _bases(name: str, language: Language) -> Iterator[str]:
    *before, last = name.split()
    if language not in _WAYS or len(before) > 1 or not name.replace(" ", "").replace("'", "").isalpha():
        return
    first = _first(before[0], language) if before else ""
    if first is None:
        return
    for base in _becomes(last, language):
        yield first + base


def _first(word: str, language: Language) -> str | None:
    """The first of two words as it stands in the adjective; None for a noun, of which none is made."""
    for pattern, becomes in _FIRST[language]:
        if re.search(pattern, word):
            return re.sub(pattern, becomes, word)
    return None


def _becomes(word: str, language: Language) -> Iterator[str]:
    for pattern, endings in _WAYS[language]:
        if re.search(pattern, word):
            for ending in endings:
                yield _one_s(re.sub(pattern, ending, word), language)
            return


def _one_s(base: str, language: Language) -> str:
    """Одеса, одеський; Черкассы, черкасский: of the name's с and the suffix's one falls out."""
    return base.replace("сськ", "ськ") if language is Language.UKRAINIAN else base.replace("ссск", "сск")
