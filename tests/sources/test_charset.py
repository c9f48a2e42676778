"""Charsets: declared rightly, wrongly or not at all, Cyrillic comes out as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bot.sources.parsing.charset import CYRILLIC, Text, decode, is_mojibake, known

RUSSIAN = "Бои у Суджи: ВСУ продвинулись к Мартыновке, сообщает Рыбарь. Под Покровском без перемен."
UKRAINIAN = "Бої біля Суджі: ЗСУ просунулися до Мартинівки. Під Покровськом без змін, її жителі виїхали."
FRENCH = "La bataille près de Soudja: l'armée a progressé, déclare l'état-major à Genève."
FEED = '<?xml version="1.0"{}?><rss><channel><title>{}</title></channel></rss>'


def feed(text: str, declared: str = "") -> str:
    return FEED.format(f' encoding="{declared}"' if declared else "", text)


@pytest.mark.parametrize("written", ["utf-8", "utf-16", "utf-8-sig", "utf-16-le", *CYRILLIC])
@pytest.mark.parametrize("http", [None, "utf-8", "windows-1251", "iso-8859-1", "koi8-r", "nonsense"])
@pytest.mark.parametrize("declared", ["", "utf-8", "windows-1251", "KOI8-R", "iso-8859-1"])
def test_russian_is_read_whatever_was_declared(written: str, http: str | None, declared: str) -> None:
    found = decode(feed(RUSSIAN, declared).encode(written), http)
    assert (RUSSIAN in found.text, found.garbled) == (True, False), found


@pytest.mark.parametrize("written", ["utf-8", "cp1251", "koi8-u"])
@pytest.mark.parametrize("http", [None, "utf-8", "iso-8859-1", "windows-1251"])
def test_ukrainian_is_read_too(written: str, http: str | None) -> None:
    assert UKRAINIAN in decode(feed(UKRAINIAN).encode(written), http).text


@pytest.mark.parametrize("http", [None, "windows-1251"])
def test_utf_8_of_halves_is_read(http: str | None) -> None:
    halves = "".join(chr(unit) for unit in (0xD83D, 0xDCA5))
    body = feed(f"{halves * 9} Суджа {halves[0]}").encode("utf-8", "surrogatepass")
    assert decode(body, http) == Text(feed(f"{'💥' * 9} Суджа \ufffd"), "utf-8")


@pytest.mark.parametrize("http", ["iso-8859-1", "windows-1252"])
def test_what_is_latin_stays_latin(http: str) -> None:
    assert FRENCH in decode(feed(FRENCH).encode("cp1252"), http).text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Οι δυνάμεις προχώρησαν στην περιοχή του Κουρσκ κοντά στη Σούτζα", "iso8859-7"),
        ("כוחות אוקראינים נכנסו למחוז קורסק", "cp1255"),
        ("乌克兰军队进入库尔斯克地区苏贾镇", "gb18030"),
        ("ウクライナ軍がクルスク州に進軍し", "shift_jis"),
    ],
)
def test_other_scripts_are_believed(text: str, charset: str) -> None:
    assert text in decode(feed(text).encode(charset), charset).text


def test_latin_without_a_declaration_is_the_last_resort() -> None:
    assert decode(feed(FRENCH).encode("cp1252")).text == feed(FRENCH)


@pytest.mark.parametrize(
    "charset", ["utf-7", "punycode", "idna", "hex", "zip", "rot13", "unicode_escape", "base64", "undefined", "no-such"]
)
def test_codecs_that_are_no_charsets_of_text_are_refused(charset: str) -> None:
    assert known(charset) is None
    assert decode(feed(RUSSIAN).encode("cp1251"), charset).text == feed(RUSSIAN)


def test_capitals_do_not_confuse_the_choice() -> None:
    shout = "ВЗЯТА СУДЖА! СРОЧНО: БОИ ИДУТ В ЦЕНТРЕ ГОРОДА"
    for written in ("cp1251", "koi8-r"):
        assert decode(feed(shout).encode(written)).text == feed(shout)


@pytest.mark.parametrize("misread", ["cp1251", "cp1252", "latin-1"])
def test_text_that_was_garbled_before_it_came_raises_the_alarm(misread: str) -> None:
    twice = RUSSIAN.encode().decode(misread, "replace")
    assert is_mojibake(twice)
    assert decode(feed(twice).encode()).garbled


@pytest.mark.parametrize(
    "text", [RUSSIAN, UKRAINIAN, FRENCH, "", "РС", "АС РФ, СССР, РСФСР, ТАСС, РТР", "Ð is a letter"]
)
def test_text_that_is_well_raises_none(text: str) -> None:
    assert not is_mojibake(text)
    assert not decode(text.encode()).garbled


@given(st.binary(max_size=400), st.none() | st.text(max_size=20))
def test_no_bytes_make_it_fall(body: bytes, declared: str | None) -> None:
    assert isinstance(decode(body, declared), Text)


@pytest.mark.parametrize("broken", [b"\xff", b"\xed\xa0\xbd", "ж".encode()[:1]])
def test_one_broken_byte_does_not_make_utf_8_another_charset(broken: bytes) -> None:
    body = "<rss>Бои за Суджу, сообщают ".encode() + broken + " источники на месте</rss>".encode()
    read = decode(body, "utf-8")
    assert read.charset == "utf-8"
    assert "Бои за Суджу" in read.text
    assert not read.garbled
