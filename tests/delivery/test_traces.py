"""What a channel's newest posts tell of a message whose answer was lost; a case is a page and what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.traces import SKEW, Look, Trace, looked
from bot.model import Post
from tests.delivery.desk import NOW

TRACE = Trace(text="Суджа: взрыв 💥", since=NOW - SKEW, until=NOW + SKEW)
NOBODY_KNOWS = Look()
ABSENT = Look(absent=True)


def post(number: int, minutes: int, text: str = "редакция", **more: object) -> Post:
    made = Post(source="kursk", id=str(number), text=text, published=NOW + timedelta(minutes=minutes))
    return replace(made, **more)  # type: ignore[arg-type]


BEFORE, AFTER = post(7, -11), post(8, 11)
OURS = post(8, 0, TRACE.text)


@pytest.mark.parametrize(
    ("posts", "look"),
    [
        ([BEFORE, OURS], Look(8)),
        ([BEFORE, post(8, 0, "Суджа — взрыв\n💥"), post(9, 60)], Look(8)),
        ([], NOBODY_KNOWS),
        ([BEFORE], NOBODY_KNOWS),
        ([AFTER], NOBODY_KNOWS),
        ([BEFORE, AFTER], ABSENT),
        ([replace(BEFORE, id="5", parts=("6", "7")), AFTER], ABSENT),
        ([BEFORE, post(9, 11)], NOBODY_KNOWS),  # 8 was deleted, or is a notice
        ([BEFORE, post(8, 0, "поправлено"), post(9, 11)], NOBODY_KNOWS),
        ([BEFORE, post(8, 9)], NOBODY_KNOWS),
        ([BEFORE, post(8, 0, TRACE.text, forwarded_from="rybar/1"), post(9, 11)], NOBODY_KNOWS),
        ([post(6, -60, TRACE.text), BEFORE, AFTER], NOBODY_KNOWS),  # whose clock is wrong?
        ([BEFORE, replace(AFTER, published=None), post(9, 11)], NOBODY_KNOWS),
        ([BEFORE, AFTER, post(9, 0)], NOBODY_KNOWS),  # an order that cannot be
    ],
)
def test_a_page_proves_or_leaves_open(posts: list[Post], look: Look) -> None:
    assert looked(posts, TRACE) == look


def test_a_post_that_is_another_message_of_ours_is_not_this_one() -> None:
    page, trace = [BEFORE, OURS, post(9, 11)], replace(TRACE, taken=frozenset({8}))
    assert looked(page, trace) == ABSENT
    assert looked([BEFORE, OURS, post(9, 1, TRACE.text)], trace) == Look(9)


def test_a_post_that_may_be_another_open_message_tells_nothing() -> None:
    assert looked([BEFORE, OURS], replace(TRACE, open=("другое",))) == Look(8)
    assert looked([BEFORE, OURS], replace(TRACE, open=(TRACE.text,))) == NOBODY_KNOWS


@pytest.mark.parametrize("text", ["", "—!?", "\u200b"])
def test_words_without_a_sign_are_like_no_other(text: str) -> None:
    assert looked([BEFORE, post(8, 0, text), post(9, 11)], replace(TRACE, text=text)) == NOBODY_KNOWS
    assert looked([BEFORE, AFTER], replace(TRACE, text=text)) == NOBODY_KNOWS


def test_a_lone_surrogate_is_shown_as_what_replaced_it() -> None:
    assert looked([BEFORE, post(8, 0, "Суджа \ufffd")], replace(TRACE, text="Суджа \ud800")) == Look(8)
