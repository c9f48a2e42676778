"""Blocks of the web preview, from cases; and pages as a whole."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from ruamel.yaml import YAML

from bot.model import Gap
from bot.sources.page import bare_id, read
from tests.fakes.preview import Block, Channel

CASES = YAML(typ="safe").load(Path(__file__).parent.parent.joinpath("cases/sources/blocks.yaml").read_text("utf-8"))
BLANK = {"text": "", "author": None, "forwarded_from": None, "reply_to": None, "complete": True, "parts": ()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_block_is_read(case: dict[str, Any]) -> None:
    channel = Channel("rybar")
    channel.posts[141] = Block(141, body=case["html"])
    page = read(channel.page(None))
    (message,) = page.messages
    assert {key: getattr(message, key) for key in BLANK} == BLANK | case["expect"]
    assert message.published == channel.began.replace(hour=2, minute=21)
    assert (message.id, message.channel, message.channel_id) == (141, "rybar", 1769674427)


def test_an_empty_page_with_the_mark_is_the_start_and_one_without_is_not() -> None:
    assert read(Channel("rybar").page(None)).end
    assert not read("<html><body>rybar</body></html>").end


def test_the_mark_in_a_posts_own_words_ends_nothing() -> None:
    channel = Channel("rybar")
    channel.write(1, words="class tme_no_messages_found {}")
    page = read(channel.page(None))
    assert (page.end, len(page.messages)) == (False, 1)


def test_holes_of_unreadable_blocks() -> None:
    channel = Channel("rybar")
    channel.write(*range(1, 10))
    broken = '<div class="tgme_widget_message_wrap"><div data-post="{}">?</div></div>'
    channel.posts[3].raw = broken.format("rybar/3")
    channel.posts[5].raw = channel.posts[6].raw = broken.format("no key at all")
    page = read(channel.page(None))
    assert page.unreadable == 3
    assert set(page.holes) == {Gap(3, 3), Gap(5, 6)}


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "no date"])
def test_a_date_that_no_clock_shows_costs_its_own_block_only(date: str) -> None:
    channel = Channel("rybar")
    channel.write(1, 2, 3)
    page = channel.page(None).replace(channel.began.replace(minute=2).isoformat(), date)
    assert date in page
    assert ([each.id for each in read(page).messages], read(page).holes) == ([1, 3], (Gap(2, 2),))


@pytest.mark.parametrize(("digits", "unreadable"), [(18, 0), (19, 1), (5000, 1)])
def test_an_id_that_no_database_takes_is_unreadable(digits: int, unreadable: int) -> None:
    channel = Channel("rybar")
    channel.write(1, 2)
    page = read(channel.page(None).replace('"rybar/2"', f'"rybar/{"9" * digits}"'))
    assert (len(page.messages), page.unreadable, page.blocked) == (2 - unreadable, unreadable, bool(unreadable))


@pytest.mark.parametrize("number", ["9" * 19, "²"])
def test_links_to_such_ids_are_links_to_the_channel(number: str) -> None:
    album = f'<div class="tgme_widget_message_grouped_wrap"><a href="https://t.me/a/{number}?single"></a></div>'
    forward = f'<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/a/{number}"></a>'
    channel = Channel("rybar")
    channel.posts[1] = Block(1, body=album + forward)
    (message,) = read(channel.page(None)).messages
    assert (message.parts, message.forwarded_from) == ((), "a")


@pytest.mark.parametrize("held", ['{"c": Infinity}', '{"c": 9999999999999999999}', '{"c": []}', "[" * 100_000, "7"])
def test_a_channels_id_that_cannot_be_read_is_none(held: str) -> None:
    channel = Channel("rybar")
    channel.write(1)
    page = read(channel.page(None).replace(channel.view(1), b64encode(held.encode()).decode()))
    assert [each.channel_id for each in page.messages] == [None]


@pytest.mark.parametrize("number", [1769674427, -1769674427, -1001769674427, 1001769674427])
def test_every_spelling_of_a_channels_id_is_one(number: int) -> None:
    assert bare_id(number) == 1769674427


@given(st.text(alphabet="<>/=\"' adivclsptmeg_wo0123&;", max_size=300))
def test_nothing_on_a_page_makes_it_fall(html: str) -> None:
    prefix = '<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="a/1" data-view="'
    read(html)
    read(prefix + html)
