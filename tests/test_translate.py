"""The operator's command: real processes, good and bad ones; and what a digest makes of their answers."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.digests import Flavour, foreign, render
from bot.model import Digest, Foreign, Translation
from bot.translate import translations
from tests.digests.newsdesk import composed

UPPER = "import os, sys; print(os.environ['TRANSLATE_FROM'], os.environ['TRANSLATE_TO'], sys.stdin.read().upper())"
QUOTES = [Foreign(row, f"бои {row}", "ru") for row in range(1, 6)]


def python(code: str, timeout: float = 20) -> Translation:
    return Translation((sys.executable, "-S", "-c", code), timedelta(seconds=timeout))


async def test_a_quote_goes_in_and_its_translation_comes_out() -> None:
    assert await translations(python(UPPER), QUOTES[:2], "en") == {1: "ru en БОИ 1", 2: "ru en БОИ 2"}


async def test_the_command_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACEWIRE_DATABASE", "secret")
    found = await translations(python("import os; print(sorted(os.environ))"), QUOTES[:1], "en")
    assert "PLACEWIRE" not in found[1]


@pytest.mark.parametrize(
    ("code", "within"),
    [
        ("import sys; sys.exit(3)", 20),
        ("print('x' * 100_000)", 20),
        ("import time; time.sleep(60)", 0.3),
        ("", 20),
    ],
)
async def test_a_command_that_does_badly_is_given_up_and_stops_nothing(code: str, within: float) -> None:
    assert await translations(python(code, within), QUOTES, "en") == {}


async def test_a_command_that_is_not_there_stops_nothing() -> None:
    assert await translations(Translation(("/no/such/translator",)), QUOTES, "en") == {}


async def test_an_answer_without_reading_is_an_answer() -> None:
    long = [Foreign(1, "слово " * 50_000, "ru")]
    assert await translations(python("print('at once')"), long, "en") == {1: "at once"}


def digest(**route: Any) -> Digest:
    hit = {"watch": "sudzha", "text": "Судже"}
    made = composed(
        {
            "watches": [{"id": "sudzha", "name": "Суджа"}],
            "sources": [{"name": "rybar"}],
            "route": route,
            "stories": [[{"source": "rybar", "at": "08:00", "text": "Бои в Судже.", "language": "ru", "hits": [hit]}]],
        }
    ).digest
    assert made
    return made


@pytest.mark.parametrize(
    ("language", "label"), [("en", "machine translation: "), ("uk", "машинний переклад: "), ("ru", "")]
)
def test_a_translation_stands_beside_the_original_with_its_label(language: str, label: str) -> None:
    untranslated = digest(language=language)
    assert [quote.text for quote in foreign(untranslated)] == ([] if language == "ru" else ["Бои в Судже."])
    made = replace(
        untranslated, translations={quote.story: "Fighting\n@in <b> Sudzha" for quote in foreign(untranslated)}
    )
    for flavour in (Flavour.PLAIN, Flavour.RICH):
        (message,) = render(made, flavour=flavour)
        assert "«Бои в Судже.»" in message.text
        assert (f"{label}Fighting ＠in <b> Sudzha" in message.text) == bool(label)
    (message,) = render(made, flavour=Flavour.JSON)
    story = json.loads(message.text)["sections"][0]["stories"][0]
    assert bool(story["machine_translation"]) == bool(label)
