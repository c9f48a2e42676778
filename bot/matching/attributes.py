"""Attributes: whether a finding is no name but the adjective of the noun behind it: на Покровском направлении.

In: a finding in its scene, and one watch's claim on it. Out: yes or no. Two kinds of names have such forms: nouns in
-ск and -ськ in one or two of their cases (Покровском, Донецька, Донецьку), where the word that governs the form tells
most, and names that are adjectives themselves (Покровское), where only the noun behind does.
"""

from __future__ import annotations

import re

from bot.language.agreement import INSTITUTIONS, agree
from bot.language.dictionary import Trait
from bot.language.kinds import DIVISIONS, LETTERS, SETTLEMENTS
from bot.language.words import table
from bot.matching.lexicon import Entry
from bot.matching.scan import Finding
from bot.matching.scene import Scene
from bot.model import Origin

_SHAPE = re.compile(r"(?:[сцз]ком|[сцз]ьк[ау])$")
_JOINTS = frozenset({"и", "й", "і", "та", "или", "або", "and", "or"})
_COMMA = re.compile(r"\s?,\s")
_TAIL = 2
_LONGEST_LIST = 6
_LOCATIVE = table("в во на о об обо при")
_INSTRUMENTAL = table("под над за перед с со между рядом подо надо передо")
_SEVERAL_IN_ENGLISH = table("districts oblasts provinces raions rayons regions counties directions axes sectors fronts")
_DIVISIONS_IN_ENGLISH = _SEVERAL_IN_ENGLISH | table(
    "district oblast province raion rayon region county krai direction axis sector front"
)
_BETWEEN = table("border frontier")
_GENITIVE = table("до з із зі від біля коло навколо поблизу без для після близько під з-під неподалік из от у возле")
_EITHER = table("в у по")
"""Before -ську the Ukrainian preposition of place, and of direction too."""


def is_attribute(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether the form is the adjective of what stands behind it, by itself or with others that are joined to it."""
    if entry.origin is Origin.ADJECTIVE:
        return False
    word = seen.word(finding.last)
    return _is_division(finding.last + 1, seen) if word.isascii() else _agrees(finding, entry, seen, word)


def _agrees(finding: Finding, entry: Entry, seen: Scene, word: str) -> bool:
    if not _stands_as_one(finding, seen):
        return False
    if entry.traits & Trait.ADJECTIVAL:
        return not _is_settlement(finding, seen) and _has_noun(finding, seen)
    if not _SHAPE.search(word):
        return False
    governor = seen.word(_first_of_list(finding, seen) - 1)
    if word.endswith("ом"):
        # A noun's -ском is the instrumental, an adjective's the locative: the preposition knows.
        return governor in _LOCATIVE or (governor not in _INSTRUMENTAL and _has_noun(finding, seen))
    if word.endswith("а") and governor in _GENITIVE:
        return False
    return _has_noun(finding, seen, divides=word.endswith("у") and governor in _EITHER)


def _is_division(at: int, seen: Scene) -> bool:
    """Whether an English name before word `at` is a region's: the Kursk border region, Kursk and Belgorod regions."""
    divisions, last = _DIVISIONS_IN_ENGLISH, at + _LONGEST_LIST
    while at < last and (joint := _joined(at, seen)) is not None and seen.cased(joint)[:1].isupper():
        divisions, at = _SEVERAL_IN_ENGLISH, joint + 1
    at += seen.word(at) in _BETWEEN
    return seen.gap(at).isspace() and "\n\n" not in seen.gap(at) and seen.word(at) in divisions


def _is_settlement(finding: Finding, seen: Scene) -> bool:
    """Whether a kind of settlement stands before it: с. Красное тихо."""
    before, gap = seen.word(finding.first - 1), seen.gap(finding.first)
    return (before in LETTERS and gap.strip() == ".") or (before in SETTLEMENTS and gap.isspace())


def _stands_as_one(finding: Finding, seen: Scene) -> bool:
    return all("-" in seen.gap(at) for at in range(finding.first + 1, finding.last + 1))


def _has_noun(finding: Finding, seen: Scene, *, divides: bool = False) -> bool:
    """Whether a noun that agrees stands behind the last of the joined adjectives; `divides`: only a region or such."""
    last = _last_of_list(finding, seen)
    at = last + 1
    noun, shown = seen.word(at), seen.cased(at)
    if not seen.gap(at).isspace() or "\n\n" in seen.gap(at):
        return False
    known = noun in DIVISIONS or noun in INSTITUTIONS
    if divides and not known:
        return False
    plain = shown.islower() or (shown.isupper() and seen.cased(last).isupper()) or known
    return plain and agree(
        seen.word(last), noun, several=last != finding.last or _first_of_list(finding, seen) != finding.first
    )


def _last_of_list(finding: Finding, seen: Scene) -> int:
    """The last of the capitalised words of one ending that are joined: Купянском, Покровском и Торецком."""
    tail, last = seen.word(finding.last)[-_TAIL:], finding.last
    while last - finding.last < _LONGEST_LIST:
        after = _joined(last + 1, seen)
        if after is None or not _is_alike(after, tail, seen):
            break
        last = after
    return last


def _joined(at: int, seen: Scene) -> int | None:
    """The word that a comma or an "and" joins, where the joint begins at word `at`."""
    if _COMMA.fullmatch(seen.gap(at)):
        return at
    joint = seen.word(at) in _JOINTS and seen.gap(at).isspace() and seen.gap(at + 1).isspace()
    return at + 1 if joint else None


def _first_of_list(finding: Finding, seen: Scene) -> int:
    tail, first = seen.word(finding.last)[-_TAIL:], finding.first
    while finding.first - first < _LONGEST_LIST:
        joint = seen.word(first - 1) in _JOINTS and seen.gap(first).isspace() and seen.gap(first - 1).isspace()
        before = first - 2 if joint else first - 1
        if joint and seen.cased(before).islower() and seen.gap(before).isspace():
            before -= 1  # о Курском фронте и Брянском
        if not (joint or _COMMA.fullmatch(seen.gap(first))) or not _is_alike(before, tail, seen):
            break
        first = before
    return first


def _is_alike(at: int, tail: str, seen: Scene) -> bool:
    return seen.word(at).endswith(tail) and seen.cased(at)[:1].isupper()
