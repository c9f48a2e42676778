"""The quick way to fold an ordinary text: pure.

In: a text. Out: its words, folded as `bot.language.fold` folds them, between gaps of any length; None for a text that
wants a closer look. One byte a letter, and a table for all that has to be done: a third of the cost.
"""

from __future__ import annotations

import re

_CODE = "cp1251"
_STRANGE = re.compile(
    "[^\x00-\x7fа-яА-ЯёЁіІїЇєЄґҐ«»„“”’–—…№•·°§\xa0‼⁉\ufe0f\u2190-\u21ff\u2500-\u2775\u2794-\u27bf"
    "\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]"
)
"""What may fold in another way. Of the rest, signs that have no byte are gaps, like the sign that replaces them."""
JOINER = "\u200d"
_LATIN, _CYRILLIC = re.compile("[a-zA-Z]"), re.compile("[а-яА-ЯёЁіІїЇєЄґҐ]")


def folded(text: str) -> str | None:
    """`text` in lower case, ё as е, without apostrophes, a space for every other sign."""
    text = text.replace(JOINER, "")
    if _STRANGE.search(text):
        return None
    raw = text.encode(_CODE, "replace")
    scripts = raw.translate(_SCRIPTS)
    if b"LC" in scripts or b"CL" in scripts:
        return None
    return raw.translate(_FOLDED, _DROPPED).decode(_CODE)


def _script(char: str) -> str:
    return "L" if _LATIN.match(char) else "C" if _CYRILLIC.match(char) else " "


def _letter(char: str) -> str:
    return char.lower().replace("ё", "е") if _script(char) != " " or char in "0123456789" else " "


_SIGNS = bytes(range(256)).decode(_CODE, "replace")
_SCRIPTS = "".join(map(_script, _SIGNS)).encode(_CODE)
_FOLDED = "".join(map(_letter, _SIGNS)).encode(_CODE)
_DROPPED = "'`’".encode(_CODE)
