"""Scanning: a folded text -> spans that a watched form fills, longest first, none inside another.

In: a text and the lexicon. Out: `Finding`s in order. Time is linear in the text for a given lexicon: a run of words is
never longer than the longest watched name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.language.dictionary import Trait
from bot.language.fold import Folded, cyrillic_twin
from bot.language.tokens import Tokens
from bot.language.words import PARTICLES, PARTS_OF_PLACES
from bot.matching.lexicon import Lexicon, Payload, unpacked

_GAP = re.compile(r"[ \t\u00a0_]*-?[ \t\u00a0_]*\n?[ \t\u00a0_]*-?[ \t\u00a0_]*")
_MAX_GAP = 6
_ENGLISH_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """`payload` may stand at words `first` to `last` (included) of the text; `by_sound` if only by its key."""

    first: int
    last: int
    payload: Payload
    by_sound: bool = False
    agrees: bool = True
    """Whether its words stand in one case: not in Новому Буг."""
    inner: bool = False
    """Inside a longer finding that may be no name but a description: ВОСТОК УКРАИНЫ, in capitals."""


def scan(folded: Folded, tokens: Tokens, lexicon: Lexicon, *, english: bool = False) -> list[Finding]:
    """Every finding, left to right; the longest at each place, and none that begins inside another.

    In a text that is known to be English no word is a Cyrillic one in disguise.
    """
    words = tokens.words if english else _with_twins(folded, tokens, lexicon)
    found: list[Finding] = []
    free = 0
    for at in candidates(words, lexicon):
        finding = _at(words, at, folded, tokens, lexicon) if at >= free else None
        if finding is None or _describes(finding, words, folded, tokens, lexicon):
            continue
        found.append(finding)
        if words[at] in PARTS_OF_PLACES and finding.last > at:
            found += _inside(finding, words, folded, tokens, lexicon)
        free = finding.last + 1
    return found


def candidates(words: list[str], lexicon: Lexicon) -> list[int]:
    """The words that begin a form; Latin ones may by their sound."""
    beginnings = lexicon.beginnings
    return [at for at, word in enumerate(words) if word in beginnings or word.isascii()]


def _with_twins(folded: Folded, tokens: Tokens, lexicon: Lexicon) -> list[str]:
    """Words whose letters all look Cyrillic are read so, where that is a watched word and the text is Cyrillic."""
    words = tokens.words
    latin = [at for at, word in enumerate(words) if word.isascii() and word.isalpha()]
    if not latin or len(latin) > len(words) * _ENGLISH_SHARE:
        return words
    words = list(words)
    for at in latin:
        if words[at] in lexicon.beginnings:
            continue
        # As written: of H and В only the capital looks so.
        twin = cyrillic_twin(folded.cased[tokens.starts[at] : tokens.ends[at]])
        if twin is not None and twin.lower() in lexicon.beginnings:
            words[at] = twin.lower()
    return words


def _at(words: list[str], at: int, folded: Folded, tokens: Tokens, lexicon: Lexicon) -> Finding | None:
    for count, payload in lexicon.find(words, at):
        if count == 1 and (finding := _disagreeing(words, at, folded, tokens, lexicon)):
            return finding
        if joined(folded, tokens, at, at + count - 1):
            return Finding(at, at + count - 1, payload)
    if finding := _disagreeing(words, at, folded, tokens, lexicon):
        return finding
    word = words[at]
    if word.isascii() and folded.cased[tokens.starts[at]].isupper():
        for count, payload in lexicon.find_by_sound(words, at):
            if joined(folded, tokens, at, at + count - 1):
                return Finding(at, at + count - 1, payload, by_sound=True)
    return None


def _disagreeing(words: list[str], at: int, folded: Folded, tokens: Tokens, lexicon: Lexicon) -> Finding | None:
    for count, payload in lexicon.find_disagreeing(words, at):
        if joined(folded, tokens, at, at + count - 1) and _capitals(words, at, count, folded, tokens):
            return Finding(at, at + count - 1, payload, agrees=False)
    return None


def _capitals(words: list[str], at: int, count: int, folded: Folded, tokens: Tokens) -> bool:
    """Whether each word but particles begins with a capital."""
    return all(
        words[each] in PARTICLES or folded.cased[tokens.starts[each]].isupper() for each in range(at, at + count)
    )


def _describes(finding: Finding, words: list[str], folded: Folded, tokens: Tokens, lexicon: Lexicon) -> bool:
    """Whether a name's first word stands in small letters before a capital that is a name by itself.

    `на востоке Украины` speaks of Украина; only `Восток Украины` with its capital is the longer name.
    """
    if finding.first == finding.last or folded.cased[tokens.starts[finding.first]].isupper():
        return False
    if any(entry.traits & Trait.SMALL for entry in unpacked(finding.payload)):
        return False
    return any(
        folded.cased[tokens.starts[at]].isupper() and any(True for _ in lexicon.find(words, at))
        for at in range(finding.first + 1, finding.last + 1)
    )


def _inside(finding: Finding, words: list[str], folded: Folded, tokens: Tokens, lexicon: Lexicon) -> Iterator[Finding]:
    """Names inside a phrase in capitals: whether it describes, capitals hide, so the inner name waits for review."""
    if not folded.cased[tokens.starts[finding.first] : tokens.ends[finding.last]].isupper():
        return
    for at in range(finding.first + 1, finding.last + 1):
        inner = None if words[at] in PARTS_OF_PLACES else _at(words, at, folded, tokens, lexicon)
        if inner is not None and inner.last <= finding.last:
            yield replace(inner, inner=True)
            return


def joined(folded: Folded, tokens: Tokens, first: int, last: int) -> bool:
    """Whether only spaces, one hyphen or one line break part the words."""
    return all(_is_gap(folded.text[tokens.ends[at] : tokens.starts[at + 1]]) for at in range(first, last))


def _is_gap(gap: str) -> bool:
    return len(gap) <= _MAX_GAP and _GAP.fullmatch(gap) is not None
