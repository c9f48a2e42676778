"""Continuous, restarted, in any batches, with posts of any age: the same stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from bot.model import Placement, Post
from bot.stories import Grouper, Memory, sketched
from bot.stories.sketch import unpacked
from tests.stories.streams import SENTENCES, START, Step, hour, streams


class Kept:
    """Sketches as the store keeps them: rows rise in the order of placing."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[datetime, bytes]] = {}
        self.reads = 0

    def save(self, when: datetime, placement: Placement) -> None:
        self.rows[len(self.rows) + 1] = (when, placement.sketch)

    async def newest_sketch(self) -> int:
        return len(self.rows)

    async def sketch_rows(self, since: datetime, until: datetime) -> list[int]:
        return [row for row, (when, _) in self.rows.items() if since <= when <= until]

    async def sketch_rows_after(self, row: int) -> list[int]:
        return [each for each in self.rows if each > row]

    async def sketches(self, rows: Sequence[int]) -> list[bytes]:
        self.reads += len(rows)
        return [self.rows[row][1] for row in rows]


async def run(steps: Sequence[Step], sizes: Sequence[int], restarts: Sequence[bool]) -> list[Placement]:
    """Place the posts in batches of these sizes; the process starts anew before some of them."""
    kept, placed = Kept(), list[Placement]()
    memory, batch = Memory(kept), 0
    while len(placed) < len(steps):
        if restarts[batch % len(restarts)]:
            memory = Memory(kept)
        ahead = steps[len(placed) : len(placed) + sizes[batch % len(sizes)]]
        now = hour(max(when for _, when in steps[: len(placed) + len(ahead)]))
        grouper, count = await memory.holding([hour(when) for _, when in ahead], now)
        made = [(hour(when), grouper.place(post, when=hour(when))) for post, when in ahead[:count]]
        for when, placement in made:
            kept.save(when, placement)
        placed += [placement for _, placement in made]
        batch += 1
    return placed


@settings(max_examples=60, deadline=None)
@given(streams(), st.lists(st.integers(1, 5), min_size=1, max_size=4), st.lists(st.booleans(), min_size=1, max_size=4))
async def test_any_batches_and_restarts_make_the_same_stories(
    steps: list[Step], sizes: list[int], restarts: list[bool]
) -> None:
    # One grouper that never forgets, and sees the posts one by one, is the measure.
    whole = Grouper()
    expected = [whole.place(post, when=hour(when)) for post, when in steps]
    found = await run(steps, sizes, restarts)
    assert found == expected
    assert [placement.sketch for placement in found] == [placement.sketch for placement in expected]


async def test_a_backfilled_post_finds_its_neighbours_of_last_month() -> None:
    kept = Kept()
    memory = Memory(kept)
    for days, source in ((0, "a"), (30, "b"), (0, "c")):
        when, now = START + timedelta(days=days), START + timedelta(days=30)
        grouper, count = await memory.holding([when], now)
        assert count == 1
        kept.save(when, grouper.place(Post(source=source, id="1", text=SENTENCES[0]), when=when))
    assert [unpacked(data)[0].story for _, data in kept.rows.values()] == ["a/1", "b/1", "a/1"]


async def test_a_batch_of_old_and_new_posts_is_taken_in_turns() -> None:
    memory = Memory(Kept())
    times = [START, START + timedelta(hours=47), START + timedelta(hours=60), START + timedelta(days=30)]
    _, count = await memory.holding(times, times[-1])
    assert count == 2
    _, count = await memory.holding(times[2:], times[-1])
    assert count == 1
    _, count = await memory.holding(times[3:], times[-1])
    assert count == 1


async def test_what_another_worker_placed_is_known_before_the_next_batch() -> None:
    kept = Kept()
    ours, theirs = Memory(kept), Memory(kept)
    await ours.ready(START)
    grouper, _ = await theirs.holding([START], START)
    kept.save(START, grouper.place(Post(source="a", id="1", text=SENTENCES[0]), when=START))
    grouper, _ = await ours.holding([START], START)
    assert grouper.place(Post(source="b", id="1", text=SENTENCES[0]), when=START).story == "a/1"


@pytest.mark.parametrize("when", [datetime.min.replace(tzinfo=START.tzinfo), datetime.max.replace(tzinfo=START.tzinfo)])
async def test_any_date_that_a_source_writes_can_be_placed(when: datetime) -> None:
    memory = Memory(Kept())
    grouper, count = await memory.holding([when], START)
    assert (grouper.place(Post(source="a", id="1"), when=when).story, count) == ("a/1", 1)


def test_a_placement_made_before_gets_the_same_sketch_again() -> None:
    post = Post(source="a", id="1", text=SENTENCES[0], album="7", url="https://example.org/news/1")
    placement = Grouper().place(post, when=START)
    assert sketched(post, placement, when=START).sketch == placement.sketch != b""
    with pytest.raises(ValueError, match="version 9"):
        unpacked(b"\x09" + placement.sketch[1:])
