"""What holds of every match: spans exact, no exception, bounded time, order, confidence within its range."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from bot.matching import Form, Matcher, expand, forms
from bot.model import Hit, Origin, Place, Term, Watch

ROOT = Path(__file__).parents[2]
WATCHES: list[Watch] = [
    Place(id="sudzha", name="Суджа", within="Курская область"),
    Place(id="ros", name="Ростов-на-Дону"),
    Place(id="kup", name="Куп'янськ"),
    Place(id="kyiv", name="Київ", names={"en": ("Kyiv", "Kiev"), "ru": ("Киев",)}),
    Place(id="one", name="Я"),
    Place(id="common", name="Лес"),
    Term(id="drone", name="дрон", any=("дрон", "fpv-дрон")),
]
MATCHER = Matcher(expand(WATCHES), WATCHES)
SAMPLES = "Суджа Судже СУДЖУ #СуджаНовости Ростове-на-Дону Ростов на Дону Куп’янську Kyiv Kiev's Лес дронами"
SIGNS = ".,«»-\n@#\u0301\u0306\u00ad\u200b\ud800\x00\u202eİßﬁёй"
PIECES = st.lists(
    st.one_of(st.sampled_from((*SAMPLES.split(), *SIGNS, "https://t.me/", "под")), st.text(max_size=4)), max_size=14
)


@given(PIECES, st.sampled_from(["", " ", "-", "_"]))
@settings(max_examples=250, deadline=None)
def test_spans_are_exact_whatever_stands_there(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    hits = MATCHER.match(text)
    assert all(text[hit.start : hit.end] == hit.text and hit.text for hit in hits)
    assert all(0 <= hit.confidence <= 1 for hit in hits)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_name_can_be_watched(name: str) -> None:
    watches = [Place(id="any", name=name or "x")]
    Matcher(expand(watches), watches).match(f"{name} в {name}")


HARD = {
    "names": "Суджа ",
    "one word": "а",
    "marks": "\u0301",
    "beginnings": "Ростов на ",
    "quotes": "«",
    "latin": "Kyiv",
    "hyphens": "Суджа-",
    "bidi": "\u202eСуджа\u202c ",
    "links": "@Суджа ",
    "tags": "#Суджа",
    "surrogates": "\ud800",
    "zeros": "\x00",
    "zalgo": "Су\u0301\u0302\u0303джа ",
    "addresses": "a@a",
    "one long word before an address": "a",
    "one letter": "Я.",
    "words that disagree": "Ростов на Дон ",
    "words parted at a line's end": "Куп-\nянськ",
}


def _taken(text: str) -> float:
    began = time.process_time()
    MATCHER.match(text)
    return time.process_time() - began


@pytest.mark.parametrize("piece", HARD.values(), ids=HARD)
def test_time_is_bounded(piece: str) -> None:
    assert _taken("в Судже " + piece * (20_000 // len(piece))) < 4


@pytest.mark.slow
@pytest.mark.parametrize("piece", HARD.values(), ids=HARD)
def test_a_megabyte_takes_bounded_time(piece: str) -> None:
    assert _taken("в Судже " + piece * (1_000_000 // len(piece))) < 60


def test_twice_the_names_take_twice_the_time() -> None:
    short, long = (min(_taken("Суджа, " * count) for _ in range(2)) for count in (1500, 6000))
    assert long < 9 * short  # four times as long, not sixteen times


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "\u202e", "\u0301" * 10_000, "#", "@", "'", "-"])
def test_odd_texts_have_no_hits(text: str) -> None:
    assert MATCHER.match(text) == ()


def test_a_name_of_one_letter_does_not_flood() -> None:
    hits = MATCHER.match("Я вижу лес, я иду в лес.")
    assert [hit.watch for hit in hits] == ["one", "common", "one", "common"]
    assert max(hit.confidence for hit in hits) < 0.5


def test_why_begins_with_the_origin_and_has_words() -> None:
    (hit,) = MATCHER.match("Бои под Суджей.")
    assert hit.why[0] == "rule"
    assert "preposition of place" in hit.why
    assert hit.form == "суджей"
    assert isinstance(hit, Hit)


def test_forms_tell_their_origin() -> None:
    made = {form.form: form for form in forms("Суджа")}
    assert made["Суджа"] == Form("Суджа", Origin.BASE, "cyrillic", made["Суджа"].traits)
    assert made["Судже"].origin is Origin.RULE
    assert made["Суджі"].origin is Origin.RULE
    assert made["Sudzha"].origin is Origin.TRANSLITERATION
    assert made["Sudzha"].script == "latin"


def test_forms_in_one_language_keep_to_it() -> None:
    assert "Суджі" not in {form.form for form in forms("Суджа", "ru")}
    assert "Судже" not in {form.form for form in forms("Суджа", "uk")}


def test_forms_whose_words_agree_come_before_hasty_writers() -> None:
    made = forms("Новий Буг", "uk")
    agree = [form.agrees for form in made]
    assert agree == sorted(agree, reverse=True)
    assert {form.form: form.agrees for form in made}.items() >= {"Нового Бугу": True, "Нового Буг": False}.items()
    assert len(made) == len({form.form.casefold() for form in made})


@pytest.mark.parametrize("name", ["Новая Сорочина", "Казачья Лопань", "Тростянець", "Білгород-Дністровський"])
def test_forms_are_all_that_the_matcher_finds(name: str) -> None:
    watches = [Place(id="it", name=name)]
    matcher = Matcher(expand(watches), watches)
    lost = [form.form for form in forms(name) if not matcher.match(f"Удар: {form.form}, троє поранених")]
    assert lost == []


def test_words_that_disagree_are_less_sure() -> None:
    watches = [Place(id="bug", name="Новий Буг")]
    matcher = Matcher(expand(watches), watches)
    (sure,), (less,) = matcher.match("у Новому Бузі"), matcher.match("у Новому Буг")
    assert sure.confidence > less.confidence > 0.5
    assert "its words do not agree" in less.evidence
    assert "several words agree" in sure.evidence


def test_names_in_several_languages_are_all_declined() -> None:
    texts = ["у Києві", "в Киеве", "in Kyiv", "in Kiev"]
    assert [[hit.watch for hit in MATCHER.match(text)] for text in texts] == [["kyiv"]] * 4


def test_evidence_of_the_region() -> None:
    near = MATCHER.match("Курская область, Суджа")[0]
    bare = MATCHER.match("Харьков, Суджа")[0]
    assert near.confidence > bare.confidence
    assert "its region in the text" in near.evidence


def test_a_cyrillic_name_asked_for_in_english_is_spelt_out() -> None:
    assert "Sudzha" in {form.form for form in forms("Суджа", "en")}


def test_importing_the_room_loads_no_dictionary() -> None:
    asked = "import sys, bot.matching; sys.exit('pymorphy3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False, cwd=ROOT).returncode == 0
