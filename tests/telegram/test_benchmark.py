"""The targets of the benchmark: each can be missed."""

from __future__ import annotations

import pytest

from benchmarks.telegram import TARGETS, beyond


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_each_target_can_be_missed(name: str) -> None:
    assert beyond(TARGETS) == []
    assert [line.partition(":")[0] for line in beyond({**TARGETS, name: TARGETS[name] + 0.1})] == [name]
