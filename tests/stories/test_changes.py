"""One text in several wordings: which change makes other news, and which is the same text in another dress."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from bot.model import Post, Relation
from bot.stories import Grouper

CASES = Path(__file__).parents[1] / "cases" / "stories" / "changes.toml"
START = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)


def wordings(text: str) -> list[str]:
    parts = re.split(r"\[(.*?)\]", text)
    return [
        "".join(chosen) for chosen in product(*(part.split("|") if at % 2 else [part] for at, part in enumerate(parts)))
    ]


def cases() -> Iterator[Any]:
    for kind, found in tomllib.loads(CASES.read_text("utf-8")).items():
        for case in found:
            alternatives = ", ".join(re.findall(r"\[(.*?)\]", case["text"]))
            yield pytest.param(case["text"], kind == "same", id=f"{kind}: {alternatives}")


@pytest.mark.parametrize(("text", "same"), list(cases()))
def test_a_wording_is_a_copy_or_other_news(text: str, same: bool) -> None:
    wrong = []
    for one, two in permutations(dict.fromkeys(wordings(text)), 2):
        grouper = Grouper()
        grouper.place(Post(source="a", id="1", text=one), when=START)
        placed = grouper.place(Post(source="b", id="1", text=two), when=START + timedelta(minutes=5))
        if (placed.relation is Relation.COPY) != same:
            wrong.append((one, two, placed))
    assert not wrong
