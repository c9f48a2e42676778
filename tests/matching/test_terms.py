"""Terms take every form of their words, singular and plural, be they in a dictionary or not."""

from __future__ import annotations

import pytest

from bot.matching.terms import term_forms

FORMS = {
    "школа": "школы школой школам шкіл школі",
    "шахед": "шахедом шахеды шахедов шахедами шахеди шахедів",
    "ланцет": "ланцеты ланцетами ланцети",
    "обстріл": "обстрілом обстріли обстрілів обстрілами",
    "будинок": "будинку будинки будинків",
    "бій": "бою бої боїв боями",
    "поле": "полей полів",
    "подія": "події подій",
    "ціль": "цілі цілей",
    "озеро": "озёр озер озерами",
    "дрон-камикадзе": "дроном-камикадзе дроны-камикадзе дронов-камикадзе",
    "fpv-дрон": "fpv-дронами fpv-дрони",
    "шахед-136": "шахеды-136",
    "вогонь": "вогню вогнем",
    "загін": "загону загони загонів",
    "міст": "мосту мостом мостів мости",
    "ніч": "ночі ночей ніччю",
    "річ": "речі речей",
    "корінь": "кореня корені",
    "село": "сіл селах",
    "дорога": "доріг дорозі",
    "сторона": "сторін",
    "війна": "воєн війнами",
    "людина": "люди людей людиною",
    "артилерійський вогонь": "артилерійського_вогню",
    "військова частина": "військовою_частиною військові_частини військових_частин",
    "взрывное устройство": "взрывным_устройством взрывных_устройств",
    "удар по школе": "удары_по_школе ударов_по_школам",
}


@pytest.mark.parametrize(("term", "forms"), FORMS.items(), ids=FORMS)
def test_every_form_is_there(term: str, forms: str) -> None:
    assert {form.replace("_", " ") for form in forms.split()} - set(term_forms(term)) == set()


@pytest.mark.parametrize("term", ["РЭБ", "Х-101", "HIMARS", "electronic warfare", "82", "-"])
def test_capitals_and_latin_words_stay_as_they_are(term: str) -> None:
    assert term_forms(term) == (term,)


def test_nothing_has_no_form() -> None:
    assert term_forms(" ") == ()


def test_a_long_phrase_has_bounded_forms() -> None:
    assert len(term_forms("большой новый красивый зелёный красный дом")) < 5000
