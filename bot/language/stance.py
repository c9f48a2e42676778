"""How a sentence stands to what it names: it says it, asks, doubts or denies it.

In: a sentence as it is written, and the one behind it. Out: a `Stance`. Pure. Words of news that are denied by
themselves count ("удара не было", "сбит НЕ был"), details do not: "пострадавших нет" denies no strike.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from bot.language.events import Sense, sense
from bot.language.fold import fold

FILE = Path(__file__).parent / "tables" / "stances.txt"
_ENDS = re.compile(r"[?？⁇⁈⁉]\W*\Z")
_BEGINS = re.compile(r"\W*(?:\w+ ли|неужели|разве|чи|невже|хіба)(?!\w)", re.IGNORECASE)
_LEADS = re.compile(r"\W*(\w+)\s*(?:[:.!—–-]|$|[\r\n])")
"""A word before a colon, or that stands alone."""
_WORD = re.compile(r"[\w']+")
_SHORT = 4
"""A sentence of so few words that denies or doubts says it of the one before."""
_NEAR = 2
"""Words between a word of news and the verb that says it is not, at most."""


class Stance(StrEnum):
    """The value says it of the source."""

    SAYS = "says it"
    ASKS = "only asks"
    DOUBTS = "tells it as unconfirmed"
    DENIES = "denies it"
    CHANGED = "was changed by its author since, and tells otherwise"


@lru_cache(maxsize=4096)
def stance(sentence: str, after: str = "") -> Stance:
    """The stance of a sentence to what it names."""
    if _ENDS.search(sentence) or _BEGINS.match(sentence):
        return Stance.ASKS
    words = _words(sentence)
    for found in (_said(words), _of_before(_words(after))):
        if found is not Stance.SAYS:
            return found
    return Stance.DENIES if denied_news(words) else Stance.SAYS


def _words(text: str) -> list[str]:
    """The folded words; short forms of English without their apostrophe."""
    return [word.replace("'", "") if word.isascii() else word for word in _WORD.findall(fold(text).text)]


def _of_before(words: Sequence[str]) -> Stance:
    """What a sentence says of the one before it, if it says anything of it."""
    refers = len(words) <= _SHORT or any(map(_table("that").fullmatch, words))
    return _said(words) if refers else Stance.SAYS


def _said(words: Sequence[str]) -> Stance:
    text = " ".join(words)
    if _table("doubts").search(text):
        return Stance.DOUBTS
    return Stance.DENIES if _table("denies").search(text) else Stance.SAYS


def denied_news(words: Sequence[str]) -> set[str]:
    """The senses of news (no details) that the folded words deny, or say were only tried."""
    return {found.name for at, found in _told(words) if found.is_news and _denied(words, at)}


def correcting(text: str) -> str:
    """The word by which a text begins that puts right what was said before, as it stands; else nothing."""
    found = _LEADS.match(text)
    return found[1] if found and _is("corrects", fold(found[1]).text) else ""


def denying(word: str) -> bool:
    """Whether a folded word may deny another."""
    return any(_is(group, word) for group in ("nots", "nones", "tries"))


def _told(words: Sequence[str]) -> Iterator[tuple[int, Sense]]:
    return ((at, found) for at, word in enumerate(words) if (found := sense(word)) is not None)


def _denied(words: Sequence[str], at: int) -> bool:
    before = words[max(0, at - 2) : at]
    if before and (_is("nones", before[-1]) or _is("nots", before[-1]) or _is("tries", before[-1])):
        return True
    if len(before) == 2 and (_is("nots", before[0]) and _is("is", before[1])):
        return True  # "не был сбит", "not be recorded"
    if len(before) == 2 and (_is("tries", before[0]) and before[1] == "to"):
        return True
    return _is_not(words, at)


def _is_not(words: Sequence[str], at: int) -> bool:
    """Whether the words behind say that it is not: "атак не зафиксировано", "боёв нет"."""
    behind = words[at + 1 : at + _NEAR + 3]
    if behind and _is("nones", behind[0]) and (len(behind) == 1 or sense(behind[1]) is None):
        return True
    for place, (first, second) in enumerate(pairwise(behind)):
        if sense(first) is not None:
            return False
        if _is("nots", first) and _is("is", second):
            return place <= _NEAR
    return False


def _is(group: str, word: str) -> bool:
    return _table(group).fullmatch(word) is not None


@cache
def _table(group: str) -> re.Pattern[str]:
    words = (re.escape(word).replace(r"\*", r"\w*").replace("_", " ") for word in spellings(group))
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


def spellings(group: str) -> list[str]:
    """The words and phrases of a group, as the table has them."""
    text = re.sub("#.*\n", "", FILE.read_text("utf-8")).replace("\n    ", " ")
    groups = dict(line.split(":", 1) for line in text.splitlines() if line)
    return groups[group].split()
