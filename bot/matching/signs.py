"""Signs: the evidence that a finding's own surroundings give, a few words to either side.

In: a finding in its scene, and one watch's claim on it. Out: evidence. Each sign is one small question about letters
and neighbours; none asks a dictionary, what the dictionary knew of a form is in the claim's traits.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.language import words as tables
from bot.language.dictionary import Trait
from bot.language.fold import Folded
from bot.language.given import GIVEN_NAMES
from bot.language.kinds import KINDS, LETTERS
from bot.language.tokens import Tokens
from bot.matching.evidence import Evidence
from bot.matching.lexicon import Entry
from bot.matching.scan import Finding
from bot.model import Origin

_LINKS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+|\S+@\S+\.\w+")
_SENTENCE_END = re.compile(r"[.!?:•\n][\s\"«»„“”'()*•\-]*$")
_SURNAME = re.compile(
    r"(?:[ое]в|[иы]н|ск[иоу][йм]|ськ[иоу]й|енко|[аеиоуюя]ченко|чук|щук|юк|ян|дзе|швили)(?:а|у|ым|ом|е|ой|им|ого|ому|і|ою)?$"
)
_PATRONYMIC = re.compile(r"(?:[ое]вич|ьич|[ое]вн|йович|івн|ївн)(?:а|у|ем|ом|е|ы|ой|і|ою)?$")
_ADJECTIVE = re.compile(
    r"(?:ый|ий|ой|ая|яя|ое|ее|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ей|ые|ие|ых|их|ыми|ими|ої|ій|ою|ього|ьому)$"
)
_OPEN, _CLOSE = "«\"„“'", "»\"”“'"
_INTO_QUOTES = re.compile(r"[«\"„“](?:[^\s«»\"„“”.,!?;:]+[ -]){0,2}$")
_OUT_OF_QUOTES = re.compile(r"(?:[ -][^\s«»\"„“”.,!?;:]+){0,2}[»\"”“]")
_LIST_GAP = re.compile(r"\s*(?:[,;/•|·\-–]\s*|\s(?:и|й|і|та|or|and|или|або)\s)?")
_JOINTS = frozenset({"и", "й", "і", "та", "and", "or", "или", "або"})
_NEIGHBOURHOOD = 4
_SHORT = 5
_WINDOW = 60


@dataclass(frozen=True, slots=True)
class Scene:
    """A text as the signs see it. `taken` are the words that some finding fills."""

    folded: Folded
    tokens: Tokens
    taken: frozenset[int]
    links: tuple[tuple[int, int], ...]

    def word(self, at: int) -> str:
        return self.tokens.words[at] if 0 <= at < len(self.tokens.words) else ""

    def cased(self, at: int) -> str:
        if not 0 <= at < len(self.tokens.words):
            return ""
        return self.folded.cased[self.tokens.starts[at] : self.tokens.ends[at]]

    def gap(self, at: int) -> str:
        """What stands between word `at` and the one before; the end of a very long one."""
        if not 0 <= at <= len(self.tokens.words):
            return ""
        before = self.tokens.ends[at - 1] if at > 0 else 0
        after = self.tokens.starts[at] if at < len(self.tokens.starts) else len(self.folded.text)
        return self.folded.text[before:after] if after - before < _WINDOW else self.folded.text[after - _WINDOW : after]

    def starts_sentence(self, at: int) -> bool:
        return at == 0 or _SENTENCE_END.search(self.gap(at)) is not None


def scene(folded: Folded, tokens: Tokens, findings: Iterable[Finding]) -> Scene:
    text = folded.text
    hints = "@" in text or "/" in text or "www." in text
    links = tuple(match.span() for match in _LINKS.finditer(text)) if hints else ()
    taken = frozenset(at for finding in findings for at in range(finding.first, finding.last + 1))
    return Scene(folded, tokens, taken, links)


def weigh(finding: Finding, entry: Entry, seen: Scene) -> list[Evidence]:
    """The evidence of one finding's own surroundings, for one watch's claim on it."""
    if entry.origin is Origin.TERM:
        return list(_term(finding, seen))
    single = finding.first == finding.last
    listed = _listed(finding, seen)
    found = [*_letters(finding, entry, seen), *_before(finding, seen), *_around(finding, seen)]
    if listed:
        found.append(Evidence.LISTED)
    if not single:
        return [*found, Evidence.WHOLE_PHRASE if finding.agrees else Evidence.DISAGREEING]
    found += _form(finding, entry, seen)
    if _is_person(finding, entry, seen):
        found.append(Evidence.PERSON)
    elif _in_longer_name(finding, seen):
        found.append(Evidence.LONGER_NAME)
    elif _has_epithet(finding, seen):
        found.append(Evidence.EPITHET)
    elif not listed and _in_compound(finding, seen):
        found.append(Evidence.COMPOUND)
    return found


def _term(finding: Finding, seen: Scene) -> Iterator[Evidence]:
    yield Evidence.TERM
    if _in_link(finding, seen):
        yield Evidence.LINK


def _letters(finding: Finding, entry: Entry, seen: Scene) -> Iterator[Evidence]:
    if not any(seen.cased(at)[:1].isupper() for at in range(finding.first, finding.last + 1)):
        yield Evidence.SMALL
    elif _shouting(finding, seen):
        yield Evidence.ALL_CAPITALS
    else:
        yield Evidence.CAPITAL
        if entry.traits & Trait.COMMON and seen.starts_sentence(finding.first):
            yield Evidence.SENTENCE_START


def _shouting(finding: Finding, seen: Scene) -> bool:
    """Whether the words around are in capitals too."""
    if not seen.cased(finding.first).isupper():
        return False
    before = range(finding.first - _NEIGHBOURHOOD, finding.first)
    behind = range(finding.last + 1, finding.last + 1 + _NEIGHBOURHOOD)
    letters = [word for at in (*before, *behind) if len(word := seen.cased(at)) > 1 and word.isalpha()]
    return bool(letters) and sum(word.isupper() for word in letters) * 2 > len(letters)


def _before(finding: Finding, seen: Scene) -> Iterator[Evidence]:
    before, gap = seen.word(finding.first - 1), seen.gap(finding.first)
    if _beside_kind(finding, seen, before, gap):
        yield Evidence.GENERIC
    elif gap.isspace():
        if before in tables.LOCATIVE:
            yield Evidence.LOCATIVE
        elif before in tables.PREPOSITIONS:
            yield Evidence.PREPOSITION


def _beside_kind(finding: Finding, seen: Scene, before: str, gap: str) -> bool:
    """Село Суджа, н.п. Суджа, с. Суджа, Суджа district; a single letter needs its full stop."""
    if before in LETTERS:
        return gap.strip() == "."
    if before in KINDS and not gap.strip(" \n.\"«„“'"):
        return True
    behind = seen.word(finding.last + 1)
    return behind in KINDS and behind not in LETTERS and seen.gap(finding.last + 1).isspace()


def _is_person(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """A given name, an initial or a title before it, or a patronymic or a surname behind a given name."""
    at = finding.first
    before, shown, gap = seen.word(at - 1), seen.cased(at - 1), seen.gap(at)
    if len(before) == 1 and shown.isupper() and gap.strip(" ") == ".":
        return not seen.gap(at - 1).endswith("\n") or bool(_SURNAME.search(seen.word(at)))
    shaped = bool(entry.traits & Trait.SURNAME) or _SURNAME.search(seen.word(at)) is not None
    if gap.isspace() and "\n" not in gap and at - 1 not in seen.taken:
        if before in GIVEN_NAMES and shown[:1].isupper():
            return True
        if before in tables.TITLES and shaped and not entry.traits & Trait.PLACE:
            return True
        named = shown[:1].isupper() and len(before) > 2 and not seen.starts_sentence(at - 1)
        if named and shaped and not _ADJECTIVE.search(before) and not _is_plain(before):
            return True
    return _names_person_behind(finding, entry, seen)


def _is_plain(word: str) -> bool:
    return word in KINDS or word in tables.PREPOSITIONS or word in tables.STREETS


def _names_person_behind(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether a patronymic, or behind a form that is a given name a surname, follows."""
    at = finding.last + 1
    gap, shown = seen.gap(at), seen.cased(at)
    if not gap.isspace() or "\n" in gap or not shown[:1].isupper() or at in seen.taken:
        return False
    if _PATRONYMIC.search(seen.word(at)):
        return True
    given = entry.traits & Trait.GIVEN or seen.word(finding.first) in GIVEN_NAMES
    return bool(given) and len(shown) > 1 and not shown.isupper() and not _is_plain(seen.word(at))


def _in_longer_name(finding: Finding, seen: Scene) -> bool:
    """Новая Суджа is not Суджа, nor is the Sudzha Times; in a headline in capitals nothing is said."""
    if finding.inner or (_capital_before(finding, seen) and seen.word(finding.first - 1) in tables.NAME_ADJECTIVES):
        return True
    after = finding.last + 1
    if seen.gap(after) == "-" and seen.gap(after + 1) == "-" and seen.word(after) in tables.PARTICLES:
        return True  # Камень-на-Оби is not Камень
    if seen.gap(after) != " " or not seen.cased(after)[:1].isupper() or after in seen.taken:
        return False
    if seen.word(finding.first).isascii() and seen.word(after).isascii():
        return seen.word(after) not in KINDS and not _is_title_case(finding, seen)
    return seen.word(after) in tables.NAME_ADJECTIVES


def _has_epithet(finding: Finding, seen: Scene) -> bool:
    """Нагорный Карабах, Единая Россия: perhaps a name of its own, perhaps a flourish."""
    before = seen.word(finding.first - 1)
    if not _capital_before(finding, seen) or seen.starts_sentence(finding.first - 1):
        return False
    return len(before) > 3 and _ADJECTIVE.search(before) is not None and not _is_plain(before)


def _capital_before(finding: Finding, seen: Scene) -> bool:
    shown, gap = seen.cased(finding.first - 1), seen.gap(finding.first)
    alone = gap in {" ", "\n"} and finding.first - 1 not in seen.taken
    return alone and shown[:1].isupper() and not shown.isupper()


def _is_title_case(finding: Finding, seen: Scene) -> bool:
    """Whether nearly every word around begins with a capital: an English headline."""
    around = [seen.cased(at) for at in range(finding.first - 3, finding.last + 5)]
    long = [word for word in around if len(word) > 3]
    return len(long) > 3 and all(word[:1].isupper() for word in long)


def _listed(finding: Finding, seen: Scene) -> bool:
    """Whether another finding stands beside it, parted by a comma or an "and" at most."""
    before, behind = finding.first - 1, finding.last + 1
    if before in seen.taken and _LIST_GAP.fullmatch(seen.gap(finding.first)) and seen.gap(finding.first).strip():
        return True
    if behind in seen.taken and _LIST_GAP.fullmatch(seen.gap(behind)) and seen.gap(behind).strip():
        return True
    return (seen.word(before) in _JOINTS and before - 1 in seen.taken) or (
        seen.word(behind) in _JOINTS and behind + 1 in seen.taken
    )


def _around(finding: Finding, seen: Scene) -> Iterator[Evidence]:
    start, end = seen.tokens.starts[finding.first], seen.tokens.ends[finding.last]
    text = seen.folded.text
    if _in_link(finding, seen):
        yield Evidence.LINK
    if seen.word(finding.first - 1) in tables.STREETS and not seen.gap(finding.first).strip(" ."):
        yield Evidence.STREET
    yield from _quotes(text, start, end)


def _quotes(text: str, start: int, end: int) -> Iterator[Evidence]:
    """Alone in quotes it is a firm's, a ship's or a band's name; with a word or two, part of such a name."""
    if start and text[start - 1] in _OPEN and text[end : end + 1] in _CLOSE and text[end : end + 1]:
        yield Evidence.QUOTED
    elif _INTO_QUOTES.search(text[max(0, start - _WINDOW) : start]) and _OUT_OF_QUOTES.match(text, end, end + _WINDOW):
        yield Evidence.TITLE


def _in_link(finding: Finding, seen: Scene) -> bool:
    start = seen.tokens.starts[finding.first]
    at = bisect_right(seen.links, (start, len(seen.folded.text)))
    return at > 0 and start < seen.links[at - 1][1]


def _in_compound(finding: Finding, seen: Scene) -> bool:
    text = seen.folded.text
    start, end = seen.tokens.starts[finding.first], seen.tokens.ends[finding.last]
    return _hyphened(text, start - 1, start - 2) or _hyphened(text, end, end + 1)


def _hyphened(text: str, hyphen: int, beyond: int) -> bool:
    return hyphen > 0 and beyond >= 0 and text[hyphen : hyphen + 1] == "-" and text[beyond : beyond + 1].isalpha()


def _form(finding: Finding, entry: Entry, seen: Scene) -> Iterator[Evidence]:
    word = seen.word(finding.first)
    if entry.traits & Trait.COMMON or word in tables.CONFUSABLE:
        yield Evidence.COMMON
    elif entry.traits & Trait.SURNAME and not entry.traits & Trait.PLACE:
        yield Evidence.SURNAME
    if entry.traits & Trait.SLIP:
        yield Evidence.SLIP
    if finding.by_sound:
        yield Evidence.BY_SOUND
    elif word.isascii() and len(word) < _SHORT:
        yield Evidence.SHORT_LATIN


def near(finding: Finding, seen: Scene, wanted: Sequence[tuple[str, ...]], within: int) -> bool:
    """Whether one of the wanted phrases stands within so many words of the finding."""
    window = seen.tokens.words[max(0, finding.first - within) : finding.last + 1 + within]
    return any(
        tuple(window[at : at + len(phrase)]) == phrase
        for phrase in wanted
        for at in range(len(window) - len(phrase) + 1)
    )
