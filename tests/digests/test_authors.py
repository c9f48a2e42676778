"""What an author changed before the digest: his present words are told, not what a forward has of the old ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.digests import compose, render
from bot.digests.own_words import Whose, attributed
from bot.digests.render import Flavour
from bot.model import (
    Destination,
    DestinationKind,
    HitState,
    Place,
    Reason,
    Relation,
    Report,
    Route,
    Schedule,
    Source,
    SourceKind,
    Story,
)
from tests.digests.reports import mention, naming

NOON = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)
RYLSK, GLUSHKOVO = Place(id="rylsk", name="Рыльск"), Place(id="glushkovo", name="Глушково")
ROUTE = Route(
    name="kursk",
    to=Destination(DestinationKind.CONSOLE),
    digest=Schedule(cron="0 12 * * *", timezone="Europe/Kyiv"),
)
FIRE = "В Рыльске загорелся склад на улице Ленина, площадь пожара 800 квадратных метров."
ELSEWHERE = "Уточнение: склад загорелся в Глушково, а не там, где писали раньше. Площадь пожара 800 квадратных метров."
AUTHOR = Source(name="stepnoy", kind=SourceKind.CHANNEL, address="https://t.me/stepnoy", title="Степной ветер")
OTHER = Source(name="truby", kind=SourceKind.CHANNEL, address="https://t.me/truby", title="Две трубы")


def forward(text: str = FIRE, watches: dict[str, str] | None = None) -> Report:
    """Of the author's post, of the same second, and read before it."""
    made = naming(OTHER, 1, text, NOON, watches or {"Рыльске": "rylsk"}, relation=Relation.FIRST)
    post = replace(made.stored.post, forwarded_from="stepnoy/2")
    return replace(made, stored=replace(made.stored, post=post), relation=Relation.FIRST)


def author(text: str, watches: dict[str, str], *, before: str = FIRE) -> Report:
    made = naming(AUTHOR, 2, text, NOON, watches, relation=Relation.COPY)
    gone = mention("Рыльске", "rylsk", 2, NOON, row=9, state=HitState.EDITED_OUT)
    hits = made.hits if "Рыльске" in watches else (*made.hits, gone)
    return replace(made, stored=replace(made.stored, revision=2 if before else 1), hits=hits, before=before)


def told(*reports: Report) -> tuple[str, Reason]:
    """The digest's text, and what was decided on the story of these reports."""
    later = NOON + timedelta(hours=1)
    story = Story(row=1, reports=reports)
    made = compose(ROUTE, [story], slot=later, since=NOON, now=later, watches=(RYLSK, GLUSHKOVO))
    text = render(made.digest, flavour=Flavour.PLAIN)[0].text if made.digest else ""
    return text, made.decisions[0].reason


def test_the_place_that_an_author_put_right_is_told_in_his_words() -> None:
    text, _ = told(forward(), author(ELSEWHERE, {"Глушково": "glushkovo"}))
    assert "Glushkovo (Глушково) · 1 story" in text
    assert "«Уточнение: склад загорелся в Глушково, а не там, где писали раньше.»" in text
    assert "also names" not in text
    assert "quiet: Rylsk" in text


def test_what_an_author_changed_before_it_was_read_is_his_word_too() -> None:
    text, _ = told(forward(), author(ELSEWHERE, {"Глушково": "glushkovo"}, before=""))
    assert "also names" not in text
    assert "quiet: Rylsk" in text


def test_what_an_author_deleted_stands_in_its_forward() -> None:
    made = author(ELSEWHERE, {"Глушково": "glushkovo"})
    text, _ = told(forward(), replace(made, stored=replace(made.stored, deleted=NOON)))
    assert "Rylsk (Рыльск) · 1 story" in text


def test_of_the_same_place_the_author_is_quoted_and_not_an_old_forward() -> None:
    text, _ = told(forward(), author("В Рыльске загорелся гараж, а не склад.", {"Рыльске": "rylsk"}))
    assert "«В Рыльске загорелся гараж, а не склад.» — Степной ветер" in text


def test_what_an_author_took_out_is_not_told_from_its_forward() -> None:
    assert told(forward(), author("Ошибка, тихо.", {})) == ("", Reason.WITHDRAWN)


def test_a_forward_of_one_second_with_its_original_comes_behind_it() -> None:
    story = forward(), author(FIRE, {"Рыльске": "rylsk"}, before="")
    assert [each.whose for each in attributed(story)] == [Whose.OWN, Whose.REPEATED]
    assert "first Степной ветер 12:00 · Две трубы 12:00" in told(*story)[0]
