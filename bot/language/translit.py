"""Latin spellings of Cyrillic names by the usual systems, and slugs.

In: a name in Russian or Ukrainian. Out: its Latin spellings, most usual first: BGN/PCGN, the Ukrainian law of 2010,
GOST and passport, ISO 9, what newsrooms make of them, and the German and the Polish press.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.language.detect import Language
from bot.language.fold import fold


def _letters(table: str, **other: str) -> dict[int, str]:
    """A table for `str.translate` from words such as `жzh`: a letter and its Latin; `ь` alone is left out."""
    letters = {word[0]: word[1:] for word in table.split()}
    return str.maketrans(letters | other)


_RUSSIAN = "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya ёyo"
_UKRAINIAN = (
    "аa бb вv гh ґg дd еe єie жzh зz иy іi їi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ь юiu яia"
)
_PLAIN_UKRAINIAN = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_ISO_9 = {"ж": "z", "й": "j", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ю": "u", "я": "a"}


class System:
    """A table of letters, with what changes before it is used: at a word's start, behind a vowel, at a word's end."""

    def __init__(self, table: str, *rules: tuple[str, str], **letters: str) -> None:
        self._letters = _letters(table, **letters)
        self._rules = tuple((re.compile(pattern), becomes) for pattern, becomes in rules)
        self._any = re.compile("|".join(pattern for pattern, _ in rules) or "(?!)")

    def write(self, word: str) -> str:
        if self._any.search(word):
            for pattern, becomes in self._rules:
                word = pattern.sub(becomes, word)
        return word.translate(self._letters)


_GERMAN = {"в": "w", "ж": "sch", "з": "s", "й": "j", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch"}
_POLISH = {"в": "w", "ж": "z", "й": "j", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "ю": "ju", "я": "ja"}
_YE = (r"(?:^|(?<=[аеёиоуыэюяйъь]))е", "ye")
_SKY = (r"(?<=[сц])кий$", "ky")
_Y = (r"(?:ый|ий)$", "y")
_START = tuple((f"^{letter}", latin) for letter, latin in _PLAIN_UKRAINIAN.items())
_SYSTEMS = {
    Language.RUSSIAN: (
        System(_RUSSIAN, _YE, _SKY, _Y),
        System(_RUSSIAN, _YE),
        System(_RUSSIAN, _SKY, _Y),
        System(_RUSSIAN, й="i", ю="iu", я="ia", ъ="ie", ё="e"),
        System(_RUSSIAN, ё="e", х="h", ц="c", ж="j", щ="sch"),
        System(_RUSSIAN, ё="e", х="h", й="j", ю="ju", я="ja", ц="c", щ="sch"),
        System(_RUSSIAN, **_ISO_9, ё="e"),
        System(_RUSSIAN, (_YE[0], "je"), **_GERMAN, ё="e", ю="ju", я="ja"),
        System(_RUSSIAN, (_YE[0], "je"), **_POLISH, ё="io"),
    ),
    Language.UKRAINIAN: (
        System(_UKRAINIAN, ("зг", "zgh"), *_START),
        System(_UKRAINIAN, **_PLAIN_UKRAINIAN),
        System(_UKRAINIAN, _SKY, _Y, **_PLAIN_UKRAINIAN),
        System(_UKRAINIAN, г="g", и="i", й="y", ю="yu", я="ya", є="e"),
        System(_UKRAINIAN, **_ISO_9, є="e"),
        System(_UKRAINIAN, **_GERMAN, и="y", є="je", ї="ji", ю="ju", я="ja"),
        System(_UKRAINIAN, **_POLISH, и="y", є="je", ї="ji"),
    ),
}
_WORD = re.compile(r"[^\W\d_]+")


def spellings(name: str, language: Language) -> tuple[str, ...]:
    """Latin spellings of a name, without apostrophes and marks, each once; none if the name is Latin already."""
    plain = re.sub("['’ʼ`]", "", name)
    found = dict.fromkeys(_write(plain, system) for system in _SYSTEMS.get(language, ()))
    found.pop(name, None)
    return tuple(found)


def _write(name: str, system: System) -> str:
    """A name in Latin letters, each word in its own case."""
    if name.isalpha():
        return _written(name, system)
    return _WORD.sub(lambda match: _written(match.group(), system), name)


@lru_cache(maxsize=8192)
def _written(word: str, system: System) -> str:
    latin = system.write(word.lower())
    if word.isupper() and len(word) > 1:
        return latin.upper()
    return latin.capitalize() if word[:1].isupper() else latin


def slug(text: str) -> str:
    """A stable id from any name: `Черкасское Поречное` -> `cherkasskoye-porechnoye`; at least one character."""
    folded = fold(text).text
    ukrainian = re.search("[іїєґ]", folded) is not None
    latin = _write(folded, _SYSTEMS[Language.UKRAINIAN if ukrainian else Language.RUSSIAN][0])
    return re.sub(r"[^a-z0-9]+", "-", latin.replace("'", "")).strip("-") or "place"
