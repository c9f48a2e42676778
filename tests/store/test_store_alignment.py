from __future__ import annotations

from hypothesis import given, settings, strategies as st

from bot.model import Hit, Origin, StoredHit
from bot.store.alignment import align
from tests.store.world import NOW


def hit(watch: str, text: str, start: int) -> Hit:
    return Hit(
        watch=watch, start=start, end=start + len(text), text=text, form=text, origin=Origin.BASE, confidence=0.9
    )


def stored(row: int, found: Hit) -> StoredHit:
    return StoredHit(row=row, hit=found, found=NOW)


HITS = st.lists(
    st.builds(hit, st.sampled_from(["a", "b"]), st.sampled_from(["x", "xy"]), st.integers(0, 9)), max_size=6
)


@settings(max_examples=40)
@given(HITS, HITS)
def test_every_hit_is_accounted_for_exactly_once(old: list[Hit], new: list[Hit]) -> None:
    rows = [stored(row, found) for row, found in enumerate(old)]
    result = align(rows, new)
    assert sorted([before.row for before, _ in result.kept] + [gone.row for gone in result.gone]) == list(
        range(len(old))
    )
    assert sorted(map(repr, [*(after for _, after in result.kept), *result.fresh])) == sorted(map(repr, new))
    assert all(before.hit.watch == after.watch for before, after in result.kept)
    assert {gone.hit.watch for gone in result.gone}.isdisjoint({fresh.watch for fresh in result.fresh})


@settings(max_examples=40)
@given(HITS)
def test_the_same_hits_again_are_all_kept(found: list[Hit]) -> None:
    result = align([stored(row, one) for row, one in enumerate(found)], found)
    assert (result.gone, result.fresh) == ((), ())


def test_the_same_text_is_paired_first_and_the_rest_in_order() -> None:
    old = [stored(1, hit("a", "Суджа", 0)), stored(2, hit("a", "Суджу", 10))]
    result = align(old, [hit("a", "Суджу", 0), hit("a", "Судже", 10)])
    assert {before.row: after.text for before, after in result.kept} == {2: "Суджу", 1: "Судже"}
