"""A text as its pairs of neighbouring words: what two texts have in common, wherever it stands.

In: a text. Out: a set of pairs, without case and punctuation. What is compared is bounded: a title of 1 MB costs no
more than a long post.
"""

from __future__ import annotations

import re
from itertools import pairwise

Pair = tuple[str, str]

LOOKED_AT = 4000
"""Characters of a text."""
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")


def pairs(text: str) -> frozenset[Pair]:
    """Neighbouring words and numbers."""
    return frozenset(pairwise(_words(text)))


def pairs_whatever_numbers(text: str) -> frozenset[Pair]:
    """The same, where one number is as good as another."""
    return frozenset(pairwise("0" if word[0].isdigit() else word for word in _words(text)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:LOOKED_AT].casefold())
