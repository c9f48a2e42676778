"""Hostile strings in digests: entities lie inside the text, links lead to the web, nothing turns a line round."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.digests import Flavour, render
from tests.digests.newsdesk import composed
from tests.review.hostile import TOGETHER, strings

HIDDEN = {n for n in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)) if n != 10}


def test_nothing_hostile_acts_in_a_digest() -> None:
    bad = strings()
    for start in range(0, len(bad), TOGETHER):
        some = bad[start : start + TOGETHER]
        case = {
            "sources": [_source(at, text) for at, text in enumerate(some)],
            "stories": [[_report(at, text)] for at, text in enumerate(some)],
            "watches": [{"id": "x", "name": some[1], "in": some[2], "tags": [some[3]]}],
            "route": {"title": some[0], "digest": {"max_stories": TOGETHER}},
        }
        digest = composed(case).digest
        assert digest
        for flavour in Flavour:
            for message in render(digest, flavour=flavour):
                assert {hex(ord(char)) for char in message.text if ord(char) in HIDDEN} == set()
                message.text.encode("utf-8")  # no half of a pair
                assert all(0 <= each.start < each.end <= len(message.text) for each in message.entities)
                assert {urlsplit(each.url).scheme for each in message.entities if each.url} <= {"http", "https"}


def _source(at: int, text: str) -> dict[str, Any]:
    return {"name": f"s{at}", "title": text, "side": text, "side_kind": "party"}


def _report(at: int, text: str) -> dict[str, Any]:
    hits = [{"watch": "x", "text": "Суджа"}]
    return {"source": f"s{at}", "at": "08:00", "text": f"Суджа {text}", "title": text, "url": text, "hits": hits}
