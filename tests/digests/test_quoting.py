"""What is quoted: in which language it is, and how it stands within the marks of a quote."""

from __future__ import annotations

import pytest

from bot.digests.quoting import inner, language_of
from bot.model import Post, Relation, Report, Source, SourceKind, StoredPost
from tests.digests.newsdesk import moment


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
