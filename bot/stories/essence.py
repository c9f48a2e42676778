"""A post's essence: what of a text may be news, one byte a character.

In: any string. Out: bytes in which a letter is one byte (upper case kept, look-alike letters of both scripts the same),
words stand apart by exactly one separator, and the separator says what stood there: a space, the end of a sentence, a
new line, a new item of a list. The last word of a question keeps its mark. Invariant: `plain` of an essence has the
same length, so positions hold for both.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

from bot.language.fold import fold

SPACE, STOP, LINE, ITEM = b" ", b".", b"\n", b"\x01"
ASKS = b"?"
MAX_TEXT = 20_000
"""Characters of a text that are looked at: a title of 1 MB costs no more than a long post."""
_MAX_CACHE = 8192
_ITEM = "\x01"
_PAGE = "cp1251"
"""The code page has all Cyrillic letters of both languages beside ASCII, upper and lower case."""

_LOOKS = dict(zip("aceiopxybhkmtACEIOPXYBHKMTïÏ", "асеіорхувнкмтАСЕІОРХУВНКМТїЇ", strict=True))
_BULLETS = frozenset("▪▫•●○◦◾◽■□▶►‣⁃·*–—-✔✓➖➡→")
_ENDS = {".": ".!…", "?": "?？⁇⁈⁉", "\n": "\n\r\v\f\x85\u2028\u2029"}
_END = {char: end for end, chars in _ENDS.items() for char in chars}
"""What ends a sentence, a question or a line."""


class _Table(dict[int, str]):
    """One character to its byte, as a Latin-1 character; worked out at first use, the cache is bounded."""

    def __missing__(self, code: int) -> str:
        found = _character(chr(code))
        if len(self) < _MAX_CACHE:
            self[code] = found
        return found


def _character(char: str) -> str:
    if char in _END:
        return _END[char]
    if char in _BULLETS or unicodedata.category(char) == "So":
        return _ITEM
    if char in "№™":
        return " "
    if char == "\u20e3":  # the frame of a keycap: 1️⃣ numbers an item
        return ")"
    return "".join(_byte(each) for each in fold(char).cased)


def _byte(char: str) -> str:
    char = _LOOKS.get(char, char)
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char == "'":
        return ""
    if not char.isalpha():
        return char if char in ":)." else " "
    try:
        return char.encode(_PAGE).decode("latin-1")
    except UnicodeEncodeError:
        return chr(0x80 + ord(char) % 0x20)  # another alphabet: 32 letters do for comparing


_TABLE = _Table()
_LOWER = bytes(
    ord(_byte(bytes([code]).decode(_PAGE).lower()))
    if code != 0x98 and bytes([code]).decode(_PAGE).isalpha()
    else 0x20
    if code in b".\n\x01"
    else code
    for code in range(256)
)


_QUICK_CHARACTERS = [bytes([code]).decode(_PAGE, "replace") for code in range(256)]
_QUICK = bytes(ord(_TABLE[ord(char)] or " ") for char in _QUICK_CHARACTERS)
_NOTHING = bytes(code for code, char in enumerate(_QUICK_CHARACTERS) if not _TABLE[ord(char)])
"""`_TABLE` for a text that the code page can hold: several times quicker, and the same."""


def _bytes(text: str) -> str:
    try:
        return text.encode(_PAGE).translate(_QUICK, _NOTHING).decode("latin-1")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", text).translate(_TABLE)[:MAX_TEXT]


def _words(phrases: str) -> str:
    """A pattern that finds any of the phrases in folded text."""
    return "|".join(
        re.escape(_bytes(phrase).encode("latin-1").translate(_LOWER).decode("latin-1")) for phrase in phrases.split("/")
    )


_URL = re.compile(r"(?:https?://|\bt\.me/)[^\s<>«»\"]+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@\w{3,}(?:@[\w.]+)?")
_TAG = re.compile(r"#(\w)")
"""A hashtag is a name, also where it is written small."""
_NUMBERED = re.compile(r"[ \x01]*\d{1,2}\)[ \x01]*|[ \x01]+|\d{1,2}\. (?=\D)")
_STOP = re.compile(r" ?\.[ .]*")
_QUESTION = re.compile(r"[ .]*\?[ .?]*")
_GAP = re.compile(r"[ \x01:)]+")
_MARKS = (_ITEM, ":", ")")
_CALL = re.compile(
    r"(?<![^\W\d_])(?:"
    + _words(
        "подпишись/подпишитесь/подписывайтесь/подписывайся/подписаться/подписка на/підпишись/підпишіться/підписуйтесь/"
        "підписуйтеся/підписуйся/підписатися/підписатись/наш канал/наш чат/наши каналы/наші канали/прислать новость/"
        "прислать фото/надіслати новину/надіслати фото/предложить новость/запропонувати новину/обратная связь/"
        "зворотний зв язок/написать нам/написати нам/subscribe/follow us/join us/our channel/send us news/"
        "поддержать канал/підтримати канал/наш бот/читайте нас/читай нас/мы в telegram/ми в telegram/мы в max/наш max"
    )
    + ")"
)
_HEADER = re.compile(
    r"(?:(?:"
    + _words(
        "срочно/молния/важно/внимание/терміново/увага/важливо/блискавка/экстренно/breaking news/breaking/urgent/"
        "just in/оперативно/обновлено/оновлено/обновляется/доповнюється/дополняется/эксклюзив/ексклюзив"
    )
    + r")(?![a-z\x80-\xff])[ .\x01:)]*)+"
)
_MAX_CALL, _MAX_TAIL = 14, 70
"""Words of a sentence that may be a call as a whole, and the end of a longer one in which it may stand."""
_FEW_WORDS, _FEW_BESIDE = 3, 1
"""Words, less one, that stand at least before a call in its sentence, and in the other sentences of its line."""
_BETWEEN = re.compile(r"[ .]")
_MAX_HEADING = 80


def essence(text: str) -> bytes:
    """What is left of a text without addresses, handles, sentences that ask to subscribe, and СРОЧНО before it."""
    text = text[:MAX_TEXT]
    if "/" in text:
        text = _URL.sub(" ", text)
    if "@" in text:
        text = _HANDLE.sub(" ", text)
    if "#" in text:
        text = _TAG.sub(lambda tag: tag[1].upper(), text)
    lines = [made for line in _bytes(text).split("\n") if (made := _line(line))]
    return "".join(_without_header(_marked(lines))).strip(" .\n\x01").encode("latin-1")


def _line(raw: str) -> str:
    """One line with its mark: the separator that stands before it. Empty if nothing of it is news."""
    head = _NUMBERED.match(raw)
    item = head is not None and not head.group().isspace()
    line = raw.lstrip(f" {_ITEM}")
    opens = line.rstrip(" .\x01").endswith(":") and len(line) <= _MAX_HEADING
    if "  " in line or any(mark in line for mark in _MARKS):
        line = _GAP.sub(" ", line)
    if "?" in line:
        line = _QUESTION.sub("?.", line).lstrip("?.")
    line = _without_call(_STOP.sub(".", line).strip(" ."))
    if not line:
        return ""
    return f"{_ITEM if item else chr(10)}{line}{':' if opens else ''}"


def _without_call(line: str) -> str:
    """A line without its calls to subscribe; nothing of it, if they leave no more than a word."""
    if _CALL.search(_low(line)) is None:
        return line
    kept = ".".join(said for sentence in line.split(".") if (said := _before_call(sentence)))
    return kept if kept == line or len(_BETWEEN.findall(kept)) >= _FEW_BESIDE else ""


def _before_call(sentence: str) -> str:
    """A sentence without a call at its end; nothing of it, if it is little else."""
    short = sentence.count(" ") < _MAX_CALL
    found = _CALL.search(_low(sentence), 0 if short else max(0, len(sentence) - _MAX_TAIL))
    if found is None:
        return sentence
    at = found.start()
    news = sentence[:at].rstrip()
    begins = sentence[at] != found.group()[0]
    if begins and news.count(" ") >= _FEW_WORDS:
        return news
    return "" if short else sentence


def _low(line: str) -> str:
    return line.encode("latin-1").translate(_LOWER).decode("latin-1")


def _marked(lines: list[str]) -> list[str]:
    """Lines under a heading that ends with a colon are items of a list, if there are at least two."""
    for at, line in enumerate(lines):
        if line.endswith(":"):
            lines[at] = line[:-1]
            if len(lines) - at > 2:
                lines[at + 1 :] = [_ITEM + other[1:] for other in lines[at + 1 :]]
    return [line.removesuffix(":") for line in lines]


def _without_header(lines: list[str]) -> list[str]:
    if not lines:
        return lines
    low = _low(lines[0])
    found = _HEADER.match(low, 1)
    if found is None or (found.end() == len(low) and len(lines) == 1):
        return lines
    rest = lines[0][found.end() :]
    return [lines[0][0] + rest, *lines[1:]] if rest else lines[1:]


def plain(essence: bytes) -> bytes:
    """The same in lower case, every separator a space."""
    return essence.translate(_LOWER)


def numbers(essence: bytes) -> list[bytes]:
    """The numbers as they stand, in order; what part of a date or a sum they are is not asked."""
    return _DIGITS.findall(essence)


_DIGITS = re.compile(rb"\d+")


def digest(data: bytes, salt: str = "") -> int:
    """A number of 32 bits for an index: the same in every process."""
    return crc32(data, crc32(salt.encode("utf-8", "surrogatepass")))
