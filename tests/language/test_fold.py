"""Folding, words and their places: facts as data, and what must hold of any text at all."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from ruamel.yaml import YAML

from bot.language import fold, key, tokenise, utf16
from bot.language.fold import cyrillic_twin
from bot.language.tokens import WORD, words

FOLDED: dict[str, str] = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "language" / "folding.yaml")
ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("абвгйїё'’-#_ \n\u0301\u0306\u0308\u00ad\u200b\u202e\ud800\x00aceoABЙЇİßﬁ…½№@/."),
    ),
    max_size=60,
)


@pytest.mark.parametrize(("written", "folded"), FOLDED.items())
def test_folds(written: str, folded: str) -> None:
    assert fold(written).text == folded


@given(ODD)
@settings(max_examples=400, deadline=None)
def test_offsets_never_fall_and_stay_inside(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.cased)
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in pairwise(spans))


@given(ODD)
@settings(max_examples=400, deadline=None)
def test_words_stand_where_they_say(text: str) -> None:
    folded = fold(text)
    tokens = tokenise(folded)
    assert len(tokens.words) == len(tokens.starts) == len(tokens.ends)
    for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        assert word
        assert folded.text[start:end].replace("'", "") == word


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ", min_size=1, max_size=30))
@settings(deadline=None)
def test_composed_and_decomposed_are_one(word: str) -> None:
    assert fold(unicodedata.normalize("NFD", word)).text == fold(word).text == word


def test_span_takes_the_marks_of_its_last_letter() -> None:
    text = unicodedata.normalize("NFD", "Ишимбай!")
    folded = fold(text)
    assert text[slice(*folded.span(0, 7))] == unicodedata.normalize("NFD", "Ишимбай")


def test_hashtags_fall_into_their_words() -> None:
    def tags(text: str) -> list[str]:
        return tokenise(fold(text)).words

    assert tags("#СуджаНовости #Черкасское_Поречное") == ["суджа", "новости", "черкасское", "поречное"]
    assert tags("#США_новости #СШАНовости #Суджа2024") == ["сша", "новости", "сша", "новости", "суджа", "2024"]
    assert tags("СуджаНовости") == ["суджановости"]
    assert tags("Berdin's Luhans'k") == ["berdin", "luhansk"]


def test_utf16_counts_as_telegram_does() -> None:
    text = "😀 Суджа 😀"
    assert utf16(text, 2, 7) == (3, 5)
    assert utf16(text, 0, 9) == (0, 11)


def test_a_latin_word_of_look_alikes_has_a_twin() -> None:
    assert cyrillic_twin("opex") == "орех"
    assert cyrillic_twin("london") is None


def test_key_is_the_name_as_compared() -> None:
    assert key("Ростов-на-Дону") == key("РОСТОВ НА ДОНУ") == "ростов на дону"
    assert key("Кам’янка") == key("Камянка")


@pytest.mark.parametrize(
    "text",
    ["а" + "\u0301" * 10_000, "й\u0306" * 60_000, "и'и" * 60_000, "aб" * 60_000, "#" * 100_000, "\u202e" * 100_000],
    ids=["marks", "breves", "apostrophes", "mixed", "hashes", "bidi"],
)
def test_long_and_odd_texts_take_linear_time(text: str) -> None:
    began = time.process_time()
    tokenise(fold(text))
    words(text)
    assert time.process_time() - began < 4


@given(st.text(alphabet="абвxy19²_'- \u0301Ⅷ", max_size=40))
def test_the_quick_way_to_words_finds_the_same(text: str) -> None:
    assert words(text) == WORD.findall(text)
