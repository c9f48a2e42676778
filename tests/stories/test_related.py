"""Reports of perhaps one event, in one language or in several, found; and what only shares its place, left apart."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import Post
from bot.stories import Grouper

CASES = Path(__file__).parents[1] / "cases" / "stories" / "events.toml"
START = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)


def pairs() -> Iterator[Any]:
    for kind, found in tomllib.loads(CASES.read_text("utf-8")).items():
        for pair in found:
            marks = [pytest.mark.xfail(reason=pair["gap"], strict=True)] if "gap" in pair else []
            yield pytest.param(
                pair, kind == "one", id=f"{kind}: {pair['first'][:30]} / {pair['second'][:30]}", marks=marks
            )


@pytest.mark.parametrize(("pair", "expected"), list(pairs()))
def test_reports_are_of_one_event_or_of_two(pair: dict[str, Any], expected: bool) -> None:
    texts, (ours, theirs) = (pair["first"], pair["second"]), pair.get("places", ((), ()))
    for (one, two), (near, far) in ((texts, (ours, theirs)), (texts[::-1], (theirs, ours))):
        grouper = Grouper()
        grouper.place(Post(source="a", id="1", text=one), when=START, places=near)
        placed = grouper.place(
            Post(source="b", id="1", text=two), when=START + timedelta(minutes=pair["minutes"]), places=far
        )
        assert (placed.story, placed.related) == ("b/1", ("a/1",) if expected else ())
