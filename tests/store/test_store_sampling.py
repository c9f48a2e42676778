"""The daily sample: few, by lot, once a day; what is judged counts by how likely it was to be asked about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.calibration import Tally
from bot.store import Act, ActKind, Aspect, How, Store
from bot.store.sampling import EACH, by_lot
from tests.store.world import NOW, commit, group, mention, post, reading

DAY = timedelta(days=1)
KEY = b"key"


async def found(store: Store, *confidences: float) -> None:
    """Posts with one hit each, of these confidences, found now."""
    await commit(store, reading(*(post(number) for number in range(1, len(confidences) + 1))))
    stored = await store.unmatched(1_000)
    pairs = zip(stored, confidences, strict=True)
    await store.save_matches([(each, [mention(each, confidence=stated)]) for each, stated in pairs], NOW)
    await group(store)


async def judge(store: Store, kind: str, *targets: str) -> None:
    await store.reviews.perform(Act(kind=ActKind(kind), targets=targets, who="anna", how=How.CLI), NOW + DAY)


async def queued(store: Store) -> dict[str, bool]:
    return {f"h{each.hit}": each.sampled for each in await store.reviews.doubts(99)}


async def whole(store: Store, by: Aspect = Aspect.WATCH) -> Tally:
    (each,) = await store.reviews.judged(by)
    return each


async def test_a_day_is_drawn_once_when_it_is_over(store: Store) -> None:
    await found(store, *[0.9] * 20, *[0.1] * 8, 0.5)
    assert await store.upkeep.draw(KEY, NOW) == 0, "today is not over"
    assert await queued(store) == {"h29": False}
    assert await store.upkeep.draw(KEY, NOW + DAY) == 2 * EACH
    drawn = await queued(store)
    assert (len(drawn), sum(drawn.values()), drawn["h29"]) == (2 * EACH + 1, 2 * EACH, False)
    assert await store.upkeep.draw(KEY, NOW + DAY) == 0
    assert await store.upkeep.draw(KEY, NOW + 9 * DAY) == 0
    assert await queued(store) == drawn
    assert await store.reviews.waiting(99) == len(drawn)


async def test_a_day_on_which_the_service_rested_is_drawn_later(store: Store) -> None:
    await store.upkeep.draw(KEY, NOW - 2 * DAY)
    await found(store, *[0.9] * 3)
    assert await store.upkeep.draw(KEY, NOW + 3 * DAY) == 3


async def test_what_is_judged_counts_by_how_likely_it_was_asked_about(store: Store) -> None:
    await found(store, *[0.9] * 20, 0.5, 0.6)
    await judge(store, "reject", "h1")  # unasked: somebody saw it and knew better
    await judge(store, "confirm", "h21")
    await judge(store, "reject", "h22")
    assert await whole(store) == Tally(
        of="sudzha", judged=3, right=1, counted=2, weight=2, right_weight=1, squares=2, confidence=1.1
    )
    await store.upkeep.draw(KEY, NOW + DAY)
    drawn = [key for key in await queued(store) if key != "h1"]
    await judge(store, "confirm", *drawn)
    each = await whole(store)
    # h1 counts only if it was drawn by lot, too.
    assert each.counted == 2 + EACH
    assert each.weight == pytest.approx(2 + 20)
    assert each.right_weight == pytest.approx(1 + 4 * len(drawn))
    bands = await store.reviews.judged(Aspect.CONFIDENCE)
    assert [(band.of, band.counted) for band in bands] == [("3", 2), ("6", EACH)]


async def test_an_undone_decision_is_asked_about_again(store: Store) -> None:
    await found(store, 0.5)
    await judge(store, "confirm", "h1")
    assert (await whole(store)).counted == 1
    await store.reviews.undo(Act(kind=ActKind.UNDO, targets=(), who="anna", how=How.CLI), None, NOW + DAY)
    assert await store.reviews.judged(Aspect.WATCH) == []
    assert await queued(store) == {"h1": False}


async def test_shares_are_told_by_place_source_and_evidence(store: Store) -> None:
    await found(store, 0.5, 0.6)
    await judge(store, "confirm", "h1")
    await store.reviews.perform(
        Act(kind=ActKind.MOVE, targets=("h2",), who="anna", how=How.CLI, to="berdin"), NOW + DAY
    )
    for by, names in ((Aspect.WATCH, ["sudzha"]), (Aspect.SOURCE, ["rybar"]), (Aspect.EVIDENCE, ["capital", "rule"])):
        tallies = await store.reviews.judged(by)
        assert [(each.of, each.right, each.counted) for each in tallies] == [(name, 1, 2) for name in names]


def test_the_lot_depends_on_the_key_alone() -> None:
    rows, day = range(1, 400), NOW.date()
    assert by_lot(rows, KEY, day, EACH) == by_lot(list(reversed(rows)), KEY, day, EACH)
    assert by_lot(rows, KEY, day, EACH) != by_lot(rows, b"other", day, EACH)
    tickets = [row for number in range(400) for row in by_lot(rows, str(number).encode(), day, EACH)]
    assert len(set(tickets)) > 390, "over many keys nearly every hit is drawn once"
