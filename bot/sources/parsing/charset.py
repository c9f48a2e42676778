"""Which characters the bytes of a feed mean: decided here, because a wrong guess hides every settlement silently.

In: bytes and what HTTP said of them. Out: text, the charset it was read in, and whether it looks garbled.
Order: byte order mark, strict UTF-8, UTF-8 with a broken byte here and there, then the declarations (HTTP, XML) as far
as the bytes bear them out, and for what remains the Cyrillic charset whose text looks most like words.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866")
OFTEN_WRONG = frozenset({*CYRILLIC, "ascii", "iso8859-1", "cp1252", "iso8859-15", "mac-cyrillic"})
"""Declared by default or by mistake: held against what the bytes look like. Other declarations are believed."""
LAST_RESORT = "cp1252"
REFUSED = frozenset({"utf-7", "punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
SAMPLE = 200_000
ENOUGH = 8
"""Letters beyond ASCII below which nothing can be told."""


FEW = 10
"""So many letters beyond ASCII that are whole for each that is broken make a text UTF-8."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    charset: str
    garbled: bool = False


def decode(body: bytes, declared: str | None = None) -> Text:
    """Never fails: bytes that fit nothing are read as Windows-1252 with replacement marks, and called garbled."""
    for mark, charset in BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], charset) or Text(body.decode(charset, "replace"), charset, garbled=True)
    if wide := _wide(body):
        return _read(body, wide) or Text(body.decode(wide, "replace"), wide, garbled=True)
    if (utf8 := _read(body, "utf-8")) and not _stateful(body):
        return utf8
    if nearly := _utf8_of_halves(body) or _nearly_utf8(body):
        return nearly
    candidates = [name for name in (known(declared), known(_xml(body))) if name]
    for charset in candidates:
        if (found := _read(body, charset)) and not (charset in OFTEN_WRONG and _suspicious(body, found.text)):
            return found
    return _cyrillic(body) or _last(body, candidates)


def known(charset: str | None) -> str | None:
    """The codec's name if it is a charset of text that we read; None for unknown ones and for those refused."""
    if not charset:
        return None
    try:
        codec = codecs.lookup(charset.strip().strip("'\""))
    except (LookupError, ValueError):
        return None
    # Codecs such as hex, zip and rot13 are no charsets; CPython marks them.
    text = getattr(codec, "_is_text_encoding", True)
    return codec.name if text and codec.name.replace("_", "-") not in REFUSED else None


def _xml(body: bytes) -> str | None:
    found = DECLARATION.match(body[:400])
    return found[1].decode("ascii") if found else None


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of the first characters is zero."""
    return {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(body[:2])


def _stateful(body: bytes) -> bool:
    """ISO-2022 hides its letters in ASCII bytes behind escapes: valid UTF-8, and wrong."""
    return b"\x1b$" in body[:SAMPLE] or b"\x1b(" in body[:SAMPLE]


def _read(body: bytes, charset: str) -> Text | None:
    try:
        text = body.decode(charset)
    except (UnicodeError, ValueError):
        return None
    return Text(text, charset, garbled=is_mojibake(text))


def _utf8_of_halves(body: bytes) -> Text | None:
    """CESU-8, as Java and Oracle write it: each half of a character beyond the first 65,536 by itself."""
    try:
        halves = body.decode("utf-8", "surrogatepass")
    except UnicodeError:
        return None
    text = halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Text(text, "utf-8", garbled=is_mojibake(text))


def _nearly_utf8(body: bytes) -> Text | None:
    """UTF-8 that somebody broke in a few places: a cut character, half of a pair. No other charset looks like it."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    letters = len(BEYOND_ASCII.findall(text)) - broken
    return Text(text, "utf-8") if letters >= ENOUGH and broken * FEW <= letters else None


def _cyrillic(body: bytes) -> Text | None:
    """The charset in which the text looks most like Russian or Ukrainian, if it does at all."""
    best = _best(body)
    return Text(body.decode(best, "replace"), best) if _score(body, best) >= PLAUSIBLE else None


def _last(body: bytes, candidates: list[str]) -> Text:
    charset = next((name for name in candidates if _read(body, name)), LAST_RESORT)
    text = body.decode(charset, "replace")
    return Text(text, charset, garbled=is_mojibake(text) or text.count("�") > ENOUGH)


# ---------------------------------------------------------------- what words look like

# How often each letter stands in Russian and Ukrainian text, in thousandths.
LETTERS = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъіїєґё"
FREQUENCIES = (110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16, 16, 14, 12, 10, 9, 7, 6,
               5, 4, 3, 3, 1, 50, 6, 5, 1, 1)  # fmt: skip
WEIGHTS = dict(zip(LETTERS, FREQUENCIES, strict=True))
NATURAL = 57
"""The mean weight of a letter in running text; letters at random come to about half of it."""
CASE_JUMP = re.compile(r"[а-яёіїєґ](?=[А-ЯЁІЇЄҐ])")
CYRILLIC_WORD = re.compile(r"[А-яЁёІіЇїЄєҐґ]{2,}")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
PLAUSIBLE = 0.58
CLEARLY = 0.15


def cyrillic_score(text: str) -> float:
    """About 1 where all that is not ASCII is running Cyrillic text, about a half for its letters at random."""
    foreign = len(BEYOND_ASCII.findall(text))
    if not foreign:
        return 0.0
    words = "".join(CYRILLIC_WORD.findall(text))
    likely = sum(WEIGHTS.get(letter, 0) * count for letter, count in Counter(words.lower()).items())
    # A capital behind a small letter is the mark of KOI8 and Windows-1251 mixed up.
    return likely / NATURAL / foreign - 2 * len(CASE_JUMP.findall(words)) / foreign


def _suspicious(body: bytes, text: str) -> bool:
    """Whether bytes that their declared charset could decode are clearly more likely Cyrillic of another one."""
    sample = text[:SAMPLE]
    if len(BEYOND_ASCII.findall(sample)) < ENOUGH:
        return False
    best = _score(body, _best(body))
    return best >= PLAUSIBLE and best > cyrillic_score(sample) + CLEARLY


def _best(body: bytes) -> str:
    return max(CYRILLIC, key=lambda charset: _score(body, charset))


def _score(body: bytes, charset: str) -> float:
    return cyrillic_score(body[:SAMPLE].decode(charset, "replace"))


# UTF-8 read as Windows-1251 ("РџСЂРё"), as Latin-1 or Windows-1252 ("ÐŸÑ€").
TWICE = re.compile(r"(?:[РСТ][\u0400-\u045f\u2018-\u2122\u00a0-\u00bf]){3,}|(?:[ÐÑ][\u0080-\u00bf\u0152-\u2122]){3,}")


def is_mojibake(text: str) -> bool:
    """Whether a good part of what is not ASCII has the shape of UTF-8 read as something else."""
    sample = text[:SAMPLE]
    twice = sum(map(len, TWICE.findall(sample)))
    return twice >= ENOUGH and twice > len(BEYOND_ASCII.findall(sample)) / 3
