"""Quotes, names, addresses and plurals: the tables of tests/cases/digests/text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.digests.quote import LONGEST, opening, sentence
from bot.digests.text import clean, name, safe_address
from bot.digests.words import LANGUAGES, plural, words_of
from tests.digests.newsdesk import spelt

FOLDER = Path(__file__).parents[1] / "cases" / "digests" / "text"


def table(file: str, key: str) -> list[Any]:
    return [pytest.param(row, id=row[key]) for row in YAML(typ="safe").load(FOLDER / file)]


@pytest.mark.parametrize("case", table("quotes.yaml", "name"))
def test_the_sentence_that_holds_the_match(case: dict[str, Any]) -> None:
    start = case["body"].index(case["match"])
    pieces = sentence(case["body"], (start, start + len(case["match"])), limit=case.get("limit", LONGEST))
    assert "".join(f"[{text}]" if match else text for text, match in pieces) == case["quote"]


def test_other_mentions_in_the_sentence_are_matches_too() -> None:
    body = "Бои идут у Бердина и у Суджи весь день. И в Покровске."
    spans = [(body.index(word), body.index(word) + len(word)) for word in ("Бердина", "Суджи", "Покровске", "Бердин")]
    pieces = sentence(body, spans[0], spans)
    assert [text for text, match in pieces if match] == ["Бердина", "Суджи"]


def test_a_megabyte_is_quoted_in_bounds() -> None:
    body = "х" * 500_000 + " Суджа " + "x" * 500_000
    pieces = sentence(body, (500_001, 500_006))
    assert ("Суджа", True) in pieces
    assert len("".join(text for text, _ in pieces)) <= LONGEST + 2
    assert len("".join(text for text, _ in opening(body))) <= LONGEST + 2


@pytest.mark.parametrize("case", table("names.yaml", "given"))
def test_names_are_shown_safely(case: dict[str, str]) -> None:
    assert name(spelt(case["given"])) == spelt(case["shown"])


@pytest.mark.parametrize(
    "url",
    ["https://t.me/rybar/1", "http://example.org:8080/a?b=c&d#e", "https://пример.рф/новости", "https://[::1]/"],
)
def test_web_addresses_stay_letter_for_letter(url: str) -> None:
    assert safe_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *(None, "", "javascript:alert(1)", "tg://resolve?domain=x", "//example.org/", "https://", "ftp://example.org/"),
        *(
            "https://user@example.org/",
            "https://example.org/ x",
            "https://example.org/\n",
            "https://example.org/\u202ex",
        ),
        *(
            'https://example.org/"><b>',
            "https://[::1/",
            "https://example.org/" + "x" * 3000,
            "https://example.org/\ud800",
        ),
    ],
)
def test_other_addresses_lead_nowhere(url: str | None) -> None:
    assert safe_address(url) is None


def test_cleaning_twice_changes_nothing() -> None:
    text = "\u202eСуджа @all tg://x https://t.me/a \ud800 e" + "\u0301" * 9
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("language", "categories"),
    [
        ("en", {0: "other", 1: "one", 2: "other", 11: "other", 21: "other", 101: "other"}),
        ("ru", {0: "many", 1: "one", 2: "few", 4: "few", 5: "many", 11: "many", 12: "many", 21: "one", 112: "many"}),
        ("uk", {0: "many", 1: "one", 3: "few", 5: "many", 14: "many", 22: "few", 101: "one", 111: "many"}),
    ],
)
def test_plurals_follow_cldr(language: str, categories: dict[int, str]) -> None:
    assert {number: plural(language, number) for number in categories} == categories


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_says_everything(language: str) -> None:
    words, english = LANGUAGES[language], words_of("en")
    assert words.phrases.keys() == english.phrases.keys()
    assert words.counts.keys() == english.counts.keys()
    assert len(words.months) == 12
    for thing in english.counts:
        assert all(
            str(number) in words.count(thing, number, slots="", places="", told="", sides="")
            for number in (0, 1, 2, 5, 21)
        )


def test_an_unknown_language_speaks_english() -> None:
    assert words_of("de") is words_of("en")
