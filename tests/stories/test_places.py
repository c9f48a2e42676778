"""Which mentions tell that a report names a place."""

from dataclasses import replace

from bot.model import Hit, HitState, Origin, StoredHit, Verdict
from bot.stories import certain
from tests.stories.streams import START

HIT = Hit(watch="sudzha", start=9, end=14, text="Суджа", form="Суджа", origin=Origin.BASE, confidence=0.9)
STORED = StoredHit(row=1, hit=HIT, found=START)
PLACES = {"sudzha", "berdin"}


def test_places_stand_in_the_order_of_the_text_once() -> None:
    before = replace(STORED, hit=replace(HIT, watch="berdin", start=1))
    assert certain([STORED, before, STORED], PLACES) == ("berdin", "sudzha")


def test_what_is_doubtful_tells_no_place() -> None:
    doubtful = (
        replace(STORED, hit=replace(HIT, confidence=0.49)),
        replace(STORED, hit=replace(HIT, candidates=("sudzha-2",))),
        replace(STORED, hit=replace(HIT, watch="electronic-warfare")),
        replace(STORED, state=HitState.EDITED_OUT),
        replace(STORED, verdict=Verdict.REJECTED),
    )
    assert certain(doubtful, PLACES) == ()
