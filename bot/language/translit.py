"""Latin spellings of Cyrillic names by the usual systems, and slugs.

In: a name in Russian or Ukrainian. Out: its Latin spellings, most usual first: BGN/PCGN, the Ukrainian law of 2010,
GOST and passport, ISO 9, and what newsrooms make of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.language.detect import Language
from bot.language.fold import fold

_RUSSIAN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "_",
            "y",
            "_",
            "e",
            "yu",
            "ya",
            "yo",
        ],
        strict=True,
    )
)
_UKRAINIAN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "_",
            "iu",
            "ia",
        ],
        strict=True,
    )
)
_VOWELS = "аеёиоуыэюяєіїъь"


@dataclass(frozen=True, slots=True)
class System:
    """A table of letters, with what changes at a word's start or behind a vowel, and endings that are written whole."""

    letters: dict[str, str]
    initial: dict[str, str] = field(default_factory=dict)
    ends: tuple[tuple[str, str], ...] = ()

    def write(self, word: str) -> str:
        for end, latin in self.ends:
            if word.endswith(end):
                return self._letters(word[: -len(end)]) + latin
        return self._letters(word)

    def _letters(self, word: str) -> str:
        out = []
        before = ""
        for letter in word:
            table = self.initial if (not before or before in _VOWELS) and letter in self.initial else self.letters
            out.append(table.get(letter, letter).replace("_", ""))
            before = letter
        return "".join(out)


_BGN_START = {"е": "ye", "ё": "yo"}
_NEWS_ENDS = (("ский", "sky"), ("цкий", "tsky"), ("ый", "y"), ("ий", "y"))
_SYSTEMS = {
    Language.RUSSIAN: (
        System(_RUSSIAN, _BGN_START, _NEWS_ENDS),
        System(_RUSSIAN, _BGN_START),
        System(_RUSSIAN, {}, _NEWS_ENDS),
        System(_RUSSIAN | {"й": "i", "ю": "iu", "я": "ia", "ъ": "ie", "ё": "e"}),
        System(_RUSSIAN | {"ё": "e", "х": "h", "ц": "c", "ж": "j", "щ": "sch", "й": "y"}),
        System(_RUSSIAN | {"ё": "e", "х": "h", "й": "j", "ю": "ju", "я": "ja", "ц": "c", "щ": "sch"}),
        System(
            _RUSSIAN
            | {"ж": "z", "й": "j", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ю": "u", "я": "a", "ё": "e"}
        ),
    ),
    Language.UKRAINIAN: (
        System(_UKRAINIAN, {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}),
        System(_UKRAINIAN | {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}, {}, (("ий", "yy"),)),
        System(_UKRAINIAN | {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}, {}, (("ий", "y"),)),
        System(_UKRAINIAN | {"г": "g", "и": "i", "й": "y", "ю": "yu", "я": "ya", "є": "e"}),
        System(
            _UKRAINIAN
            | {"ж": "z", "й": "j", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ю": "u", "я": "a", "є": "e"}
        ),
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
    def one(match: re.Match[str]) -> str:
        word = match.group()
        latin = system.write(word.lower())
        if word.isupper() and len(word) > 1:
            return latin.upper()
        return latin[:1].upper() + latin[1:] if word[:1].isupper() else latin

    return _WORD.sub(one, name)


def slug(text: str) -> str:
    """A stable id from any name: `Черкасское Поречное` -> `cherkasskoye-porechnoye`; at least one character."""
    folded = fold(text).text
    ukrainian = re.search("[іїєґ]", folded) is not None
    latin = _write(folded, _SYSTEMS[Language.UKRAINIAN if ukrainian else Language.RUSSIAN][0])
    return re.sub(r"[^a-z0-9]+", "-", latin.replace("'", "")).strip("-") or "place"
