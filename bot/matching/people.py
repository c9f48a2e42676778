"""People: whether a finding is a person's surname, by what stands beside it.

In: a finding in its scene, and one watch's claim on it. Out: yes or no. Surnames are told by the dictionary or by their
endings; a well-known place (Берлин) is no surname for its ending alone.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re

from bot.language import bearers, words as tables
from bot.language.agreement import may_be_noun
from bot.language.dictionary import Trait
from bot.language.given import GIVEN_NAMES
from bot.language.kinds import DIVISIONS, IN_FULL, KINDS, LETTERS
from bot.matching.bearers import stands_still
from bot.matching.lexicon import Entry
from bot.matching.scan import Finding
from bot.matching.scene import Scene
from bot.model import Origin

_FEMININE = re.compile(r"(?:[ое]ва|[иы]на|ая|eva|ova|ina)$")
_PATRONYMIC = re.compile(r"(?:[ое]вич|ьич|[ое]вн|йович|івн|ївн)(?:а|у|ем|ом|е|ы|ой|і|ою)?$")
ADJECTIVE = re.compile(
    r"(?:ый|ий|ой|ая|яя|ое|ее|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ей|ые|ие|ых|их|ыми|ими|ої|ій|ою|ього|ьому)$"
)


_OF_A_DIVISION = re.compile(r"[сцз]ь?к\w{1,3}$")
_CASE_ENDING = re.compile(r"(?<=[вн])(?:а|у|ым|ом|е|ой|им|і|ою)$")
_NOMINATIVE = re.compile(r"[бвгґджзйклмнпрстфхцчшщ]$")
"""How a man's name ends in the nominative, and a surname mostly."""


def is_plain(word: str) -> bool:
    """Whether it is a word that no person is called by."""
    return word in KINDS or word in tables.PREPOSITIONS or word in tables.STREETS


def is_person(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """A given name, an initial or a title before it, or a patronymic, a given name or initials behind it."""
    at = finding.first
    before, shown, gap = seen.word(at - 1), seen.cased(at - 1), seen.gap(at)
    if len(before) == 1 and shown.isupper() and gap.strip(" ") == ".":
        # С. Суджа may be a village: there a letter that stands for a kind of place is an initial of surnames only.
        doubtful = before in LETTERS or seen.gap(at - 1).endswith("\n")
        return not doubtful or _is_surname(finding, entry, seen)
    alone = gap.isspace() and "\n" not in gap
    if alone and shown[:1].isupper() and before in GIVEN_NAMES:
        return True
    if alone and at - 1 not in seen.taken and _is_introduced(finding, entry, seen):
        return True
    if before.startswith(bearers.CALLSIGNS) and not gap.strip(' :-«"„“'):
        return True
    return _names_person_behind(finding, entry, seen) or _surname_first(finding, entry, seen)


def _is_introduced(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether the word before says that a surname comes: a title, a role, what only persons have, another name."""
    before, shown = seen.word(finding.first - 1), seen.cased(finding.first - 1)
    if before in bearers.BEFORE_SURNAMES and _bears_title(finding, entry, seen):
        return True
    if _is_of_person(finding, entry, seen) or _is_agent(finding, entry, seen):
        return True
    named = shown[:1].isupper() and len(before) > 2 and not seen.starts_sentence(finding.first - 1)
    shaped = bool(entry.traits & Trait.SURNAME) or bearers.SURNAME.search(seen.word(finding.first)) is not None
    return named and shaped and not ADJECTIVE.search(before) and not is_plain(before)


def surnames(seen: Scene) -> frozenset[str]:
    """The surnames that stand behind a given name in a text and are no place's form, without their case endings."""
    return frozenset(
        _without_case(seen.word(at + 1))
        for at, word in enumerate(seen.tokens.words)
        if word in GIVEN_NAMES
        and at + 1 not in seen.taken
        and seen.gap(at + 1) == " "
        and seen.cased(at)[:1].isupper()
        and seen.cased(at + 1)[:1].isupper()
        and bearers.SURNAME.search(seen.word(at + 1))
    )


def bears(finding: Finding, seen: Scene, named: frozenset[str]) -> bool:
    """Whether a form may be a case of a surname that the text names: Шебекина behind Иван Шебекин, but not Шебекино."""
    return finding.first == finding.last and _without_case(seen.word(finding.first)) in named


def _without_case(word: str) -> str:
    return _CASE_ENDING.sub("", word)


def speaks(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether a surname does what persons do: Бердин заявил, заявил Бердин, по словам Бердина."""
    if not _is_surname(finding, entry, seen):
        return False
    if bearers.REPORTED.search(seen.text_before(finding)):
        return True
    before, gap = seen.word(finding.first - 1), seen.gap(finding.first)
    if gap.isspace() and before in tables.PREPOSITIONS:
        return False
    said_by = gap == " " and before in bearers.SPEECH and seen.cased(finding.first - 1).islower()
    return said_by or _acts(finding, entry, seen)


def _acts(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether it is the subject of a verb behind it: Бердин сказал, Бердина сказала; not: Бердина сказал."""
    word, verb = seen.word(finding.first), seen.word(finding.last + 1)
    if seen.gap(finding.last + 1) != " " or (verb not in bearers.SPEECH and verb not in bearers.DEEDS):
        return False
    if verb.endswith(("ла", "на", "лася", "лась")):
        return _FEMININE.search(word) is not None and not _is_of_subject(finding, entry, seen)
    return entry.origin is Origin.BASE or word.isascii()


def _is_of_subject(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether the verb's subject stands before: жительница Бердина сказала, but певица Бердина сказала."""
    at = finding.first - 1
    before = seen.word(at)
    if entry.origin is Origin.BASE or seen.gap(finding.first) != " ":
        return False
    if before in bearers.HEADS:
        return True
    plain = seen.cased(at).islower() or seen.starts_sentence(at)
    noun = before.endswith(("а", "я", "ь")) and may_be_noun(before) and not ADJECTIVE.search(before)
    return plain and noun and before not in bearers.BEFORE_SURNAMES and before not in GIVEN_NAMES


def _is_surname(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether the dictionary knows it as one, or its ending is a surname's and no dictionary knows it as a place."""
    if entry.traits & Trait.SURNAME:
        return True
    return not entry.traits & Trait.PLACE and bearers.SURNAME.search(seen.word(finding.first)) is not None


def _bears_title(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Мэр Киров, but not мэр Кирова: behind a role in the nominative only a surname stands in the nominative."""
    if _is_of_head(finding, entry, seen):
        return False
    if seen.word(finding.first - 1) in bearers.RANKS and stands_still(finding, entry, seen):
        return True
    role = seen.word(finding.first - 1) in bearers.ROLES
    if role and entry.origin is Origin.BASE and _NOMINATIVE.search(seen.word(finding.first)):
        return True
    if not _is_surname(finding, entry, seen):
        return False
    if not entry.traits & Trait.PLACE:
        return True
    return role and stands_still(finding, entry, seen)


def _is_of_person(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Госпожа Комар, рассказы Чехова."""
    before = seen.word(finding.first - 1)
    if before in bearers.LADIES:
        return entry.origin is Origin.BASE
    return before in bearers.OF_PERSONS and entry.origin is not Origin.BASE and _is_surname(finding, entry, seen)


def _is_agent(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Оператор Жуков: both in the nominative; but житель Жукова."""
    before = seen.word(finding.first - 1)
    nominative = entry.origin is Origin.BASE and _NOMINATIVE.search(seen.word(finding.first)) is not None
    named = nominative and not entry.traits & Trait.PLACE and _is_surname(finding, entry, seen)
    plain = seen.cased(finding.first - 1).islower() or seen.starts_sentence(finding.first - 1)
    agent = named and plain and bearers.AGENT.search(before) is not None
    return agent and before not in bearers.NO_AGENTS and not is_plain(before)


def _is_of_head(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Мэр Львова: a surname would stand in the nominative, as the head does."""
    oblique = entry.origin is not Origin.BASE and not seen.word(finding.first).isascii()
    return oblique and seen.word(finding.first - 1) in bearers.HEADS


def _names_person_behind(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether a patronymic, or behind a form that is a given name a surname, follows."""
    at = finding.last + 1
    gap, shown = seen.gap(at), seen.cased(at)
    if not gap.isspace() or "\n" in gap or not shown[:1].isupper():
        return False
    if _PATRONYMIC.search(seen.word(at)):
        return True
    if seen.word(finding.first - 1) in IN_FULL or _of_a_division(at, seen):
        return False
    given = entry.traits & Trait.GIVEN or seen.word(finding.first) in GIVEN_NAMES
    return bool(given) and len(shown) > 1 and not shown.isupper() and not is_plain(seen.word(at))


def _of_a_division(at: int, seen: Scene) -> bool:
    """Whether an adjective and what it divides stand there: Херсонской области, Белозерской громады."""
    word = seen.word(at)
    adjective = ADJECTIVE.search(word) or _OF_A_DIVISION.search(word)
    return adjective is not None and seen.gap(at + 1).isspace() and seen.word(at + 1) in DIVISIONS


def _surname_first(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Бердин Николай, Бердин Н. В.; but not: in Бердин Николай Петров reports."""
    at = finding.last + 1
    if seen.gap(at) != " " or seen.word(finding.first - 1) in tables.PREPOSITIONS:
        return False
    if _has_initials(at, seen):
        return True
    if not _is_surname(finding, entry, seen) or not seen.cased(at)[:1].isupper():
        return False
    if _is_of_head(finding, entry, seen) or seen.word(finding.first - 1) in IN_FULL:
        return False
    if len(seen.word(at)) == 1:
        return seen.gap(at + 1).startswith(".")
    after = seen.word(at + 1) if seen.gap(at + 1) == " " and seen.cased(at + 1)[:1].isupper() else ""
    other = bearers.SURNAME.search(after) is not None and not _PATRONYMIC.search(after)
    return seen.word(at) in GIVEN_NAMES and not other and _agree_in_case(seen.word(finding.first), seen.word(at))


def _agree_in_case(surname: str, given: str) -> bool:
    """Бердин Николай, Бердина Николая; but not Николаева Александр: a man's nominative behind another case."""
    return not _NOMINATIVE.search(given) or _NOMINATIVE.search(surname) is not None


def _has_initials(at: int, seen: Scene) -> bool:
    """Погар В. И., unless they are the next one's: Погар В. И. Петров."""
    first, second = seen.cased(at), seen.cased(at + 1)
    dotted = seen.gap(at + 1).strip(" ") == "." and seen.gap(at + 2).startswith(".")
    if not (len(first) == len(second) == 1 and (first + second).isupper() and dotted):
        return False
    return not (seen.gap(at + 2).strip(" ") == "." and bearers.SURNAME.search(seen.word(at + 2)))
