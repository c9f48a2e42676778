"""What was learnt on the machine changes what the matcher makes of a form, and decides between namesakes."""

from __future__ import annotations

from collections import Counter

from bot.matching import Knowledge, Matcher, expand
from bot.model import Hit, Place, Preference


def matcher(*places: Place) -> Matcher:
    return Matcher(expand(places), places)


def only(hits: tuple[Hit, ...]) -> Hit:
    (hit,) = hits
    return hit


PEACE = matcher(Place(id="gorod", name="Бугровка"))
TWINS = matcher(
    Place(id="kursk", name="Михайловка", within="Курская область"),
    Place(id="sumy", name="Михайловка", within="Сумская область"),
)
TEXT = "Под Михайловкой стрельба."


def test_a_word_that_is_mostly_small_waits_for_review_where_nothing_else_tells() -> None:
    known = PEACE.knowing(Knowledge({"бугровка": (30, 10)}))
    before, after = (only(each.match("Бугровка горит.")) for each in (PEACE, known))
    assert before.confidence >= 0.5 > after.confidence
    assert "mostly in small letters in the stored posts" in after.why


def test_the_same_word_behind_a_preposition_is_the_place_all_the_same() -> None:
    known = PEACE.knowing(Knowledge({"бугровке": (30, 10)}))
    assert only(known.match("Бои в Бугровке.")).confidence >= 0.5


def test_a_word_that_is_always_a_name_is_no_common_word() -> None:
    plain = matcher(Place(id="mir", name="Мир"))
    known = plain.knowing(Knowledge({"мир": (0, 40)}))
    assert "a common word" in only(plain.match("Горит Мир.")).why
    assert "no everyday word in the stored posts" in only(known.match("Горит Мир.")).why


def test_too_few_mentions_say_nothing() -> None:
    known = PEACE.knowing(Knowledge({"бугровка": (3, 1)}))
    assert known.match("Бугровка горит.") == PEACE.match("Бугровка горит.")


def test_letters_are_counted_inside_sentences_and_not_among_capitals() -> None:
    text = "Бугровка горит. На берегу бугровка, и у Бугровки тихо. СРОЧНО У БУГРОВКИ ВЗРЫВЫ СНОВА"
    assert Counter(PEACE.letters(text)) == {("бугровка", False): 1, ("бугровки", True): 1}


def test_a_preference_decides_where_the_text_does_not() -> None:
    known = TWINS.knowing(Knowledge(preferences=frozenset({Preference("sumy", "kursk")})))
    hit = only(known.match(TEXT))
    assert (hit.watch, hit.candidates) == ("sumy", ())
    assert hit.confidence >= 0.5
    assert "a maintainer prefers it to its namesakes" in hit.why


def test_the_text_goes_before_a_preference() -> None:
    known = TWINS.knowing(Knowledge(preferences=frozenset({Preference("sumy", "kursk")})))
    assert only(known.match(f"Курская область. {TEXT}")).watch == "kursk"


def test_what_was_decided_for_a_source_goes_before_what_was_decided_for_all() -> None:
    decided = frozenset({Preference("sumy", "kursk"), Preference("kursk", "sumy", "rybar")})
    known = TWINS.knowing(Knowledge(preferences=decided))
    assert only(known.match(TEXT, source="rybar")).watch == "kursk"
    assert only(known.match(TEXT, source="isw")).watch == "sumy"


def test_of_three_the_preferred_one_must_be_preferred_to_both() -> None:
    three = matcher(*(Place(id=each, name="Михайловка") for each in ("a", "b", "c")))
    one = three.knowing(Knowledge(preferences=frozenset({Preference("b", "a")})))
    both = three.knowing(Knowledge(preferences=frozenset({Preference("b", "a"), Preference("b", "c")})))
    assert only(one.match(TEXT)).candidates == ("b", "c")
    assert (only(both.match(TEXT)).watch, only(both.match(TEXT)).candidates) == ("b", ())
