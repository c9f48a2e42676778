"""The newsroom keeps its promises: what a person finds in its posts, the rooms find, and nothing else."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_watchlists
from bot.demo.newsroom import Item, load
from bot.matching import Matcher, load_matcher
from bot.model import Place, Post
from bot.stories import Grouper

NEWSROOM = load()
BOUND = 0.5


@cache
def expected() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "cases" / "demo" / "expected.toml").read_text("utf-8"))


def final(item: Item) -> Item:
    return item.as_of(item.edits[-1].at) or item if item.edits else item


def post(item: Item) -> Post:
    words = final(item)
    return Post(
        source=item.source,
        id=item.id,
        title=words.title,
        text="\n".join(filter(None, (words.text, *item.poll))),
        published=item.at,
        forwarded_from=item.forwarded,
    )


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    with resources.as_file(resources.files("bot.demo").joinpath("watchlist.yaml")) as file:
        watches = load_watchlists([file])
    assert len([watch for watch in watches if isinstance(watch, Place)]) == 9
    return asyncio.run(load_matcher(watches, tmp_path_factory.mktemp("forms")))


def test_the_expectations_speak_of_posts_that_exist() -> None:
    named = [
        *expected()["places"],
        *expected()["stories"],
        *(key for keys in expected()["stories"].values() for key in keys),
    ]
    assert set(named) <= set(NEWSROOM.by_key)


def cases() -> Iterator[Any]:
    for item in NEWSROOM.items:
        gap = expected()["gaps"].get(item.key)
        yield pytest.param(item.key, marks=[pytest.mark.xfail(reason=gap, strict=False)] if gap else [])


@pytest.mark.parametrize("key", list(cases()))
def test_every_post_is_understood(matcher: Matcher, key: str) -> None:
    hits = matcher.match(post(NEWSROOM.by_key[key]).body)
    assert sorted({hit.watch for hit in hits if hit.confidence >= BOUND}) == expected()["places"].get(key, [])


def test_reposts_are_one_story_and_other_words_are_another() -> None:
    grouper = Grouper()
    stories: dict[str, list[str]] = {}
    for item in NEWSROOM.items:
        if item.key in expected()["places"]:
            placement = grouper.place(post(item), when=item.at)
            stories.setdefault(placement.story, []).append(placement.post)
    assert {first: rest for first, (_, *rest) in stories.items() if rest} == expected()["stories"]
