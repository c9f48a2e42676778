"""Folding: text as people typed it -> text as the matcher compares it, with the way back.

In: any string, lone surrogates and NUL included. Out: a `Folded` of lower-case letters, its twin that keeps case, and
the offset of every character in the original. Invariant: offsets never fall, and the work is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_APOSTROPHES = frozenset("'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u2018\u2019\u201b\u2032\uff07\u055a")
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u058a")
_BREVE, _DIAERESIS = "\u0306", "\u0308"
_COMPOSED = {
    "и" + _BREVE: "й",
    "И" + _BREVE: "Й",
    "у" + _BREVE: "ў",
    "У" + _BREVE: "Ў",
    "і" + _DIAERESIS: "ї",
    "І" + _DIAERESIS: "Ї",
    "i" + _DIAERESIS: "ï",
    "I" + _DIAERESIS: "Ï",
}
_KEPT = frozenset(_COMPOSED.values())
_BREAK = "\u2060\n"
"""A line break of two characters, with a first one that is dropped."""
_MAX_CACHE = 8192

_LOOK_LATIN, _LOOK_CYRILLIC = "aceiopxykmtABCEHIKMOPTXYïÏ", "асеіорхукмтАВСЕНІКМОРТХУїЇ"
_LOOK_GREEK, _GREEK_CYRILLIC = "αερουΑΒΕΗΙΚΜΟΡΤΥΧ", "аероуАВЕНІКМОРТУХ"
_TO_CYRILLIC = str.maketrans(_LOOK_LATIN + _LOOK_GREEK, _LOOK_CYRILLIC + _GREEK_CYRILLIC)
_TO_LATIN = str.maketrans("асеіорхуАВСЕНІКМОРТХУїЇï", "aceiopxyABCEHIKMOPTXYiIi")
_FOREIGN = "A-Za-zïÏα-ωΑ-Ω"
_CYRILLIC = "А-Яа-яІіЇїЄєҐґЎў"
_MIXED = re.compile(f"[{_FOREIGN}](?:(?=[{_CYRILLIC}])|(?<=[{_CYRILLIC}][{_FOREIGN}]))")
"""Begins with the rarer script: the letters of the other are passed over quickly."""
_RUN = re.compile(f"[{_CYRILLIC}{_FOREIGN}]+")
_ALL_LOOK = re.compile(f"[{_LOOK_LATIN}]+")
_COMMON = tuple(zip("Ёё–—’ʼ‘`\u00a0…", "Ее--'''' .", strict=True))
"""What folds one to one and stands in ordinary posts; a text of nothing else takes the quick way."""
_EXOTIC = re.compile(rf"[^\x00-\x7f{_CYRILLIC}Ёё–—’ʼ‘`\u00a0…«»„“”№•·°§\u2600-\u27bf\U0001f000-\U0001faff]")
_INNER_APOSTROPHE = re.compile(f"(?<=[{_CYRILLIC}])'(?=[{_CYRILLIC}])")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is lower case, `cased` the same letters with their case; both have the same length.

    Character i came from `starts[i]` of the original, and what belongs to it there ends before `ends[i]`. Both None
    means that the texts have the same offsets.
    """

    text: str
    cased: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original, in code points, that folded to `text[start:end]` (end excluded, not empty)."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


class _Table(dict[int, str]):
    """One character to what it folds to, worked out at first use; the cache is bounded, the text is a stranger's."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MAX_CACHE:
            self[code] = folded
        return folded


_TABLE = _Table()


def _fold_character(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if char in _KEPT or char == "№":
        return char
    if char == "…":
        return "."
    if unicodedata.category(char) == "Cf" or unicodedata.combining(char):
        return ""
    wide = unicodedata.normalize("NFKC", char)
    return "".join(_strip(each) for each in wide)


def _strip(char: str) -> str:
    """The letter without its marks: ё is е, é is e; й and ї stay letters of their own."""
    if char in _KEPT:
        return char
    kept = "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))
    # The lower case of a few letters is two characters long; both twins must stay equally long.
    return kept if len(kept.lower()) == len(kept) else ""


def fold(text: str) -> Folded:
    """Fold `text` of any length and content; never raises."""
    if "\r" in text:
        text = text.replace("\r\n", _BREAK)
    cased, starts, ends = _fold_slowly(text) if _EXOTIC.search(text) else (_fold_quickly(text), None, None)
    cased = _repair(cased)
    if "'" in cased and _INNER_APOSTROPHE.search(cased):
        gone = {match.start() for match in _INNER_APOSTROPHE.finditer(cased)}
        kept = [at for at in range(len(cased)) if at not in gone]
        starts = [starts[at] for at in kept] if starts else kept
        ends = [ends[at] for at in kept] if ends else [at + 1 for at in kept]
        cased = "".join([cased[at] for at in kept])
    return Folded(cased.lower(), cased, starts, ends)


def _fold_quickly(text: str) -> str:
    for char, folded in _COMMON:
        if char in text:
            text = text.replace(char, folded)
    return text


def _fold_slowly(text: str) -> tuple[str, list[int], list[int]]:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, char in enumerate(text):
        folded = _TABLE[ord(char)]
        if folded:
            out.extend(folded)
            starts.extend([at] * len(folded))
            ends.extend([at + 1] * len(folded))
        elif out and unicodedata.combining(char):
            # The mark belongs to the last letter kept, be a stress mark or a format character between them.
            out[-1] = _COMPOSED.get(out[-1] + char, out[-1])
            ends[-1] = at + 1
    return "".join(out), starts, ends


def _repair(text: str) -> str:
    """Give each mixed-script word the script that all its letters can be read in, Cyrillic first."""
    if _MIXED.search(text):
        text = _RUN.sub(_repair_word, text)
    return text.replace("ï", "i").replace("Ï", "I")


def _repair_word(match: re.Match[str]) -> str:
    word = match.group()
    if not _MIXED.search(word):
        return word
    for table, wanted in ((_TO_CYRILLIC, _ONLY_CYRILLIC), (_TO_LATIN, _ONLY_LATIN)):
        repaired = word.translate(table)
        if wanted.fullmatch(repaired):
            return repaired
    return word


_ONE_WORD = re.compile(f"[{_CYRILLIC}Ёё]+|[A-Za-z]+")
_NAME_WORD = re.compile(r"[^\W_]+")
_ONLY_CYRILLIC = re.compile(f"[{_CYRILLIC}]+")
_ONLY_LATIN = re.compile("[A-Za-z]+")


def cyrillic_twin(word: str) -> str | None:
    """A Latin word of which every letter looks like a Cyrillic one, in Cyrillic: Opex -> Орех; else None."""
    if not _ALL_LOOK.fullmatch(word):
        return None
    return word.translate(_TO_CYRILLIC)


def key(text: str) -> str:
    """A name as it is compared: folded, words joined by one space."""
    if _ONE_WORD.fullmatch(text):
        return text.lower().replace("ё", "е")
    return " ".join(_NAME_WORD.findall(fold(text).text.replace("'", "")))


def utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """A span in code points as offset and length in UTF-16 units, as Telegram counts."""
    return _units(text[:start]), _units(text[start:end])


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)
