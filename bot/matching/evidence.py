"""Evidence: what speaks for and against a finding, each a named value with its weight.

In: a finding in its text. Out: the evidence, strongest first, and a confidence from 0 to 1: the logistic function of the
weights' sum. docs/matching.md says what each adds, measured.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.language import words as tables
from bot.language.dictionary import Trait
from bot.language.fold import Folded
from bot.language.tokens import Tokens
from bot.matching.lexicon import Entry
from bot.matching.scan import Finding
from bot.model import Origin


class Evidence(Enum):
    """Words shown to people, and a weight in log-odds."""

    CAPITAL = ("capital letter", 2.2)
    ALL_CAPITALS = ("a post in capitals", 1.2)
    SMALL = ("small letter", -2.6)
    PREPOSITION = ("preposition", 0.6)
    LOCATIVE = ("preposition of place", 1.0)
    GENERIC = ("kind of place beside it", 1.6)
    WHOLE_PHRASE = ("several words agree", 2.0)
    REGION = ("its region in the text", 1.4)
    NEIGHBOUR = ("other watched places in the text", 0.4)
    HOME = ("the source's region", 0.8)
    NEAR = ("wanted words near it", 1.0)
    NOT_NEAR = ("no wanted word near it", -3.0)
    PERSON = ("a person's name", -3.6)
    STREET = ("a street", -1.2)
    ORGANISATION = ("part of an organisation's name", -1.2)
    QUOTED = ("a name in quotes", -1.6)
    COMPOUND = ("part of a hyphen compound", -1.6)
    COMMON = ("a common word", -1.2)
    SENTENCE_START = ("a common word at a sentence's start", -1.6)
    SURNAME = ("a surname too", -0.6)
    BY_SOUND = ("spelt by ear", -1.0)
    SHORT_LATIN = ("a short Latin name", -1.6)
    LINK = ("inside a link", -4.0)
    ADJECTIVE = ("adjective of the name", -0.2)
    HOMONYMS = ("other places of this name", -0.4)

    def __init__(self, words: str, weight: float) -> None:
        self.words = words
        self.weight = weight


PRIOR = 0.2
_LINKS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+|\S+@\S+\.\w+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:•\n][\s\"«»„“”'()*\-]*$")
_INITIAL_BEFORE = re.compile(r"\b[^\W\d_]\.\s?$")
_SURNAME = re.compile(
    r"(?:[оеё]в|[иы]н|ск[иоу][йм]|ськ[иоу]й|енко|ук|юк|ян|дзе|швили)(?:а|у|ым|ом|е|ой|им|ого|ому|і)?$"
)
_PATRONYMIC = re.compile(r"(?:[оеё]вич|ич|[оеё]вн|инишн|івн|йович)(?:а|у|ем|ом|е|ы|ой|і|ою)?$")
_OPEN, _CLOSE = "«\"„“'”", "»\"“”'"
_NEIGHBOURHOOD = 4
_SHORT = 5


@dataclass(frozen=True, slots=True)
class Scene:
    """A text as the evidence sees it."""

    folded: Folded
    tokens: Tokens
    links: tuple[tuple[int, int], ...]

    def word(self, at: int) -> str:
        return self.tokens.words[at] if 0 <= at < len(self.tokens.words) else ""

    def cased(self, at: int) -> str:
        if not 0 <= at < len(self.tokens.words):
            return ""
        return self.folded.cased[self.tokens.starts[at] : self.tokens.ends[at]]

    def gap(self, at: int) -> str:
        """What stands between word `at` and the one before."""
        before = self.tokens.ends[at - 1] if at > 0 else 0
        after = self.tokens.starts[at] if at < len(self.tokens.starts) else len(self.folded.text)
        return self.folded.text[before:after]


def scene(folded: Folded, tokens: Tokens) -> Scene:
    text = folded.text
    hints = "@" in text or "/" in text or "www." in text
    return Scene(folded, tokens, tuple(match.span() for match in _LINKS.finditer(text)) if hints else ())


def weigh(finding: Finding, entry: Entry, seen: Scene) -> list[Evidence]:
    """The evidence that one finding's own surroundings give."""
    found = list(_letters(finding, entry, seen))
    found += _before(finding, entry, seen)
    found += _around(finding, entry, seen)
    found += _form(finding, entry, seen)
    return found


def confidence(found: Iterable[Evidence]) -> float:
    total = PRIOR + sum(each.weight for each in found)
    return round(1 / (1 + math.exp(-total)), 3)


def words(found: Iterable[Evidence]) -> tuple[str, ...]:
    """The evidence in words, strongest first."""
    return tuple(each.words for each in sorted(found, key=lambda each: -abs(each.weight)))


def _letters(finding: Finding, entry: Entry, seen: Scene) -> Iterable[Evidence]:
    shown = seen.cased(finding.first)
    if not shown[:1].isupper():
        yield Evidence.SMALL
    elif _shouting(finding, seen):
        yield Evidence.ALL_CAPITALS
    else:
        yield Evidence.CAPITAL
        if entry.traits & Trait.COMMON and _starts_sentence(finding, seen):
            yield Evidence.SENTENCE_START


def _shouting(finding: Finding, seen: Scene) -> bool:
    """Whether the words around are in capitals too."""
    around = [
        seen.cased(at)
        for at in (
            *range(finding.first - _NEIGHBOURHOOD, finding.first),
            *range(finding.last + 1, finding.last + 1 + _NEIGHBOURHOOD),
        )
    ]
    letters = [word for word in around if len(word) > 1 and word.isalpha()]
    return (
        bool(letters)
        and seen.cased(finding.first).isupper()
        and sum(word.isupper() for word in letters) * 2 > len(letters)
    )


def _starts_sentence(finding: Finding, seen: Scene) -> bool:
    return finding.first == 0 or _SENTENCE_END.search(seen.gap(finding.first)) is not None


def _before(finding: Finding, entry: Entry, seen: Scene) -> Iterable[Evidence]:
    before = seen.word(finding.first - 1)
    gap = seen.gap(finding.first)
    plain = not gap.strip(" .\n\t\"«„“'(")
    if plain and before in tables.LOCATIVE:
        yield Evidence.LOCATIVE
    elif plain and before in tables.PREPOSITIONS:
        yield Evidence.PREPOSITION
    if (plain and before in tables.GENERIC) or (
        seen.word(finding.last + 1) in tables.GENERIC and not seen.gap(finding.last + 1).strip()
    ):
        yield Evidence.GENERIC
    if _is_person(finding, seen, before, gap):
        yield Evidence.PERSON
    elif plain and before in tables.ORGANISATIONS:
        yield Evidence.ORGANISATION


def _is_person(finding: Finding, seen: Scene, before: str, gap: str) -> bool:
    """A given name, an initial or a title before a surname; a patronymic or a surname behind a given name."""
    if finding.first != finding.last:
        return False
    shown = seen.cased(finding.first - 1)
    if before in tables.GIVEN_NAMES and shown[:1].isupper() and not gap.strip(" ."):
        return True
    if len(before) == 1 and shown.isupper() and gap.strip(" ") == "." and before not in "гсдпх":
        return True
    return before in tables.TITLES and not gap.strip() and _SURNAME.search(seen.word(finding.first)) is not None


def _around(finding: Finding, entry: Entry, seen: Scene) -> Iterable[Evidence]:
    start, end = seen.tokens.starts[finding.first], seen.tokens.ends[finding.last]
    text = seen.folded.text
    if any(left <= start < right for left, right in seen.links):
        yield Evidence.LINK
    if seen.word(finding.first - 1) in tables.STREETS and not seen.gap(finding.first).strip(" ."):
        yield Evidence.STREET
    if text[start - 1 : start] in _OPEN and start and text[end : end + 1] in _CLOSE and text[end : end + 1]:
        yield Evidence.QUOTED
    if finding.first == finding.last and (_hyphened(text, start - 1, start - 2) or _hyphened(text, end, end + 1)):
        yield Evidence.COMPOUND


def _hyphened(text: str, hyphen: int, beyond: int) -> bool:
    return hyphen > 0 and beyond >= 0 and text[hyphen : hyphen + 1] == "-" and text[beyond : beyond + 1].isalpha()


def _form(finding: Finding, entry: Entry, seen: Scene) -> Iterable[Evidence]:
    if finding.first != finding.last:
        yield Evidence.WHOLE_PHRASE
        return
    word = seen.word(finding.first)
    if entry.traits & Trait.COMMON or word in tables.CONFUSABLE:
        yield Evidence.COMMON
    elif entry.traits & Trait.SURNAME and not entry.traits & Trait.PLACE:
        yield Evidence.SURNAME
    if finding.by_sound:
        yield Evidence.BY_SOUND
    if word.isascii() and len(word) < _SHORT:
        yield Evidence.SHORT_LATIN
    if entry.origin is Origin.ADJECTIVE:
        yield Evidence.ADJECTIVE


def near(finding: Finding, seen: Scene, wanted: Sequence[tuple[str, ...]], within: int) -> bool:
    """Whether one of the wanted phrases stands within so many words of the finding."""
    window = seen.tokens.words[max(0, finding.first - within) : finding.last + 1 + within]
    return any(
        tuple(window[at : at + len(phrase)]) == phrase
        for phrase in wanted
        for at in range(len(window) - len(phrase) + 1)
    )
