"""Bearers: what else may bear a place's name, by what stands beside it: a street, a firm, a club, another town of old.

In: a finding in its scene, and one watch's claim on it. Out: evidence, all of it against the place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from bot.language import bearers, words as tables
from bot.language.dictionary import Trait
from bot.language.everyday import CONFUSABLE
from bot.language.kinds import WATERS
from bot.language.waters import ACROSS, BANKS, BEHIND_RIVERS, IN_WATER, INTO_WATER, LOCATIVE_ENDS, PARTS, RIVERS
from bot.matching.evidence import Evidence
from bot.matching.lexicon import Entry
from bot.matching.scan import Finding
from bot.matching.scene import WINDOW, Scene
from bot.model import Origin

_OPEN, _CLOSE = "«\"„“'", "»\"”“'"
_INTO_QUOTES = re.compile(r"[«\"„“](?:[^\s«»\"„“”.,!?;:]+[ -]){0,2}$")
_OUT_OF_QUOTES = re.compile(r"(?:[ -][^\s«»\"„“”.,!?;:]+){0,2}[»\"”“]")
_QUOTE = re.compile(r"\s?[«\"„“]")
_A_SENTENCE = 14
"""Words before a former name among which the place itself may be named."""


def other_bearers(finding: Finding, entry: Entry, seen: Scene) -> Iterator[Evidence]:
    """What bears the name instead of the place, as far as the neighbours tell."""
    if seen.in_link(finding):
        yield Evidence.LINK
    if _of_a_street(finding, entry, seen):
        yield Evidence.STREET
    if _is_brand(finding, entry, seen):
        yield Evidence.BRAND
    else:
        yield from _quotes(finding, seen)
    if bearers.NAMED_AFTER.search(seen.text_before(finding)) or _is_honoured(finding, entry, seen):
        yield Evidence.NAMED_AFTER
    if _was_called(finding, entry, seen):
        yield Evidence.FORMER


def is_water(finding: Finding, name: str, seen: Scene) -> bool:
    """Whether it is the river or the lake of a town's `name` (folded): река Суджа, в устье Оскола, the Sudzha River."""
    before, gap = seen.word(finding.first - 1), seen.gap(finding.first)
    behind, gap_behind = seen.word(finding.last + 1), seen.gap(finding.last + 1)
    if (before in WATERS and gap.isspace()) or (before == "р" and gap.strip() == "."):
        return True
    if behind in WATERS and behind.isascii() and gap_behind == " ":
        return True
    text = seen.text_before(finding)
    if (before in PARTS and gap == " ") or ACROSS.search(text):
        return True
    if name not in RIVERS or gap != " ":
        return False
    if before == "the":
        return gap_behind.strip() != "" or behind in BEHIND_RIVERS
    # На Осколе is on the river, в Осколе in the town; упали в Оскол is the river, упали в Осколе the town.
    within = seen.word(finding.last).endswith(LOCATIVE_ENDS)
    flows = before == "на" if within else INTO_WATER.search(text)
    return bool(flows) or before in BANKS or IN_WATER.search(text) is not None


def _of_a_street(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Улица Кирова, станция метро Киров; but площадь Суджи lies in Суджа."""
    if seen.word(finding.first - 1) not in tables.STREETS or seen.gap(finding.first).strip(" ."):
        return False
    word = seen.word(finding.first)
    named_after = entry.traits & (Trait.SURNAME | Trait.COMMON) or word in CONFUSABLE
    if seen.word(finding.first - 1) in tables.SQUARES:
        return bool(named_after)  # площадь Тяньаньмынь is a place of that name
    return bool(named_after) or stands_still(finding, entry, seen)


def _is_brand(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Батальон «Суджа», клуб Суджа; but банк Китая is a bank of Китай: a name of its own is not declined."""
    before, gap = seen.word(finding.first - 1), seen.gap(finding.first)
    if before in bearers.BRANDS and (_QUOTE.fullmatch(gap) or (gap == " " and stands_still(finding, entry, seen))):
        return True
    behind = finding.last + 1
    return seen.word(behind) in bearers.CLUBS and seen.cased(behind).isupper() and seen.gap(behind) == " "


def stands_still(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Whether it stands as the watch has it, in no other case: Latin spellings have none."""
    return entry.origin is Origin.BASE or seen.word(finding.first).isascii()


def _quotes(finding: Finding, seen: Scene) -> Iterator[Evidence]:
    """Alone in quotes it is a firm's, a ship's or a band's name; with a word or two, part of such a name."""
    start, end = seen.tokens.starts[finding.first], seen.tokens.ends[finding.last]
    text = seen.folded.text
    if start and text[start - 1] in _OPEN and text[end : end + 1] in _CLOSE and text[end : end + 1]:
        yield Evidence.QUOTED
    elif _INTO_QUOTES.search(seen.text_before(finding)) and _OUT_OF_QUOTES.match(text, end, end + WINDOW):
        yield Evidence.TITLE


def _is_honoured(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """С Днём Победы, парад Победы, желаем Счастья; but День Суджи is the town's."""
    common = entry.traits & Trait.COMMON or seen.word(finding.first) in CONFUSABLE
    if not common or entry.origin is Origin.BASE:
        return False
    before = seen.word(finding.first - 1) in bearers.HOLIDAYS and seen.gap(finding.first) == " "
    return before or bearers.WISHES.search(seen.text_before(finding)) is not None


def _was_called(finding: Finding, entry: Entry, seen: Scene) -> bool:
    """Энгельс (бывший Покровск); but where the place itself stands before, it is its own former name."""
    said = bearers.FORMERLY.search(seen.text_before(finding))
    if said is None:
        return False
    if said["aside"] and not bearers.ASIDE_ENDS.match(seen.folded.text, seen.tokens.ends[finding.last]):
        return False
    return not any(entry.watch in seen.taken.get(at, ()) for at in _subject(finding, said, seen))


def _subject(finding: Finding, said: re.Match[str], seen: Scene) -> Iterable[int]:
    """The words that may name what was called so: the one before an aside, else those of the sentence so far."""
    if said["aside"]:
        start = seen.tokens.starts[finding.first] - len(said.string) + said.start("aside")
        return (bisect_right(seen.tokens.starts, start) - 1,)
    first = finding.first
    while first > max(0, finding.first - _A_SENTENCE) and not seen.starts_sentence(first):
        first -= 1
    return range(first, finding.first)
