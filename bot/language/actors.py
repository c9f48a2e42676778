"""Who acts in a sentence, as its author sees it: his own troops, or the enemy.

In: a sentence as it is written. Out: what it tells of whom. Pure. A word of news belongs to the nearest word for one of
the two; what is done to one of them ("по нашим", "at the enemy") the other does. Fights have no side.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.language.events import Sense, sense
from bot.language.fold import fold

FILE = Path(__file__).parent / "tables" / "actors.txt"
_WORD = re.compile(r"[\w']+")
_NEAR = 5
"""Words between who acts and what is done, at most."""


class Actor(StrEnum):
    OURS = "ours"
    ENEMY = "enemy"

    @property
    def other(self) -> Actor:
        return Actor.ENEMY if self is Actor.OURS else Actor.OURS


Act = tuple[Actor, str]
"""Who does it, and what: advance, retreat or strike."""


def acts(sentence: str) -> frozenset[Act]:
    """What a sentence tells of its author's troops and of the enemy."""
    words = _WORD.findall(fold(sentence).text)
    actors = list(_actors(words))
    done = ((at, what) for at, word in enumerate(words) if (what := _deed(sense(word))))
    return frozenset((actor, what) for at, what in done if (actor := _nearest(actors, at)))


def _actors(words: Sequence[str]) -> Iterator[tuple[int, Actor]]:
    for at, word in enumerate(words):
        behind = words[at + 1] if at + 1 < len(words) else ""
        if _is("people", behind):
            continue
        ours = _is("ours", word) or (_is("our", word) and _is("troops", behind))
        if ours or _is("enemy", word):
            actor = Actor.OURS if ours else Actor.ENEMY
            yield at, actor.other if any(_is("upon", before) for before in words[max(0, at - 2) : at]) else actor


def _nearest(actors: Sequence[tuple[int, Actor]], at: int) -> Actor | None:
    """Whose deed it is; of two as near it is that of the one before."""
    away = [(abs(place - at), place, actor) for place, actor in actors if abs(place - at) <= _NEAR]
    return min(away)[2] if away else None


def _deed(found: Sense | None) -> str:
    """One word for deeds that are told of one event: who enters a village takes it."""
    if found is None or found.name == "fight":
        return ""
    if found.name == "retreat":
        return found.name
    return "advance" if "combat" in found.kinds else "strike" if "strike" in found.kinds else ""


def _is(group: str, word: str) -> bool:
    return _table()[group].fullmatch(word) is not None


@cache
def _table() -> dict[str, re.Pattern[str]]:
    text = re.sub("#.*\n", "", FILE.read_text("utf-8")).replace("\n    ", " ")
    groups = (line.split(":", 1) for line in text.splitlines() if line)
    return {
        group: re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split()))
        for group, words in groups
    }
