"""Who reports a story in words of its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.digests.corroboration import Sides, carriers
from bot.digests.own_words import Whose, attributed, in_own_words
from bot.model import Post, Relation, Report, SideKind, Source, SourceKind, StoredPost, Story

START = datetime(2025, 1, 7, 6, 0, tzinfo=UTC)
TEXT = "Ночью над Рыльским районом сбили разведывательный дрон, обломки упали на поле за посёлком, пострадавших нет."
OTHER = "У поля за Рыльском нашли обломки беспилотника; по словам жителей, сбили его около полуночи, никто не ранен."
BRIEF = "Под Рыльском сбит дрон."
SIDES = {"ru": SideKind.PARTY, "ua": SideKind.PARTY, "think-tank": SideKind.OBSERVER}
COPY, FORWARD = Relation.COPY, Relation.FORWARD


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
    kind = SIDES.get(side or "")
    source = Source(name=name, kind=SourceKind.CHANNEL, address="https://t.me/x", side=side, side_kind=kind)
    post = Post(source=name, id=str(row), text=text, published=when, forwarded_from=forwarded_from)
    stored = StoredPost(row=row, post=post, seen=START + timedelta(hours=1))
    return Report(stored=stored, source=source, relation=relation)


@pytest.mark.parametrize(
    ("second", "own"),
    [
        (report(2, "b", OTHER, minute=20), True),
        (report(2, "b", OTHER, minute=20, relation=COPY), False),
        (report(2, "b", OTHER, minute=20, relation=FORWARD), False),
        (report(2, "b", OTHER, minute=20, relation=Relation.INCLUDED), False),
        (report(2, "b", OTHER, minute=20, forwarded_from="c/1"), False),
        (report(2, "b", BRIEF, minute=2), False),
        (report(2, "a", BRIEF, minute=2), True),
        (report(2, "b", f"{OTHER} {OTHER}", minute=2), True),
        (report(2, "b", BRIEF, minute=20), True),
        (report(2, "b", f"Сообщает @rybar: {OTHER}", minute=20), False),
        (report(2, "b", f"За даними t.me/rybar {OTHER}", minute=20), False),
        (report(2, "b", f"{OTHER} @our_channel", minute=20), True),
        (report(2, "b", f"Коротко: «{OTHER}»", minute=20), False),
        (report(2, "b", TEXT.replace("дрон", "вертолёт"), minute=20), False),
        (report(2, "b", TEXT.replace("пострадавших нет", "ранены 8 человек"), minute=20), False),
        (report(2, "b", f"Главное за ночь, коротко. {TEXT} {OTHER}", minute=20), False),
        (report(2, "a", TEXT.replace("дрон", "вертолёт"), minute=20), True),
        (report(2, "b", "Над Рыльском сбит дрон, горит трава.", minute=20), True),
        (report(2, "b", "Drone shot down near Rylsk.", minute=2), True),
        (report(2, "b", "Під Рильськом збито безпілотник.", minute=2), True),
        (
            report(
                2, "b", "Translated from Russian: a drone was shot down near Rylsk at night, nobody was hurt.", minute=2
            ),
            False,
        ),
        (report(2, "b", f"{OTHER} {OTHER} Назвали это «очень большой удачей».", minute=20), True),
    ],
)
def test_whose_words(second: Report, own: bool) -> None:
    assert (second in in_own_words([report(1, "a"), second])) is own


RYBAR = replace(report(1, "rybar"), source=replace(report(1, "rybar").source, title="Рыбарь"))


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Канал Рыбарь пише, що над Рильськом нібито збили дрон, інших даних про це поки немає.", Whose.CREDITED),
        ("По данным Рыбаря, под Рыльском упали обломки беспилотника, других сведений у нас нет.", Whose.CREDITED),
        ("According to Rybar, a drone was shot down near Rylsk; nothing else is known about it.", Whose.CREDITED),
        (
            "Російські пабліки, зокрема Рибар, кажуть, що під Рильськом збили дрон, але фото не показують.",
            Whose.CREDITED,
        ),
        (
            "Російський «Рибар» стверджує, що під Рильськом збили дрон, фото немає, чекаємо підтверджень.",
            Whose.CREDITED,
        ),
        ("За даними Рибаря, під Рильськом збили дрон, фото немає, чекаємо на підтвердження від інших.", Whose.CREDITED),
        ("Рибарі знайшли під Рильськом уламки дрона, повідомляє голова громади, усі цілі, рух відновили.", Whose.OWN),
        ("Рыбарь поймал обломки беспилотника в реке под Рыльском, сообщает глава посёлка.", Whose.OWN),
        ("Рыбари под Рыльском нашли обломки беспилотника. По данным главы посёлка, все целы.", Whose.OWN),
        (OTHER, Whose.OWN),
    ],
)
def test_a_source_that_is_named_as_the_source_is_credited(text: str, whose: Whose) -> None:
    _, found = attributed([RYBAR, report(2, "b", text, minute=9)])
    assert found.whose is whose
    assert found.words.startswith("b credits Рыбарь") is (whose is Whose.CREDITED)


def test_what_was_read_late_is_the_original_of_what_it_was_placed_as_a_copy_of() -> None:
    first, late = report(1, "a", minute=40), report(2, "b", relation=COPY)
    assert [each.whose for each in attributed([first, late])] == [Whose.OWN, Whose.REPEATED]
    assert list(in_own_words([late, report(3, "c", OTHER, minute=50)])) == [report(3, "c", OTHER, minute=50)]


def test_a_source_is_credited_by_its_title_in_another_script() -> None:
    feed = replace(RYBAR, source=replace(RYBAR.source, name="f0"))
    text = "According to Rybar, a drone was shot down near Rylsk; nothing else is known about it."
    _, found = attributed([feed, report(2, "b", text, minute=9)])
    assert found.whose is Whose.CREDITED


def test_a_source_does_not_credit_itself() -> None:
    itself = report(2, "b", "Channel b reports: near Rylsk a drone came down in the field, nobody was hurt.", minute=9)
    assert [each.whose for each in attributed([report(1, "a"), itself])] == [Whose.OWN, Whose.OWN]


ADDS = "Уточняем: два аппарата упали в реку, дорога на Коренево перекрыта до вечера, движение пустили в объезд."


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (f"{TEXT} {ADDS}", 1),
        (f"{TEXT} Видео ниже.", 0),
        (f"{TEXT}\nПодписывайтесь на наш канал, здесь каждый день новости, карты и сводки с места событий: t.me/b", 0),
        (f"{TEXT} {ADDS} Сообщает @other.", 0),
        (f"{TEXT} {ADDS} По данным Рыбаря.", 0),
    ],
)
def test_a_copy_that_adds_words_of_its_own_is_a_copy_and_said_to_add_them(text: str, added: int) -> None:
    copy = report(2, "b", text, minute=9, relation=COPY, side="ua")
    found = carriers(
        Story(row=1, reports=(replace(RYBAR, source=replace(RYBAR.source, side="ru", side_kind=SideKind.PARTY)), copy))
    )
    assert (found.own, found.added, found.sides) == (1, added, Sides.CARRIED)


def test_a_post_read_late_may_be_the_earliest() -> None:
    read_first, read_late = report(1, "a", BRIEF), report(2, "b", BRIEF, minute=-3)
    assert list(in_own_words([read_first, read_late])) == [read_late]


def test_the_original_is_own_words_though_its_forward_was_read_first() -> None:
    forward = report(1, "a", minute=5, forwarded_from="b/2")
    original, copy = report(2, "b", relation=COPY), report(3, "c", minute=9, relation=COPY)
    assert list(in_own_words([forward, original, copy])) == [original]


def test_of_one_second_the_original_stands_before_its_forward() -> None:
    forward, original = report(1, "a", relation=COPY, forwarded_from="b/2"), report(2, "b", relation=COPY)
    assert [(each.report, each.whose) for each in attributed([forward, original])] == [
        (original, Whose.OWN),
        (forward, Whose.REPEATED),
    ]


def test_both_sides_are_two_parties_in_their_own_words() -> None:
    first = report(1, "rybar", side="ru")

    def sides(second: Report) -> Sides:
        return carriers(Story(row=1, reports=(first, second))).sides

    assert sides(report(2, "sumy", OTHER, minute=9, side="ua")) is Sides.BOTH
    assert sides(report(2, "sumy", BRIEF, minute=2, side="ua")) is Sides.CARRIED
    assert sides(report(2, "sumy", f"Пишет @rybar: {OTHER}", minute=9, side="ua")) is Sides.CARRIED
    assert sides(report(2, "isw", OTHER, minute=9, side="think-tank")) is Sides.ONE


def test_a_part_of_a_round_up_that_nobody_told_before_is_own_words() -> None:
    part = report(1, "a", relation=Relation.INCLUDED)
    assert list(in_own_words([part])) == [part]


RYLSK = "Над Рыльском сегодня сбиты 3 беспилотника самолётного типа"


@pytest.mark.parametrize(
    ("second", "whose", "words"),
    [
        (report(2, "b", OTHER, minute=20), Whose.OWN, "b says it in its own words"),
        (report(2, "b", minute=9, relation=COPY), Whose.REPEATED, "b repeats the words of another"),
        (report(2, "b", minute=9, forwarded_from="c/1"), Whose.REPEATED, "b repeats the words of another"),
        (
            report(2, "b", OTHER, minute=20, relation=Relation.INCLUDED),
            Whose.ROUND_UP,
            "b tells it in a round-up of reports, or as a part of one",
        ),
        (
            report(2, "b", RYLSK.replace("3", "15"), minute=20),
            Whose.ALTERED,
            "b has the text of a with little changed",
        ),
        (
            report(2, "b", BRIEF, minute=2),
            Whose.ECHO,
            "b is a quick echo of a: at most 120 characters, in the same language, within 5 minutes",
        ),
        (report(2, "b", f"Пишет @rybar: {OTHER}", minute=9), Whose.CREDITED, "b credits another"),
        (report(2, "b", f"Коротко: «{OTHER}»", minute=9), Whose.QUOTED, "b is mostly a quote"),
        (
            report(2, "b", f"Переклад з російської: {OTHER}", minute=9),
            Whose.TRANSLATED,
            "b says that it is a translation",
        ),
    ],
)
def test_why_words_are_not_its_own(second: Report, whose: Whose, words: str) -> None:
    _, found = attributed([report(1, "a", RYLSK), second])
    assert (found.whose, found.words) == (whose, words)


def test_of_three_with_one_text_the_first_has_it_in_its_own_words() -> None:
    reports = [report(row, name, RYLSK.replace("3", str(row)), minute=9 * row) for row, name in enumerate("abc", 1)]
    assert [each.whose for each in attributed(reports)] == [Whose.OWN, Whose.ALTERED, Whose.ALTERED]
    assert {each.other.source.name for each in attributed(reports) if each.other} == {"a"}


def test_a_text_that_came_by_a_forward_of_an_unread_post_is_another_s_all_the_same() -> None:
    forward, altered = report(1, "a", forwarded_from="z/1"), report(2, "b", TEXT.replace("дрон", "самолёт"), minute=9)
    assert [each.whose for each in attributed([forward, altered])] == [Whose.REPEATED, Whose.ALTERED]
