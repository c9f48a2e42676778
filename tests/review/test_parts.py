"""The thinking behind the page: excerpts, changes, the order of the queue, intervals, words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from bot.export.formats import web
from bot.model import Hit, HitState, Origin, StoredHit
from bot.review.changes import Fate, changes
from bot.review.desk import clean
from bot.review.excerpt import around, pieces
from bot.review.labels import BORROWED
from bot.review.language import languages, preferred
from bot.review.pages.looking import coverage, highlighted
from bot.review.pages.places import daily
from bot.review.ranking import ranked
from bot.store import DayRow, Doubt
from tests.review.messages import messages

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def found(body: str, text: str, row: int = 1, state: HitState = HitState.LIVE) -> StoredHit:
    start = body.index(text)
    hit = Hit(watch="x", start=start, end=start + len(text), text=text, form=text, origin=Origin.RULE, confidence=0.5)
    return StoredHit(row=row, hit=hit, found=NOW, state=state)


def test_pieces_are_the_body_with_its_mentions_apart() -> None:
    body = "Бои за Суджу и Новую Суджу"
    marked = [found(body, "Суджу"), found(body, "Новую Суджу", 2), found(body, "Бои", 3, HitState.EDITED_OUT)]
    assert [(piece.text, piece.found and piece.found.row) for piece in pieces(body, marked)] == [
        ("Бои за ", None), ("Суджу", 1), (" и ", None), ("Новую Суджу", 2),
    ]  # fmt: skip


def test_an_excerpt_is_cut_at_words_and_never_marks_another_place() -> None:
    body = f"{'слово ' * 80}Суджа {'слово ' * 80}"
    before, mark, after = around(body, [one := found(body, "Суджа")], one)
    assert (before.text[:7], mark.text, after.text[-2:]) == ("… слово", "Суджа", " …")
    assert len(before.text) < 180
    edited = "Совсем другое"
    assert [(piece.text, piece.found) for piece in around(edited, [one], one)] == [(edited, None)]


words = st.text(alphabet="аб \n", max_size=30)


@given(words, words)
def test_changes_hold_both_wordings(before: str, after: str) -> None:
    made = changes(before, after)
    assert "".join(each.text for each in made if each.fate is not Fate.GONE) == after
    gone = "".join(each.text for each in made if each.fate is not Fate.NEW)
    assert gone.split() == before.split()


def stated(confidence: float) -> float:
    return confidence


def doubt(story: int, **more: object) -> Doubt:
    known = {"hit": story, "watch": "x", "confidence": 0.5, "unresolved": False, "late": False}
    return Doubt(story=story, **(known | more))  # type: ignore[arg-type]


def test_the_queue_begins_with_pinned_then_urgent_then_doubtful_then_new() -> None:
    doubts = [
        doubt(1), doubt(2, confidence=0.7), doubt(3), doubt(4, watch="u", confidence=0.7), doubt(5, late=True),
        doubt(6, unresolved=True, confidence=0.2), doubt(3, hit=9),
    ]  # fmt: skip
    assert ranked(doubts, pinned=[8, 2], urgent={"u"}, curve=stated) == [8, 2, 4, 3, 6, 1, 5]


def test_the_sample_stands_in_the_middle_and_doubt_is_what_confidence_came_to_mean() -> None:
    doubts = [doubt(1, confidence=0.7), doubt(2, confidence=0.2), doubt(3, confidence=0.99, sampled=True, late=True)]
    assert ranked(doubts, pinned=(), urgent=(), curve=stated) == [3, 1, 2]
    assert ranked(doubts, pinned=(), urgent=(), curve={0.7: 0.9, 0.2: 0.5}.__getitem__) == [2, 3, 1]


def test_days_without_hits_are_there_too() -> None:
    assert daily([DayRow(watch="x", day="2026-11-21", hits=3)], NOW.date(), 3) == [0, 3, 0]


def test_a_bar_shows_its_holes_where_they_are() -> None:
    assert coverage(()) == []
    (first, _), (second, _) = coverage(((10, 20), (90, 100)))
    assert 20 < first < second < 80


def test_found_words_are_marked_in_any_case() -> None:
    assert highlighted("Бои под Суджей.", "суджа") == [("Бои под ", False), ("Суджей", True), (".", False)]
    assert highlighted("(", "(") == [("(", False)]


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://t.me/a/1", True),
        ("http://example.org/", True),
        ("javascript:alert(1)", False),
        ("tg://resolve", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://[", False),
        ("https://t.me/x' onclick='y", False),
        ('https://t.me/"><b>', False),
        ("https://t.me/L'Aquila", True),
        ("https://t.me/\u202ea", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str | None, followed: bool) -> None:
    assert (web(url) is not None) is followed


def test_text_leaves_without_what_turns_lines_round() -> None:
    assert clean("a\u202eb\u2066c\x1bd\ne\ud800") == "abcd\ne?"


def test_every_word_of_the_page_is_in_every_language() -> None:
    for language in languages().values():
        if language.name == "en":
            continue
        for message in messages() - BORROWED:
            one, many = message if isinstance(message, tuple) else (message, message)
            assert language.catalog.ngettext(one, many, 5) != many if one != many else language.word(one) != one, (
                message
            )


def test_language_and_time_are_the_readers() -> None:
    assert preferred(None, "fr, uk;q=0.5").name == "uk"
    assert preferred("en", "uk").name == "en"
    assert preferred("xx", "").name == "en"
    ukrainian = preferred("uk", "")
    assert ukrainian.ago(NOW - timedelta(hours=3), NOW) == "3 години тому"
    assert [ukrainian.length(seconds) for seconds in (1, 90, 300)] == ["1 с", "1,5 хв", "5 хв"]
    assert languages()["en"].length(300) == "5 min"
    assert ukrainian.moment(NOW) == "22 лист. 2026, 12:00"
    assert str(ukrainian.ngettext("%(count)s post", "%(count)s posts", 2, count="<2>")) == "&lt;2&gt; дописи"
