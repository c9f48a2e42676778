"""Placements as data: each case is a handful of posts and where they belong, and by what."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.model import Placement, Post
from bot.stories import Ground, Grouper

CASES = Path(__file__).parent.parent / "cases/stories"
START = datetime(2025, 1, 7, 6, 0, tzinfo=UTC)


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yaml")):
        for case in YAML(typ="safe").load(path):
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def post(given: dict[str, Any]) -> Post:
    source, identity = given["key"].split("/")
    rest = {key: given[key] for key in ("url", "forwarded_from", "album", "text") if key in given}
    return Post(source=source, id=identity, parts=tuple(given.get("parts", ())), **rest)


def placed(case: dict[str, Any]) -> dict[str, Placement]:
    grouper = Grouper()
    found = [grouper.place(post(given), when=START + timedelta(minutes=given["at"])) for given in case["posts"]]
    return {placement.post: placement for placement in found}


@pytest.mark.parametrize("case", list(cases()))
def test_posts_stand_where_they_belong(case: dict[str, Any]) -> None:
    found = placed(case)
    shown = {key: [p.story, p.relation.value, Ground(p.reason).name] for key, p in found.items()}
    assert {key: shown[key] for key in case["expected"]} == case["expected"]
    for key, story in case.get("within", {}).items():
        assert found[key].within == story
    for key, stories in case.get("related", {}).items():
        assert list(found[key].related) == stories


def test_every_ground_has_a_case() -> None:
    named = {ground for case in cases() for _, _, ground in case.values[0]["expected"].values()}
    assert named == {ground.name for ground in Ground}
