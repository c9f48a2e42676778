"""Terms: plain words and phrases with their inflections.

In: a term's words. Out: every form of them, singular and plural. A phrase takes any form of each of its words: in a
term, unlike in a name, a form too many does no harm.
"""

from __future__ import annotations

from itertools import islice, product

from bot.language import dictionary
from bot.language.detect import Language, of_name
from bot.language.inflect import inflect
from bot.language.words import PARTICLES

_MAX_FORMS = 600


def term_forms(phrase: str) -> tuple[str, ...]:
    """The phrase itself first, then its forms; capitals (РЭБ) and Latin words stay as they are."""
    words = phrase.split()
    if not words:
        return ()
    choices = [_word_forms(word) for word in words]
    made = (" ".join(chosen) for chosen in product(*choices))
    return tuple(dict.fromkeys((phrase, *islice(made, _MAX_FORMS))))


def _word_forms(word: str) -> tuple[str, ...]:
    if word.isascii() or word.lower() in PARTICLES or (len(word) > 1 and word.isupper()):
        return (word,)
    head, hyphen, last = word.rpartition("-")
    if head and last and not dictionary.all_forms(word.lower()):  # fpv-дроны
        return tuple(head + hyphen + form for form in _word_forms(last))
    languages = of_name(word)
    forms: list[str] = [word]
    if Language.RUSSIAN in languages:
        forms += dictionary.all_forms(word.lower()) or inflect(word, Language.RUSSIAN)
    if Language.UKRAINIAN in languages:
        forms += inflect(word, Language.UKRAINIAN)
    return tuple(dict.fromkeys(forms))
