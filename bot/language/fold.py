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
    "і" + _DIAERESIS: "ї",
    "І" + _DIAERESIS: "Ї",
    "i" + _DIAERESIS: "ï",
    "I" + _DIAERESIS: "Ï",
}
_KEPT = frozenset(_COMPOSED.values())
_ODD = "\uffff"
"""Stands for a character that does not fold to exactly one: a noncharacter, which no honest text holds."""
_MAX_CACHE = 8192

_LOOK_LATIN, _LOOK_CYRILLIC = "aceiopxykmtABCEHIKMOPTXYïÏ", "асеіорхукмтАВСЕНІКМОРТХУїЇ"
_LOOK_GREEK, _GREEK_CYRILLIC = "αερουΑΒΕΗΙΚΜΟΡΤΥΧ", "аероуАВЕНІКМОРТУХ"
_TO_CYRILLIC = str.maketrans(_LOOK_LATIN + _LOOK_GREEK, _LOOK_CYRILLIC + _GREEK_CYRILLIC)
_TO_LATIN = str.maketrans("асеіорхуАВСЕНІКМОРТХУїЇï", "aceiopxyABCEHIKMOPTXYiIi")
_FOREIGN = "A-Za-zïÏα-ωΑ-Ω"
_CYRILLIC = "А-Яа-яІіЇїЄєҐґЎў"
_MIXED = re.compile(f"[{_CYRILLIC}][{_FOREIGN}]|[{_FOREIGN}][{_CYRILLIC}]")
_RUN = re.compile(f"[{_CYRILLIC}{_FOREIGN}]+")
_ALL_LOOK = re.compile(f"[{_LOOK_LATIN}]+")
_INNER_APOSTROPHE = re.compile(f"(?<=[{_CYRILLIC}])'(?=[{_CYRILLIC}])")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is lower case, `cased` the same letters with their case; both have the same length.

    `offsets` has one more entry than `text` has characters: character i came from `offsets[i]` of the original, and
    the last entry is the original's length. None means that both texts have the same offsets.
    """

    text: str
    cased: str
    offsets: Sequence[int] | None
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original, in code points, that folded to `text[start:end]` (end excluded, not empty)."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


class _Table(dict[int, str]):
    """One character to what it folds to, worked out at first use; the cache is bounded, the text is a stranger's."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MAX_CACHE:
            self[code] = folded
        return folded


class _Single(_Table):
    """The same for `str.translate`, with `_ODD` for every character that does not fold to exactly one."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        # An apostrophe between letters goes, and a mark needs its neighbour: both take the slow way.
        single = folded if len(folded) == 1 and folded != _ODD else _ODD
        if len(self) < _MAX_CACHE:
            self[code] = single
        return single


_TABLE = _Table()
_SINGLE = _Single()


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
    quick = text.translate(_SINGLE)
    if _ODD in quick:
        cased, offsets = _fold_slowly(text)
    else:
        cased, offsets = quick, None
    cased = _repair(cased)
    if "'" in cased and _INNER_APOSTROPHE.search(cased):
        cased, offsets = _join(cased, offsets)
    return Folded(cased.lower(), cased, offsets, len(text))


def _fold_slowly(text: str) -> tuple[str, list[int]]:
    out: list[str] = []
    offsets: list[int] = []
    table = _TABLE
    for at, char in enumerate(text):
        folded = table[ord(char)]
        if folded:
            out.extend(folded)
            offsets.extend([at] * len(folded))
        elif out and char in (_BREVE, _DIAERESIS):
            # The mark may stand behind a stress mark or a format character: the letter is still the last one kept.
            out[-1] = _COMPOSED.get(out[-1] + char, out[-1])
    offsets.append(len(text))
    return "".join(out), offsets


def _join(cased: str, offsets: Sequence[int] | None) -> tuple[str, Sequence[int]]:
    """Take apostrophes out of Cyrillic words: Кам'янка is written with and without."""
    gone = {match.start() for match in _INNER_APOSTROPHE.finditer(cased)}
    kept = [at for at in range(len(cased)) if at not in gone]
    source = range(len(cased) + 1) if offsets is None else offsets
    return "".join([cased[at] for at in kept]), [*(source[at] for at in kept), source[len(cased)]]


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


_ONLY_CYRILLIC = re.compile(f"[{_CYRILLIC}]+")
_ONLY_LATIN = re.compile("[A-Za-z]+")


def cyrillic_twin(word: str) -> str | None:
    """A Latin word of which every letter looks like a Cyrillic one, in Cyrillic: Opex -> Орех; else None."""
    if not _ALL_LOOK.fullmatch(word):
        return None
    return word.translate(_TO_CYRILLIC)


def key(text: str) -> str:
    """A name as it is compared: folded, words joined by one space."""
    return " ".join(re.findall(r"[^\W_]+", fold(text).text.replace("'", "")))


def utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """A span in code points as offset and length in UTF-16 units, as Telegram counts."""
    return _units(text[:start]), _units(text[start:end])


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)
