"""One phonetic key for both scripts: what a name sounds like to someone who writes it down by ear.

In: one folded word, Cyrillic or Latin. Out: its key, equal for Sudzha, Soudja and Суджа. A key alone is weak evidence.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгґдезийклмнопрстуфхцчшщыэіїєё", "abvhgdeziiklmnoprstufxcqwwieiieo", strict=True)),
        "ж": "j",
        "ъ": "",
        "ь": "",
        "ю": "iu",
        "я": "ia",
    }
)
_LATIN = (
    ("shch", "w"), ("sch", "w"), ("tch", "q"), ("dzh", "dj"), ("dj", "dj"), ("zh", "j"), ("kh", "x"), ("ch", "q"),
    ("sh", "w"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("ou", "u"), ("oo", "u"),
    ("ee", "i"), ("yi", "i"), ("ye", "e"), ("je", "e"), ("ya", "ia"), ("ja", "ia"), ("yu", "iu"), ("ju", "iu"),
    ("yo", "o"), ("x", "ks"), ("y", "i"), ("w", "v"), ("q", "k"),
)  # fmt: skip
_ONE = re.compile("|".join(sorted((latin for latin, _ in _LATIN), key=len, reverse=True)))
_SOUND = dict(_LATIN)
_DOUBLE = re.compile(r"(.)\1+")
_VOWEL = re.compile("[aeiou]")
_FEWEST = 2
"""Consonants that still tell names apart."""
_ASPIRATES = str.maketrans("g", "h")


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """The key of one word; empty if nothing of it sounds."""
    coded = _ONE.sub(lambda match: _SOUND[match.group()], word) if word.isascii() else word.translate(_CYRILLIC)
    coded = coded.replace("ii", "i").replace("ie", "e").translate(_ASPIRATES)
    return _DOUBLE.sub(r"\1", coded).rstrip("i") or coded[:1]


def skeleton(word: str) -> str:
    """The consonants of a key: what Ковалёв, Ковальов and Kovalev have in common; the key itself where they are few."""
    key = sound(word)
    left = _VOWEL.sub("", key)
    return left if len(left) >= _FEWEST else key
