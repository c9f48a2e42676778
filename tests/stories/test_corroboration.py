"""Who reports a story, and in whose words."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Post, Relation, Report, SideKind, Source, SourceKind, StoredPost, Story
from bot.stories import Words, corroborate, judged

START = datetime(2025, 1, 7, 6, 0, tzinfo=UTC)
TEXT = "Ночью над Рыльским районом сбили разведывательный дрон, обломки упали на поле за посёлком, пострадавших нет."
OTHER = "У поля за Рыльском нашли обломки беспилотника; по словам жителей, сбили его около полуночи, никто не ранен."
SIDES = {"ru": SideKind.PARTY, "ua": SideKind.PARTY, "think-tank": SideKind.OBSERVER}


def report(
    row: int,
    name: str,
    text: str = TEXT,
    *,
    minute: int = 0,
    side: str | None = None,
    relation: Relation = Relation.FIRST,
    forwarded_from: str | None = None,
) -> Report:
    when = START + timedelta(minutes=minute)
    source = Source(
        name=name, kind=SourceKind.CHANNEL, address="https://t.me/x", side=side, side_kind=SIDES.get(side or "")
    )
    post = Post(source=name, id=str(row), text=text, published=when, forwarded_from=forwarded_from)
    return Report(stored=StoredPost(row=row, post=post, seen=when), source=source, relation=relation)


def test_copies_and_forwards_are_counted_beside_own_words() -> None:
    first = Story(
        row=1,
        reports=(
            report(1, "rybar", side="ru"),
            report(2, "echo", minute=5, side="ru", relation=Relation.COPY),
            report(3, "sumy", minute=9, side="ua", relation=Relation.FORWARD, forwarded_from="rybar/1"),
        ),
    )
    other = Story(row=2, reports=(report(4, "isw", OTHER, minute=40, side="think-tank"),))
    found = corroborate(first, other)
    assert (found.posts, found.sources) == (4, ("rybar", "echo", "sumy", "isw"))
    assert (found.own, found.copies) == (("rybar", "isw"), ("echo", "sumy"))
    assert (found.parties, found.both_sides, found.observers) == (("ru",), False, ("isw",))
    assert found.repeating == ("ua",)


def test_an_observer_makes_no_side() -> None:
    story = Story(row=1, reports=(report(1, "a", side="ru"), report(2, "isw", minute=9, side="think-tank")))
    assert not corroborate(story).both_sides


def test_both_sides_are_two_parties_in_their_own_words() -> None:
    story = Story(row=1, reports=(report(1, "rybar", side="ru"), report(2, "sumy", OTHER, minute=9, side="ua")))
    assert corroborate(story).parties == ("ru", "ua")
    assert corroborate(story).both_sides


def test_a_post_read_late_may_be_the_earliest() -> None:
    late = report(2, "early", minute=-30)
    story = Story(row=1, reports=(report(1, "a", relation=Relation.COPY), late))
    assert [(r.source.name, words) for r, words in judged(story)] == [("early", Words.OWN), ("a", Words.COPY)]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (report(2, "b", OTHER, minute=20), Words.OWN),
        (report(2, "b", OTHER, minute=20, relation=Relation.COPY), Words.OWN),
        (report(2, "b", TEXT, minute=20, relation=Relation.COPY), Words.COPY),
        (report(2, "b", OTHER, minute=20, forwarded_from="c"), Words.FORWARD),
        (report(2, "a", OTHER, minute=20), Words.SAME_SOURCE),
        (report(2, "b", "Под Рыльском сбит дрон.", minute=2), Words.ECHO),
        (report(2, "b", "Под Рыльском сбит дрон.", minute=20), Words.OWN),
        (report(2, "b", f"Сообщает @rybar: {OTHER}", minute=20), Words.CREDITED),
        (report(2, "b", f"Коротко: «{OTHER}»", minute=20), Words.QUOTE),
    ],
)
def test_whose_words(second: Report, words: Words) -> None:
    assert judged(Story(row=1, reports=(report(1, "a"), second)))[1][1] is words
