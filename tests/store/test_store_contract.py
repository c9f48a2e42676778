"""One face on two engines: every method answers alike on either."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.store import Counts, Store
from tests.store.methods import READS, WRITES, filled

OWN = {"secret", "sizes"}
"""What no two databases have in common."""


def alike(found: Any) -> Any:
    if isinstance(found, Counts):
        return replace(found, engine="", journal="", size=0, log_size=0)
    return found


async def test_every_method_answers_alike_on_both_engines(both: list[Store]) -> None:
    for store in both:
        await filled(store)
    for name, method in [*sorted(READS.items()), *WRITES.items()]:
        if name not in OWN:
            ours, theirs = [alike(await method(store)) for store in both]
            assert ours == theirs, name
    assert (len(READS) >= METHODS[0], len(WRITES) >= METHODS[1]) == (True, True)


METHODS = (73, 34)
"""So many read, so many write, at least: test_store_faults.py sees to it that none is left out."""
