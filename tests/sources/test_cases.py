"""Dates, plain text and names, each from its table of cases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from ruamel.yaml import YAML

from bot.sources import Refusal, channel_name, target
from bot.sources.parsing.dates import parse
from bot.sources.parsing.plain import clean, plain

FOLDER = Path(__file__).parent.parent / "cases" / "sources"


def cases(name: str) -> Any:
    return YAML(typ="safe").load((FOLDER / name).read_text("utf-8"))


@pytest.mark.parametrize(("written", "moment"), cases("dates.yaml"))
def test_a_date_is_read(written: str, moment: datetime | None) -> None:
    assert parse(written) == moment


@given(st.text())
def test_no_date_makes_it_fall(written: str) -> None:
    found = parse(written)
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(("html", "text"), cases("plain.yaml"))
def test_html_becomes_text(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize("sign", ["\u0301", "\u200b", "\u202e", "\U000e0041"])
def test_signs_that_swell_a_word_are_few(sign: str) -> None:
    assert plain(f"Су{sign * 50_000}джа") == f"Су{sign * 16}джа"
    assert clean(f"Су{sign * 16}джа") == f"Су{sign * 16}джа"


@given(st.text(alphabet="<>/&;#x=\"' abpbrdivscript\n\x00\ud800"))
def test_text_holds_nothing_that_no_terminal_takes(html: str) -> None:
    text = plain(html)
    text.encode()
    assert "\x00" not in text


@pytest.mark.parametrize(("written", "name"), cases("names.yaml")["channels"])
def test_a_channel_may_be_written_in_many_ways(written: str, name: str) -> None:
    assert channel_name(written) == name


@pytest.mark.parametrize(("written", "word"), cases("names.yaml")["refused"])
def test_what_is_no_public_channel_is_refused_in_words(written: str, word: str) -> None:
    refusal = channel_name(written)
    assert isinstance(refusal, Refusal)
    assert word in refusal.what
    assert refusal.remedy


@pytest.mark.parametrize(("written", "kind", "address"), cases("names.yaml")["targets"])
def test_a_target_is_a_source(written: str, kind: str, address: str) -> None:
    source = target(written)
    assert not isinstance(source, Refusal)
    assert (source.kind, source.address) == (kind, address)
