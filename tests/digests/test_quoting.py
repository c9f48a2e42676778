"""What is quoted: in which language it is, and how it stands within the marks of a quote."""

from __future__ import annotations

import pytest

from bot.digests.quote import sentence
from bot.digests.quoting import inner, language_of
from bot.model import Post, Relation, Report, Source, SourceKind, StoredPost
from tests.digests.newsdesk import moment

SMOKE = "Горит склад, дым виден за километры."


@pytest.mark.parametrize(
    ("text", "given", "language"),
    [
        ("Суджа: подписчики с ночи пишут о канонаде к северо-востоку.", None, "ru"),
        ("Суджа: подписчики с ночи пишут о канонаде к северо-востоку.", "bg", "bg"),
        ("Ворог на околицях Бердина, бої тривають другу добу поспіль", None, "uk"),
        ("Канонада над Суджею", None, None),
        ("", None, None),
    ],
)
def test_a_post_without_telling_letters_is_russian_where_ukrainian_would_have_some(
    text: str, given: str | None, language: str | None
) -> None:
    source = Source(name="a", kind=SourceKind.CHANNEL, address="")
    stored = StoredPost(row=1, post=Post(source="a", id="1", text=text, language=given), seen=moment("08:00"))
    assert language_of(Report(stored=stored, source=source, relation=Relation.FIRST)) == language


def test_quotes_within_a_quote_have_the_inner_marks() -> None:
    assert inner("«Контратаки сорваны»: ведомство") == "„Контратаки сорваны“: ведомство"


@pytest.mark.parametrize(
    ("text", "match", "quoted"),
    [
        (f"{SMOKE} Едут пожарные.\n\n#Суджа #Курск", "Суджа", f"{SMOKE} / #Суджа #Курск"),
        (f"{SMOKE}\n#Суджа\n@канал", "Суджа", f"{SMOKE} / #Суджа"),
        (f"#Суджа\n{SMOKE}", "Суджа", f"#Суджа / {SMOKE}"),
        ("Тихо.\nВ #Судже горит склад, дым виден далеко.", "Судже", "В #Судже горит склад, дым виден далеко."),
    ],
)
def test_where_only_hashtags_name_the_place_the_first_sentence_stands_before_them(
    text: str, match: str, quoted: str
) -> None:
    at = text.index(match)
    assert "".join(piece for piece, _ in sentence(text, (at, at + len(match)))) == quoted


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("▪️ В Судже горит склад, дым виден за километры.", "В Судже горит склад, дым виден за километры."),
        ("1. В Судже горит склад.\n2. Дым виден за километры.", "В Судже горит склад."),
        ("Кратко\n🔹🔹 В Судже горит склад.\n— Едут пожарные.", "В Судже горит склад."),
        ("Коротко о Судже\n• горит склад\n• едут пожарные", "Коротко о Судже / горит склад / едут пожарные"),
        ("-5 градусов в Судже, горит склад, едут пожарные.", "-5 градусов в Судже, горит склад, едут пожарные."),
    ],
)
def test_marks_of_lists_stay_out_of_quotes(text: str, quoted: str) -> None:
    at = text.index("Судже")
    assert "".join(piece for piece, _ in sentence(text, (at, at + len("Судже")))) == quoted
