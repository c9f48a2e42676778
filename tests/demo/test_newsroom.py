"""The newsroom's world: what can be seen at an hour, and what the morning promises to contain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.newsroom import Form, Newsroom, load, parse
from bot.model import SideKind


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return load()


def kyiv(hour: int, minute: int = 0) -> datetime:
    """An hour of the morning; Kyiv is two hours ahead of UTC in January."""
    return datetime(2025, 1, 6, hour - 2, minute, tzinfo=UTC)


def test_the_morning_has_ten_sources_of_several_sides_in_every_format(newsroom: Newsroom) -> None:
    assert len(newsroom.outlets) == 10
    assert {outlet.form for outlet in newsroom.outlets} == set(Form)
    assert {outlet.language for outlet in newsroom.outlets} == {"ru", "uk", "en"}
    parties = {outlet.side for outlet in newsroom.outlets if newsroom.sides[outlet.side] is SideKind.PARTY}
    assert parties == {"ru", "ua"}
    assert 55 <= len(newsroom.items) <= 65
    channels = {outlet.name for outlet in newsroom.outlets if outlet.form is Form.CHANNEL}
    assert channels <= {item.source for item in newsroom.items if item.at < newsroom.opens}


def test_every_post_has_a_source_and_an_id_of_its_own(newsroom: Newsroom) -> None:
    assert len(newsroom.by_key) == len(newsroom.items)
    assert {item.source for item in newsroom.items} == set(newsroom.by_name)


def test_message_ids_of_a_channel_grow_with_time(newsroom: Newsroom) -> None:
    for outlet in newsroom.outlets:
        if outlet.form is Form.CHANNEL:
            numbers = [item.number for item in newsroom.visible(outlet.name, newsroom.closes)]
            assert numbers == sorted(numbers)


def test_references_lead_to_posts_that_were_there_before(newsroom: Newsroom) -> None:
    for item in newsroom.items:
        for key in filter(None, (item.forwarded, item.reply_to)):
            assert newsroom.by_key[key].at < item.at


def test_some_posts_are_older_than_the_watch_and_none_come_after_it(newsroom: Newsroom) -> None:
    before = [item for item in newsroom.items if item.at < newsroom.opens]
    assert 3 <= len(before) <= 8
    assert newsroom.items[-1].at < newsroom.closes - timedelta(minutes=25)


def test_a_post_is_there_from_its_hour_on(newsroom: Newsroom) -> None:
    item = newsroom.by_key["kursk_front_demo/2102"]
    assert item.as_of(kyiv(6, 11)) is None
    assert item.as_of(kyiv(6, 12)) == item


def test_an_edit_adds_a_place(newsroom: Newsroom) -> None:
    item = newsroom.by_key["kursk_front_demo/2105"]
    before, after = item.as_of(kyiv(9, 1)), item.as_of(kyiv(9, 2))
    assert before
    assert after
    assert "Сорочин" not in before.text
    assert "Сорочин" in after.text
    assert after.edited == kyiv(9, 2)


def test_an_edit_removes_a_place(newsroom: Newsroom) -> None:
    item = newsroom.by_key["step_svodka_demo/643"]
    before, after = item.as_of(kyiv(9)), item.as_of(kyiv(10))
    assert before
    assert after
    assert "Покровск" in before.text
    assert "Покровск" not in after.text


def test_a_deleted_post_is_gone(newsroom: Newsroom) -> None:
    keys = [{item.key for item in newsroom.visible("holos_kordonu_demo", kyiv(9, minute))} for minute in (19, 20)]
    assert keys[0] - keys[1] == {"holos_kordonu_demo/312"}


def test_edits_and_deletions_leave_time_for_several_polls(newsroom: Newsroom) -> None:
    for item in newsroom.items:
        for change in (*(edit.at for edit in item.edits), *filter(None, [item.deleted])):
            assert change - item.at >= timedelta(minutes=30)


def test_a_source_fails_for_a_while_and_recovers(newsroom: Newsroom) -> None:
    states = [newsroom.status("polevoy_vestnik", kyiv(*hour)) for hour in ((8, 4), (8, 5), (8, 49), (8, 50))]
    assert states == [200, 503, 503, 200]


def test_reposts_repeat_the_words_of_the_original(newsroom: Newsroom) -> None:
    said = {key: item.text for key, item in newsroom.by_key.items()}
    assert said["step_svodka_demo/640"].startswith(said["kursk_front_demo/2102"])
    assert said["holos_kordonu_demo/314"].endswith(said["pivnich_ua_demo/873"])
    assert said["step_svodka_demo/646"] == said["kursk_front_demo/2107"]
    assert said["kursk_front_demo/2104"].startswith(said["step_svodka_demo/642"].removesuffix("…"))
    assert said["kursk_front_demo/2104"] in said["vse_za_chas_demo/5505"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("kursk_front_demo/2103", "\N{LATIN CAPITAL LETTER C}уджу"),
        ("vse_za_chas_demo/5504", "По\N{SOFT HYPHEN}реч\N{SOFT HYPHEN}ное"),
        ("vse_za_chas_demo/5502", "#Суджа"),
        ("kursk_front_demo/2102", "БЕРДИН: ИДЁТ"),
        ("pivnich_ua_demo/871", "Суджею"),
        ("kursk_front_demo/2104", "Мартыновкой"),
        ("harrow_institute/2025-01-06-noon", "Cherkasskoe Porechnoe"),
    ],
)
def test_the_words_are_as_hard_as_promised(newsroom: Newsroom, key: str, words: str) -> None:
    assert words in newsroom.by_key[key].text


def test_a_repeat_of_what_nobody_said_is_a_fault_of_the_file() -> None:
    document = """
        day = 2025-01-06
        zone = "Europe/Kyiv"
        opens = 06:00:00
        closes = 12:00:00
        [sides]
        [[post]]
        source = "a"
        id = 1
        at = 06:00:00
        text = "{b/7}"
    """
    with pytest.raises(KeyError, match="b/7"):
        parse(document)
