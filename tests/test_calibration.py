"""What stated confidence came to mean: honest about few decisions, uneven weights and what nobody was asked about."""

from __future__ import annotations

import random

import pytest

from bot.calibration import BANDS, ENOUGH, Curve, Tally, band, curve, wilson


def tally(right: int, judged: int, *, stated: float = 0.5, weight: float = 1.0) -> Tally:
    """Judged hits of one weight and confidence, all of which count."""
    return Tally(
        of="x",
        judged=judged,
        right=right,
        counted=judged,
        weight=weight * judged,
        right_weight=weight * right,
        squares=weight * weight * judged,
        confidence=weight * judged * stated,
    )


def test_an_interval_is_wide_while_little_is_known() -> None:
    low, high = wilson(1, 1)
    assert (round(low, 2), high) == (0.21, 1.0)
    assert wilson(0, 50)[0] == 0.0
    low, high = wilson(0.9, 100)
    assert 0.82 < low < 0.9 < high < 0.95


def test_what_the_queue_asks_about_does_not_speak_for_the_others() -> None:
    doubtful, sure = tally(20, 40), tally(5, 5, weight=72.0)  # 5 of the 360 that are sure
    both = doubtful + sure
    assert both.share == pytest.approx(380 / 400)
    assert both.right / both.judged == pytest.approx(25 / 45), "what all decisions say"
    assert 5 < both.effective < 7, "five that stand for 360 say hardly more than five"
    assert both.bounds is not None
    assert both.bounds[0] < 0.65


def test_what_people_judged_unasked_counts_nowhere() -> None:
    unasked = Tally(of="x", judged=9, right=0)
    assert (unasked.share, unasked.bounds, unasked.effective) == (None, None, 0.0)
    assert (tally(3, 4) + unasked).share == 0.75


def test_confidence_stays_as_stated_until_enough_was_decided() -> None:
    few = curve({2: tally(0, ENOUGH - 1, stated=0.4)})
    assert (few.used, few(0.42)) == (False, 0.42)
    enough = curve({2: tally(0, ENOUGH, stated=0.4)})
    assert (enough.used, enough(0.4) < 0.1) == (True, True)
    assert Curve()(0.3) == 0.3


def test_a_curve_never_falls_and_bands_with_few_decisions_stay_near_what_they_state() -> None:
    made = curve({3: tally(300, 300, stated=0.6), 4: tally(0, 2, stated=0.7), 5: tally(150, 300, stated=0.8)})
    shares = [made(step / 200) for step in range(201)]
    assert shares == sorted(shares)
    assert made(0.07) == pytest.approx(0.075, abs=0.01), "nobody was asked: as stated"
    assert made(0.6) == made(0.8) == pytest.approx((310 * 306 / 310 + 12 * 7 / 12 + 310 * 158 / 310) / 632, abs=0.01)


def test_the_confidence_that_reaches_a_share_is_where_the_curve_crosses_it() -> None:
    made = Curve([(0.2, 0.1), (0.6, 0.5), (0.9, 0.9)], ENOUGH)
    assert [made.reaches(share) for share in (0.05, 0.3, 0.9, 0.95)] == [0.2, pytest.approx(0.4), 0.9, None]
    assert made(made.reaches(0.7) or 0.0) == pytest.approx(0.7)


def test_bands_hold_every_confidence() -> None:
    assert [band(edge) for edge in BANDS] == list(range(len(BANDS)))
    assert (band(0.149), band(1.0)) == (0, len(BANDS) - 1)


def test_weighted_shares_come_near_the_truth_where_decisions_alone_do_not() -> None:
    """Four hundred hits a day for a month: 40 doubtful ones all judged, of the sure ones five a day by lot."""
    lot = random.Random(7)
    right = {"doubtful": 0.55, "sure": 0.97}
    judged = Tally(of="x")
    for _ in range(30):
        judged += tally(sum(lot.random() < right["doubtful"] for _ in range(40)), 40)
        judged += tally(sum(lot.random() < right["sure"] for _ in range(5)), 5, weight=72.0)
    truth = (40 * right["doubtful"] + 360 * right["sure"]) / 400
    assert judged.bounds is not None
    assert judged.bounds[0] < truth < judged.bounds[1]
    assert abs((judged.share or 0) - truth) < 0.04 < abs(judged.right / judged.judged - truth)
