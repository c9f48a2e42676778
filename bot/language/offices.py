"""The offices and bodies that a text names, such as a governor, a general staff, "Russian milbloggers".

In: a text. Out: an `Office` for each, with its nation and the person's name where they stand beside it. Pure; all three
languages at once. An office that is named is not yet credited: `saying` tells that.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.language.phonetic import skeleton
from bot.language.saying import clause_after
from bot.language.stem import common

FILE = Path(__file__).parent / "tables" / "offices.txt"
LOOKED_AT = 4000
"""Characters of a text."""
KINDS = (
    "governor", "mayor", "district", "prosecutors", "police", "rescuers", "security", "intelligence", "command",
    "headquarters", "authorities", "bloggers", "press", "outlet", "nation",
)  # fmt: skip
STATE = frozenset({"command", "security", "intelligence"})
"""Of these a writer without further mark means those of his own nation."""
NATIONS = ("ru", "ua")
FOE = "foe"
_BEFORE = re.compile(r"(?:[\w'’]+\s+){0,2}\Z")
_NAME = re.compile(
    r"(?<!\w)[A-ZА-ЯЁІЇЄҐ][\w'’-]*"
    r"(?:[оеёє]в|їв|[иыі]н|[иыо]й|ко|[уюия]к|ян|дзе|[оеёє]в\w|ин\w|sky|[oe]v|in|ko|uk)\b"
)
"""A surname, by its ending."""


@dataclass(frozen=True, slots=True)
class Office:
    """What stands at `start` to `end`: its kind, whose it is (`ru`, `ua`, `foe` or nothing), who holds it if said."""

    kind: str
    nation: str
    name: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def offices(text: str) -> tuple[Office, ...]:
    """Every office that a text names, in order."""
    return tuple(_found(text[:LOOKED_AT]))


def nation_of(text: str) -> str:
    """The nation, or the enemy, that a short text marks; the last mark counts."""
    marks = [(found.start(), nation) for nation in (*NATIONS, FOE) for found in _table(nation).finditer(text)]
    return max(marks)[1] if marks else ""


def _found(text: str) -> Iterator[Office]:
    for match in _table(*KINDS).finditer(text):
        start, end = match.span()
        before, behind = _BEFORE.search(text, max(0, start - 40), start), clause_after(text, end)
        nation = nation_of(match.group()) or nation_of(before.group() if before else "") or nation_of(behind)
        kind = next(kind for kind in KINDS if _table(kind).fullmatch(match.group()))
        yield Office(kind, nation, _name(behind), start, end)


def _name(behind: str) -> str:
    """The consonants of the surname behind an office."""
    names = [match.group() for match in _NAME.finditer(behind) if not _table("region").fullmatch(match.group())]
    return skeleton(common(names[-1].casefold())) if names else ""


@cache
def _table(*groups: str) -> re.Pattern[str]:
    """The words of the groups, the longest first."""
    words = sorted((word for group in groups for word in _words(group)), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(_pattern, words))})\b", re.IGNORECASE)


def _pattern(word: str) -> str:
    return word.replace("*", r"[\w'’]*").replace("_", r"\s+").replace("~", r"(?:\s+[\w'’-]+){0,2}\s+")


def _words(group: str) -> list[str]:
    text = re.sub("#.*\n", "", FILE.read_text("utf-8")).replace("\n    ", " ")
    groups = dict(line.split(":", 1) for line in text.splitlines() if line)
    return groups[group].split()
