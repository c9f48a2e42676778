"""What the cases of a word have in common.

In: a folded word. Out: its beginning. Pure; both languages at once, for a short text does not say which it is in.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re

SHORTEST = 3
"""Letters that are left at least of a word: fewer begin too many others."""
ENDING = re.compile(
    "(?:ами|ями|ого|его|ому|ему|ыми|ими|ою|ею|ой|ей|ий|ый|ая|яя|ое|ее|ые|ие|ых|их|ым|им|ом|ем|єм|єю|ією|ам|ям|ах|ях|"
    "ую|юю|ю|а|я|о|е|у|и|ы|і|ї|й|ь|є)$"
)
_LONGEST_ENDING = 3
_LAST_VOWEL = re.compile("(?<=..)[еоєіиы](?=[бвгґджзйклмнпрстфхцчшщ]$)")
"""It flees before an ending (Тростянца), or is another one (Харкова of Харків)."""
_DOUBLED = re.compile(r"(.)\1+")
_ONE_SOUND = str.maketrans("іїыэєґ", "иииеег")


def stem(word: str) -> str | None:
    """The word without the longest ending of a case; None for a word that would be too short."""
    for size in range(_LONGEST_ENDING, -1, -1):
        left = word[: len(word) - size]
        if len(left) >= SHORTEST and (not size or ENDING.fullmatch(word[len(left) :])):
            return left
    return None


def common(word: str) -> str:
    """The stem as all cases in both languages have it: of Бердином and Бердіна, of Тростянец and Тростянца.

    An ending may be no ending but the name's own: of Артём and Артёма it is taken off both.
    """
    while (left := stem(word)) is not None and left != word:
        word = left
    return alike(_LAST_VOWEL.sub("", word))


def alike(word: str) -> str:
    """The word as both languages would spell it alike: артилерії as артиллерии."""
    return _DOUBLED.sub(r"\1", word.translate(_ONE_SOUND))
