"""Which characters the bytes of a feed mean: decided here, because a wrong guess hides every settlement silently.

In: bytes and what HTTP said of them. Out: text, the charset it was read in, and whether it looks garbled.
Order: byte order mark, then the declarations (HTTP, XML) as far as the bytes bear them out, strict UTF-8, and for
what remains the Cyrillic charset whose text looks most like words.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866")
LAST_RESORT = "cp1252"
REFUSED = frozenset({"utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
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
    candidates = [name for name in (known(declared), known(_xml(body))) if name]
    for charset in candidates:
        if (found := _read(body, charset)) and not _suspicious(found.text):
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
    return codec.name if text and codec.name not in REFUSED else None


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


def _cyrillic(body: bytes) -> Text | None:
    """The charset in which the text looks most like Russian or Ukrainian, if it does at all."""
    best = max(CYRILLIC, key=lambda charset: cyrillic_score(body[:SAMPLE].decode(charset, "replace")))
    if cyrillic_score(body[:SAMPLE].decode(best, "replace")) < PLAUSIBLE:
        return None
    return Text(body.decode(best, "replace"), best)


def _last(body: bytes, candidates: list[str]) -> Text:
    charset = next((name for name in candidates if _read(body, name)), LAST_RESORT)
    text = body.decode(charset, "replace")
    return Text(text, charset, garbled=is_mojibake(text) or text.count("�") > ENOUGH)


# ---------------------------------------------------------------- what words look like

FREQUENT = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжіїє")
CASES = re.compile(r"[а-яёіїєґ](?=[А-ЯЁІЇЄҐ])")
CYRILLIC_WORD = re.compile(r"[А-яЁёІіЇїЄєҐґ]{2,}")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
PLAUSIBLE = 0.55


def cyrillic_score(text: str) -> float:
    """From 0 to 1: how much of what is not ASCII stands in words of frequent Cyrillic letters in a likely case."""
    foreign = len(BEYOND_ASCII.findall(text))
    if not foreign:
        return 0.0
    words = CYRILLIC_WORD.findall(text)
    letters = Counter("".join(words))
    frequent = sum(count for letter, count in letters.items() if letter in FREQUENT)
    capitals = sum(count for letter, count in letters.items() if letter.isupper())
    jumps = sum(len(CASES.findall(word)) for word in words)
    # Words wholly in capitals are fine; capitals after small letters are the mark of a KOI8 mix-up.
    shouting = sum(len(word) for word in words if word.isupper())
    likely = frequent + 0.6 * sum(
        1 for word in words for letter in word if word.isupper() and letter.lower() in FREQUENT
    )
    return max(0.0, (likely - 2 * jumps - 0.2 * max(0, capitals - shouting - len(words))) / foreign)


LATIN_LETTERS = re.compile(r"[À-ÿ]")
DENSE_LATIN = re.compile(r"[À-ÿ]{3,}")


def _suspicious(text: str) -> bool:
    """Whether a text that its declared charset could decode is more likely written in another one."""
    sample = text[:SAMPLE]
    foreign = len(BEYOND_ASCII.findall(sample))
    if foreign < ENOUGH:
        return False
    dense = sum(map(len, DENSE_LATIN.findall(sample)))
    if dense > foreign / 2:
        return True
    cyrillic = sum(map(len, CYRILLIC_WORD.findall(sample)))
    return cyrillic > foreign / 2 and cyrillic_score(sample) < PLAUSIBLE


# UTF-8 read as Windows-1251 ("РџСЂРё"), as Latin-1 or Windows-1252 ("ÐŸÑ€").
TWICE = re.compile(r"(?:[РСТ][\u0400-\u045f\u2018-\u2122\u00a0-\u00bf]){3,}|(?:[ÐÑ][\u0080-\u00bf\u0152-\u2122]){3,}")


def is_mojibake(text: str) -> bool:
    """Whether a good part of what is not ASCII has the shape of UTF-8 read as something else."""
    sample = text[:SAMPLE]
    twice = sum(map(len, TWICE.findall(sample)))
    return twice >= ENOUGH and twice > len(BEYOND_ASCII.findall(sample)) / 3
