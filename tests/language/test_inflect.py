"""Paradigms that the declension must know: tests/cases/language/paradigms.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.language import Language, declension_uk, dictionary, key
from bot.language.inflect import disagreeing, inflect, slips
from bot.language.paradigm import CASES, rule

CASES_FILE = Path(__file__).parents[1] / "cases" / "language" / "paradigms.yaml"
SAID: dict[str, Any] = YAML(typ="safe").load(CASES_FILE)
GOOD = [(code, name, forms) for code in ("ru", "uk") for name, forms in SAID[code].items()]
BAD = [(code, name, forms) for code, names in SAID["not"].items() for name, forms in names.items()]


def _made(name: str, code: str) -> set[str]:
    return {key(form) for form in inflect(name, Language(code))}


@pytest.mark.parametrize(("code", "name", "forms"), GOOD)
def test_has_every_form(code: str, name: str, forms: list[str]) -> None:
    assert {key(form) for form in forms} - _made(name, code) == set()


@pytest.mark.parametrize(("code", "name", "forms"), BAD)
def test_has_no_false_form(code: str, name: str, forms: list[str]) -> None:
    assert {key(form) for form in forms} & _made(name, code) == set()


def test_the_name_itself_comes_first() -> None:
    assert inflect("Суджа", Language.RUSSIAN)[0] == "Суджа"
    assert inflect("Sudzha", Language.ENGLISH) == ("Sudzha",)


def test_forms_keep_the_capitals_of_the_name() -> None:
    assert "Ростову-на-Дону" in inflect("Ростов-на-Дону", Language.RUSSIAN)
    assert "Черкасском Поречном" in inflect("Черкасское Поречное", Language.RUSSIAN)


def test_forms_of_another_word_are_pruned() -> None:
    assert "Поречнее" not in inflect("Поречное", Language.RUSSIAN)
    assert not any(form.lower().startswith("попоречн") for form in inflect("Поречное", Language.RUSSIAN))


def test_long_words_decline_by_their_tail() -> None:
    forms = {form for case in declension_uk.decline("новокостянтинопіль") for form in case}
    assert {"новокостянтинополя", "новокостянтинополем"} <= forms


def test_hasty_writers_words_need_not_agree() -> None:
    assert {"Нового Буг", "Новий Бугом"} <= set(disagreeing("Новий Буг", Language.UKRAINIAN))
    assert {"Белой Церковь", "Белая Церкви"} <= set(disagreeing("Белая Церковь", Language.RUSSIAN))
    assert set(disagreeing("Новий Буг", Language.UKRAINIAN)).isdisjoint(inflect("Новий Буг", Language.UKRAINIAN))
    assert disagreeing("Ростов-на-Дону", Language.RUSSIAN) == ()


def test_slips_of_grammar_are_forms_of_their_own() -> None:
    assert slips("Донецьк", Language.UKRAINIAN) == ("Донецькі",)
    assert slips("Боярка", Language.UKRAINIAN) == ("Бояркці",)
    assert slips("Умань", Language.UKRAINIAN) == ("Уманнею",)
    assert slips("Курск", Language.RUSSIAN) == slips("США", Language.UKRAINIAN) == ()


def test_dictionary_knows_what_else_a_form_is() -> None:
    assert dictionary.traits("восток", "восток") & dictionary.Trait.COMMON
    assert not dictionary.traits("франции", "франция") & dictionary.Trait.COMMON
    assert dictionary.traits("москве", "москва") & dictionary.Trait.PLACE
    assert dictionary.traits("суджом", "суджа") == dictionary.Trait.NONE


def test_a_rule_needs_five_cases() -> None:
    with pytest.raises(ValueError, match="five cases"):
        rule("а", 1, "ы е у")
    assert len(CASES) == 6
