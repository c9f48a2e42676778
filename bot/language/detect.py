"""Which language a name or a text is written in, from its letters and endings.

In: a name, a text, or the tag by which a document names its language. Out: `Language`s. Names that could be either
language get both: Суджа, Калинка.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Language(StrEnum):
    RUSSIAN = "ru"
    UKRAINIAN = "uk"
    ENGLISH = "en"


_UKRAINIAN_LETTER = re.compile(r"[іїєґІЇЄҐ]|[бвгджзклмнпрстфхцчш][’'ʼ][яюєї]", re.IGNORECASE)
_RUSSIAN_LETTER = re.compile(r"[ыэъё]", re.IGNORECASE)
_UKRAINIAN_END = re.compile(
    r"(?:[сцз]ьк(?:а|е|ий)?|[бвгджзклмнпрстфхцчшщ]ове|[бвгджзклмнпрстфхцчшщ]не|[іє]вка|лля|ння|ття|нька|ець|ця)\b"
    # Of an adjective before a name Russian has the longer ending: Велика Лепетиха, Старий Крим.
    r"|\b(?:(?:нов|стар|мал|добр|гол|крив|золот|мокр|сух|жовт|зелен|червон|козач|вовч)(?:ий|а|е)|(?:велик|лис)[ае]) ",
    re.IGNORECASE,
)
_RUSSIAN_END = re.compile(
    r"(?:[сц]к(?:ий|ая|ое|ие)?|[аеёийоуья]?[оеё]во|ино|[оеё]вка|ец|ица|ая|яя|ое|ее|ые|ие|ь[еяи])\b", re.IGNORECASE
)
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[А-Яа-яІіЇїЄєҐґЎўЁё]")


def of_name(name: str) -> tuple[Language, ...]:
    """The languages whose rules a name is declined by; none for a name without letters."""
    if not _CYRILLIC.search(name):
        return (Language.ENGLISH,) if _LATIN.search(name) else ()
    for ukrainian, russian in ((_UKRAINIAN_LETTER, _RUSSIAN_LETTER), (_UKRAINIAN_END, _RUSSIAN_END)):
        signs = bool(ukrainian.search(name)), bool(russian.search(name))
        if signs == (True, False):
            return (Language.UKRAINIAN,)
        if signs == (False, True):
            return (Language.RUSSIAN,)
    return (Language.RUSSIAN, Language.UKRAINIAN)


_TAGS = {"ua": Language.UKRAINIAN, "rus": Language.RUSSIAN, "ukr": Language.UKRAINIAN, "eng": Language.ENGLISH}
"""Beside the two letters of ISO 639-1: the three letters, and the country that is often written for its language."""


def of_tag(tag: str) -> Language | None:
    """The language that a document names: "uk-UA", "ru"; None for another one, or none."""
    first = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    return Language(first) if first in set(Language) else _TAGS.get(first)


_CODE = "cp1251"
_APOSTROPHES = "’'ʼ"
_PARTED = re.compile(f"[бвгджзклмнпрстфхцчш][{_APOSTROPHES}][яю]", re.IGNORECASE)


def _kind(sign: str) -> str:
    for letter, kind in ((_UKRAINIAN_LETTER, "U"), (_RUSSIAN_LETTER, "R"), (_CYRILLIC, "C"), (_LATIN, "L")):
        if letter.match(sign):
            return kind
    return " "


_KINDS = "".join(map(_kind, bytes(range(256)).decode(_CODE, "replace"))).encode()
"""One byte a letter, as every post is asked: a fifth of what four expressions take."""


def of_text(text: str, sample: int = 2000) -> Language | None:
    """The language of a text by the letters of its beginning; None where they do not tell."""
    head = text[:sample]
    kinds = head.encode(_CODE, "replace").translate(_KINDS)
    ukrainian, russian = kinds.count(b"U"), kinds.count(b"R")
    if (kinds.count(b"C") + ukrainian + russian) * 2 < kinds.count(b"L"):
        return Language.ENGLISH
    if any(sign in head for sign in _APOSTROPHES):
        ukrainian += len(_PARTED.findall(head))  # before є and ї the letter itself is counted
    if ukrainian == russian:
        return None
    return Language.UKRAINIAN if ukrainian > russian else Language.RUSSIAN
