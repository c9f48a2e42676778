"""A round-up and its parts: each sentence is told once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.digests import Composition, Flavour, compose, render
from bot.model import Reason, Report, StoredHit, Story
from tests.digests.newsdesk import Newsdesk, moment, route_of, watch_of

SUDZHA = "В Судже ночью слышны взрывы, горит склад на окраине."
RYLSK = "Под Рыльском перехвачены два беспилотника."
LGOV = "Во Льгове восстановили движение поездов."
WATCHES = [
    {"id": "sudzha", "name": "Суджа"},
    {"id": "rylsk", "name": "Рыльск"},
    {"id": "lgov", "name": "Льгов"},
    {"id": "berdin", "name": "Бердин"},
    {"id": "korenevo", "name": "Коренево"},
]
FORMS = {"sudzha": "Судже", "rylsk": "Рыльском", "lgov": "Льгове", "berdin": "Бердина", "korenevo": "Коренево"}
SOURCES = [{"name": "rybar", "title": "Рыбарь"}, {"name": "isw", "title": "ISW"}, {"name": "sumy", "title": "Сумы"}]


def report(source: str, at: str, *sentences: str, relation: str = "first") -> dict[str, Any]:
    text = "\n".join(sentences)
    hits = [{"watch": watch, "text": form} for watch, form in FORMS.items() if form in text]
    return {"source": source, "at": at, "text": text, "relation": relation, "hits": hits}


def told(*reports: dict[str, Any], before: int = 0, language: str = "en", most: int = 20) -> Composition:
    """What a digest makes of these stories, of which the first ones were told before."""
    stories = Newsdesk(SOURCES).stories([[each] for each in reports])
    return decided(stories, before=before, language=language, most=most)


def decided(
    stories: Sequence[Story], *, before: int = 0, language: str = "en", most: int = 20, **more: Any
) -> Composition:
    return compose(
        route_of({"language": language, "digest": {"max_stories": most}}),
        stories[before:],
        told_before=stories[:before],
        slot=moment("10:00"),
        since=moment("07:00"),
        now=moment("10:00"),
        watches=[watch_of(watch) for watch in WATCHES],
        **more,
    )


def _unsure(each: Report) -> tuple[StoredHit, ...]:
    return tuple(replace(hit, hit=replace(hit.hit, confidence=0.6)) for hit in each.hits)


def reasons(made: Composition) -> list[Reason]:
    return [decision.reason for decision in made.decisions]


def plain(made: Composition) -> str:
    assert made.digest
    return render(made.digest, flavour=Flavour.PLAIN)[0].text


A = report("rybar", "08:00", SUDZHA)
B = report("isw", "08:30", RYLSK)
ROUND_UP = report("sumy", "09:00", "Главное к утру:", SUDZHA, RYLSK, relation="included")


def test_a_round_up_of_what_is_told_is_named_and_not_told_again() -> None:
    made = told(A, B, ROUND_UP)
    assert reasons(made) == [Reason.TOLD, Reason.TOLD, Reason.AGAIN]
    assert made.decisions[-1].note == "readers have it from s1, s2"
    text = plain(made)
    assert text.count("склад на окраине") == text.count("беспилотника") == 1
    assert "Round-ups of what was told, and parts of them\n• Сумы 11:00 · Sudzha, Rylsk\n  https://t.me/sumy/5" in text
    assert made.digest
    for flavour in Flavour:
        links = [link for message in render(made.digest, flavour=flavour) for link in message.links]
        assert links.count("https://t.me/sumy/5") == 1
    (document,) = render(made.digest, flavour=Flavour.JSON)
    (again,) = json.loads(document.text)["again"]
    assert (again["id"], again["source"], again["watches"]) == ("s3", "sumy", ["rylsk", "sudzha"])


def test_the_new_item_of_a_round_up_is_told_and_no_other() -> None:
    made = told(A, B, report("sumy", "09:00", "Главное к утру:", SUDZHA, RYLSK, LGOV, relation="included"))
    assert reasons(made) == [Reason.TOLD] * 3
    text = plain(made)
    assert text.count("склад на окраине") == text.count("беспилотника") == text.count("движение поездов") == 1


def test_a_round_up_of_what_an_earlier_digest_told_sends_no_digest() -> None:
    made = told(A, B, ROUND_UP, before=2)
    assert reasons(made) == [Reason.AGAIN]
    assert made.digest is None


def test_a_part_of_a_round_up_that_was_told_is_not_told_again() -> None:
    whole = report("sumy", "08:00", "Главное к утру:", SUDZHA, RYLSK)
    part = report("rybar", "09:00", SUDZHA, relation="included")
    assert reasons(told(whole, part, before=1)) == [Reason.AGAIN]
    assert reasons(told(whole, part)) == [Reason.TOLD, Reason.AGAIN]


def test_what_only_a_round_up_says_is_told_by_the_first_that_says_it() -> None:
    one = report("sumy", "09:00", "Главное к утру:", SUDZHA, LGOV, relation="included")
    two = report("isw", "09:30", "Итоги утра:", SUDZHA, LGOV, relation="included")
    assert reasons(told(A, one, two)) == [Reason.TOLD, Reason.TOLD, Reason.AGAIN]


def test_what_a_told_post_says_and_was_not_quoted_is_news() -> None:
    whole = report("sumy", "08:00", f"{SUDZHA} {RYLSK} {LGOV}")
    parts = [report("rybar", "09:00", RYLSK, relation="included"), report("isw", "09:10", LGOV, relation="included")]
    for before in (0, 1):
        made = told(whole, *parts, before=before)
        assert reasons(made)[-2:] == [Reason.TOLD] * 2
        assert "беспилотника" in plain(made)
        assert "движение поездов" in plain(made)


def test_of_a_round_up_each_new_item_is_told_and_was_shown() -> None:
    news = (RYLSK, LGOV, "У Бердина на рынке снова открыли аптеку.", "В Коренево отключили воду.")
    whole = report("sumy", "08:30", "Главное к утру:", SUDZHA, *news, relation="included")
    text = plain(told(A, whole, before=1))
    assert [sentence in text for sentence in (SUDZHA, *news)] == [False, True, True, True, True]
    for item in news:
        assert reasons(told(A, whole, report("isw", "09:00", item, relation="included"), before=2)) == [Reason.AGAIN]


def test_what_joined_a_story_after_it_was_told_was_not_shown() -> None:
    (joined,) = Newsdesk(SOURCES).stories([[report("sumy", "08:00", SUDZHA), report("isw", "09:00", RYLSK)]])
    joined = replace(joined, reports=(replace(joined.reports[0], hits=_unsure(joined.reports[0])), joined.reports[1]))
    (part,) = Newsdesk(SOURCES).stories([[report("rybar", "09:30", RYLSK, relation="included")]])
    assert reasons(decided([joined, replace(part, row=2)], before=1)) == [Reason.TOLD]


def test_a_quote_that_is_not_the_first_reporter_s_names_whose_it_is() -> None:
    longer = SUDZHA.replace("на окраине", "на окраине, ещё шесть домов без света, сообщил глава района")
    (told_now,) = Newsdesk(SOURCES).stories(
        [[report("sumy", "08:00", "Главное:", SUDZHA), report("isw", "09:00", longer)]]
    )
    first, second = told_now.reports
    made = decided([replace(told_now, reports=(replace(first, hits=()), second))])
    assert "сообщил глава района.» — ISW 11:00\n" in plain(made)
    assert "first Сумы 10:00 · ISW 11:00" in plain(made)
    assert made.digest
    (document,) = render(made.digest, flavour=Flavour.JSON)
    (section,) = json.loads(document.text)["sections"]
    assert section["stories"][0]["quoted"] == "isw/3"


def test_what_stands_with_another_was_quoted_on_the_place_of_that_one() -> None:
    both = report("rybar", "08:30", f"{SUDZHA} {RYLSK}")
    part = report("sumy", "09:00", SUDZHA, relation="included")
    stories = Newsdesk(SOURCES).stories([[report("isw", "08:00", RYLSK)], [both], [part]])
    related = {2: frozenset({1})}
    assert reasons(decided(stories, related=related)) == [Reason.TOLD] * 3
    assert reasons(decided(stories, related=related, before=2)) == [Reason.TOLD]
    assert reasons(decided(stories)) == [Reason.TOLD, Reason.TOLD, Reason.AGAIN]


def test_a_flood_of_repeats_is_no_flood_of_news() -> None:
    parts = [[report("sumy", "09:00", SUDZHA, relation="included")] for _ in range(9)]
    stories = Newsdesk(SOURCES).stories([[A], *parts, [B]])
    made = decided(stories, before=1, most=1, settles=True)
    assert reasons(made) == [*[Reason.AGAIN] * 9, Reason.TOLD]


def test_what_waits_for_the_next_digest_was_not_shown() -> None:
    made = told(A, report("sumy", "08:20", "Главное:", RYLSK, LGOV, relation="included"), B, most=3)
    assert reasons(made) == [Reason.TOLD, Reason.TOLD, Reason.FULL]
    assert "беспилотника" in plain(made)


@pytest.mark.parametrize("changed", [SUDZHA.replace("взрывы", "2 взрыва"), RYLSK.replace("два", "12")])
def test_another_number_is_news(changed: str) -> None:
    both = report("sumy", "09:00", "Главное к утру:", changed, relation="included")
    made = told(A, B, both)
    assert reasons(made)[-1] is Reason.TOLD


def test_two_reports_of_their_own_are_both_told_though_they_say_the_same() -> None:
    assert reasons(told(A, report("isw", "09:00", SUDZHA))) == [Reason.TOLD, Reason.TOLD]


@pytest.mark.parametrize(
    ("language", "heading"), [("ru", "Сводки уже сообщённого"), ("uk", "Огляди вже повідомленого")]
)
def test_it_speaks_the_digest_s_language(language: str, heading: str) -> None:
    assert heading in plain(told(A, B, ROUND_UP, language=language))
