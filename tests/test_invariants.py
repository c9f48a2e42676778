"""Each invariant of docs/architecture.md has tests that keep it; here they are named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
KEPT_BY = {
    1: ["service/test_once.py::test_an_edit_keeps_its_mention_and_brings_new_ones", "store/test_store_posts.py"],
    2: ["store/test_store_crash.py::test_a_killed_writer_leaves_a_consistent_database", "store/test_store_posts.py"],
    3: ["sources/test_channel.py::test_whatever_happens_the_cursor_never_covers_what_was_not_read"],
    4: ["service/test_run.py::test_killed_three_times_it_loses_and_repeats_nothing", "store/test_store_outbox.py"],
    5: ["matching/test_matcher.py::test_spans_are_exact_whatever_stands_there"],
    6: [
        "service/test_rematching.py::test_rematch_says_first_and_does_then_and_deletes_nothing",
        "service/test_once.py::test_a_place_that_is_watched_no_more_keeps_its_hits",
        "store/test_store_acts.py::test_a_verdict_stays_whatever_the_watches_and_the_text_become",
    ],
    7: ["test_house.py::test_import_contracts_hold"],
    8: ["review/test_page.py::test_every_page_answers_and_escapes_what_strangers_wrote"],
    9: ["service/test_once.py::test_a_source_that_fails_is_no_failure_of_the_round"],
    10: [
        "service/test_once.py::test_a_second_round_stores_and_sends_nothing",
        "service/test_looking_back.py::test_a_search_that_was_broken_off_goes_on",
        "store/test_store_digests.py",
    ],
}


def stated() -> set[int]:
    text = (ROOT.parent / "docs/architecture.md").read_text(encoding="utf-8").split("## Invariants")[1]
    return {int(number) for number in re.findall(r"^(\d+)\. ", text.split("\n## ")[0], re.MULTILINE)}


def test_every_invariant_is_kept_by_a_test() -> None:
    assert set(KEPT_BY) == stated()


@pytest.mark.parametrize("place", sorted({place for places in KEPT_BY.values() for place in places}))
def test_the_test_that_keeps_it_is_there(place: str) -> None:
    file, _, name = place.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not name or f"def {name}(" in text
