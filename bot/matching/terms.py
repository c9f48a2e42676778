"""Terms: plain words and phrases with their inflections.

In: a term's words. Out: every form of them, singular and plural. A phrase takes any form of each of its words: in a
term, unlike in a name, a form too many does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from bot.language import declension_ru, declension_uk, dictionary
from bot.language.detect import Language, of_name
from bot.language.inflect import inflect
from bot.language.words import PARTICLES, UKRAINIAN_PLURALS

_MAX_FORMS = 2000


def term_forms(phrase: str) -> tuple[str, ...]:
    """The phrase itself first, then its forms; capitals (РЭБ) and Latin words stay as they are."""
    found: dict[str, None] = {phrase: None} if phrase.split() else {}
    for language in of_name(phrase):
        columns = [_word_forms(word, language) for word in phrase.split()]
        found.update((" ".join(words), None) for words in islice(product(*columns), _MAX_FORMS))
    return tuple(found)


def _word_forms(word: str, language: Language) -> tuple[str, ...]:
    low = word.lower()
    if word.isascii() or low in PARTICLES or (len(word) > 1 and word.isupper()):
        return (word,)
    known = dictionary.all_forms(low) if language is Language.RUSSIAN else ()
    if known:
        return tuple(dict.fromkeys((word, *known)))
    if "-" in word.strip("-"):  # fpv-дроны, дроны-камикадзе
        parts = (_word_forms(part, language) for part in word.strip("-").split("-"))
        return tuple("-".join(chosen) for chosen in islice(product(*parts), _MAX_FORMS))
    more = declension_ru.plurals(low) if language is Language.RUSSIAN else _more_ukrainian(low)
    return tuple(dict.fromkeys((word, *inflect(word, language), *more)))


def _more_ukrainian(word: str) -> Iterator[str]:
    yield from declension_uk.plurals(word)
    yield from declension_uk.alternating(word)
    yield from sorted(UKRAINIAN_PLURALS.get(word, ()))
