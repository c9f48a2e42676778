"""Signs: the evidence that a finding's own surroundings give, a few words to either side.

In: a finding in its scene, and one watch's claim on it. Out: evidence. Each sign is one small question about letters
and neighbours; none asks a dictionary, what the dictionary knew of a form is in the claim's traits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from bot.language import words as tables
from bot.language.dictionary import Trait
from bot.language.given import GIVEN_NAMES
from bot.language.kinds import KINDS, LETTERS, ON_LAND
from bot.matching.attributes import is_attribute
from bot.matching.bearers import other_bearers
from bot.matching.evidence import Evidence, without
from bot.matching.knowledge import NOTHING, Knowledge
from bot.matching.lexicon import Entry
from bot.matching.people import ADJECTIVE, is_person, speaks
from bot.matching.scan import Finding
from bot.matching.scene import WINDOW, Scene
from bot.model import Origin

_LIST_GAP = re.compile(r"\s*(?:[,;/•|·\-–]\s*|\s(?:и|й|і|та|or|and|или|або)\s)?")
_PREPOSITIONS = frozenset({Evidence.PREPOSITION, Evidence.LOCATIVE})
_OF_ITS_NOUN = _PREPOSITIONS | {Evidence.GENERIC, Evidence.LISTED}
"""What speaks of the noun where the finding is its adjective."""
_NO_LIST = frozenset({Evidence.QUOTED, Evidence.BRAND, Evidence.NAMED_AFTER})
"""In a list of such: «Днепр» и «Заря», желаем Счастья, Мира."""
_JOINTS = frozenset({"и", "й", "і", "та", "and", "or", "или", "або"})
_HYPHENED_ADJECTIVE = re.compile(rf"{ADJECTIVE.pattern}|(?:ськ|ов)(?:а|у|ім)$|(?:sk|ov)(?:yi|iy|y|i)$")
_SHORT = 5


def weigh(finding: Finding, entry: Entry, seen: Scene, known: Knowledge = NOTHING) -> list[Evidence]:
    """The evidence of one finding's own surroundings, for one watch's claim on it."""
    if entry.origin is Origin.TERM:
        return list(_term(finding, seen))
    single = finding.first == finding.last
    listed = _listed(finding, seen)
    found = [*_letters(finding, entry, seen), *_before(finding, seen), *other_bearers(finding, entry, seen)]
    found += [Evidence.LISTED] if listed and _NO_LIST.isdisjoint(found) else []
    if is_attribute(finding, entry, seen):
        return [*without(found, _OF_ITS_NOUN), Evidence.ATTRIBUTE]  # на Покровском направлении
    if Evidence.ADJECTIVE in found:
        return [*found, Evidence.COMMON] if entry.traits & Trait.COMMON else found
    if entry.traits & Trait.UNSURE:
        found.append(Evidence.UNSURE)
    if not single:
        return [*found, *_phrase(finding, found)]
    found += _form(finding, entry, seen, known)
    if is_person(finding, entry, seen):
        found = [*without(found, {Evidence.GENERIC}), Evidence.PERSON]  # С. Киров: the letter is his initial
    elif speaks(finding, entry, seen):
        found = [*without(found, _PREPOSITIONS), Evidence.SPEAKER]  # according to Berdin
    elif _in_longer_name(finding, seen):
        found = [*without(found, _PREPOSITIONS), Evidence.LONGER_NAME]  # Bank of China
    elif not listed and _in_compound(finding, seen):
        found.append(Evidence.COMPOUND)
    return found


def _phrase(finding: Finding, found: Collection[Evidence]) -> Iterator[Evidence]:
    """What several words say: little, where they are a title: роман «Белая Церковь»."""
    if not finding.agrees:
        yield Evidence.DISAGREEING
    elif Evidence.BRAND not in found:
        yield Evidence.WHOLE_PHRASE


def _term(finding: Finding, seen: Scene) -> Iterator[Evidence]:
    yield Evidence.TERM
    if seen.in_link(finding):
        yield Evidence.LINK


def _letters(finding: Finding, entry: Entry, seen: Scene) -> Iterator[Evidence]:
    small = not any(seen.cased(at)[:1].isupper() for at in range(finding.first, finding.last + 1))
    if small and seen.in_hashtag(finding):
        yield Evidence.HASHTAG
    elif small or _is_description(finding, seen):
        if entry.origin is Origin.ADJECTIVE:
            yield Evidence.ADJECTIVE
        else:
            yield Evidence.NO_CAPITALS if seen.small else Evidence.SMALL
    elif seen.shouts(finding.first, finding.last):
        yield Evidence.ALL_CAPITALS
    else:
        yield Evidence.CAPITAL


def _is_description(finding: Finding, seen: Scene) -> bool:
    """Белые берега at a sentence's start: its capital says nothing, and a name's other words have capitals."""
    return seen.starts_sentence(finding.first) and any(
        seen.cased(at).islower() and seen.gap(at).isspace() and seen.word(at) not in tables.PARTICLES | KINDS
        for at in range(finding.first + 1, finding.last + 1)
    )


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
    if before in ON_LAND and not gap.strip(" \n.\"«„“'"):
        return True
    behind = seen.word(finding.last + 1)
    if finding.first != finding.last and not behind.isascii():
        return False  # белые берега реки
    return behind in ON_LAND and behind not in LETTERS and seen.gap(finding.last + 1).isspace()


def _befallen(finding: Finding, seen: Scene) -> bool:
    """Счастье под обстрелом, обстреляли Октябрьский: it is a town, and hardly the common word."""
    end = seen.tokens.ends[finding.last]
    behind = tables.BEFALLS_BEHIND.match(seen.folded.text, end, end + WINDOW)
    return bool(behind or tables.BEFALLS_BEFORE.search(seen.text_before(finding)))


def _in_longer_name(finding: Finding, seen: Scene) -> bool:
    """Новая Суджа is not Суджа, nor is the Sudzha Times; in a headline in capitals nothing is said."""
    if finding.inner or (_capital_before(finding, seen) and seen.word(finding.first - 1) in tables.NAME_ADJECTIVES):
        return True
    after = finding.last + 1
    if _is_half_of_one(finding, seen):
        return True
    if _ends_foreign_name(finding, seen):
        return True
    if seen.gap(after) != " " or not seen.cased(after)[:1].isupper() or after in seen.taken:
        return False
    if seen.word(finding.first).isascii() and seen.word(after).isascii():
        own = seen.word(after) in KINDS or seen.word(after) in tables.SENTENCE_CAPITALS
        return not own and not _is_title_case(finding, seen)
    return seen.word(after) in tables.NAME_ADJECTIVES


def _is_half_of_one(finding: Finding, seen: Scene) -> bool:
    """Whether a hyphen joins it to more of its name: Северо-Донецк, Белгород-Днестровский."""
    if seen.gap(finding.first) == "-" and seen.word(finding.first - 1) in tables.FIRST_PARTS:
        return True
    after = finding.last + 1
    return seen.gap(after) == "-" and _goes_on(after, seen)


def _goes_on(at: int, seen: Scene) -> bool:
    """Whether a name goes on behind its hyphen: Камень-на-Оби is not Камень, nor Белгород-Днестровский Белгород."""
    if seen.gap(at + 1) == "-" and seen.word(at) in tables.PARTICLES:
        return True
    adjective = seen.cased(at)[:1].isupper() and _HYPHENED_ADJECTIVE.search(seen.word(at))
    return bool(adjective) and at not in seen.taken


def _ends_foreign_name(finding: Finding, seen: Scene) -> bool:
    """In a Cyrillic text Bank of China and TNS Russia are firms, not places."""
    if not seen.cyrillic or not seen.word(finding.first).isascii():
        return False
    before = finding.first - 1
    if seen.word(before) == "of" and seen.gap(finding.first) == " ":
        before -= 1
    shown = seen.cased(before)
    return shown.isascii() and shown[:1].isupper() and seen.gap(before + 1) == " " and seen.word(before) not in KINDS


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


def _in_compound(finding: Finding, seen: Scene) -> bool:
    text = seen.folded.text
    start, end = seen.tokens.starts[finding.first], seen.tokens.ends[finding.last]
    return _hyphened(text, start - 1, start - 2) or _hyphened(text, end, end + 1)


def _hyphened(text: str, hyphen: int, beyond: int) -> bool:
    return hyphen > 0 and beyond >= 0 and text[hyphen : hyphen + 1] == "-" and text[beyond : beyond + 1].isalpha()


def _form(finding: Finding, entry: Entry, seen: Scene, known: Knowledge) -> Iterator[Evidence]:
    """What the form may be beside a place's name, here with a capital or without."""
    word = seen.word(finding.first)
    learnt = known.of_form(word, common=bool(entry.traits & Trait.COMMON))
    if entry.origin is not Origin.ADJECTIVE and learnt is not None:  # every adjective is a common word
        yield from _common(finding, entry, seen, learnt)
    if entry.traits & Trait.GIVEN or word in GIVEN_NAMES:
        yield Evidence.GIVEN_OR_PLACE if entry.traits & Trait.PLACE else Evidence.GIVEN
    elif entry.traits & Trait.SURNAME and not entry.traits & Trait.PLACE and learnt is not Evidence.COMMON:
        yield Evidence.SURNAME
    if entry.traits & Trait.SLIP:
        yield Evidence.SLIP
    if finding.by_sound or entry.origin is Origin.KEY:
        yield Evidence.BY_SOUND
    elif word.isascii() and len(word) < _SHORT:
        yield Evidence.SHORT_LATIN


def _common(finding: Finding, entry: Entry, seen: Scene, learnt: Evidence) -> Iterator[Evidence]:
    """How far a common word is one here, by its capital and by what is told of it."""
    capital = seen.cased(finding.first)[:1].isupper()
    if learnt is Evidence.MOSTLY_CAPITAL:
        yield from (learnt,) if capital else ()
        return
    yield learnt
    known_place = entry.traits & Trait.PLACE and learnt is Evidence.COMMON and not _measures(finding, seen)
    starts = seen.follows_a_stop(finding.first) and not seen.shouts(finding.first, finding.last)
    if capital and starts and not known_place:
        yield Evidence.SENTENCE_START
    if _befallen(finding, seen):
        yield Evidence.BEFALLS


def _measures(finding: Finding, seen: Scene) -> bool:
    """Ровно в 9 утра, Ровно через час; but Ровно осталось без света."""
    if seen.word(finding.first) not in tables.EXACTLY:
        return False
    behind = [seen.word(at) for at in (finding.last + 1, finding.last + 2)]
    measured = behind[1] if behind[0] in tables.PREPOSITIONS else behind[0]
    return measured[:1].isdigit() or measured in tables.MEASURES


def near(finding: Finding, seen: Scene, wanted: Sequence[tuple[str, ...]], within: int) -> bool:
    """Whether one of the wanted phrases stands within so many words of the finding."""
    window = seen.tokens.words[max(0, finding.first - within) : finding.last + 1 + within]
    return any(
        tuple(window[at : at + len(phrase)]) == phrase
        for phrase in wanted
        for at in range(len(window) - len(phrase) + 1)
    )
